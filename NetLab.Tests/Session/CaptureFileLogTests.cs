using System.IO.Compression;
using NetLab.Core.Capture;
using NetLab.Core.Packets;
using NetLab.Core.Session;
using NetLab.Core.Views;
using NetLab.Tests.Support;

namespace NetLab.Tests.Session;

public sealed class CaptureFileLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netlab-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_fixture_gives_through_the_log_what_its_reader_gives()
    {
        foreach (string path in Support.Fixtures.Captures)
        {
            using var reader = CaptureFileReader.Open(path, out var refusal);
            using var log = CaptureFileLog.Open(path, out var obstacle);
            Assert.Equal(refusal?.Sentence, obstacle?.Sentence);
            if (reader is null || log is null)
                continue;
            log.WaitUntilIndexed();
            long place = 0;
            while (reader.TryRead(out var packet))
            {
                Assert.True(log.TryGet(place, out var frame), $"{path} packet {place + 1}");
                Assert.True(packet.Bytes.SequenceEqual(frame.Bytes), $"{path} packet {place + 1}");
                Assert.Equal((packet.Number, packet.Time, packet.LinkType), (frame.Number, frame.Time, (ushort)frame.LinkType));
                Assert.Equal((place + 1, packet.Time), (log.Row(place).Number, log.Row(place).Time));
                place++;
            }

            Assert.Equal(place, log.End);
            Assert.Equal(reader.Trouble, log.Trouble);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_filter_finds_in_a_long_file_what_one_finds_packet_by_packet(bool gzip)
    {
        string path = Save(Enumerable.Range(0, 3_000).SelectMany(index => TcpFrames.Exchange((ushort)(4_000 + index % 7))), gzip);
        using var log = CaptureFileLog.Open(path, out _)!;
        Assert.True(DisplayFilter.TryCompile("tcp.port == 4003 && http", out var filter, out _));
        using var search = log.Select(filter!);
        search.Wait();
        Assert.Equal(30_000, log.End);
        Assert.True(search.IsDone && log.IsIndexed);
        Assert.Equal(1, log.Progress);
        var scratch = new Dissection();
        var wanted = new List<long>();
        for (long place = 0; place < log.End; place++)
        {
            Assert.True(log.TryGet(place, out var frame));
            if (filter!.Matches(frame, scratch))
                wanted.Add(place);
        }

        var found = search.Selection.Matches;
        Assert.NotEmpty(wanted);
        Assert.Equal(wanted, Enumerable.Range(0, found.Count).Select(number => found[number]));
    }

    [Fact]
    public void Any_place_is_read_in_any_order_forwards_and_backwards()
    {
        string path = Save(Enumerable.Range(0, 40_000).Select(index => TcpFrames.Udp(1, 2, new string((char)('a' + index % 26), index % 97))), gzip: false);
        using var log = CaptureFileLog.Open(path, out _)!;
        log.WaitUntilIndexed();
        const int seed = 11;
        var random = new Random(seed);
        long place = 20_000;
        for (int round = 0; round < 20_000; round++)
        {
            place = random.Next(4) == 0 ? random.Next(40_000) : Math.Clamp(place + random.Next(-3, 4), 0, 39_999);
            Assert.True(log.TryGet(place, out var frame));
            Assert.Equal(42 + place % 97, frame.Bytes.Length);
            Assert.True(place % 97 == 0 || frame.Bytes[^1] == 'a' + place % 26, $"place {place}, seed {seed}");
        }
    }

    [Fact]
    public void Numbers_count_from_the_SYN_as_in_a_live_capture()
    {
        using var log = CaptureFileLog.Open(Save(TcpFrames.Exchange(4001), gzip: false), out _)!;
        log.WaitUntilIndexed();
        var line = new Utf8Line(new byte[512]);
        log.WriteLine(3, ref line);
        Assert.StartsWith("IP 127.0.0.1.4001 > 127.0.0.1.80: Flags [P.], seq 1:28, ack 1, win 512, length 27", System.Text.Encoding.UTF8.GetString(line.Written), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_opened_is_told_in_a_sentence()
    {
        Assert.Null(CaptureFileLog.Open(Path.Combine(_folder, "nosuch.pcap"), out var missing));
        Assert.Contains("There is no file", missing!.Sentence, StringComparison.Ordinal);
        string text = Path.Combine(_folder, "text");
        File.WriteAllText(text, "hello, this is no capture file at all");
        Assert.Null(CaptureFileLog.Open(text, out var wrong));
        Assert.Contains("is not a capture file", wrong!.Sentence, StringComparison.Ordinal);
        Assert.Null(CaptureFileLog.Open(_folder, out var folder));
        Assert.Contains("is a folder", folder!.Sentence, StringComparison.Ordinal);
        string packed = Path.Combine(_folder, "packed.gz");
        using (var gzip = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
            gzip.Write("no capture file either, though gzipped"u8);
        Assert.Null(CaptureFileLog.Open(packed, out var inside));
        Assert.Contains("is not a capture file", inside!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_off_shows_what_is_whole_and_says_so()
    {
        string path = Save(TcpFrames.Exchange(4001), gzip: false);
        using (var file = File.OpenWrite(path))
            file.SetLength(file.Length - 5);
        using var log = CaptureFileLog.Open(path, out _)!;
        log.WaitUntilIndexed();
        Assert.Equal(9, log.End);
        Assert.Contains("cut off", log.Trouble!, StringComparison.Ordinal);
    }

    private string Save(IEnumerable<byte[]> frames, bool gzip)
    {
        string path = Path.Combine(_folder, "file.pcap");
        TcpFrames.Save(path, frames);
        if (!gzip)
            return path;
        string packed = path + ".gz";
        using var output = new GZipStream(File.Create(packed), CompressionLevel.Fastest);
        using var input = File.OpenRead(path);
        input.CopyTo(output);
        return packed;
    }
}
