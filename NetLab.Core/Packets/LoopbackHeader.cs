using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>The four bytes of BSD loopback: an address family, in the byte order of the host that captured (Null) or the network's (Loop).</summary>
public readonly ref struct LoopbackHeader
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 4;

    private LoopbackHeader(uint family) => Family = family;

    /// <summary>Reads the header; false where fewer than four bytes are there.</summary>
    /// <remarks>Families are small: a value with its upper half set was written in the other byte order, as libpcap's readers judge.</remarks>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out LoopbackHeader header)
    {
        header = default;
        if (bytes.Length < Length)
            return false;
        uint family = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if ((family & 0xFFFF0000) != 0)
            family = BinaryPrimitives.ReverseEndianness(family);
        header = new(family);
        return true;
    }

    /// <summary>The address family: 2 for IPv4; 10 (Linux), 24, 28 and 30 (the BSDs, macOS) for IPv6.</summary>
    public uint Family { get; }

    /// <summary>The EtherType that says the same, or None.</summary>
    public EtherType EtherType => Family switch
    {
        2 => EtherType.Ipv4,
        10 or 24 or 28 or 30 => EtherType.Ipv6,
        _ => EtherType.None,
    };
}
