using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>The 40 bytes of an IPv6 header (RFC 8200 section 3).</summary>
public readonly ref struct Ipv6Header
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 40;

    private readonly ReadOnlySpan<byte> _bytes;

    private Ipv6Header(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the header; false where fewer than 40 bytes are there or the version is not 6.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Ipv6Header header)
    {
        header = new(bytes);
        return bytes.Length >= Length && bytes[0] >> 4 == 6;
    }

    /// <summary>The traffic class: DSCP and ECN.</summary>
    public byte TrafficClass => (byte)(BinaryPrimitives.ReadUInt16BigEndian(_bytes) >> 4);

    /// <summary>The flow label, 20 bits (RFC 6437).</summary>
    public uint FlowLabel => BinaryPrimitives.ReadUInt32BigEndian(_bytes) & 0xFFFFF;

    /// <summary>The length of what follows this header in bytes; 0 where a jumbo option tells it (RFC 2675).</summary>
    public ushort PayloadLength => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>What follows: an extension header or the payload.</summary>
    public IpProtocol NextHeader => (IpProtocol)_bytes[6];

    /// <summary>The hop limit.</summary>
    public byte HopLimit => _bytes[7];

    /// <summary>The source address, 16 bytes.</summary>
    public ReadOnlySpan<byte> Source => _bytes.Slice(8, 16);

    /// <summary>The destination address, 16 bytes.</summary>
    public ReadOnlySpan<byte> Destination => _bytes.Slice(24, 16);

    /// <summary>Both addresses, 32 bytes: what the pseudo-header needs.</summary>
    public ReadOnlySpan<byte> Addresses => _bytes.Slice(8, 32);
}
