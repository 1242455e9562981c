namespace NetLab.Core.Packets;

/// <summary>The fields of DHCP (RFC 2131, RFC 2132).</summary>
internal static class DhcpLayer
{
    public static readonly ProtocolDefinition Protocol = new("dhcp", "Dynamic Host Configuration Protocol", ProtocolTier.Application);

    private const int OptionsAt = 240;

    private static readonly FieldDefinition Type = Protocol.Number("dhcp.type", "Message type", type => type switch { 1 => "Boot Request", 2 => "Boot Reply", _ => null });
    private static readonly FieldDefinition HardwareType = Protocol.Number("dhcp.hw.type", "Hardware type");
    private static readonly FieldDefinition HardwareLength = Protocol.Number("dhcp.hw.len", "Hardware address length");
    private static readonly FieldDefinition Hops = Protocol.Number("dhcp.hops", "Hops");
    private static readonly FieldDefinition Id = Protocol.Hex("dhcp.id", "Transaction ID", 8);
    private static readonly FieldDefinition Seconds = Protocol.Number("dhcp.secs", "Seconds elapsed");
    private static readonly FieldDefinition Flags = Protocol.Hex("dhcp.flags", "Bootp flags", 4);
    private static readonly FieldDefinition Client = Protocol.Value("dhcp.ip.client", "Client IP address", FieldKind.Ipv4);
    private static readonly FieldDefinition Your = Protocol.Value("dhcp.ip.your", "Your (client) IP address", FieldKind.Ipv4);
    private static readonly FieldDefinition Server = Protocol.Value("dhcp.ip.server", "Next server IP address", FieldKind.Ipv4);
    private static readonly FieldDefinition Relay = Protocol.Value("dhcp.ip.relay", "Relay agent IP address", FieldKind.Ipv4);
    private static readonly FieldDefinition Mac = Protocol.Value("dhcp.hw.mac_addr", "Client MAC address", FieldKind.Mac);
    private static readonly FieldDefinition OptionType = Protocol.Number("dhcp.option.type", "Option");
    private static readonly FieldDefinition MessageType = Protocol.Number("dhcp.option.dhcp", "DHCP", type => type switch
    {
        1 => "Discover",
        2 => "Offer",
        3 => "Request",
        4 => "Decline",
        5 => "ACK",
        6 => "NAK",
        7 => "Release",
        8 => "Inform",
        _ => null,
    });

    private static readonly FieldDefinition HostName = Protocol.Value("dhcp.option.hostname", "Host Name", FieldKind.Text);
    private static readonly FieldDefinition Requested = Protocol.Value("dhcp.option.requested_ip_address", "Requested IP Address", FieldKind.Ipv4);
    private static readonly FieldDefinition ServerId = Protocol.Value("dhcp.option.dhcp_server_id", "DHCP Server Identifier", FieldKind.Ipv4);
    private static readonly FieldDefinition SubnetMask = Protocol.Value("dhcp.option.subnet_mask", "Subnet Mask", FieldKind.Ipv4);
    private static readonly FieldDefinition Router = Protocol.Value("dhcp.option.router", "Router", FieldKind.Ipv4);
    private static readonly FieldDefinition LeaseTime = Protocol.Number("dhcp.option.ip_address_lease_time", "IP Address Lease Time (s)");

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        context.Into.Begin(Protocol, at, end - at);
        if (end - at < OptionsAt - 4)
        {
            context.Short(end, "the message has fewer than 236 bytes");
            return;
        }

        context.Bytes8(Type, at);
        context.Bytes8(HardwareType, at + 1);
        context.Bytes8(HardwareLength, at + 2);
        context.Bytes8(Hops, at + 3);
        context.Bytes32(Id, at + 4);
        context.Bytes16(Seconds, at + 8);
        context.Bytes16(Flags, at + 10);
        context.Bytes32(Client, at + 12);
        context.Bytes32(Your, at + 16);
        context.Bytes32(Server, at + 20);
        context.Bytes32(Relay, at + 24);
        context.Span(Mac, at + 28, 6);
        // The options begin behind a magic number (RFC 2132 section 2).
        if (end - at >= OptionsAt && context.Bytes.Slice(at + OptionsAt - 4, 4).SequenceEqual(Cookie))
            Options(ref context, at + OptionsAt, end);
    }

    private static ReadOnlySpan<byte> Cookie => [0x63, 0x82, 0x53, 0x63];

    private static void Options(ref DissectionContext context, int at, int end)
    {
        context.Indent++;
        while (at < end && context.Bytes[at] != 255)
        {
            if (context.Bytes[at] == 0)
            {
                at++;
                continue;
            }

            if (at + 2 > end || at + 2 + context.Bytes[at + 1] > end)
            {
                context.Short(end, "an option runs beyond the message");
                break;
            }

            int length = context.Bytes[at + 1];
            context.Bytes8(OptionType, at);
            Option(ref context, context.Bytes[at], at + 2, length);
            at += 2 + length;
        }

        context.Indent--;
    }

    private static void Option(ref DissectionContext context, byte type, int at, int length)
    {
        context.Indent++;
        switch (type)
        {
            case 53 when length == 1: context.Bytes8(MessageType, at); break;
            case 12: context.Span(HostName, at, length); break;
            case 50 when length == 4: context.Bytes32(Requested, at); break;
            case 54 when length == 4: context.Bytes32(ServerId, at); break;
            case 1 when length == 4: context.Bytes32(SubnetMask, at); break;
            case 3 when length >= 4: context.Bytes32(Router, at); break;
            case 51 when length == 4: context.Bytes32(LeaseTime, at); break;
        }

        context.Indent--;
    }
}
