namespace NetLab.Core.Packets;

/// <summary>The fields of DHCPv6 (RFC 8415).</summary>
internal static class Dhcpv6Layer
{
    public static readonly ProtocolDefinition Protocol = new("dhcpv6", "DHCPv6", ProtocolTier.Application);

    private const int MostDepth = 8;

    private static readonly FieldDefinition Type = Protocol.Number("dhcpv6.msgtype", "Message type", TypeName);
    private static readonly FieldDefinition Transaction = Protocol.Hex("dhcpv6.xid", "Transaction ID", 6);
    private static readonly FieldDefinition Hops = Protocol.Number("dhcpv6.hopcount", "Hopcount");
    private static readonly FieldDefinition Link = Protocol.Value("dhcpv6.linkaddr", "Link address", FieldKind.Ipv6);
    private static readonly FieldDefinition Peer = Protocol.Value("dhcpv6.peeraddr", "Peer address", FieldKind.Ipv6);
    private static readonly FieldDefinition Option = Protocol.Number("dhcpv6.option.type", "Option", OptionName);
    private static readonly FieldDefinition OptionLength = Protocol.Number("dhcpv6.option.length", "Length");
    private static readonly FieldDefinition Duid = Protocol.Value("dhcpv6.duid.bytes", "DUID", FieldKind.Bytes);
    private static readonly FieldDefinition DuidType = Protocol.Number("dhcpv6.duid.type", "DUID Type", type => type switch
    {
        1 => "link-layer address plus time",
        2 => "assigned by vendor based on Enterprise number",
        3 => "link-layer address",
        4 => "Universally Unique IDentifier (UUID)",
        _ => null,
    });

    private static readonly FieldDefinition Association = Protocol.Value("dhcpv6.iaid", "IAID", FieldKind.Bytes);
    private static readonly FieldDefinition Renew = Protocol.Number("dhcpv6.iaid.t1", "T1");
    private static readonly FieldDefinition Rebind = Protocol.Number("dhcpv6.iaid.t2", "T2");
    private static readonly FieldDefinition Address = Protocol.Value("dhcpv6.iaaddr.ip", "IPv6 address", FieldKind.Ipv6);
    private static readonly FieldDefinition AddressPreferred = Protocol.Number("dhcpv6.iaaddr.pref_lifetime", "Preferred lifetime");
    private static readonly FieldDefinition AddressValid = Protocol.Number("dhcpv6.iaaddr.valid_lifetime", "Valid lifetime");
    private static readonly FieldDefinition PrefixPreferred = Protocol.Number("dhcpv6.iaprefix.pref_lifetime", "Preferred lifetime");
    private static readonly FieldDefinition PrefixValid = Protocol.Number("dhcpv6.iaprefix.valid_lifetime", "Valid lifetime");
    private static readonly FieldDefinition PrefixLength = Protocol.Number("dhcpv6.iaprefix.pref_len", "Prefix length");
    private static readonly FieldDefinition Prefix = Protocol.Value("dhcpv6.iaprefix.pref_addr", "Prefix address", FieldKind.Ipv6);
    private static readonly FieldDefinition Requested = Protocol.Number("dhcpv6.requested_option_code", "Requested Option code", OptionName);
    private static readonly FieldDefinition Preference = Protocol.Number("dhcpv6.option_preference", "Pref-value");
    private static readonly FieldDefinition Elapsed = Protocol.Number("dhcpv6.elapsed_time", "Elapsed time (ms)");
    private static readonly FieldDefinition Status = Protocol.Number("dhcpv6.status_code", "Status Code");
    private static readonly FieldDefinition StatusMessage = Protocol.Value("dhcpv6.status_msg", "Status Message", FieldKind.Text);
    private static readonly FieldDefinition NameServer = Protocol.Value("dhcpv6.dns_server", "DNS server address", FieldKind.Ipv6);

    private static string? TypeName(ulong type) => type switch
    {
        1 => "Solicit",
        2 => "Advertise",
        3 => "Request",
        4 => "Confirm",
        5 => "Renew",
        6 => "Rebind",
        7 => "Reply",
        8 => "Release",
        9 => "Decline",
        10 => "Reconfigure",
        11 => "Information-request",
        12 => "Relay-forw",
        13 => "Relay-reply",
        _ => null,
    };

    private static string? OptionName(ulong code) => code switch
    {
        1 => "Client Identifier",
        2 => "Server Identifier",
        3 => "Identity Association for Non-temporary Address",
        4 => "Identity Association for Temporary Address",
        5 => "IA Address",
        6 => "Option Request",
        7 => "Preference",
        8 => "Elapsed time",
        9 => "Relay Message",
        11 => "Authentication",
        13 => "Status code",
        14 => "Rapid Commit",
        16 => "Vendor Class",
        17 => "Vendor-specific Information",
        18 => "Interface-Id",
        20 => "Reconfigure Accept",
        23 => "DNS recursive name server",
        24 => "Domain Search List",
        25 => "Identity Association for Prefix Delegation",
        26 => "IA Prefix",
        39 => "Fully Qualified Domain Name",
        _ => null,
    };

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        context.Into.Begin(Protocol, at, end - at);
        Message(ref context, at, end, 0);
    }

    private static void Message(ref DissectionContext context, int at, int end, int depth)
    {
        if (end - at < 4)
        {
            context.Short(end, "the message has fewer than 4 bytes");
            return;
        }

        context.Bytes8(Type, at);
        if (context.Bytes[at] is not (12 or 13))
        {
            context.Add(Transaction, at + 1, 3, (ulong)context.Bytes[at + 1] << 16 | context.UInt16(at + 2));
            Options(ref context, at + 4, end, depth);
            return;
        }

        if (end - at < 34)
        {
            context.Short(end, "the relayed message has fewer than 34 bytes");
            return;
        }

        context.Bytes8(Hops, at + 1);
        context.Span(Link, at + 2, 16);
        context.Span(Peer, at + 18, 16);
        Options(ref context, at + 34, end, depth);
    }

    private static void Options(ref DissectionContext context, int at, int end, int depth)
    {
        if (depth > MostDepth)
            return;
        while (at < end)
        {
            if (end - at < 4 || end - at - 4 < context.UInt16(at + 2))
            {
                context.Short(end, "an option runs beyond the message");
                return;
            }

            ushort code = context.UInt16(at), length = context.UInt16(at + 2);
            context.Bytes16(Option, at);
            context.Indent++;
            context.Bytes16(OptionLength, at + 2);
            Value(ref context, code, at + 4, at + 4 + length, depth);
            context.Indent--;
            at += 4 + length;
        }
    }

    private static void Value(ref DissectionContext context, ushort code, int at, int end, int depth)
    {
        int length = end - at;
        switch (code)
        {
            case 1 or 2 when length >= 2:
                context.Span(Duid, at, length);
                context.Bytes16(DuidType, at);
                break;
            case 3 or 25 when length >= 12:
                context.Span(Association, at, 4);
                context.Bytes32(Renew, at + 4);
                context.Bytes32(Rebind, at + 8);
                Options(ref context, at + 12, end, depth + 1);
                break;
            case 5 when length >= 24:
                context.Span(Address, at, 16);
                context.Bytes32(AddressPreferred, at + 16);
                context.Bytes32(AddressValid, at + 20);
                Options(ref context, at + 24, end, depth + 1);
                break;
            case 26 when length >= 25:
                context.Bytes32(PrefixPreferred, at);
                context.Bytes32(PrefixValid, at + 4);
                context.Bytes8(PrefixLength, at + 8);
                context.Span(Prefix, at + 9, 16);
                Options(ref context, at + 25, end, depth + 1);
                break;
            case 6: Each(ref context, Requested, at, end, 2); break;
            case 23: Each(ref context, NameServer, at, end, 16); break;
            case 7 when length == 1: context.Bytes8(Preference, at); break;
            case 8 when length == 2: context.Add(Elapsed, at, 2, 10u * context.UInt16(at)); break;
            case 9 when depth < MostDepth: Message(ref context, at, end, depth + 1); break;
            case 13 when length >= 2:
                context.Bytes16(Status, at);
                if (length > 2)
                    context.Span(StatusMessage, at + 2, length - 2);
                break;
        }
    }

    private static void Each(ref DissectionContext context, FieldDefinition field, int at, int end, int size)
    {
        for (; at + size <= end; at += size)
        {
            if (size == 2)
                context.Bytes16(field, at);
            else
                context.Span(field, at, size);
        }
    }
}
