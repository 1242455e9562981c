namespace NetLab.Core.Packets;

/// <summary>The fields of IGMP, versions 1 to 3 (RFC 1112, RFC 2236, RFC 3376).</summary>
internal static class IgmpLayer
{
    public static readonly ProtocolDefinition Protocol = new("igmp", "Internet Group Management Protocol", ProtocolTier.Transport);

    private const int Length = 8, RecordLength = 8;

    private static readonly FieldDefinition Version = Protocol.Number("igmp.version", "IGMP Version");
    private static readonly FieldDefinition Type = Protocol.Hex("igmp.type", "Type", 2, TypeName);
    private static readonly FieldDefinition MaxResponse = Protocol.Number("igmp.max_resp", "Max Resp Time", Seconds);
    private static readonly FieldDefinition Checksum = Protocol.Hex("igmp.checksum", "Checksum", 4);
    private static readonly FieldDefinition ChecksumState = Protocol.Checksum("igmp.checksum.status");
    private static readonly FieldDefinition GroupRecords = Protocol.Number("igmp.num_grp_recs", "Num Group Records");
    private static readonly FieldDefinition RecordType = Protocol.Number("igmp.record_type", "Record Type", RecordName);
    private static readonly FieldDefinition AuxiliaryLength = Protocol.Number("igmp.aux_data_len", "Aux Data Len");
    private static readonly FieldDefinition Group = Protocol.Value("igmp.maddr", "Multicast Address", FieldKind.Ipv4);
    private static readonly FieldDefinition Suppress = Protocol.Flag("igmp.s", "Suppress router side processing");
    private static readonly FieldDefinition Robustness = Protocol.Number("igmp.qrv", "Querier's Robustness Variable");
    private static readonly FieldDefinition Interval = Protocol.Number("igmp.qqic", "Querier's Query Interval Code");
    private static readonly FieldDefinition Sources = Protocol.Number("igmp.num_src", "Num Src");
    private static readonly FieldDefinition Source = Protocol.Value("igmp.saddr", "Source Address", FieldKind.Ipv4);

    private static string? TypeName(ulong type) => type switch
    {
        0x11 => "Membership Query",
        0x12 or 0x16 or 0x22 => "Membership Report",
        0x17 => "Leave Group",
        _ => null,
    };

    // RFC 3376 section 4.2.12.
    private static string? RecordName(ulong type) => type switch
    {
        1 => "Mode Is Include",
        2 => "Mode Is Exclude",
        3 => "Change To Include Mode",
        4 => "Change To Exclude Mode",
        5 => "Allow New Sources",
        6 => "Block Old Sources",
        _ => null,
    };

    private static string? Seconds(ulong tenths) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{tenths / 10}.{tenths % 10} s");

    // RFC 3376 section 4.1.1: from 128 on version 3 has a floating point number.
    private static uint Tenths(uint code, uint version) => code < 128 || version < 3 ? code : (code & 15 | 16) << (int)((code >> 4 & 7) + 3);

    public static void Dissect(ref DissectionContext context, IpPayload ip, int at, int end)
    {
        context.Into.Begin(Protocol, at, end - at);
        if (end - at < Length)
        {
            context.Short(end, "the message has fewer than 8 bytes");
            return;
        }

        byte type = context.Bytes[at];
        bool isQuery3 = type == 0x11 && ip.Length >= 12;
        uint version = type switch { 0x11 => isQuery3 ? 3u : context.Bytes[at + 1] == 0 ? 1u : 2u, 0x12 => 1, 0x22 => 3, 0x16 or 0x17 => 2, _ => 0 };
        if (version > 0)
            context.Add(Version, at, 0, version);
        context.Bytes8(Type, at);
        if (version > 1 && type != 0x22)
            context.Add(MaxResponse, at + 1, 1, Tenths(context.Bytes[at + 1], version));
        context.Bytes16(Checksum, at + 2);
        context.Checksum(ChecksumState, at + 2, Verify(ref context, ip, at));
        if (type == 0x22)
            Report(ref context, at, end);
        else if (version > 0)
            context.Bytes32(Group, at + 4);
        if (isQuery3)
            Query(ref context, at, end);
    }

    private static void Query(ref DissectionContext context, int at, int end)
    {
        if (end - at < 12)
        {
            context.Short(end, "the query is cut off");
            return;
        }

        context.Flag(Suppress, at + 8, 1, (context.Bytes[at + 8] & 8) != 0);
        context.Add(Robustness, at + 8, 1, context.Bytes[at + 8] & 7u);
        context.Bytes8(Interval, at + 9);
        context.Bytes16(Sources, at + 10);
        SourceList(ref context, at + 12, context.UInt16(at + 10), end);
    }

    private static void Report(ref DissectionContext context, int at, int end)
    {
        int records = context.UInt16(at + 6);
        context.Bytes16(GroupRecords, at + 6);
        at += Length;
        for (int record = 0; record < records; record++)
        {
            if (end - at < RecordLength)
            {
                context.Short(end, "fewer group records follow than it says");
                return;
            }

            int sources = context.UInt16(at + 2), auxiliary = 4 * context.Bytes[at + 1];
            context.Bytes32(Group, at + 4);
            context.Indent++;
            context.Bytes8(RecordType, at);
            context.Bytes8(AuxiliaryLength, at + 1);
            context.Bytes16(Sources, at + 2);
            bool isWhole = SourceList(ref context, at + RecordLength, sources, end);
            context.Indent--;
            if (!isWhole)
                return;
            at += RecordLength + 4 * sources + auxiliary;
        }
    }

    private static bool SourceList(ref DissectionContext context, int at, int count, int end)
    {
        for (int source = 0; source < count; source++, at += 4)
        {
            if (end - at < 4)
            {
                context.Short(end, "fewer sources follow than it says");
                return false;
            }

            context.Bytes32(Source, at);
        }

        return true;
    }

    private static ChecksumStatus Verify(ref DissectionContext context, IpPayload ip, int at) =>
        !context.VerifiesChecksums || ip.IsFragment || at + ip.Length > context.Bytes.Length ? ChecksumStatus.Unverified
            : InternetChecksum.Verify(0, context.Bytes.Slice(at, ip.Length));
}
