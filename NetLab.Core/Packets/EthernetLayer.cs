namespace NetLab.Core.Packets;

/// <summary>The fields of Ethernet.</summary>
internal static class EthernetLayer
{
    public static readonly ProtocolDefinition Protocol = new("eth", "Ethernet", ProtocolTier.Link);

    private static readonly FieldDefinition Destination = Protocol.Value("eth.dst", "Destination", FieldKind.Mac);
    private static readonly FieldDefinition Source = Protocol.Value("eth.src", "Source", FieldKind.Mac);
    private static readonly FieldDefinition Type = Protocol.Hex("eth.type", "Type", 4, EtherTypeName);
    private static readonly FieldDefinition Length = Protocol.Number("eth.len", "Length");

    public static string? EtherTypeName(ulong type) => (EtherType)type switch
    {
        EtherType.Ipv4 => "IPv4",
        EtherType.Ipv6 => "IPv6",
        EtherType.Arp => "ARP",
        EtherType.Vlan => "802.1Q Virtual LAN",
        EtherType.ServiceVlan => "802.1ad Provider Bridge",
        EtherType.PppoeDiscovery => "PPPoE Discovery",
        EtherType.PppoeSession => "PPPoE Session",
        EtherType.Loopback => "Loopback",
        _ => null,
    };

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        context.Into.Begin(Protocol, at, Math.Min(EthernetHeader.Length, end - at));
        if (!EthernetHeader.TryRead(context.Bytes[at..end], out var header))
        {
            context.Short(end, "the Ethernet header has fewer than 14 bytes");
            return;
        }

        context.Span(Destination, at, 6);
        context.Span(Source, at + 6, 6);
        context.Bytes16(header.TypeOrLength <= EthernetHeader.MaxLength ? Length : Type, at + 12);
        at += EthernetHeader.Length;
        if (header.TypeOrLength <= EthernetHeader.MaxLength)
            DataLayer.Dissect(ref context, at, end);
        else
            Dissector.Network(ref context, (EtherType)header.TypeOrLength, at, end);
    }
}
