namespace NetLab.Core.Packets;

/// <summary>Bytes that no dissector claims.</summary>
internal static class DataLayer
{
    public static readonly ProtocolDefinition Protocol = new("data", "Data", ProtocolTier.Application);

    private static readonly FieldDefinition Content = Protocol.Value("data.data", "Data", FieldKind.Bytes);
    private static readonly FieldDefinition Size = Protocol.Number("data.len", "Length");

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        if (end <= at)
            return;
        context.Into.Begin(Protocol, at, end - at);
        context.Span(Content, at, end - at);
        context.Add(Size, at, end - at, (ulong)(end - at));
    }
}
