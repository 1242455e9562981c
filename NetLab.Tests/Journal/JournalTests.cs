using NetLab.Core;
using NetLab.Tests.Support;

namespace NetLab.Tests.Journals;

public class JournalTests
{
    private static LabEvent At(long nanoseconds, long number = 0)
    {
        var entry = new LabEvent { Kind = EventKind.Packet, Time = new Timestamp(nanoseconds) };
        entry.Detail.Packet.Number = number;
        return entry;
    }

    [Fact]
    public void Events_of_several_sources_are_read_in_order_of_time()
    {
        var journal = new Journal();
        var first = journal.OpenWriter("first");
        var second = journal.OpenWriter("second");
        foreach (long time in (long[])[10, 30, 50])
            first.Append(At(time));
        foreach (long time in (long[])[5, 20, 60])
            second.Append(At(time));

        Assert.Equal([5, 10, 20, 30, 50, 60], ReadTimes(journal.OpenReader()));
    }

    [Fact]
    public void An_event_waits_until_every_source_has_told_up_to_its_time()
    {
        var journal = new Journal();
        var packets = journal.OpenWriter("packets");
        var trace = journal.OpenWriter("trace");
        trace.ToldUpTo(new Timestamp(0));
        packets.Append(At(100));
        var reader = journal.OpenReader();
        var now = new Timestamp(101);

        Assert.False(reader.TryRead(now, out _, out _));
        trace.Append(At(90));
        trace.ToldUpTo(new Timestamp(100));
        Assert.True(reader.TryRead(now, out var earlier, out _));
        Assert.True(reader.TryRead(now, out var later, out _));
        Assert.Equal((90, 100), (earlier.Time.Nanoseconds, later.Time.Nanoseconds));
        Assert.Equal(0, reader.Late);
    }

    [Fact]
    public void Patience_ends_and_what_comes_too_late_is_counted()
    {
        var journal = new Journal();
        var packets = journal.OpenWriter("packets");
        var trace = journal.OpenWriter("trace");
        trace.ToldUpTo(new Timestamp(0));
        packets.Append(At(100));
        var reader = journal.OpenReader();
        var now = new Timestamp(100) + JournalReader.Patience;

        Assert.True(reader.TryRead(now, out _, out _));
        trace.Append(At(90));
        Assert.True(reader.TryRead(now, out _, out _));
        Assert.Equal(1, reader.Late);
    }

    [Fact]
    public void A_full_lane_drops_the_oldest_counts_them_and_stays_at_its_bound()
    {
        var journal = new Journal();
        var writer = journal.OpenWriter("flood", 64 * 1024);
        long capacity = journal.Capacity;
        var data = new byte[100];
        for (int number = 1; number <= 10_000; number++)
            writer.Append(At(number, number), data);

        var reader = journal.OpenReader();
        var numbers = new List<long>();
        while (reader.TryRead(Timestamp.MaxValue, out var entry, out _))
            numbers.Add(entry.Detail.Packet.Number);
        Assert.Equal(10_000, numbers[^1]);
        Assert.Equal(Enumerable.Range((int)numbers[0], numbers.Count).Select(n => (long)n), numbers);
        Assert.Equal(10_000 - numbers.Count, journal.Dropped);
        Assert.Equal(journal.Dropped, reader.Missed);
        Assert.Equal(capacity, journal.Capacity);
        Assert.InRange(capacity, 1, 64 * 1024 + 512);
    }

    [Fact]
    public void Data_comes_back_as_it_was_and_dropped_data_does_not()
    {
        var journal = new Journal();
        var writer = journal.OpenWriter("bytes", 32 * 1024);
        var random = new Random(4711);
        var kept = new List<(EventReference Reference, byte[] Data)>();
        for (int turn = 0; turn < 2_000; turn++)
        {
            var data = new byte[random.Next(0, 900)];
            random.NextBytes(data);
            kept.Add((writer.Append(At(turn), data), data));
        }

        byte[] buffer = [];
        int whole = 0;
        foreach (var (reference, data) in kept)
        {
            if (!journal.TryGet(reference, ref buffer, out _, out var read))
                continue;
            whole++;
            Assert.True(read.SequenceEqual(data));
        }

        Assert.InRange(whole, 10, 1_999);
        Assert.False(journal.TryGet(kept[0].Reference, ref buffer, out _, out _));
        Assert.True(journal.TryGet(kept[^1].Reference, ref buffer, out _, out _));
    }

    [Fact]
    public void Appending_a_packet_allocates_nothing()
    {
        var writer = new Journal().OpenWriter("packets");
        var data = new byte[100];
        writer.Append(At(1), data);
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (int turn = 0; turn < 100_000; turn++)
                writer.Append(At(turn), data);
        }));
    }

    [Fact]
    public async Task A_reader_beside_a_flooding_writer_sees_only_whole_events()
    {
        var journal = new Journal();
        var writer = journal.OpenWriter("flood", 64 * 1024);
        using var stop = new CancellationTokenSource();
        var flood = Task.Run(() =>
        {
            var data = new byte[64];
            for (long number = 1; !stop.IsCancellationRequested; number++)
            {
                data.AsSpan().Fill((byte)number);
                writer.Append(At(number, number), data);
            }
        }, TestContext.Current.CancellationToken);

        var reader = journal.OpenReader();
        byte[] buffer = [];
        long seen = 0;
        while (seen < 20_000)
        {
            if (!reader.TryRead(Timestamp.MaxValue, out var entry, out var reference))
                continue;
            seen++;
            Assert.Equal(entry.Time.Nanoseconds, entry.Detail.Packet.Number);
            if (journal.TryGet(reference, ref buffer, out var again, out var data))
            {
                Assert.Equal(entry.Detail.Packet.Number, again.Detail.Packet.Number);
                Assert.Equal(-1, data.IndexOfAnyExcept((byte)entry.Detail.Packet.Number));
            }
        }

        await stop.CancelAsync();
        await flood;
        Assert.Equal(0, reader.Late);
    }

    [Fact]
    public void A_writer_announces_once_until_the_reader_has_caught_up()
    {
        var journal = new Journal();
        int announced = 0;
        journal.Changed = () => announced++;
        var writer = journal.OpenWriter("source");
        var reader = journal.OpenReader();
        writer.Append(At(1));
        writer.Append(At(2));
        Assert.Equal(1, announced);
        ReadTimes(reader);
        writer.Append(At(3));
        Assert.Equal(2, announced);
    }

    [Fact]
    public void A_source_that_comes_back_writes_on_in_its_lane()
    {
        var journal = new Journal();
        journal.OpenWriter("actor 0").Append(At(1));
        long capacity = journal.Capacity;
        journal.OpenWriter("actor 0").Append(At(2));
        Assert.Equal(capacity, journal.Capacity);
        Assert.Equal([1, 2], ReadTimes(journal.OpenReader()));
    }

    [Fact]
    public void Names_are_bounded()
    {
        var names = new NameTable();
        var first = names.Intern("first");
        for (int number = 0; number < 70_000; number++)
            names.Intern($"name {number}");
        Assert.Equal("first", names[first]);
        Assert.Equal("…", names[names.Intern("one more")]);
        Assert.Equal(first, names.Intern("first".AsSpan()));
    }

    private static List<long> ReadTimes(JournalReader reader)
    {
        var times = new List<long>();
        while (reader.TryRead(Timestamp.MaxValue, out var entry, out _))
            times.Add(entry.Time.Nanoseconds);
        return times;
    }
}
