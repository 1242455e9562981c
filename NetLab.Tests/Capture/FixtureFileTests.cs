using System.Globalization;
using System.IO.Compression;
using NetLab.Core;
using NetLab.Core.Capture;
using NetLab.Tests.Support;

namespace NetLab.Tests.Capture;

/// <summary>Every capture among the fixtures against what tshark says of each frame.</summary>
public class FixtureFileTests
{
    [Fact]
    public void Every_frame_has_the_time_and_the_lengths_that_tshark_tells()
    {
        int files = 0, frames = 0;
        foreach (string path in Fixtures.Captures)
        {
            string expected = Fixtures.Expected("frames", Path.GetFileName(path) + ".tsv");
            if (!File.Exists(expected))
                continue;
            var rows = File.ReadLines(expected).Skip(1).Select(line => line.Split('\t'))
                .Where(row => row[7] != "PCAPNG").ToList(); // a custom block, which tshark counts, is no packet
            using var reader = CaptureFileReader.Open(path, out var obstacle);
            Assert.True(reader is not null, obstacle?.Sentence);
            int row = 0;
            while (reader.TryRead(out var packet))
            {
                Assert.True(row < rows.Count, $"{path}: more than {rows.Count} packets");
                Assert.Equal(row + 1, packet.Number);
                string told = $"{(packet.HasTime ? Seconds(packet.Time) : "")} {packet.OriginalLength} {packet.Bytes.Length}";
                Assert.Equal($"{path}: {Representable(rows[row][1])} {rows[row][2]} {rows[row][3]}", $"{path}: {told}");
                if (rows[row][5].Length > 0)
                    Assert.Equal(rows[row][5], packet.Interface.ToString(CultureInfo.InvariantCulture));
                row++;
            }

            Assert.True(row == rows.Count, $"{path}: {row} packets of {rows.Count}; {reader.Trouble}");
            (files, frames) = (files + 1, frames + row);
        }

        Assert.True(files >= 200, $"only {files} files");
        Assert.True(frames > 1_500, $"only {frames} frames");
    }

    [Fact]
    public void A_gzipped_stream_reads_as_the_plain_file_does()
    {
        foreach (string path in Fixtures.Captures.Take(40))
        {
            using var plain = CaptureFileReader.Open(path, out _);
            var zipped = new MemoryStream();
            using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
                gzip.Write(File.ReadAllBytes(path));
            zipped.Position = 0;
            using var reader = CaptureFileReader.Open(zipped, "stream", out var obstacle);
            Assert.True(reader is not null, obstacle?.Sentence);
            while (plain!.TryRead(out var expected))
            {
                Assert.True(reader.TryRead(out var packet), reader.Trouble);
                Assert.Equal(expected.Time, packet.Time);
                Assert.True(expected.Bytes.SequenceEqual(packet.Bytes));
            }

            Assert.False(reader.TryRead(out _));
            Assert.Equal(plain.End, reader.End);
        }
    }

    [Fact]
    public void Cut_anywhere_a_file_yields_what_is_whole()
    {
        foreach (string path in Fixtures.Captures.Where(path => new FileInfo(path).Length is > 24 and < 3_000))
        {
            byte[] file = File.ReadAllBytes(path);
            var ends = Ends(file);
            for (int length = 24; length < file.Length; length++)
            {
                using var reader = CaptureFileReader.Open(new MemoryStream(file, 0, length), "stream", out _);
                if (reader is null)
                    continue;
                int count = 0;
                while (reader.TryRead(out _))
                    count++;
                Assert.True(count == ends.Count(end => end <= length), $"{path} cut at {length}: {count} packets");
                Assert.True(reader.End is CaptureEnd.Whole or CaptureEnd.CutOff || ends.Count == 0, $"{path} cut at {length}: {reader.Trouble}");
                Assert.Equal(reader.End == CaptureEnd.Whole, reader.Trouble is null);
            }
        }
    }

    [Theory]
    [InlineData(20_261_123)]
    public void Mutated_files_neither_throw_nor_lie_about_their_bounds(int seed)
    {
        var random = new Random(seed);
        var files = Fixtures.Captures.Where(path => new FileInfo(path).Length < 60_000).ToList();
        for (int round = 0; round < 3_000; round++)
        {
            string path = files[random.Next(files.Count)];
            byte[] file = File.ReadAllBytes(path);
            for (int change = random.Next(1, 12); change > 0 && file.Length > 0; change--)
                file[random.Next(random.Next(2) == 0 ? Math.Min(file.Length, 200) : file.Length)] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
            using var reader = CaptureFileReader.Open(new MemoryStream(file, 0, random.Next(file.Length + 1)), "stream", out var obstacle);
            Assert.True(reader is not null || obstacle is not null, $"seed {seed}, round {round}, {path}");
            while (reader?.TryRead(out var packet) == true)
            {
                Assert.True(packet.Offset + packet.Bytes.Length <= file.Length, $"seed {seed}, round {round}, {path}");
                for (int index = 0; packet.TryGetComment(index, out _); index++)
                    Assert.True(index < 65_536);
            }

            Assert.True(reader is null || reader.End != CaptureEnd.NotYet);
        }
    }

    // One example bears the year 586524, which nanoseconds in 64 bits cannot express: it becomes their last moment.
    private static string Representable(string seconds) =>
        seconds.Length > 0 && decimal.Parse(seconds, CultureInfo.InvariantCulture) > 9_223_372_036.854775807m ? "9223372036.854775807" : seconds;

    private static List<long> Ends(byte[] file)
    {
        using var reader = CaptureFileReader.Open(new MemoryStream(file), "stream", out _);
        var ends = new List<long>();
        while (reader?.TryRead(out _) == true)
            ends.Add(reader.Position);
        return ends;
    }

    private static string Seconds(Timestamp time)
    {
        string sign = time.Nanoseconds < 0 ? "-" : "";
        var (seconds, rest) = ulong.DivRem((ulong)Int128.Abs(time.Nanoseconds), 1_000_000_000);
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}.{rest:000000000}");
    }
}
