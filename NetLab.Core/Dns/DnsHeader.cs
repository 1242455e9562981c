using System.Buffers.Binary;

namespace NetLab.Core.Dns;

/// <summary>The twelve octets that begin every DNS message (RFC 1035 section 4.1.1, RFC 4035 section 3.2).</summary>
public readonly ref struct DnsHeader
{
    /// <summary>Its length in octets.</summary>
    public const int Length = 12;

    private readonly ReadOnlySpan<byte> _bytes;

    private DnsHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the header; false where fewer than twelve octets are there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsHeader header)
    {
        header = new(message);
        return message.Length >= Length;
    }

    /// <summary>The transaction's number.</summary>
    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>All flags, with opcode and response code.</summary>
    public ushort Flags => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>Whether this is a response (QR).</summary>
    public bool IsResponse => (Flags & 0x8000) != 0;

    /// <summary>The opcode: 0 query, 4 notify, 5 update.</summary>
    public int Opcode => Flags >> 11 & 15;

    /// <summary>Whether the answer is authoritative (AA).</summary>
    public bool IsAuthoritative => (Flags & 0x0400) != 0;

    /// <summary>Whether the answer was cut off (TC).</summary>
    public bool IsTruncated => (Flags & 0x0200) != 0;

    /// <summary>Whether recursion is desired (RD).</summary>
    public bool RecursionDesired => (Flags & 0x0100) != 0;

    /// <summary>Whether recursion is available (RA).</summary>
    public bool RecursionAvailable => (Flags & 0x0080) != 0;

    /// <summary>Whether the data is authentic (AD).</summary>
    public bool IsAuthenticated => (Flags & 0x0020) != 0;

    /// <summary>Whether checking is disabled (CD).</summary>
    public bool CheckingDisabled => (Flags & 0x0010) != 0;

    /// <summary>The response code's lower four bits; EDNS adds eight more.</summary>
    public int ResponseCode => Flags & 15;

    /// <summary>How many questions follow, as it says.</summary>
    public ushort QuestionCount => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>How many answers follow, as it says.</summary>
    public ushort AnswerCount => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    /// <summary>How many authority records follow, as it says.</summary>
    public ushort AuthorityCount => BinaryPrimitives.ReadUInt16BigEndian(_bytes[8..]);

    /// <summary>How many additional records follow, as it says.</summary>
    public ushort AdditionalCount => BinaryPrimitives.ReadUInt16BigEndian(_bytes[10..]);
}
