namespace NetLab.Core.Packets;

/// <summary>The fields of an 802.1Q tag.</summary>
internal static class VlanLayer
{
    public static readonly ProtocolDefinition Protocol = new("vlan", "802.1Q Virtual LAN", ProtocolTier.Network);
    public static readonly ProtocolDefinition ServiceProtocol = new("ieee8021ad", "IEEE 802.1ad", ProtocolTier.Network);

    private static readonly FieldDefinition Priority = Protocol.Number("vlan.priority", "Priority");
    private static readonly FieldDefinition DropEligible = Protocol.Flag("vlan.dei", "DEI");
    private static readonly FieldDefinition Identifier = Protocol.Number("vlan.id", "ID");
    private static readonly FieldDefinition Type = Protocol.Hex("vlan.etype", "Type", 4, EthernetLayer.EtherTypeName);
    private static readonly FieldDefinition ServicePriority = ServiceProtocol.Number("ieee8021ad.priority", "Priority");
    private static readonly FieldDefinition ServiceDropEligible = ServiceProtocol.Flag("ieee8021ad.dei", "DEI");
    private static readonly FieldDefinition ServiceIdentifier = ServiceProtocol.Number("ieee8021ad.id", "ID");

    public static void Dissect(ref DissectionContext context, EtherType outer, int at, int end)
    {
        bool service = outer == EtherType.ServiceVlan;
        context.Into.Begin(service ? ServiceProtocol : Protocol, at, Math.Min(VlanTag.Length, end - at));
        if (!VlanTag.TryRead(context.Bytes[at..end], out var tag))
        {
            context.Short(end, "the tag has fewer than 4 bytes");
            return;
        }

        context.Add(service ? ServicePriority : Priority, at, 2, (ulong)tag.Priority);
        context.Flag(service ? ServiceDropEligible : DropEligible, at, 2, tag.IsDropEligible);
        context.Add(service ? ServiceIdentifier : Identifier, at, 2, (ulong)tag.Identifier);
        if (!service)
            context.Bytes16(Type, at + 2);
        Dissector.Network(ref context, (EtherType)tag.InnerType, at + VlanTag.Length, end);
    }
}
