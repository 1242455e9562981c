namespace NetLab.Core.Packets;

/// <summary>What an IP payload is (IANA protocol numbers; for IPv6 the next header of the last extension).</summary>
public enum IpProtocol : byte
{
    /// <summary>IPv6 hop-by-hop options (RFC 8200 section 4.3).</summary>
    HopByHop = 0,

    /// <summary>ICMP (RFC 792).</summary>
    Icmp = 1,

    /// <summary>IGMP (RFC 3376).</summary>
    Igmp = 2,

    /// <summary>IPv4 in IP (RFC 2003).</summary>
    Ipv4 = 4,

    /// <summary>TCP (RFC 9293).</summary>
    Tcp = 6,

    /// <summary>UDP (RFC 768).</summary>
    Udp = 17,

    /// <summary>IPv6 in IP (RFC 2473, RFC 4213).</summary>
    Ipv6 = 41,

    /// <summary>IPv6 routing header (RFC 8200 section 4.4).</summary>
    Routing = 43,

    /// <summary>IPv6 fragment header (RFC 8200 section 4.5).</summary>
    Fragment = 44,

    /// <summary>GRE (RFC 2784).</summary>
    Gre = 47,

    /// <summary>ESP (RFC 4303).</summary>
    Esp = 50,

    /// <summary>Authentication header (RFC 4302).</summary>
    Authentication = 51,

    /// <summary>ICMPv6 (RFC 4443).</summary>
    Icmpv6 = 58,

    /// <summary>Nothing follows (RFC 8200 section 4.7).</summary>
    NoNextHeader = 59,

    /// <summary>IPv6 destination options (RFC 8200 section 4.6).</summary>
    DestinationOptions = 60,

    /// <summary>OSPF (RFC 2328, RFC 5340).</summary>
    Ospf = 89,

    /// <summary>SCTP (RFC 9260).</summary>
    Sctp = 132,

    /// <summary>Mobile IPv6 (RFC 6275).</summary>
    Mobility = 135,

    /// <summary>Ethernet in IPv6 (RFC 8986).</summary>
    Ethernet = 143,
}
