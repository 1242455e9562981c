namespace NetLab.Core.Packets;

/// <summary>The fields of ICMP and ICMPv6; the packet that an error quotes follows as layers of its own.</summary>
internal static class IcmpLayer
{
    public static readonly ProtocolDefinition Protocol = new("icmp", "Internet Control Message Protocol", ProtocolTier.Transport);
    public static readonly ProtocolDefinition Protocol6 = new("icmpv6", "Internet Control Message Protocol v6", ProtocolTier.Transport);

    private static readonly FieldDefinition Type = Protocol.Number("icmp.type", "Type", TypeName);
    private static readonly FieldDefinition Code = Protocol.Number("icmp.code", "Code");
    private static readonly FieldDefinition Checksum = Protocol.Hex("icmp.checksum", "Checksum", 4);
    private static readonly FieldDefinition ChecksumState = Protocol.Checksum("icmp.checksum.status");
    private static readonly FieldDefinition Identifier = Protocol.Number("icmp.ident", "Identifier");
    private static readonly FieldDefinition Sequence = Protocol.Number("icmp.seq", "Sequence Number");
    private static readonly FieldDefinition Type6 = Protocol6.Number("icmpv6.type", "Type", TypeName6);
    private static readonly FieldDefinition Code6 = Protocol6.Number("icmpv6.code", "Code");
    private static readonly FieldDefinition Checksum6 = Protocol6.Hex("icmpv6.checksum", "Checksum", 4);
    private static readonly FieldDefinition ChecksumState6 = Protocol6.Checksum("icmpv6.checksum.status");
    private static readonly FieldDefinition Identifier6 = Protocol6.Hex("icmpv6.echo.identifier", "Identifier", 4);
    private static readonly FieldDefinition Sequence6 = Protocol6.Number("icmpv6.echo.sequence_number", "Sequence");
    private static readonly FieldDefinition Target6 = Protocol6.Value("icmpv6.nd.ns.target_address", "Target Address", FieldKind.Ipv6);

    private static string? TypeName(ulong type) => type switch
    {
        0 => "Echo (ping) reply",
        3 => "Destination unreachable",
        4 => "Source quench",
        5 => "Redirect",
        8 => "Echo (ping) request",
        9 => "Router advertisement",
        10 => "Router solicitation",
        11 => "Time-to-live exceeded",
        12 => "Parameter problem",
        13 => "Timestamp request",
        14 => "Timestamp reply",
        17 => "Address mask request",
        18 => "Address mask reply",
        _ => null,
    };

    private static string? TypeName6(ulong type) => type switch
    {
        1 => "Destination Unreachable",
        2 => "Packet Too Big",
        3 => "Time Exceeded",
        4 => "Parameter Problem",
        128 => "Echo (ping) request",
        129 => "Echo (ping) reply",
        130 => "Multicast Listener Query",
        131 => "Multicast Listener Report",
        132 => "Multicast Listener Done",
        133 => "Router Solicitation",
        134 => "Router Advertisement",
        135 => "Neighbor Solicitation",
        136 => "Neighbor Advertisement",
        137 => "Redirect",
        143 => "Multicast Listener Report Message v2",
        _ => null,
    };

    public static void Dissect(ref DissectionContext context, IpPayload ip, int at, int end)
    {
        context.Into.Begin(Protocol, at, Math.Min(IcmpHeader.Length, end - at));
        if (!IcmpHeader.TryRead(context.Bytes[at..end], out var icmp))
        {
            context.Short(end, "the message has fewer than 4 bytes");
            return;
        }

        context.Bytes8(Type, at);
        context.Bytes8(Code, at + 1);
        context.Bytes16(Checksum, at + 2);
        bool whole = context.VerifiesChecksums && !ip.IsFragment && at + ip.Length <= end;
        context.Checksum(ChecksumState, at + 2, whole ? InternetChecksum.Verify(0, context.Bytes[at..end]) : ChecksumStatus.Unverified);
        if (end < at + IcmpHeader.Length)
            return;
        if (icmp.Type is 0 or 8 or 13 or 14 or 15 or 16 or 17 or 18)
        {
            context.Bytes16(Identifier, at + 4);
            context.Bytes16(Sequence, at + 6);
        }

        if (icmp.QuotesPacket)
            Dissector.Ip(ref context, at + IcmpHeader.Length, end);
        else
            DataLayer.Dissect(ref context, at + IcmpHeader.Length, end);
    }

    public static void Dissect6(ref DissectionContext context, IpPayload ip, int at, int end)
    {
        context.Into.Begin(Protocol6, at, end - at);
        if (!IcmpHeader.TryRead(context.Bytes[at..end], out var icmp))
        {
            context.Short(end, "the message has fewer than 4 bytes");
            return;
        }

        context.Bytes8(Type6, at);
        context.Bytes8(Code6, at + 1);
        context.Bytes16(Checksum6, at + 2);
        context.Checksum(ChecksumState6, at + 2, ip.Verify(ref context, at, ip.Length));
        if (end < at + IcmpHeader.Length)
            return;
        if (icmp.Type is 128 or 129)
        {
            context.Bytes16(Identifier6, at + 4);
            context.Bytes16(Sequence6, at + 6);
        }
        else if (icmp.Type is 135 or 136 && end >= at + 24)
        {
            context.Span(Target6, at + 8, 16);
        }
        else if (icmp.QuotesPacket6)
        {
            Dissector.Ip(ref context, at + IcmpHeader.Length, end);
        }
    }
}
