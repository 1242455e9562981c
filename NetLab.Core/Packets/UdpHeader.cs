using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>The eight bytes of a UDP header (RFC 768).</summary>
public readonly ref struct UdpHeader
{
    /// <summary>Its length in bytes.</summary>
    public const int HeaderLength = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private UdpHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the header; false where fewer than eight bytes are there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out UdpHeader header)
    {
        header = new(bytes);
        return bytes.Length >= HeaderLength;
    }

    /// <summary>The source port.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>The destination port.</summary>
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>The datagram's length in bytes with this header, as it says.</summary>
    public ushort Length => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>The checksum, as written; 0 where the sender left it out.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);
}
