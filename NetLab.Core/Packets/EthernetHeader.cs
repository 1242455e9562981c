using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>What an Ethernet frame, or another link layer that borrows its numbers, carries (IANA EtherTypes).</summary>
public enum EtherType : ushort
{
    /// <summary>Nothing known.</summary>
    None = 0,

    /// <summary>IPv4 (RFC 894).</summary>
    Ipv4 = 0x0800,

    /// <summary>ARP (RFC 826).</summary>
    Arp = 0x0806,

    /// <summary>IPv6 (RFC 2464).</summary>
    Ipv6 = 0x86DD,

    /// <summary>An 802.1Q tag.</summary>
    Vlan = 0x8100,

    /// <summary>An 802.1ad service tag.</summary>
    ServiceVlan = 0x88A8,

    /// <summary>A stacked tag as some switches wrote it before 802.1ad.</summary>
    StackedVlan = 0x9100,

    /// <summary>Another such tag.</summary>
    StackedVlan9200 = 0x9200,

    /// <summary>PPPoE discovery (RFC 2516).</summary>
    PppoeDiscovery = 0x8863,

    /// <summary>PPPoE session (RFC 2516).</summary>
    PppoeSession = 0x8864,

    /// <summary>Ethernet II's configuration test (Loopback).</summary>
    Loopback = 0x9000,
}

/// <summary>The 14 bytes of an Ethernet header (IEEE 802.3).</summary>
public readonly ref struct EthernetHeader
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 14;

    /// <summary>The largest value of the type field that is a length (IEEE 802.3 frame with LLC).</summary>
    public const int MaxLength = 1500;

    private readonly ReadOnlySpan<byte> _bytes;

    private EthernetHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the header; false where fewer than 14 bytes are there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out EthernetHeader header)
    {
        header = new(bytes);
        return bytes.Length >= Length;
    }

    /// <summary>The destination's MAC address, 6 bytes.</summary>
    public ReadOnlySpan<byte> Destination => _bytes[..6];

    /// <summary>The source's MAC address, 6 bytes.</summary>
    public ReadOnlySpan<byte> Source => _bytes.Slice(6, 6);

    /// <summary>The type, or the length of an 802.3 frame where it is at most 1500.</summary>
    public ushort TypeOrLength => BinaryPrimitives.ReadUInt16BigEndian(_bytes[12..]);
}
