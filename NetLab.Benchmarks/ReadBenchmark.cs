using System.Diagnostics;
using NetLab.Core;
using NetLab.Core.Capture;
using NetLab.Core.Packets;

namespace NetLab.Benchmarks;

/// <summary>
/// <c>netlab read</c> of a million packets beside <c>tcpdump -nn -r</c> and <c>tshark -T fields</c>, by turns; then, in this process, parsing to TCP and UDP
/// beside reading alone. The file is NETLAB_BENCH_PCAP, else one made of the captures in shared/fixtures, over and over, else of packets made here.
/// </summary>
internal static class ReadBenchmark
{
    private const int Packets = 1_000_000, Turns = 5;
    private const string Fields = "frame.number,frame.time_epoch,ip.src,ip.dst,tcp.srcport,tcp.dstport,tcp.flags,tcp.len,frame.len";

    public static void Report(TextWriter output)
    {
        string root = FindRoot();
        string netlab = Path.Combine(root, ".build/bin/netlab");
        if (!File.Exists(netlab))
        {
            output.WriteLine("read: run ./netlab --version first, which builds what is measured.");
            return;
        }

        string? given = Environment.GetEnvironmentVariable("NETLAB_BENCH_PCAP");
        string file = given ?? Make(root);
        try
        {
            Lines(netlab, file, output);
            Columns(netlab, file, output);
            Parse(file, output);
        }
        finally
        {
            if (given is null)
                File.Delete(file);
        }
    }

    private static void Lines(string netlab, string file, TextWriter output)
    {
        var (own, peer) = (new List<Cost>(), new List<Cost>());
        for (int turn = 0; turn <= Turns; turn++)
        {
            var (one, other) = (Run(netlab, ["read", file]), Run("tcpdump", ["-nn", "-r", file]));
            if (turn == 0)
                continue; // the file was not in the page cache yet
            own.Add(one);
            peer.Add(other);
        }

        output.WriteLine($"read: {Median(own, cost => cost.Seconds):0.000} s, tcpdump -nn -r {Median(peer, cost => cost.Seconds):0.000} s (medians of {Turns} by turns): "
            + $"{Median(peer, cost => cost.Seconds) / Median(own, cost => cost.Seconds):0.00} times as fast; "
            + $"processor {Median(own, cost => cost.Processor):0.00} s and {Median(peer, cost => cost.Processor):0.00} s; {own.Max(cost => cost.Memory) >> 20} MiB");
    }

    private static void Columns(string netlab, string file, TextWriter output)
    {
        var own = Enumerable.Range(0, 3).Select(_ => Run(netlab, ["read", file, "--fields", Fields])).ToList();
        var peer = Run("tshark", ["-n", "-r", file, "-T", "fields", .. Fields.Split(',').SelectMany(field => (string[])["-e", field])]);
        output.WriteLine($"fields: nine in {Median(own, cost => cost.Seconds):0.000} s, tshark -T fields {peer.Seconds:0.0} s: "
            + $"{peer.Seconds / Median(own, cost => cost.Seconds):0} times as fast; {own.Max(cost => cost.Memory) >> 20} MiB");
    }

    private static void Parse(string file, TextWriter output)
    {
        var (reads, parses) = (new List<double>(), new List<double>());
        long garbage = 0;
        for (int turn = 0; turn < 2 * Turns; turn++)
        {
            reads.Add(Loop(file, (in CapturedPacket packet) => packet.Bytes.Length, out _));
            parses.Add(Loop(file, (in CapturedPacket packet) =>
            {
                PacketHeaders.Parse((LinkType)packet.LinkType, packet.Bytes, out var headers);
                return headers.PayloadLength;
            }, out garbage));
        }

        double read = reads.Order().ElementAt(Turns), parse = parses.Order().ElementAt(Turns);
        output.WriteLine($"parse: {1e-6 / parse * Packets:0.0} million packets a second to TCP and UDP, {1e-6 / read * Packets:0.0} million read only: {read / parse:0.00} of its rate; "
            + $"{garbage} bytes of garbage");
    }

    private delegate int Look(in CapturedPacket packet);

    private static double Loop(string file, Look look, out long garbage)
    {
        using var reader = CaptureFileReader.Open(file, out _)!;
        long start = Stopwatch.GetTimestamp(), before = GC.GetAllocatedBytesForCurrentThread(), sum = 0;
        while (reader.TryRead(out var packet))
            sum += look(packet);
        garbage = GC.GetAllocatedBytesForCurrentThread() - before;
        return Stopwatch.GetElapsedTime(start).TotalSeconds / (sum >= 0 ? Math.Max(1, reader.Packets) : 1) * Packets;
    }

    private static Cost Run(string program, string[] arguments)
    {
        // bash tells what its child took of the processor; the child's output goes where nobody reads it.
        var start = new ProcessStartInfo("bash", ["-c", "TIMEFORMAT='%U %S'; time \"$@\" > /dev/null 2> /dev/null", "bash", program, .. arguments])
        {
            RedirectStandardError = true,
        };
        start.Environment["TZ"] = "UTC0";
        long began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        long memory = 0;
        while (!process.WaitForExit(20))
            memory = Math.Max(memory, Child(process.Id) is { } child ? Peak(child) : 0);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        string[] times = process.StandardError.ReadToEnd().Split(' ');
        return new Cost(seconds, times.Sum(time => double.Parse(time, System.Globalization.CultureInfo.InvariantCulture)), memory);
    }

    private static int? Child(int parent)
    {
        try
        {
            return int.TryParse(File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ')[0], out int child) ? child : null;
        }
        catch (IOException)
        {
            return null; // it ended meanwhile
        }
    }

    private static long Peak(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) << 10;
        }
        catch (IOException)
        {
            return 0; // it ended meanwhile
        }
    }

    private static string Make(string root)
    {
        var packets = new List<(byte[] Bytes, int WireLength)>();
        string fixtures = Path.Combine(Path.GetDirectoryName(root)!, "shared", "fixtures", "pcaps");
        for (var above = new DirectoryInfo(root); above is not null && !Directory.Exists(fixtures); above = above.Parent)
            fixtures = Path.Combine(above.FullName, "shared", "fixtures", "pcaps");
        foreach (string capture in (Directory.Exists(fixtures) ? Directory.GetFiles(fixtures) : []).Order(StringComparer.Ordinal))
        {
            using var reader = CaptureFileReader.Open(capture, out _);
            while (reader?.TryRead(out var packet) == true)
            {
                if (packet.LinkType == (int)LinkType.Ethernet)
                    packets.Add((packet.Bytes.ToArray(), packet.OriginalLength));
            }
        }

        if (packets.Count == 0)
            packets.Add((new byte[60], 60));
        string path = Path.GetTempFileName();
        using var writer = new PcapWriter(File.Create(path), linkType: 1);
        for (int index = 0; index < Packets; index++)
        {
            var (bytes, wire) = packets[index % packets.Count];
            writer.Write(new Timestamp(1_700_000_000_000_000_000 + index * 100_000L), 1, wire, bytes);
        }

        return path;
    }

    private static double Median(List<Cost> costs, Func<Cost, double> figure) => costs.Select(figure).Order().ElementAt(costs.Count / 2);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "NetLab.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The benchmarks do not lie below NetLab.sln.");
    }

    private readonly record struct Cost(double Seconds, double Processor, long Memory);
}
