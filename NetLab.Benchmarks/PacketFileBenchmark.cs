using System.Diagnostics;
using NetLab.Core;
using NetLab.Core.Capture;
using NetLab.Core.Packets;
using NetLab.Core.Scripts;
using NetLab.Core.Session;
using NetLab.Tui.App;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;

namespace NetLab.Benchmarks;

/// <summary>A file of a million packets on the Packets tab: its first screen, its index, a display filter over it, a jump to its end.</summary>
internal static class PacketFileBenchmark
{
    private const int Packets = 1_000_000;

    public static void Report(TextWriter output)
    {
        string? own = Environment.GetEnvironmentVariable("NETLAB_BENCH_PCAP");
        string path = own ?? Make();
        try
        {
            Measure(path, output);
            MeasureStart(path, output);
        }
        finally
        {
            if (own is null)
                File.Delete(path);
        }
    }

    // From the start of the published program to the first packet's row on its terminal.
    private static void MeasureStart(string path, TextWriter output)
    {
        string netlab = Path.Combine(StartBenchmark.FindRoot(), ".build/bin/netlab");
        if (!File.Exists(netlab))
        {
            output.WriteLine("first rows of the program: run ./netlab --version first, which builds it.");
            return;
        }

        double[] times = [.. Enumerable.Range(0, 12).Select(_ => StartBenchmark.UntilFirstFrame($"{netlab} '{path}'", "IP ")).Skip(1).Order()];
        output.WriteLine(FormattableString.Invariant(
            $"first rows on the terminal after the program's start: median {times[times.Length / 2]:0} ms, worst of {times.Length} {times[^1]:0} ms"));
    }

    private static void Measure(string path, TextWriter output)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long start = Stopwatch.GetTimestamp();
        using var log = CaptureFileLog.Open(path, out var obstacle) ?? throw new InvalidOperationException(obstacle!.Sentence);
        using var lab = new Laboratory(() => default, Duration.FromMilliseconds(250));
        using var view = new LabScreen(ScriptLibrary.Names, log);
        var screen = new Screen(120, 40);
        var encoder = new FrameEncoder(ColorDepth.TrueColor);
        var context = new PaneContext(lab, default, lab.Journal.Names);
        while (log.End == 0)
            Thread.Yield();
        Draw();
        double first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        long seen = log.End;
        log.WaitUntilIndexed();
        double indexed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine(FormattableString.Invariant(
            $"file of {log.End} packets ({new FileInfo(path).Length >> 20} MiB): first screen after {first:0} ms (in process; {seen} packets indexed by then), index after {indexed:0} ms, {CaptureFileLog.IndexBytesAPacket} bytes of index a packet, {(double)bytes / log.End:0.0} with the state of its connections and all views"));
        foreach (string text in (string[])["tcp.port == 80 && ip.src == 127.0.0.0/8", "http", "tcp.stream == 17"])
        {
            DisplayFilter.TryCompile(text, out var filter, out _);
            start = Stopwatch.GetTimestamp();
            using var search = log.Select(filter!);
            search.Wait();
            output.WriteLine(FormattableString.Invariant($"filter {text}: {search.Selection.Matches.Count} of {log.End} in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms"));
        }

        var times = new List<double>();
        for (int turn = 0; turn < 200; turn++)
        {
            start = Stopwatch.GetTimestamp();
            view.ActivePane!.Take(Tui.Terminal.KeyEvent.Of(turn % 2 == 0 ? 'G' : 'g'), context);
            Draw();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        output.WriteLine(FormattableString.Invariant($"a jump from end to end and its frame: median {times[100]:0.00} ms, worst {times[^1]:0.00} ms"));

        void Draw()
        {
            view.Draw(screen.Begin(), context);
            encoder.Encode(screen);
        }
    }

    private static string Make()
    {
        string path = Path.GetTempFileName();
        using var writer = new PcapWriter(File.Create(path), (ushort)LinkType.Ethernet);
        for (int index = 0; index < Packets; index++)
        {
            byte[] packet = LoopbackPackets.Http(index);
            writer.Write(new Timestamp(1_700_000_000_000_000_000 + index * 10_000L), (ushort)LinkType.Ethernet, packet.Length, packet);
        }

        return path;
    }
}
