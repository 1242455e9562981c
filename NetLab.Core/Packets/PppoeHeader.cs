using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>The six bytes of PPPoE (RFC 2516 section 4).</summary>
public readonly ref struct PppoeHeader
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 6;

    private readonly ReadOnlySpan<byte> _bytes;

    private PppoeHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the header; false where fewer than six bytes are there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PppoeHeader header)
    {
        header = new(bytes);
        return bytes.Length >= Length;
    }

    /// <summary>The version, 1.</summary>
    public int Version => _bytes[0] >> 4;

    /// <summary>The type, 1.</summary>
    public int Type => _bytes[0] & 15;

    /// <summary>The code: 0 session data, 9 PADI, 7 PADO, 0x19 PADR, 0x65 PADS, 0xA7 PADT.</summary>
    public byte Code => _bytes[1];

    /// <summary>The session's number.</summary>
    public ushort Session => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>The payload's length in bytes.</summary>
    public ushort PayloadLength => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);
}

/// <summary>The protocol field of PPP (RFC 1661 section 2), one byte where it was compressed.</summary>
public static class PppProtocol
{
    /// <summary>IPv4.</summary>
    public const ushort Ipv4 = 0x0021;

    /// <summary>IPv6.</summary>
    public const ushort Ipv6 = 0x0057;

    /// <summary>The link control protocol.</summary>
    public const ushort Lcp = 0xC021;

    /// <summary>Reads the protocol and how many bytes it took; skips an HDLC address and control before it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ushort protocol, out int length)
    {
        protocol = 0;
        length = 0;
        if (bytes is [0xFF, 0x03, ..])
            length = 2;
        if (bytes.Length <= length)
            return false;
        if ((bytes[length] & 1) != 0)
        {
            protocol = bytes[length++];
            return true;
        }

        if (bytes.Length < length + 2)
            return false;
        protocol = BinaryPrimitives.ReadUInt16BigEndian(bytes[length..]);
        length += 2;
        return true;
    }

    /// <summary>The EtherType that says the same, or None.</summary>
    public static EtherType ToEtherType(ushort protocol) => protocol switch
    {
        Ipv4 => EtherType.Ipv4,
        Ipv6 => EtherType.Ipv6,
        _ => EtherType.None,
    };
}
