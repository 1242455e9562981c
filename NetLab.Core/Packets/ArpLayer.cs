namespace NetLab.Core.Packets;

/// <summary>The fields of ARP.</summary>
internal static class ArpLayer
{
    public static readonly ProtocolDefinition Protocol = new("arp", "Address Resolution Protocol", ProtocolTier.Network);

    private static readonly FieldDefinition HardwareType = Protocol.Number("arp.hw.type", "Hardware type");
    private static readonly FieldDefinition ProtocolType = Protocol.Hex("arp.proto.type", "Protocol type", 4, EthernetLayer.EtherTypeName);
    private static readonly FieldDefinition HardwareSize = Protocol.Number("arp.hw.size", "Hardware size");
    private static readonly FieldDefinition ProtocolSize = Protocol.Number("arp.proto.size", "Protocol size");
    private static readonly FieldDefinition Operation = Protocol.Number("arp.opcode", "Opcode", code => code switch
    {
        1 => "request",
        2 => "reply",
        3 => "reverse request",
        4 => "reverse reply",
        _ => null,
    });

    private static readonly FieldDefinition SenderMac = Protocol.Value("arp.src.hw_mac", "Sender MAC address", FieldKind.Mac);
    private static readonly FieldDefinition SenderIp = Protocol.Value("arp.src.proto_ipv4", "Sender IP address", FieldKind.Ipv4);
    private static readonly FieldDefinition TargetMac = Protocol.Value("arp.dst.hw_mac", "Target MAC address", FieldKind.Mac);
    private static readonly FieldDefinition TargetIp = Protocol.Value("arp.dst.proto_ipv4", "Target IP address", FieldKind.Ipv4);

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        context.Into.Begin(Protocol, at, end - at);
        if (!ArpHeader.TryRead(context.Bytes[at..end], out var arp))
        {
            context.Short(end, "the addresses are cut off");
            return;
        }

        context.Bytes16(HardwareType, at);
        context.Bytes16(ProtocolType, at + 2);
        context.Bytes8(HardwareSize, at + 4);
        context.Bytes8(ProtocolSize, at + 5);
        context.Bytes16(Operation, at + 6);
        if (!arp.IsEthernetIpv4)
            return;
        context.Span(SenderMac, at + 8, 6);
        context.Bytes32(SenderIp, at + 14);
        context.Span(TargetMac, at + 18, 6);
        context.Bytes32(TargetIp, at + 24);
    }
}
