using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>An ARP message (RFC 826): eight fixed bytes and four addresses of lengths that it names.</summary>
public readonly ref struct ArpHeader
{
    /// <summary>The fixed part's length in bytes.</summary>
    public const int FixedLength = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private ArpHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the message; false where its addresses are not all there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ArpHeader header)
    {
        header = new(bytes);
        return bytes.Length >= FixedLength && bytes.Length >= header.Length;
    }

    /// <summary>The whole message's length in bytes.</summary>
    public int Length => FixedLength + 2 * (HardwareLength + ProtocolLength);

    /// <summary>The hardware's type, 1 for Ethernet.</summary>
    public ushort HardwareType => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>The protocol's EtherType, 0x0800 for IPv4.</summary>
    public ushort ProtocolType => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>The length of a hardware address in bytes.</summary>
    public byte HardwareLength => _bytes[4];

    /// <summary>The length of a protocol address in bytes.</summary>
    public byte ProtocolLength => _bytes[5];

    /// <summary>1 request, 2 reply, 3 and 4 reverse, 8 and 9 inverse.</summary>
    public ushort Operation => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    /// <summary>Whether these are MAC and IPv4 addresses.</summary>
    public bool IsEthernetIpv4 => HardwareLength == 6 && ProtocolLength == 4 && ProtocolType == (ushort)EtherType.Ipv4;

    /// <summary>The sender's hardware address.</summary>
    public ReadOnlySpan<byte> SenderHardware => _bytes.Slice(FixedLength, HardwareLength);

    /// <summary>The sender's protocol address.</summary>
    public ReadOnlySpan<byte> SenderProtocol => _bytes.Slice(FixedLength + HardwareLength, ProtocolLength);

    /// <summary>The target's hardware address.</summary>
    public ReadOnlySpan<byte> TargetHardware => _bytes.Slice(FixedLength + HardwareLength + ProtocolLength, HardwareLength);

    /// <summary>The target's protocol address.</summary>
    public ReadOnlySpan<byte> TargetProtocol => _bytes.Slice(FixedLength + 2 * HardwareLength + ProtocolLength, ProtocolLength);
}
