namespace NetLab.Core.Packets;

/// <summary>The fields of Linux cooked captures, versions 1 and 2.</summary>
internal static class CookedLayer
{
    public static readonly ProtocolDefinition Protocol = new("sll", "Linux cooked capture", ProtocolTier.Link);

    private static readonly FieldDefinition PacketType = Protocol.Number("sll.pkttype", "Packet type", PacketTypeName);
    private static readonly FieldDefinition HardwareType = Protocol.Number("sll.hatype", "Link-layer address type");
    private static readonly FieldDefinition AddressLength = Protocol.Number("sll.halen", "Link-layer address length");
    private static readonly FieldDefinition Source = Protocol.Value("sll.src.eth", "Source", FieldKind.Mac);
    private static readonly FieldDefinition Type = Protocol.Hex("sll.etype", "Protocol", 4, EthernetLayer.EtherTypeName);
    private static readonly FieldDefinition LinkProtocol = Protocol.Hex("sll.ltype", "Protocol", 4);
    private static readonly FieldDefinition Interface = Protocol.Number("sll.ifindex", "Interface index");

    private static string? PacketTypeName(ulong type) => type switch
    {
        0 => "Unicast to us",
        1 => "Broadcast",
        2 => "Multicast",
        3 => "Unicast to another host",
        4 => "Sent by us",
        _ => null,
    };

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        context.Into.Begin(Protocol, at, Math.Min(LinuxCookedHeader.Length, end - at));
        if (!LinuxCookedHeader.TryRead(context.Bytes[at..end], out var header))
        {
            context.Short(end, "the header has fewer than 16 bytes");
            return;
        }

        context.Bytes16(PacketType, at);
        context.Bytes16(HardwareType, at + 2);
        context.Bytes16(AddressLength, at + 4);
        if (header.AddressLength == 6)
            context.Span(Source, at + 6, 6);
        Payload(ref context, header.Protocol, at + 14, at + LinuxCookedHeader.Length, end);
    }

    public static void Dissect2(ref DissectionContext context, int at, int end)
    {
        context.Into.Begin(Protocol, at, Math.Min(LinuxCooked2Header.Length, end - at));
        if (!LinuxCooked2Header.TryRead(context.Bytes[at..end], out var header))
        {
            context.Short(end, "the header has fewer than 20 bytes");
            return;
        }

        context.Bytes32(Interface, at + 4);
        context.Bytes16(HardwareType, at + 8);
        context.Bytes8(PacketType, at + 10);
        context.Bytes8(AddressLength, at + 11);
        if (header.AddressLength == 6)
            context.Span(Source, at + 12, 6);
        Payload(ref context, header.Protocol, at, at + LinuxCooked2Header.Length, end);
    }

    private static void Payload(ref DissectionContext context, ushort protocol, int typeAt, int at, int end)
    {
        // Values up to 1535 are no EtherTypes: 1 Novell 802.3, 4 802.2 LLC.
        bool isEtherType = protocol >= 0x0600;
        context.Bytes16(isEtherType ? Type : LinkProtocol, typeAt);
        if (isEtherType)
            Dissector.Network(ref context, (EtherType)protocol, at, end);
        else
            DataLayer.Dissect(ref context, at, end);
    }
}
