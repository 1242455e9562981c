using NetLab.Core.Capture;
using NetLab.Core.Packets;

namespace NetLab.Tui.Commands;

/// <summary>Why packets could not be saved.</summary>
internal sealed class SaveException(string message) : Exception(message);

/// <summary>No text, but the packets themselves into a capture file: <c>-w FILE</c>. The file begins with the first packet, which tells its link type.</summary>
internal sealed class SavePrinter(string path, Stream standardOutput) : PacketPrinter, IDisposable
{
    private const int SnapLength = 262_144;
    private CaptureSink? _sink;
    private LinkType _linkType;

    /// <summary>How many packets were saved.</summary>
    public long Packets { get; private set; }

    public override void Print(in Frame frame, ByteOutput output)
    {
        var sink = _sink ??= Open(frame.LinkType);
        if (frame.LinkType != _linkType && !sink.TakesAnyLinkType)
            throw new SaveException($"Packet {frame.Number} has another link type than those before, and a pcap file holds one; a name that ends in .pcapng holds several.");
        sink.Write(frame.Time, (ushort)frame.LinkType, frame.WireLength, frame.Bytes);
        Packets++;
    }

    // Without a packet the file is still a capture file.
    public override void End(ByteOutput output) => (_sink ??= Open(LinkType.Ethernet)).Flush();

    public void Dispose() => _sink?.Dispose();

    private CaptureSink Open(LinkType linkType)
    {
        _linkType = linkType;
        return path == "-" ? CaptureSink.To(standardOutput, (ushort)linkType, SnapLength)
            : CaptureSink.To(path, (ushort)linkType, SnapLength, null, out var obstacle) ?? throw new SaveException(obstacle!.ToString());
    }
}
