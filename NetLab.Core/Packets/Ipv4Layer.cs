namespace NetLab.Core.Packets;

/// <summary>The fields of IPv4.</summary>
internal static class Ipv4Layer
{
    public static readonly ProtocolDefinition Protocol = new("ip", "Internet Protocol Version 4", ProtocolTier.Network);

    private static readonly FieldDefinition Version = Protocol.Number("ip.version", "Version");
    private static readonly FieldDefinition HeaderLength = Protocol.Number("ip.hdr_len", "Header Length");
    private static readonly FieldDefinition TypeOfService = Protocol.Hex("ip.dsfield", "Differentiated Services Field", 2);
    private static readonly FieldDefinition Dscp = Protocol.Number("ip.dsfield.dscp", "Differentiated Services Codepoint");
    private static readonly FieldDefinition Ecn = Protocol.Number("ip.dsfield.ecn", "Explicit Congestion Notification");
    private static readonly FieldDefinition TotalLength = Protocol.Number("ip.len", "Total Length");
    private static readonly FieldDefinition Identification = Protocol.Hex("ip.id", "Identification", 4);
    private static readonly FieldDefinition Flags = Protocol.Hex("ip.flags", "Flags", 2);
    private static readonly FieldDefinition Reserved = Protocol.Flag("ip.flags.rb", "Reserved bit");
    private static readonly FieldDefinition DontFragment = Protocol.Flag("ip.flags.df", "Don't fragment");
    private static readonly FieldDefinition MoreFragments = Protocol.Flag("ip.flags.mf", "More fragments");
    private static readonly FieldDefinition FragmentOffset = Protocol.Number("ip.frag_offset", "Fragment Offset");
    private static readonly FieldDefinition TimeToLive = Protocol.Number("ip.ttl", "Time to Live");
    private static readonly FieldDefinition Payload = Protocol.Number("ip.proto", "Protocol", IpProtocolName);
    private static readonly FieldDefinition Checksum = Protocol.Hex("ip.checksum", "Header Checksum", 4);
    private static readonly FieldDefinition ChecksumState = Protocol.Checksum("ip.checksum.status");
    private static readonly FieldDefinition Source = Protocol.Value("ip.src", "Source Address", FieldKind.Ipv4);
    private static readonly FieldDefinition Destination = Protocol.Value("ip.dst", "Destination Address", FieldKind.Ipv4);
    private static readonly FieldDefinition Options = Protocol.Value("ip.options", "Options", FieldKind.Bytes);

    public static string? IpProtocolName(ulong protocol) => (IpProtocol)protocol switch
    {
        IpProtocol.Icmp => "ICMP",
        IpProtocol.Igmp => "IGMP",
        IpProtocol.Ipv4 => "IPv4",
        IpProtocol.Tcp => "TCP",
        IpProtocol.Udp => "UDP",
        IpProtocol.Ipv6 => "IPv6",
        IpProtocol.Gre => "GRE",
        IpProtocol.Icmpv6 => "ICMPv6",
        IpProtocol.HopByHop => "IPv6 Hop-by-Hop Option",
        IpProtocol.Routing => "Routing Header for IPv6",
        IpProtocol.Fragment => "Fragment Header for IPv6",
        IpProtocol.DestinationOptions => "Destination Options for IPv6",
        IpProtocol.NoNextHeader => "IPv6 no next header",
        IpProtocol.Sctp => "SCTP",
        _ => null,
    };

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        int layer = context.Into.Begin(Protocol, at, Math.Min(Ipv4Header.MinLength, end - at));
        if (!Ipv4Header.TryRead(context.Bytes[at..end], out var ip))
        {
            context.Short(end, "the header has fewer than 20 bytes or another version");
            return;
        }

        context.Add(Version, at, 1, 4);
        context.Add(HeaderLength, at, 1, (ulong)ip.HeaderLength);
        if (ip.HeaderLength < Ipv4Header.MinLength)
        {
            context.Into.Mark(LayerMark.Malformed, "the header length is less than 20 bytes");
            return;
        }

        context.Bytes8(TypeOfService, at + 1);
        context.Indent++;
        context.Add(Dscp, at + 1, 1, (ulong)ip.TypeOfService >> 2);
        context.Add(Ecn, at + 1, 1, (ulong)ip.TypeOfService & 3);
        context.Indent--;
        // A length of 0 is segmentation offload; tshark takes what was captured instead.
        int total = ip.TotalLength == 0 ? end - at : ip.TotalLength;
        context.Add(TotalLength, at + 2, 2, (ulong)total);
        if (total < ip.HeaderLength)
        {
            context.Into.Mark(LayerMark.Malformed, "the total length is less than the header's");
            return;
        }

        Fields(ref context, ip, at);
        context.Into.Resize(layer, Math.Min(ip.HeaderLength, end - at));
        if (at + ip.HeaderLength > end)
        {
            context.Short(end, "the options are cut off");
            return;
        }

        int payloadEnd = Math.Min(end, at + total);
        var ipPayload = new IpPayload(at + 12, at + 16, 4, ip.Protocol, total - ip.HeaderLength, ip.MoreFragments || ip.FragmentOffset > 0);
        if (ip.FragmentOffset > 0)
            DataLayer.Dissect(ref context, at + ip.HeaderLength, payloadEnd);
        else
            ipPayload.Dissect(ref context, at + ip.HeaderLength, payloadEnd);
    }

    private static void Fields(ref DissectionContext context, Ipv4Header ip, int at)
    {
        context.Bytes16(Identification, at + 4);
        context.Add(Flags, at + 6, 1, (ulong)ip.Flags);
        context.Indent++;
        context.Flag(Reserved, at + 6, 1, (ip.Flags & 4) != 0);
        context.Flag(DontFragment, at + 6, 1, ip.DontFragment);
        context.Flag(MoreFragments, at + 6, 1, ip.MoreFragments);
        context.Indent--;
        context.Add(FragmentOffset, at + 6, 2, (ulong)ip.FragmentOffset);
        context.Bytes8(TimeToLive, at + 8);
        context.Bytes8(Payload, at + 9);
        context.Bytes16(Checksum, at + 10);
        context.Checksum(ChecksumState, at + 10, context.VerifiesChecksums ? ip.ChecksumStatus : ChecksumStatus.Unverified);
        context.Bytes32(Source, at + 12);
        context.Bytes32(Destination, at + 16);
        if (!ip.Options.IsEmpty)
            context.Span(Options, at + Ipv4Header.MinLength, ip.Options.Length);
    }
}
