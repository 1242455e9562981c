using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NetLab.Core;
using NetLab.Core.Kernel;
using NetLab.Core.Tcp;

namespace NetLab.Benchmarks;

/// <summary>What the kernel tells, side by side with ss, lsof and strace: <c>sudo NetLab.Benchmarks kernel [states|sockets|syscalls]</c>.</summary>
internal static class KernelBenchmark
{
    internal static int Run(ReadOnlySpan<string> arguments, TextWriter output)
    {
        string which = arguments.IsEmpty ? "" : arguments[0];
        if (which is "ping-pong")
            return PingPong(output);
        if (which is "" or "states")
            States(output, 20_000);
        if (which is "" or "sockets")
            SocketsBenchmark.Report(output, 20_000);
        if (which is "" or "syscalls")
            Syscalls(output);
        return 0;
    }

    // As many connections as a client can make, each opened, accepted and closed; and every change of state read.
    private static void States(TextWriter output, int connections)
    {
        var journal = new Journal();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(1024);
        ushort port = (ushort)((IPEndPoint)listener.LocalEndpoint).Port;
        using var source = StateTraceSource.Start(journal, new PortFilter(port), out var obstacle);
        if (source is null)
        {
            output.WriteLine(obstacle);
            return;
        }

        // The load comes from a process of its own, so that this one's processor time is NetLab's.
        const string load = """
            import socket, sys
            port, count = int(sys.argv[1]), int(sys.argv[2])
            for _ in range(count):
                client = socket.create_connection(('127.0.0.1', port))
                client.close()
            """;
        var reader = journal.OpenReader();
        var acceptor = new Thread(() =>
        {
            for (int count = 0; count < connections; count++)
                listener.AcceptSocket().Dispose();
        });
        acceptor.Start();
        var clock = Stopwatch.StartNew();
        using var client = Process.Start("python3", ["-c", load, $"{port}", $"{connections}"]);
        int synSent = 0, established = 0, events = 0;
        while (!client.HasExited || acceptor.IsAlive)
        {
            Drain();
            client.WaitForExit(5);
        }

        var elapsed = clock.Elapsed;
        source.Flush();
        Drain();
        acceptor.Join();
        output.WriteLine($"states    {connections} connections in {elapsed.TotalSeconds:0.00} s ({connections / elapsed.TotalSeconds:0}/s): {events} changes read, "
            + $"{synSent} SYN_SENT, {established} ESTABLISHED, {source.Lost} lost by the kernel, {reader.Missed} missed, {reader.Late} late; reader's thread "
            + $"{ThreadSeconds("netlab-states") / elapsed.TotalSeconds:0.0%} of a core");

        void Drain()
        {
            while (reader.TryRead(Timestamp.MaxValue, out var entry, out _))
            {
                events += entry.Kind == EventKind.State ? 1 : 0;
                synSent += entry.Kind == EventKind.State && entry.Detail.State.To == TcpState.SynSent ? 1 : 0;
                established += entry.Kind == EventKind.State && entry.Detail.State.To == TcpState.Established ? 1 : 0;
            }
        }
    }

    private static void Syscalls(TextWriter output)
    {
        double bare = RoundTrips(Start());
        double strace = RoundTrips(Start("strace", "-f", "-e", "trace=network", "-o", "/dev/null"));
        var journal = new Journal();
        using var source = SyscallTraceSource.Start(journal, out var obstacle);
        if (source is null)
        {
            output.WriteLine(obstacle);
            return;
        }

        Process? traced = null;
        source.Launch(() => traced = Start());
        var reader = journal.OpenReader();
        long calls = 0;
        while (!traced!.HasExited)
        {
            while (reader.TryRead(Timestamp.MaxValue, out var entry, out _))
                calls += entry.Kind == EventKind.Syscall && entry.Detail.Syscall.Phase == SyscallPhase.Returned ? 1 : 0;
            traced.WaitForExit(5);
        }

        double trips = RoundTrips(traced);
        output.WriteLine($"syscalls  16-byte ping-pong on one core: bare {bare:0} round trips/s, traced {trips:0} ({bare / trips:0.00} times slower), strace -f {strace:0} "
            + $"({bare / strace:0.00} times slower); {calls} calls read, {source.Lost} events lost by the kernel, {reader.Missed} missed");
    }

    // Two threads that pass 16 bytes to and fro; the process is bound to one core by taskset.
    private static int PingPong(TextWriter output)
    {
        const int trips = 100_000;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(listener.LocalEndPoint!);
        using var server = listener.Accept();
        server.NoDelay = true;
        var echo = new Thread(() =>
        {
            Span<byte> buffer = stackalloc byte[16];
            while (server.Receive(buffer) > 0)
                server.Send(buffer);
        });
        echo.Start();
        Span<byte> message = stackalloc byte[16];
        var clock = Stopwatch.StartNew();
        for (int trip = 0; trip < trips; trip++)
        {
            client.Send(message);
            client.Receive(message);
        }

        output.WriteLine($"{trips / clock.Elapsed.TotalSeconds:0}");
        client.Shutdown(SocketShutdown.Both);
        echo.Join();
        return 0;
    }

    private static Process Start(params string[] prefix)
    {
        string[] command = [.. prefix, "taskset", "-c", "1", Environment.ProcessPath!, "kernel", "ping-pong"];
        return Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
    }

    private static double RoundTrips(Process process)
    {
        using (process)
        {
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return double.Parse(text);
        }
    }

    // The kernel keeps a thread's name to fifteen bytes; its processor time is in clock ticks, a hundredth of a second each.
    private static double ThreadSeconds(string name)
    {
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            if (File.ReadAllText(task + "/comm").TrimEnd() != name[..Math.Min(15, name.Length)])
                continue;
            string text = File.ReadAllText(task + "/stat");
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (double.Parse(fields[11]) + double.Parse(fields[12])) / 100;
        }

        return double.NaN;
    }
}
