using NetLab.Core.Tcp;

namespace NetLab.Core.Packets;

/// <summary>One captured frame and what its capture says of it. The bytes are borrowed: they are only read while the call lasts.</summary>
/// <param name="linkType">What the bytes begin with.</param>
/// <param name="bytes">The captured bytes.</param>
/// <param name="wireLength">The frame's length on the wire in bytes; more than was captured where the snap length cut it.</param>
public readonly ref struct Frame(LinkType linkType, ReadOnlySpan<byte> bytes, int wireLength)
{
    /// <summary>What the bytes begin with.</summary>
    public LinkType LinkType { get; } = linkType;

    /// <summary>The captured bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>The frame's length on the wire in bytes, never less than what was captured.</summary>
    public int WireLength { get; } = Math.Max(wireLength, bytes.Length);

    /// <summary>The frame's place in its capture, from 1; 0 where it has none.</summary>
    public long Number { get; init; }

    /// <summary>When the kernel saw it.</summary>
    public Timestamp Time { get; init; }

    /// <summary>The index of the capture's interface (pcapng), -1 where the capture names none.</summary>
    public int Interface { get; init; } = -1;

    /// <summary>What the packets before it say of it (<see cref="FrameHistory"/>); null where nobody asked them.</summary>
    public FrameContext? Context { get; init; }

    /// <summary>What its line's sequence numbers count from (<see cref="TcpdumpLine.TryPrepare"/>); null where the line is written in its turn.</summary>
    public SequenceOrigin? Origin { get; init; }

    /// <summary>The same frame with what the packets before it say of it.</summary>
    public Frame With(FrameContext context) =>
        new(LinkType, Bytes, WireLength) { Number = Number, Time = Time, Interface = Interface, Origin = Origin, Context = context };
}

/// <summary>What a line takes from TCP's numbers.</summary>
/// <param name="Sequence">From the sequence number.</param>
/// <param name="Acknowledgment">From the acknowledgment number.</param>
/// <param name="Sack">From the edges of SACK blocks.</param>
public readonly record struct SequenceOrigin(uint Sequence, uint Acknowledgment, uint Sack);

/// <summary>What the packets before a frame say of it, as Wireshark counts.</summary>
/// <param name="Stream">The TCP or UDP conversation's number from 0; -1 where it has none.</param>
/// <param name="TransportAt">Where that conversation's header begins in the frame.</param>
/// <param name="SequenceBase">What to take from TCP's sequence number for one that counts from 0.</param>
/// <param name="AcknowledgmentBase">What to take from TCP's acknowledgment number.</param>
/// <param name="WindowShift">How far TCP's window is to be shifted (RFC 7323); 0 where that is not known.</param>
/// <param name="SincePrevious">Since the packet before it.</param>
/// <param name="SinceFirst">Since the first packet.</param>
public readonly record struct FrameContext(
    int Stream, int TransportAt, uint SequenceBase, uint AcknowledgmentBase, int WindowShift, Duration SincePrevious, Duration SinceFirst)
{
    /// <summary>What the segments of its TCP stream say of it; empty where nobody analyses them (<see cref="FrameHistory(CaptureAnalysis)"/>).</summary>
    public SegmentAnalysis Analysis { get; init; }
}
