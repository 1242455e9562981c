using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>TCP's flag bits as they lie in the header (RFC 9293 section 3.1, RFC 3168, RFC 3540).</summary>
[Flags]
public enum TcpFlags : ushort
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>The sender has no more to send.</summary>
    Fin = 0x01,

    /// <summary>Sequence numbers are to be synchronised.</summary>
    Syn = 0x02,

    /// <summary>The connection is reset.</summary>
    Rst = 0x04,

    /// <summary>Data should go to the application now.</summary>
    Psh = 0x08,

    /// <summary>The acknowledgment number counts.</summary>
    Ack = 0x10,

    /// <summary>The urgent pointer counts.</summary>
    Urg = 0x20,

    /// <summary>ECN echo.</summary>
    Ece = 0x40,

    /// <summary>Congestion window reduced.</summary>
    Cwr = 0x80,

    /// <summary>Accurate ECN (once the nonce sum).</summary>
    Ae = 0x100,
}

/// <summary>A TCP header (RFC 9293 section 3.1). A view: the data offset may lie; check it against the bytes.</summary>
public readonly ref struct TcpHeader
{
    /// <summary>The length of a header without options, in bytes.</summary>
    public const int MinLength = 20;

    private readonly ReadOnlySpan<byte> _bytes;

    private TcpHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the fixed part; false where fewer than 20 bytes are there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TcpHeader header)
    {
        header = new(bytes);
        return bytes.Length >= MinLength;
    }

    /// <summary>The source port.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>The destination port.</summary>
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>The sequence number, as on the wire.</summary>
    public uint SequenceNumber => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    /// <summary>The acknowledgment number, as on the wire; counts only with ACK.</summary>
    public uint AcknowledgmentNumber => BinaryPrimitives.ReadUInt32BigEndian(_bytes[8..]);

    /// <summary>The header's length in bytes, as its data offset says: 0 to 60.</summary>
    public int HeaderLength => (_bytes[12] >> 4) * 4;

    /// <summary>The flag bits.</summary>
    public TcpFlags Flags => (TcpFlags)(BinaryPrimitives.ReadUInt16BigEndian(_bytes[12..]) & 0x1FF);

    /// <summary>The twelve bits after the data offset: the flags and the reserved bits, Wireshark's <c>tcp.flags</c>.</summary>
    public ushort FlagsAndReserved => (ushort)(BinaryPrimitives.ReadUInt16BigEndian(_bytes[12..]) & 0xFFF);

    /// <summary>The window, not scaled.</summary>
    public ushort Window => BinaryPrimitives.ReadUInt16BigEndian(_bytes[14..]);

    /// <summary>The checksum, as written.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_bytes[16..]);

    /// <summary>The urgent pointer.</summary>
    public ushort UrgentPointer => BinaryPrimitives.ReadUInt16BigEndian(_bytes[18..]);

    /// <summary>The options as far as they were captured.</summary>
    public ReadOnlySpan<byte> Options => HeaderLength > MinLength
        ? _bytes[MinLength..Math.Min(HeaderLength, _bytes.Length)] : default;
}
