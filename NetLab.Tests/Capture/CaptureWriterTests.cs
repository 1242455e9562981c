using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using NetLab.Core;
using NetLab.Core.Capture;

namespace NetLab.Tests.Capture;

public sealed class CaptureWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netlab-capture").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_is_read_again(bool pcapng)
    {
        var random = new Random(4711);
        var packets = Enumerable.Range(0, 300).Select(index => (Time: new Timestamp(random.NextInt64(4_000_000_000_000_000_000)), Bytes: Bytes(random, index))).ToList();
        string path = Path.Combine(_folder, "x");
        using (CaptureFileWriter writer = pcapng ? new PcapngWriter(File.Create(path)) : new PcapWriter(File.Create(path), 1))
        {
            foreach (var (time, bytes) in packets)
                writer.Write(time, 1, bytes.Length + 7, bytes);
        }

        using var reader = CaptureFileReader.Open(path, out _)!;
        foreach (var (time, bytes) in packets)
        {
            Assert.True(reader.TryRead(out var packet), reader.Trouble);
            Assert.Equal((time, bytes.Length + 7), (packet.Time, packet.OriginalLength));
            Assert.Equal(bytes, packet.Bytes.ToArray());
        }

        Assert.False(reader.TryRead(out _));
        Assert.Null(reader.Trouble);
    }

    [Theory]
    [InlineData("tcpdump", false)]
    [InlineData("tcpdump", true)]
    [InlineData("tshark", false)]
    [InlineData("tshark", true)]
    public void The_peers_read_what_was_written(string peer, bool pcapng)
    {
        bool isThere = File.Exists($"/usr/bin/{peer}");
        Assert.SkipUnless(isThere || (peer == "tcpdump" && Environment.GetEnvironmentVariable("CI") == "true"), $"{peer} is not on this machine");
        string path = Path.Combine(_folder, "x.pcap");
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        using CaptureFileWriter writer = pcapng ? new PcapngWriter(file) : new PcapWriter(file, 1);
        for (int index = 0; index < 50; index++)
            writer.Write(new Timestamp(1_700_000_000_123_456_789 + index), 1, 60, new byte[60]);
        writer.Flush();

        // The file is still open for writing: the peer reads it as it is.
        string said = Run(peer, peer == "tcpdump" ? ["-nn", "-tt", "--nano", "-r", path] : ["-n", "-r", path, "-T", "fields", "-e", "frame.time_epoch"]);
        Assert.Equal(50, said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.StartsWith("1700000000.123456", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_file_that_grows_holds_only_whole_packets()
    {
        string path = Path.Combine(_folder, "x.pcap");
        using var writer = new PcapWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0), 1);
        for (int index = 0; index < 2_000; index++)
        {
            writer.Write(new Timestamp(index), 1, 999, new byte[999]);
            if (index % 100 != 0)
                continue;
            using var reader = CaptureFileReader.Open(path, out _)!;
            while (reader.TryRead(out _))
            {
            }

            Assert.Null(reader.Trouble);
        }
    }

    [Fact]
    public void A_ring_keeps_the_last_files_each_within_its_size()
    {
        string path = Path.Combine(_folder, "ring");
        using (var ring = new CaptureRing(path, fileSize: 1_000, files: 3, stream => new PcapWriter(stream, 1)))
        {
            for (int index = 0; index < 100; index++)
                ring.Write(new Timestamp(index), 1, 84, new byte[84]);
            Assert.Equal(100, ring.Packets);
        }

        Assert.Equal(["ring0", "ring1", "ring2"], Directory.GetFiles(_folder).Select(file => Path.GetFileName(file)!).Order());
        var times = new List<long>();
        foreach (string file in Directory.GetFiles(_folder))
        {
            Assert.InRange(new FileInfo(file).Length, 124, 1_100);
            using var reader = CaptureFileReader.Open(file, out _)!;
            while (reader.TryRead(out var packet))
                times.Add(packet.Time.Nanoseconds);
            Assert.Null(reader.Trouble);
        }

        Assert.Equal(Enumerable.Range(100 - times.Count, times.Count).Select(index => (long)index), times.Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_index_finds_any_packet(bool gzip)
    {
        string path = Path.Combine(_folder, "big");
        var random = new Random(99);
        var bytes = Enumerable.Range(0, 70_000).Select(index => Bytes(random, index % 90)).ToList();
        Stream file = File.Create(path);
        using (var writer = new PcapngWriter(gzip ? new GZipStream(file, CompressionLevel.Fastest) : file))
        {
            for (int index = 0; index < bytes.Count; index++)
                writer.Write(new Timestamp(index), 1, 2_000, bytes[index]);
        }

        using var captures = CaptureIndex.Open(path, out var obstacle);
        Assert.True(captures is not null, obstacle?.Sentence);
        byte[] buffer = [];
        Assert.False(captures.TryGet(1, ref buffer, out _));
        captures.Build(TestContext.Current.CancellationToken);
        Assert.Equal((70_000, captures.Length), (captures.Count, captures.Indexed));
        for (int round = 0; round < 2_000; round++)
        {
            int number = random.Next(1, 70_001);
            Assert.True(captures.TryGet(number, ref buffer, out var packet));
            Assert.Equal((number, number - 1, 2_000), (packet.Number, packet.Time.Nanoseconds, packet.OriginalLength));
            Assert.Equal(bytes[number - 1], packet.Bytes.ToArray());
        }

        Assert.False(captures.TryGet(70_001, ref buffer, out _));
        Assert.False(captures.TryGet(0, ref buffer, out _));
    }

    [Fact]
    public void A_journal_is_saved_with_its_events_beside_the_packets_nearest_in_time()
    {
        var journal = new Journal();
        var packets = journal.OpenWriter("packets");
        var states = journal.OpenWriter("states");
        foreach (long time in (long[])[100, 200, 300])
        {
            var entry = new LabEvent { Kind = EventKind.Packet, Time = new Timestamp(time) };
            entry.Detail.Packet = new PacketDetail { Number = time / 100, OriginalLength = 4, LinkType = 1 };
            packets.Append(entry, [(byte)(time / 100), 0, 0, 0]);
        }

        foreach (long time in (long[])[10, 110, 149, 151, 260, 400])
            states.Append(new LabEvent { Kind = EventKind.State, Time = new Timestamp(time) });
        var file = new MemoryStream();
        var writer = new PcapngWriter(file);

        var result = JournalExport.Write(journal, writer, (in entry, _) => entry.Kind == EventKind.State ? $"state at {entry.Time.Nanoseconds}" : null);

        Assert.Equal(new JournalExportResult(3, 6, 0), result);
        writer.Flush();
        file.Position = 0;
        using var reader = CaptureFileReader.Open(file, "file", out _)!;
        string[] expected = ["state at 10,state at 110,state at 149", "state at 151", "state at 260,state at 400"];
        foreach (string comments in expected)
        {
            Assert.True(reader.TryRead(out var packet));
            Assert.Equal(packet.Number, packet.Bytes[0]);
            var found = new List<string>();
            for (int index = 0; packet.TryGetComment(index, out var comment); index++)
                found.Add(Encoding.UTF8.GetString(comment));
            Assert.Equal(comments, string.Join(',', found));
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said;
    }
}
