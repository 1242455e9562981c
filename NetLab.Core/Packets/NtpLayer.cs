namespace NetLab.Core.Packets;

/// <summary>The fields of NTP (RFC 5905 section 7.3).</summary>
internal static class NtpLayer
{
    public static readonly ProtocolDefinition Protocol = new("ntp", "Network Time Protocol", ProtocolTier.Application);

    private static readonly FieldDefinition Flags = Protocol.Hex("ntp.flags", "Flags", 2);
    private static readonly FieldDefinition Leap = Protocol.Number("ntp.flags.li", "Leap Indicator");
    private static readonly FieldDefinition Version = Protocol.Number("ntp.flags.vn", "Version number");
    private static readonly FieldDefinition Mode = Protocol.Number("ntp.flags.mode", "Mode", mode => mode switch
    {
        1 => "symmetric active",
        2 => "symmetric passive",
        3 => "client",
        4 => "server",
        5 => "broadcast",
        6 => "control message",
        7 => "private use",
        _ => null,
    });

    private static readonly FieldDefinition Stratum = Protocol.Number("ntp.stratum", "Peer Clock Stratum");
    private static readonly FieldDefinition Poll = Protocol.Number("ntp.ppoll", "Peer Polling Interval");
    private static readonly FieldDefinition ReferenceId = Protocol.Value("ntp.refid", "Reference ID", FieldKind.Bytes);
    private static readonly FieldDefinition Reference = Protocol.Value("ntp.reftime", "Reference Timestamp", FieldKind.Bytes);
    private static readonly FieldDefinition Origin = Protocol.Value("ntp.org", "Origin Timestamp", FieldKind.Bytes);
    private static readonly FieldDefinition Receive = Protocol.Value("ntp.rec", "Receive Timestamp", FieldKind.Bytes);
    private static readonly FieldDefinition Transmit = Protocol.Value("ntp.xmt", "Transmit Timestamp", FieldKind.Bytes);

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        context.Into.Begin(Protocol, at, end - at);
        if (end <= at)
            return;
        byte flags = context.Bytes[at];
        context.Bytes8(Flags, at);
        context.Add(Leap, at, 1, (ulong)flags >> 6);
        context.Add(Version, at, 1, (ulong)flags >> 3 & 7);
        context.Add(Mode, at, 1, (ulong)flags & 7);
        if ((flags & 7) is 6 or 7)
            return;
        if (end - at < 48)
        {
            context.Short(end, "the message has fewer than 48 bytes");
            return;
        }

        context.Bytes8(Stratum, at + 1);
        context.Bytes8(Poll, at + 2);
        context.Span(ReferenceId, at + 12, 4);
        context.Span(Reference, at + 16, 8);
        context.Span(Origin, at + 24, 8);
        context.Span(Receive, at + 32, 8);
        context.Span(Transmit, at + 40, 8);
    }
}
