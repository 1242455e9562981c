using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>An L2TP version 2 header (RFC 2661 section 3.1), whose fields come and go with its flags.</summary>
public readonly ref struct L2tpHeader
{
    private readonly ReadOnlySpan<byte> _bytes;

    private L2tpHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the header; false where it is cut off or of another version.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out L2tpHeader header)
    {
        header = new(bytes);
        if (bytes.Length < 6 || (bytes[1] & 15) != 2 || bytes.Length < header.FixedLength)
            return false;
        return bytes.Length >= header.Length;
    }

    /// <summary>Whether this is a control message (T).</summary>
    public bool IsControl => (_bytes[0] & 0x80) != 0;

    /// <summary>Whether a length is there (L).</summary>
    public bool HasLength => (_bytes[0] & 0x40) != 0;

    /// <summary>Whether sequence numbers are there (S).</summary>
    public bool HasSequence => (_bytes[0] & 0x08) != 0;

    /// <summary>Whether an offset is there (O).</summary>
    public bool HasOffset => (_bytes[0] & 0x02) != 0;

    /// <summary>Whether it has priority (P).</summary>
    public bool HasPriority => (_bytes[0] & 0x01) != 0;

    private int TunnelAt => HasLength ? 4 : 2;

    private int FixedLength => TunnelAt + 4 + (HasSequence ? 4 : 0) + (HasOffset ? 2 : 0);

    /// <summary>The tunnel's number.</summary>
    public ushort Tunnel => BinaryPrimitives.ReadUInt16BigEndian(_bytes[TunnelAt..]);

    /// <summary>The session's number.</summary>
    public ushort Session => BinaryPrimitives.ReadUInt16BigEndian(_bytes[(TunnelAt + 2)..]);

    /// <summary>This message's sequence number.</summary>
    public ushort Ns => HasSequence ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[(TunnelAt + 4)..]) : (ushort)0;

    /// <summary>The sequence number expected next.</summary>
    public ushort Nr => HasSequence ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[(TunnelAt + 6)..]) : (ushort)0;

    /// <summary>The header's length in bytes, its padding included.</summary>
    public int Length => FixedLength + (HasOffset ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[(FixedLength - 2)..]) : 0);
}
