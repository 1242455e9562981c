namespace NetLab.Core.Packets;

/// <summary>The fields of L2TP version 2; what its data messages carry is PPP.</summary>
internal static class L2tpLayer
{
    public static readonly ProtocolDefinition Protocol = new("l2tp", "Layer 2 Tunneling Protocol", ProtocolTier.Application);

    private static readonly FieldDefinition Type = Protocol.Flag("l2tp.type", "Control message");
    private static readonly FieldDefinition Tunnel = Protocol.Number("l2tp.tunnel", "Tunnel ID");
    private static readonly FieldDefinition Session = Protocol.Number("l2tp.session", "Session ID");

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        if (!L2tpHeader.TryRead(context.Bytes[at..end], out var header))
        {
            context.Into.Begin(Protocol, at, end - at);
            context.Short(end, "the header is cut off or of another version");
            return;
        }

        context.Into.Begin(Protocol, at, header.Length);
        int tunnelAt = at + (header.HasLength ? 4 : 2);
        context.Flag(Type, at, 2, header.IsControl);
        context.Bytes16(Tunnel, tunnelAt);
        context.Bytes16(Session, tunnelAt + 2);
        if (header.IsControl)
            DataLayer.Dissect(ref context, at + header.Length, end);
        else
            PppLayer.Dissect(ref context, at + header.Length, end);
    }
}
