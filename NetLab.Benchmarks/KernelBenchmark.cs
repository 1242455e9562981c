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
            return TraceBenchmark.PingPong(output);
        if (which is "" or "states")
            States(output, 20_000);
        if (which is "" or "sockets")
            SocketsBenchmark.Report(output, 20_000);
        if (which is "" or "syscalls")
            TraceBenchmark.Run(output);
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
