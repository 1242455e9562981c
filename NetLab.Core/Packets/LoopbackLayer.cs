namespace NetLab.Core.Packets;

/// <summary>The field of BSD loopback.</summary>
internal static class LoopbackLayer
{
    public static readonly ProtocolDefinition Protocol = new("null", "Null/Loopback", ProtocolTier.Link);

    private static readonly FieldDefinition Family = Protocol.Number("null.family", "Family", family => family switch
    {
        2 => "IP",
        10 or 24 or 28 or 30 => "IPv6",
        _ => null,
    });

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        context.Into.Begin(Protocol, at, Math.Min(LoopbackHeader.Length, end - at));
        if (!LoopbackHeader.TryRead(context.Bytes[at..end], out var header))
        {
            context.Short(end, "the header has fewer than 4 bytes");
            return;
        }

        context.Add(Family, at, 4, header.Family);
        // Some writers put an EtherType into the lower half instead of a family.
        var type = header.EtherType == EtherType.None ? (EtherType)header.Family : header.EtherType;
        Dissector.Network(ref context, type, at + LoopbackHeader.Length, end);
    }
}
