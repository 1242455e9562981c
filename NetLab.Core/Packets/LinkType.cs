namespace NetLab.Core.Packets;

/// <summary>What a frame begins with: the LINKTYPE_ values of capture files (pcap-linktype(7)); live libpcap's DLT_RAW is 12.</summary>
public enum LinkType
{
    /// <summary>BSD loopback: four bytes of address family in the byte order of the host that captured.</summary>
    Null = 0,

    /// <summary>Ethernet II or IEEE 802.3.</summary>
    Ethernet = 1,

    /// <summary>SLIP with the 16-byte pseudo-header that libpcap writes before the IP header.</summary>
    Slip = 8,

    /// <summary>PPP (RFC 1661).</summary>
    Ppp = 9,

    /// <summary>Raw IP as a live libpcap handle on Linux names it (DLT_RAW).</summary>
    RawLive = 12,

    /// <summary>Raw IP, version 4 or 6 by its first nibble.</summary>
    Raw = 101,

    /// <summary>OpenBSD loopback: four bytes of address family in network order.</summary>
    Loop = 108,

    /// <summary>Linux cooked capture, version 1.</summary>
    LinuxCooked = 113,

    /// <summary>A type for private use in which macOS writes PKTAP.</summary>
    User2 = 149,

    /// <summary>Raw IPv4.</summary>
    Ipv4 = 228,

    /// <summary>Raw IPv6.</summary>
    Ipv6 = 229,

    /// <summary>Linux netlink, in cooked form.</summary>
    Netlink = 253,

    /// <summary>Apple's PKTAP: a header that names the link type of what follows.</summary>
    PktAp = 258,

    /// <summary>Linux cooked capture, version 2.</summary>
    LinuxCooked2 = 276,
}
