using NetLab.Core.Kernel;

namespace NetLab.Tests.Kernel;

public class TracePageTests
{
    [Fact]
    public void Reads_data_extends_stamps_and_padding()
    {
        byte[] page = new PageWriter(start: 1_000)
            .Event(type: 2, delta: 5, [1, 2, 3, 4, 5, 6, 7, 8])
            .Word(30, delta: 1).Raw(2) // time extend: (2 << 27) + 1
            .Event(type: 1, delta: 0, [9, 0, 0, 0])
            .Word(29, delta: 7).Raw(4) // taken back: four bytes after the header, and its delta counts
            .Word(29, delta: 1).Raw(8).Raw(0) // taken back with no delta of its own
            .Word(0, delta: 3).Raw(4 + 4).Raw(77) // length in the next word
            .Word(31, delta: 6).Raw(10) // absolute: (10 << 27) + 6
            .Event(type: 1, delta: 2, [8, 0, 0, 0])
            .Word(29, delta: 0).Raw(0).ToPage();

        long extended = 1_005 + (2L << 27) + 1;
        Assert.Equal(
            [(1_005, 8), (extended, 4), (extended + 7 + 3, 4), ((10L << 27) + 6 + 2, 4)],
            Read(page, TracePageLayout.Usual).Select(record => (record.Time, record.Length)));
    }

    [Fact]
    public void Lost_events_are_told_with_their_number_where_it_was_stored()
    {
        byte[] page = new PageWriter(start: 1).Event(type: 1, delta: 0, [1, 0, 0, 0]).Raw(112_678).Raw(0).ToPage();
        BitConverter.TryWriteBytes(page.AsSpan(8), 8L | 1L << 31 | 1L << 30);
        var reader = new TracePage(page, TracePageLayout.Usual);

        Assert.True(reader.LostEvents);
        Assert.Equal(112_678, reader.LostCount);
    }

    [Fact]
    public void A_page_is_read_on_from_where_it_was_left()
    {
        byte[] page = new PageWriter(start: 10).Event(1, 1, [1, 0, 0, 0]).Event(1, 2, [2, 0, 0, 0]).Event(1, 3, [3, 0, 0, 0]).ToPage();
        var first = new TracePage(page, TracePageLayout.Usual);
        Assert.True(first.TryRead(out _));
        var second = new TracePage(page, TracePageLayout.Usual, first.Cursor);
        Assert.True(second.TryRead(out var record));
        Assert.Equal(13, record.Time);
    }

    [Fact]
    public void Random_bytes_end_within_the_page()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        byte[] page = new byte[4096];
        for (int round = 0; round < 20_000; round++)
        {
            random.NextBytes(page);
            int length = round % 3 == 0 ? random.Next(page.Length) : page.Length;
            if (round % 2 == 0 && length > 16)
                BitConverter.TryWriteBytes(page.AsSpan(8), (long)random.Next(5000));
            // Small types, as real pages have, get further than random ones.
            for (int place = 16; round % 5 == 0 && place < page.Length; place += 4)
                page[place] = (byte)(page[place] & 0xE0 | random.Next(4) switch { 0 => 29, 1 => 0, 2 => 1, _ => 30 });
            var layout = round % 7 == 0 ? new TracePageLayout(random.Next(64), random.Next(2) * 4 + 4, random.Next(128), 4096) : TracePageLayout.Usual;
            int count = 0;
            foreach (var record in Read(page[..length], layout))
                Assert.True(record.Offset >= 0 && record.Length >= 0 && record.Offset + record.Length <= length && ++count <= 1024, $"seed {seed}");
        }
    }

    [Fact]
    public void Recorded_pages_hold_the_changes_that_the_text_form_showed()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Golden", "Kernel");
        var format = EventFormat.Parse(File.ReadAllText(Path.Combine(folder, "inet_sock_set_state.format")))!;
        var layout = StateEventLayout.From(format)!;
        foreach (string file in Directory.EnumerateFiles(folder, "*.page"))
        {
            byte[] page = Convert.FromBase64String(File.ReadAllText(file));
            var lines = new List<string>();
            foreach (var record in Read(page, TracePageLayout.Usual))
            {
                Assert.True(layout.TryRead(page.AsSpan(record.Offset, record.Length), out var entry));
                var state = entry.Detail.State;
                lines.Add($"{(record.Time + 500) / 1_000} {entry.ThreadId} {entry.Tuple} {state.From} {state.To}");
            }

            Assert.Equal(File.ReadAllLines(Path.ChangeExtension(file, ".golden")), lines);
        }
    }

    private static List<TraceRecord> Read(byte[] page, TracePageLayout layout)
    {
        var records = new List<TraceRecord>();
        var reader = new TracePage(page, layout);
        while (reader.TryRead(out var record))
            records.Add(record);
        return records;
    }

    private sealed class PageWriter(long start)
    {
        private readonly List<byte> _data = [];

        internal PageWriter Word(int type, uint delta) => Raw((uint)type | delta << 5);

        internal PageWriter Raw(uint word)
        {
            _data.AddRange(BitConverter.GetBytes(word));
            return this;
        }

        internal PageWriter Event(int type, uint delta, byte[] record)
        {
            Word(type, delta)._data.AddRange(record);
            return this;
        }

        internal byte[] ToPage()
        {
            byte[] page = new byte[4096];
            BitConverter.TryWriteBytes(page, start);
            BitConverter.TryWriteBytes(page.AsSpan(8), (long)_data.Count);
            _data.CopyTo(page, 16);
            return page;
        }
    }
}
