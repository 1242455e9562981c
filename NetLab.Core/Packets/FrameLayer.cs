namespace NetLab.Core.Packets;

/// <summary>What the capture says of the frame.</summary>
internal static class FrameLayer
{
    public static readonly ProtocolDefinition Protocol = new("frame", "Frame", ProtocolTier.Link);

    private static readonly FieldDefinition Number = Protocol.Number("frame.number", "Frame Number");
    private static readonly FieldDefinition Time = Protocol.Value("frame.time_epoch", "Epoch Time", FieldKind.Time);
    private static readonly FieldDefinition Delta = Protocol.Value("frame.time_delta", "Time delta from previous captured frame", FieldKind.Time).FromHistory();
    private static readonly FieldDefinition Relative = Protocol.Value("frame.time_relative", "Time since first frame", FieldKind.Time).FromHistory();
    private static readonly FieldDefinition Length = Protocol.Number("frame.len", "Frame Length");
    private static readonly FieldDefinition Captured = Protocol.Number("frame.cap_len", "Capture Length");
    private static readonly FieldDefinition Interface = Protocol.Number("frame.interface_id", "Interface id");

    public static void Dissect(ref DissectionContext context, in Frame frame)
    {
        context.Into.Begin(Protocol, 0, frame.Bytes.Length);
        if (frame.Interface >= 0)
            context.Add(Interface, 0, 0, (ulong)frame.Interface);
        context.Add(Time, 0, 0, (ulong)frame.Time.Nanoseconds);
        if (context.History is { } history)
        {
            context.Add(Delta, 0, 0, (ulong)history.SincePrevious.Nanoseconds);
            context.Add(Relative, 0, 0, (ulong)history.SinceFirst.Nanoseconds);
        }

        context.Add(Number, 0, 0, (ulong)frame.Number);
        context.Add(Length, 0, 0, (ulong)frame.WireLength);
        context.Add(Captured, 0, 0, (ulong)frame.Bytes.Length);
    }
}
