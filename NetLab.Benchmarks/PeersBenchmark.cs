using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace NetLab.Benchmarks;

/// <summary>
/// netlab's servers beside others, by turns in one run: serve http and python3 -m http.server under wrk, serve discard and iperf3 with one stream; then what
/// 5,000 idle connections cost, and what 200 slow clients cost the others.
/// </summary>
internal static partial class PeersBenchmark
{
    private const int Turns = 3, Idle = 5_000, Slow = 200, FileSize = 3_000;

    public static void Report(TextWriter output)
    {
        string netlab = Path.Combine(StartBenchmark.FindRoot(), ".build/bin/netlab");
        if (!File.Exists(netlab))
        {
            output.WriteLine("peers: run ./netlab --version first, which builds what is measured.");
            return;
        }

        string folder = Directory.CreateTempSubdirectory("netlab-peers-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "file.txt"), new string('x', FileSize));
            ReportHttp(netlab, folder, output);
            ReportDiscard(netlab, output);
            ReportIdle(netlab, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void ReportHttp(string netlab, string folder, TextWriter output)
    {
        int port = FreePort(), pythonPort = FreePort();
        using var server = Start(netlab, "serve", "http", "-p", $"{port}", "--root", folder);
        using var python = Start("python3", "-m", "http.server", $"{pythonPort}", "--bind", "127.0.0.1", "--directory", folder);
        AwaitPort(port);
        AwaitPort(pythonPort);
        var (own, theirs) = (new List<double>(), new List<double>());
        for (int turn = 0; turn < Turns; turn++)
        {
            theirs.Add(Requests(pythonPort));
            own.Add(Requests(port));
        }

        output.WriteLine($"serve http: {Median(own):0} requests/s, python3 -m http.server {Median(theirs):0} (medians of {Turns}; wrk, 16 connections, "
            + $"{FileSize} bytes): {Median(own) / Median(theirs):0.0} times");
        List<Socket> slow = [];
        for (int index = 0; index < Slow; index++)
            slow.Add(Connect(port));
        using var stop = new CancellationTokenSource();
        var dripping = Task.Run(() => Drip(slow, stop.Token));
        double beside = Requests(port);
        stop.Cancel();
        dripping.Wait();
        slow.ForEach(socket => socket.Dispose());
        output.WriteLine($"serve http beside {Slow} clients that send a byte a second: {beside:0} requests/s, {beside / Median(own):0.00} of what it does alone");
        Kill(server);
        Kill(python);
    }

    private static void ReportDiscard(string netlab, TextWriter output)
    {
        int port = FreePort(), iperfPort = FreePort();
        using var server = Start(netlab, "serve", "discard", "-p", $"{port}");
        using var iperf = Start("iperf3", "-s", "-p", $"{iperfPort}");
        AwaitPort(port);
        AwaitPort(iperfPort);
        var (own, theirs) = (new List<double>(), new List<double>());
        for (int turn = 0; turn < Turns; turn++)
        {
            theirs.Add(double.Parse(IperfRate().Match(Run("iperf3", "-c", "127.0.0.1", "-p", $"{iperfPort}", "-t", "3", "-f", "g")).Groups[1].Value));
            own.Add(Flood(port, TimeSpan.FromSeconds(3)));
        }

        output.WriteLine($"serve discard: {Median(own):0.0} Gbit/s of one stream, iperf3 {Median(theirs):0.0} (medians of {Turns}): {Median(own) / Median(theirs):0.00} of it");
        Kill(server);
        Kill(iperf);
    }

    private static void ReportIdle(string netlab, TextWriter output)
    {
        int port = FreePort();
        using var server = Start(netlab, "serve", "echo", "-p", $"{port}");
        AwaitPort(port);
        List<Socket> idle = [];
        for (int index = 0; index < Idle; index++)
            idle.Add(Connect(port));
        byte[] answer = new byte[1];
        foreach (var socket in idle)
        {
            socket.Send([1]);
            if (socket.Receive(answer) != 1)
                throw new InvalidOperationException("An echo did not come back.");
        }

        string memory = File.ReadLines($"/proc/{server.Id}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
        output.WriteLine($"serve echo with {Idle} connections that have each been used once: {long.Parse(Digits().Match(memory).Value) / 1024.0:0} MiB");
        idle.ForEach(socket => socket.Dispose());
        Kill(server);
    }

    private static double Requests(int port) =>
        double.Parse(WrkRate().Match(Run("wrk", "-t2", "-c16", "-d4", $"http://127.0.0.1:{port}/file.txt")).Groups[1].Value);

    private static double Flood(int port, TimeSpan time)
    {
        using var socket = Connect(port);
        byte[] buffer = new byte[128 * 1024]; // as iperf3 sends
        long total = 0, start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
            total += socket.Send(buffer);
        return total * 8 / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    private static void Drip(List<Socket> sockets, CancellationToken stop)
    {
        byte[] request = Encoding.ASCII.GetBytes("GET /file.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        for (int index = 0; index < request.Length && !stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(1)); index++)
        {
            foreach (var socket in sockets)
                socket.Send(request, index, 1, SocketFlags.None);
        }
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static void AwaitPort(int port)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                Connect(port).Dispose();
                return;
            }
            catch (SocketException) when (attempt < 200)
            {
                Task.Delay(50).Wait();
            }
        }
    }

    // What a server says goes to a file, as a careful user has it; a pipe that nobody empties would stop it.
    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]))
        ?? throw new InvalidOperationException($"{program} does not start.");

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{program} is missing.");
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said;
    }

    private static void Kill(Process process)
    {
        process.Kill();
        process.WaitForExit();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex WrkRate();

    [GeneratedRegex(@"([\d.]+) Gbits/sec\s+receiver")]
    private static partial Regex IperfRate();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}
