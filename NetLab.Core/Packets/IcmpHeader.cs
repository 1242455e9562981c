using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>An ICMP (RFC 792) or ICMPv6 (RFC 4443) message: type, code, checksum and four bytes whose meaning depends on them.</summary>
public readonly ref struct IcmpHeader
{
    /// <summary>The shortest message's length in bytes.</summary>
    public const int MinLength = 4;

    /// <summary>The length with the four bytes that most messages use.</summary>
    public const int Length = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private IcmpHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the message; false where fewer than four bytes are there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IcmpHeader header)
    {
        header = new(bytes);
        return bytes.Length >= MinLength;
    }

    /// <summary>The type.</summary>
    public byte Type => _bytes[0];

    /// <summary>The code.</summary>
    public byte Code => _bytes[1];

    /// <summary>The checksum, as written.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>The upper two of the four variable bytes: an echo's identifier. 0 where they were not captured.</summary>
    public ushort Identifier => _bytes.Length >= 6 ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]) : (ushort)0;

    /// <summary>The lower two of the four variable bytes: an echo's sequence number. 0 where they were not captured.</summary>
    public ushort Sequence => _bytes.Length >= 8 ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]) : (ushort)0;

    /// <summary>Whether an ICMP error of this type quotes the packet that caused it, from byte 8 on.</summary>
    public bool QuotesPacket => Type is 3 or 4 or 5 or 11 or 12;

    /// <summary>Whether an ICMPv6 error of this type quotes the packet that caused it, from byte 8 on.</summary>
    public bool QuotesPacket6 => Type is 1 or 2 or 3 or 4;
}
