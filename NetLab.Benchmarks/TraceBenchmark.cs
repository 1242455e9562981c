using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NetLab.Benchmarks;

/// <summary>
/// What tracing costs the traced: 16-byte messages to and fro on one core, bare, under the bare tracepoints with nobody reading, under <c>netlab trace</c> as
/// <c>./netlab</c> publishes it, and under strace; by turns, medians.
/// </summary>
internal static class TraceBenchmark
{
    private const int Rounds = 5;

    // A private mount, and an instance that this shell makes and takes away.
    private const string BareTracepoints = """
        mount -t tracefs nodev /sys/kernel/tracing || exit 1
        instance=/sys/kernel/tracing/instances/benchmark-$$
        mkdir $instance && echo 1 > $instance/options/event-fork && echo $$ > $instance/set_event_pid
        for call in socket bind listen accept accept4 connect sendto recvfrom sendmsg recvmsg read write poll ppoll epoll_wait shutdown close; do
            for side in enter exit; do echo 1 > $instance/events/syscalls/sys_${side}_$call/enable; done
        done 2> /dev/null
        "$@"
        echo 0 > $instance/events/enable
        rmdir $instance
        """;

    internal static void Run(TextWriter output)
    {
        if (FindProgram() is not { } netlab)
        {
            output.WriteLine("syscalls  needs the published program: run ./netlab --version first.");
            return;
        }

        string timeline = Path.GetTempFileName();
        try
        {
            (string Name, string[] Prefix)[] ways =
            [
                ("bare", []),
                ("bare tracepoints", ["unshare", "-m", "sh", "-c", BareTracepoints, "sh"]),
                ("netlab trace", [netlab, "trace", "-o", timeline, "--"]),
                ("strace -f -e trace=network", ["strace", "-f", "-e", "trace=network", "-o", "/dev/null"]),
            ];
            var trips = ways.Select(_ => new double[Rounds]).ToList();
            for (int round = 0; round < Rounds; round++)
            {
                for (int way = 0; way < ways.Length; way++)
                    trips[way][round] = RoundTrips(ways[way].Prefix);
            }

            foreach (double[] one in trips)
                Array.Sort(one);
            double bare = trips[0][Rounds / 2];
            output.WriteLine("syscalls  16-byte ping-pong on one core: " + string.Join(", ",
                ways.Select((way, index) => string.Create(CultureInfo.InvariantCulture, $"{way.Name} {trips[index][Rounds / 2]:0} round trips/s ({bare / trips[index][Rounds / 2]:0.00} times)"))));
            int lines = 0, lost = 0;
            foreach (string line in File.ReadLines(timeline))
                (lines, lost) = (lines + 1, lost + (line.Contains('✗') ? 1 : 0));
            output.WriteLine($"          the last timeline: {lines} lines, {lost} of them about losses, {new FileInfo(timeline).Length >> 20} MiB");
        }
        finally
        {
            File.Delete(timeline);
        }
    }

    /// <summary>The traced program: two threads that pass 16 bytes to and fro.</summary>
    internal static int PingPong(TextWriter output)
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

    private static double RoundTrips(string[] prefix)
    {
        // Bound to one core, so that only the tracing of it can slow it down.
        string[] command = [.. prefix, "taskset", "-c", "1", Environment.ProcessPath!, "kernel", "ping-pong"];
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static string? FindProgram()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "NetLab.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder is not null && Path.Combine(folder, ".build", "bin", "netlab") is { } path && File.Exists(path) ? path : null;
    }
}
