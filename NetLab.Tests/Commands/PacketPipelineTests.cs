using NetLab.Core;
using NetLab.Core.Capture;
using NetLab.Core.Packets;
using NetLab.Tests.Support;
using NetLab.Tui.Commands;

namespace NetLab.Tests.Commands;

/// <summary>What several threads print is, byte for byte, what one prints: also for tunnels, fragments and damaged packets.</summary>
public class PacketPipelineTests
{
    [Fact]
    public void Made_packets_are_printed_alike() => AssertAlike(Changed([.. MadeCapture.Exchange().Packets.Select(bytes => (LinkType.Ethernet, bytes, bytes.Length))], 20_000));

    [Fact]
    public void Real_and_damaged_packets_are_printed_alike()
    {
        var packets = Fixtures.Captures.SelectMany(FixtureCapture.Read).Select(packet => (packet.LinkType, packet.Bytes, packet.WireLength)).ToList();
        AssertAlike([.. packets, .. packets, .. Changed(packets, 20_000)]);
    }

    private static List<(LinkType Link, byte[] Bytes, int WireLength)> Changed(List<(LinkType Link, byte[] Bytes, int WireLength)> packets, int count)
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (link, bytes, wire) = packets[random.Next(packets.Count)];
            byte[] changed = bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(bytes.Length + 1) : bytes.Length).ToArray();
            for (int change = random.Next(4); change > 0 && changed.Length > 0; change--)
                changed[random.Next(Math.Min(changed.Length, 60))] = (byte)random.Next(256);
            return (link, changed, wire);
        })];
    }

    private static void AssertAlike(List<(LinkType Link, byte[] Bytes, int WireLength)> packets)
    {
        var file = new MemoryStream();
        using (var writer = new PcapngWriter(file))
        {
            for (int index = 0; index < packets.Count; index++)
                writer.Write(new Timestamp(1_700_000_000_000_000_000 + index * 1_000L), (ushort)packets[index].Link, packets[index].WireLength, packets[index].Bytes);
            writer.Flush();
            foreach (var (filter, printer) in Forms())
                Assert.Equal(Serially(file.ToArray(), filter, printer()), OnAllCores(file.ToArray(), filter, printer()));
        }
    }

    private static IEnumerable<(DisplayFilter? Filter, Func<PacketPrinter> Printer)> Forms()
    {
        yield return (null, () => new LinePrinter(LineTime.DateAndTime));
        yield return (null, () => new PacketJson());
        yield return (null, () => new HexPrinter(new TreePrinter(new LinePrinter(LineTime.None))));
        Assert.True(DisplayFilter.TryCompile("tcp.stream > 3 || udp.length > 20", out var filter, out _));
        Assert.True(FieldSelection.TryParse("frame.number,tcp.stream,tcp.seq,tcp.window_size,dns.qry.name,frame.time_delta", out var fields, out _));
        yield return (filter, () => new FieldsPrinter(fields!));
        yield return (filter, () => new LinePrinter(LineTime.Epoch));
    }

    private static byte[] Serially(byte[] file, DisplayFilter? filter, PacketPrinter printer)
    {
        using var held = printer as IDisposable;
        using var reader = CaptureFileReader.Open(new MemoryStream(file), "test", out _)!;
        var written = new MemoryStream();
        var output = new ByteOutput(written);
        var history = new FrameHistory();
        var scratch = new Dissection();
        while (reader.TryRead(out var packet))
        {
            var frame = new Frame((LinkType)packet.LinkType, packet.Bytes, packet.OriginalLength) { Number = packet.Number, Time = packet.Time, Interface = packet.Interface };
            frame = frame.With(history.Take(frame));
            // Which packets a line's numbers count from does not depend on the filter.
            if (filter is null || filter.Matches(frame, scratch))
                printer.Print(frame, output);
            else
                printer.PassOver(frame);
        }

        output.Flush();
        return written.ToArray();
    }

    private static byte[] OnAllCores(byte[] file, DisplayFilter? filter, PacketPrinter printer)
    {
        using var held = printer as IDisposable;
        using var reader = CaptureFileReader.Open(new MemoryStream(file), "test", out _)!;
        var written = new MemoryStream();
        var output = new ByteOutput(written);
        var history = new FrameHistory();
        using (var pipeline = new PacketPipeline(filter, printer, history))
            pipeline.Print(reader, printer, filter, history, output, () => true);
        output.Flush();
        return written.ToArray();
    }
}
