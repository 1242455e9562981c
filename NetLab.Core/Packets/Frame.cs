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
}
