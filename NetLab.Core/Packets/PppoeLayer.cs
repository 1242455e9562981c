namespace NetLab.Core.Packets;

/// <summary>The fields of PPPoE.</summary>
internal static class PppoeLayer
{
    public static readonly ProtocolDefinition Protocol = new("pppoe", "PPP-over-Ethernet", ProtocolTier.Network);

    private static readonly FieldDefinition Version = Protocol.Number("pppoe.version", "Version");
    private static readonly FieldDefinition Type = Protocol.Number("pppoe.type", "Type");
    private static readonly FieldDefinition Code = Protocol.Hex("pppoe.code", "Code", 2, code => code switch
    {
        0 => "Session Data",
        0x09 => "Active Discovery Initiation (PADI)",
        0x07 => "Active Discovery Offer (PADO)",
        0x19 => "Active Discovery Request (PADR)",
        0x65 => "Active Discovery Session-confirmation (PADS)",
        0xA7 => "Active Discovery Terminate (PADT)",
        _ => null,
    });

    private static readonly FieldDefinition Session = Protocol.Hex("pppoe.session_id", "Session ID", 4);
    private static readonly FieldDefinition Length = Protocol.Number("pppoe.payload_length", "Payload Length");

    public static void Dissect(ref DissectionContext context, EtherType type, int at, int end)
    {
        context.Into.Begin(Protocol, at, Math.Min(PppoeHeader.Length, end - at));
        if (!PppoeHeader.TryRead(context.Bytes[at..end], out var header))
        {
            context.Short(end, "the header has fewer than 6 bytes");
            return;
        }

        context.Add(Version, at, 1, (ulong)header.Version);
        context.Add(Type, at, 1, (ulong)header.Type);
        context.Bytes8(Code, at + 1);
        context.Bytes16(Session, at + 2);
        context.Bytes16(Length, at + 4);
        at += PppoeHeader.Length;
        if (type == EtherType.PppoeSession)
            PppLayer.Dissect(ref context, at, Math.Min(end, at + header.PayloadLength));
        else
            DataLayer.Dissect(ref context, at, Math.Min(end, at + header.PayloadLength));
    }
}

/// <summary>The field of PPP.</summary>
internal static class PppLayer
{
    public static readonly ProtocolDefinition Protocol = new("ppp", "Point-to-Point Protocol", ProtocolTier.Network);

    private static readonly FieldDefinition Type = Protocol.Hex("ppp.protocol", "Protocol", 4, protocol => protocol switch
    {
        PppProtocol.Ipv4 => "Internet Protocol version 4",
        PppProtocol.Ipv6 => "Internet Protocol version 6",
        PppProtocol.Lcp => "Link Control Protocol",
        _ => null,
    });

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        if (!PppProtocol.TryRead(context.Bytes[at..end], out ushort protocol, out int length))
        {
            context.Into.Begin(Protocol, at, end - at);
            context.Short(end, "the protocol field is cut off");
            return;
        }

        context.Into.Begin(Protocol, at, length);
        context.Add(Type, at, length, protocol);
        Dissector.Network(ref context, PppProtocol.ToEtherType(protocol), at + length, end);
    }
}
