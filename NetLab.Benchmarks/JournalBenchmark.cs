using System.Diagnostics;
using NetLab.Core;

namespace NetLab.Benchmarks;

/// <summary>One million packets of 100 bytes into the journal: how long, how much garbage, how much memory.</summary>
internal static class JournalBenchmark
{
    private const int Packets = 1_000_000;

    public static void Report(TextWriter output)
    {
        var data = new byte[100];
        new Random(4711).NextBytes(data);
        var times = new List<double>();
        var journal = new Journal();
        long capacity = 0, garbage = 0;
        for (int turn = 0; turn < 6; turn++)
        {
            var writer = journal.OpenWriter("packets", 32 << 20);
            capacity = journal.Capacity;
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            for (int number = 1; number <= Packets; number++)
                writer.Append(Packet(number), data);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            garbage = GC.GetAllocatedBytesForCurrentThread() - before;
            if (turn > 0)
                times.Add(seconds);
        }

        times.Sort();
        output.WriteLine($"journal: {Packets:n0} packets of 100 bytes appended in {times[times.Count / 2] * 1000:0} ms (median of {times.Count}), "
            + $"{garbage} bytes of garbage, held in {capacity >> 20} MiB, {journal.Dropped:n0} of {journal.Written:n0} dropped and counted");
        if (journal.Capacity != capacity)
            output.WriteLine("journal: IT GREW");
    }

    private static LabEvent Packet(int number)
    {
        var entry = new LabEvent { Kind = EventKind.Packet, Time = new Timestamp(number) };
        entry.Detail.Packet.Number = number;
        entry.Detail.Packet.OriginalLength = 100;
        return entry;
    }
}
