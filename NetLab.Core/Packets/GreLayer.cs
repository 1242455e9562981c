namespace NetLab.Core.Packets;

/// <summary>The fields of GRE (RFC 2784, RFC 2890; version 1 as PPTP has it, RFC 2637); what it carries follows as layers of its own.</summary>
internal static class GreLayer
{
    public static readonly ProtocolDefinition Protocol = new("gre", "Generic Routing Encapsulation", ProtocolTier.Transport);

    private const ushort HasChecksum = 0x8000, HasRouting = 0x4000, HasKey = 0x2000, HasSequence = 0x1000, HasAcknowledgment = 0x0080, PointToPoint = 0x880B;

    private static readonly FieldDefinition Flags = Protocol.Hex("gre.flags_and_version", "Flags and Version", 4);
    private static readonly FieldDefinition ChecksumBit = Protocol.Flag("gre.flags.checksum", "Checksum Bit");
    private static readonly FieldDefinition RoutingBit = Protocol.Flag("gre.flags.routing", "Routing Bit");
    private static readonly FieldDefinition KeyBit = Protocol.Flag("gre.flags.key", "Key Bit");
    private static readonly FieldDefinition SequenceBit = Protocol.Flag("gre.flags.sequence_number", "Sequence Number Bit");
    private static readonly FieldDefinition StrictBit = Protocol.Flag("gre.flags.strict_source_route", "Strict Source Route Bit");
    private static readonly FieldDefinition Recursion = Protocol.Number("gre.flags.recursion_control", "Recursion control");
    private static readonly FieldDefinition AcknowledgmentBit = Protocol.Flag("gre.flags.ack", "Acknowledgment");
    private static readonly FieldDefinition Version = Protocol.Number("gre.flags.version", "Version", version => version switch { 0 => "GRE", 1 => "Enhanced GRE", _ => null });
    private static readonly FieldDefinition ProtocolType = Protocol.Hex("gre.proto", "Protocol Type", 4, type => (EtherType)type switch
    {
        EtherType.Ipv4 => "IP",
        EtherType.Ipv6 => "IPv6",
        (EtherType)PointToPoint => "PPP",
        (EtherType)0x6558 => "Transparent Ethernet bridging",
        _ => null,
    });

    private static readonly FieldDefinition Checksum = Protocol.Hex("gre.checksum", "Checksum", 4);
    private static readonly FieldDefinition Offset = Protocol.Number("gre.offset", "Offset");
    private static readonly FieldDefinition Key = Protocol.Hex("gre.key", "Key", 8);
    private static readonly FieldDefinition PayloadLength = Protocol.Number("gre.key.payload_length", "Payload Length");
    private static readonly FieldDefinition CallId = Protocol.Number("gre.key.call_id", "Call ID");
    private static readonly FieldDefinition Sequence = Protocol.Number("gre.sequence_number", "Sequence Number");
    private static readonly FieldDefinition Acknowledgment = Protocol.Number("gre.ack_number", "Acknowledgment Number");
    private static readonly FieldDefinition AddressFamily = Protocol.Number("gre.routing.address_family", "Address Family");
    private static readonly FieldDefinition RouteOffset = Protocol.Number("gre.routing.sre_offset", "SRE Offset");
    private static readonly FieldDefinition RouteLength = Protocol.Number("gre.routing.src_length", "SRE Length");
    private static readonly FieldDefinition RouteInformation = Protocol.Value("gre.routing.information", "Routing Information", FieldKind.Bytes);

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        int layer = context.Into.Begin(Protocol, at, end - at), start = at;
        if (end - at < 4)
        {
            context.Short(end, "the header has fewer than 4 bytes");
            return;
        }

        ushort flags = context.UInt16(at), type = context.UInt16(at + 2);
        FlagFields(ref context, flags, at, type == PointToPoint);
        context.Bytes16(ProtocolType, at + 2);
        at += 4;
        bool isWhole = Part(ref context, ref at, end, flags & (HasChecksum | HasRouting), Checksum, Offset)
            && KeyPart(ref context, ref at, end, flags, type == PointToPoint)
            && Number(ref context, ref at, end, flags & HasSequence, Sequence)
            && ((flags & 7) != 1 || Number(ref context, ref at, end, flags & HasAcknowledgment, Acknowledgment))
            && ((flags & HasRouting) == 0 || Routes(ref context, ref at, end));
        if (!isWhole)
        {
            context.Short(end, "the header is cut off");
            return;
        }

        context.Into.Resize(layer, at - start);
        if (at < end)
            Carried(ref context, type, at, end);
    }

    private static void Carried(ref DissectionContext context, ushort type, int at, int end)
    {
        switch (type)
        {
            case PointToPoint: PppLayer.Dissect(ref context, at, end); break;
            case 0x6558: EthernetLayer.Dissect(ref context, at, end); break;
            default: Dissector.Network(ref context, (EtherType)type, at, end); break;
        }
    }

    private static void FlagFields(ref DissectionContext context, ushort flags, int at, bool isPptp)
    {
        context.Bytes16(Flags, at);
        context.Indent++;
        context.Flag(ChecksumBit, at, 1, (flags & HasChecksum) != 0);
        context.Flag(RoutingBit, at, 1, (flags & HasRouting) != 0);
        context.Flag(KeyBit, at, 1, (flags & HasKey) != 0);
        context.Flag(SequenceBit, at, 1, (flags & HasSequence) != 0);
        context.Flag(StrictBit, at, 1, (flags & 0x0800) != 0);
        context.Add(Recursion, at, 1, (ulong)flags >> 8 & 7);
        if (isPptp && (flags & 7) == 1)
            context.Flag(AcknowledgmentBit, at + 1, 1, (flags & HasAcknowledgment) != 0);
        context.Add(Version, at + 1, 1, flags & 7u);
        context.Indent--;
    }

    private static bool Part(ref DissectionContext context, ref int at, int end, int isThere, FieldDefinition first, FieldDefinition second)
    {
        if (isThere == 0)
            return true;
        if (end - at < 4)
            return false;
        context.Bytes16(first, at);
        context.Bytes16(second, at + 2);
        at += 4;
        return true;
    }

    private static bool KeyPart(ref DissectionContext context, ref int at, int end, ushort flags, bool isPptp)
    {
        if ((flags & HasKey) == 0)
            return true;
        if (end - at < 4)
            return false;
        if (isPptp)
        {
            context.Bytes16(PayloadLength, at);
            context.Bytes16(CallId, at + 2);
        }
        else
        {
            context.Bytes32(Key, at);
        }

        at += 4;
        return true;
    }

    private static bool Number(ref DissectionContext context, ref int at, int end, int isThere, FieldDefinition field)
    {
        if (isThere == 0)
            return true;
        if (end - at < 4)
            return false;
        context.Bytes32(field, at);
        at += 4;
        return true;
    }

    // RFC 1701: source route entries, the last of which has family and length 0.
    private static bool Routes(ref DissectionContext context, ref int at, int end)
    {
        while (end - at >= 4)
        {
            ushort family = context.UInt16(at);
            int length = context.Bytes[at + 3];
            context.Bytes16(AddressFamily, at);
            context.Indent++;
            context.Bytes8(RouteOffset, at + 2);
            context.Bytes8(RouteLength, at + 3);
            context.Indent--;
            at += 4;
            if (family == 0 && length == 0)
                return true;
            if (end - at < length)
                return false;
            context.Span(RouteInformation, at, length);
            at += length;
        }

        return false;
    }
}
