using NetLab.Core.Dns;

namespace NetLab.Core.Packets;

/// <summary>The fields of DNS and multicast DNS.</summary>
internal static class DnsLayer
{
    public static readonly ProtocolDefinition Protocol = new("dns", "Domain Name System", ProtocolTier.Application);
    public static readonly ProtocolDefinition MulticastProtocol = new("mdns", "Multicast Domain Name System", ProtocolTier.Application);

    private static readonly FieldDefinition Length = Protocol.Number("dns.length", "Length");
    private static readonly FieldDefinition Id = Protocol.Hex("dns.id", "Transaction ID", 4);
    private static readonly FieldDefinition Flags = Protocol.Hex("dns.flags", "Flags", 4);
    private static readonly FieldDefinition Response = Protocol.Flag("dns.flags.response", "Response");
    private static readonly FieldDefinition Opcode = Protocol.Number("dns.flags.opcode", "Opcode");
    private static readonly FieldDefinition Authoritative = Protocol.Flag("dns.flags.authoritative", "Authoritative");
    private static readonly FieldDefinition Truncated = Protocol.Flag("dns.flags.truncated", "Truncated");
    private static readonly FieldDefinition RecursionDesired = Protocol.Flag("dns.flags.recdesired", "Recursion desired");
    private static readonly FieldDefinition RecursionAvailable = Protocol.Flag("dns.flags.recavail", "Recursion available");
    private static readonly FieldDefinition ResponseCode = Protocol.Number("dns.flags.rcode", "Reply code", code => code switch
    {
        0 => "No error",
        1 => "Format error",
        2 => "Server failure",
        3 => "No such name",
        4 => "Not implemented",
        5 => "Refused",
        _ => null,
    });

    private static readonly FieldDefinition Questions = Protocol.Number("dns.count.queries", "Questions");
    private static readonly FieldDefinition Answers = Protocol.Number("dns.count.answers", "Answer RRs");
    private static readonly FieldDefinition Authorities = Protocol.Number("dns.count.auth_rr", "Authority RRs");
    private static readonly FieldDefinition Additionals = Protocol.Number("dns.count.add_rr", "Additional RRs");
    private static readonly FieldDefinition QueryName = Protocol.Value("dns.qry.name", "Name", FieldKind.DnsName);
    private static readonly FieldDefinition QueryType = Protocol.Number("dns.qry.type", "Type", TypeName);
    private static readonly FieldDefinition QueryClass = Protocol.Hex("dns.qry.class", "Class", 4, ClassName);
    private static readonly FieldDefinition RecordName = Protocol.Value("dns.resp.name", "Name", FieldKind.DnsName);
    private static readonly FieldDefinition RecordType = Protocol.Number("dns.resp.type", "Type", TypeName);
    private static readonly FieldDefinition RecordClass = Protocol.Hex("dns.resp.class", "Class", 4, ClassName);
    private static readonly FieldDefinition PayloadSize = Protocol.Number("dns.rr.udp_payload_size", "UDP payload size");
    private static readonly FieldDefinition MulticastPayloadSize = MulticastProtocol.Hex("dns.rr.udp_payload_size", "UDP payload size", 4);
    private static readonly FieldDefinition UnicastWanted = MulticastProtocol.Flag("dns.qry.qu", "\"QU\" question");
    private static readonly FieldDefinition CacheFlush = MulticastProtocol.Flag("dns.resp.cache_flush", "Cache flush");
    private static readonly FieldDefinition TimeToLive = Protocol.Number("dns.resp.ttl", "Time to live");
    private static readonly FieldDefinition DataLength = Protocol.Number("dns.resp.len", "Data length");
    private static readonly FieldDefinition A = Protocol.Value("dns.a", "Address", FieldKind.Ipv4);
    private static readonly FieldDefinition Aaaa = Protocol.Value("dns.aaaa", "AAAA Address", FieldKind.Ipv6);
    private static readonly FieldDefinition Cname = Protocol.Value("dns.cname", "CNAME", FieldKind.DnsName);
    private static readonly FieldDefinition Ns = Protocol.Value("dns.ns", "Name Server", FieldKind.DnsName);
    private static readonly FieldDefinition Ptr = Protocol.Value("dns.ptr.domain_name", "Domain Name", FieldKind.DnsName);
    private static readonly FieldDefinition MxPreference = Protocol.Number("dns.mx.preference", "Preference");
    private static readonly FieldDefinition Mx = Protocol.Value("dns.mx.mail_exchange", "Mail Exchange", FieldKind.DnsName);
    private static readonly FieldDefinition SoaName = Protocol.Value("dns.soa.mname", "Primary name server", FieldKind.DnsName);
    private static readonly FieldDefinition SoaMailbox = Protocol.Value("dns.soa.rname", "Responsible authority's mailbox", FieldKind.DnsName);
    private static readonly FieldDefinition Txt = Protocol.Value("dns.txt", "TXT", FieldKind.Text);
    private static readonly FieldDefinition SrvPriority = Protocol.Number("dns.srv.priority", "Priority");
    private static readonly FieldDefinition SrvWeight = Protocol.Number("dns.srv.weight", "Weight");
    private static readonly FieldDefinition SrvPort = Protocol.Number("dns.srv.port", "Port");
    private static readonly FieldDefinition SrvTarget = Protocol.Value("dns.srv.target", "Target", FieldKind.DnsName);
    private static readonly FieldDefinition OptionCode = Protocol.Number("dns.opt.code", "Option Code");

    private static string? TypeName(ulong type) => Mnemonic(DnsType.Name((ushort)type));

    private static string? ClassName(ulong value) => Mnemonic(DnsType.ClassName((ushort)(value & 0x7FFF)));

    private static string? Mnemonic(ReadOnlySpan<byte> name) => name.IsEmpty ? null : System.Text.Encoding.ASCII.GetString(name);

    public static void DissectTcp(ref DissectionContext context, int at, int end)
    {
        // Messages follow each other, each behind its length in two octets (RFC 1035 section 4.2.2).
        while (end - at >= 2 && context.Wants(ProtocolTier.Application))
        {
            int length = context.UInt16(at);
            if (at + 2 + length > end || length < DnsHeader.Length)
            {
                DataLayer.Dissect(ref context, at, end);
                return;
            }

            Dissect(ref context, Protocol, at + 2, at + 2 + length);
            context.Add(Length, at, 2, (ulong)length);
            at += 2 + length;
        }
    }

    public static void Dissect(ref DissectionContext context, ProtocolDefinition protocol, int at, int end)
    {
        context.Into.Begin(protocol, at, end - at);
        if (!DnsHeader.TryRead(context.Bytes[at..end], out var header))
        {
            context.Short(end, "the header has fewer than 12 bytes");
            return;
        }

        HeaderFields(ref context, header, at);
        var message = new Message(at, end, protocol == MulticastProtocol);
        var reader = new DnsMessageReader(context.Bytes[at..end]);
        while (reader.TryReadQuestion(out var question))
        {
            context.Indent = 1;
            Name(ref context, message, QueryName, question.Name);
            context.Bytes16(QueryType, at + question.End - 4);
            Class(ref context, message, QueryClass, UnicastWanted, at + question.End - 2);
        }

        while (reader.TryReadRecord(out var record))
        {
            context.Indent = 1;
            Record(ref context, message, reader, record);
        }

        context.Indent = 0;
        if (reader.Error.IsError)
            context.Short(end, reader.Error.Kind == DnsErrorKind.Truncated ? "the message ends inside a record" : "a name can't be read");
    }

    private static void HeaderFields(ref DissectionContext context, DnsHeader header, int at)
    {
        context.Bytes16(Id, at);
        context.Bytes16(Flags, at + 2);
        context.Indent++;
        context.Flag(Response, at + 2, 1, header.IsResponse);
        context.Add(Opcode, at + 2, 1, (ulong)header.Opcode);
        if (header.IsResponse)
            context.Flag(Authoritative, at + 2, 1, header.IsAuthoritative);
        context.Flag(Truncated, at + 2, 1, header.IsTruncated);
        context.Flag(RecursionDesired, at + 2, 1, header.RecursionDesired);
        if (header.IsResponse)
        {
            context.Flag(RecursionAvailable, at + 3, 1, header.RecursionAvailable);
            context.Add(ResponseCode, at + 3, 1, (ulong)header.ResponseCode);
        }

        context.Indent--;
        context.Bytes16(Questions, at + 4);
        context.Bytes16(Answers, at + 6);
        context.Bytes16(Authorities, at + 8);
        context.Bytes16(Additionals, at + 10);
    }

    private readonly record struct Message(int Start, int End, bool IsMulticast);

    private static void Name(ref DissectionContext context, Message message, FieldDefinition definition, DnsNameView name) =>
        context.Add(definition, message.Start + name.Offset, name.EncodedLength, (ulong)(uint)message.Start << 32 | (uint)message.End);

    // Multicast DNS takes the class's top bit for itself (RFC 6762 sections 5.4 and 10.2).
    private static void Class(ref DissectionContext context, Message message, FieldDefinition field, FieldDefinition topBit, int at)
    {
        int value = context.UInt16(at);
        context.Add(field, at, 2, (ulong)(message.IsMulticast ? value & 0x7FFF : value));
        if (message.IsMulticast)
            context.Flag(topBit, at, 1, (value & 0x8000) != 0);
    }

    private static void Record(ref DissectionContext context, Message message, DnsMessageReader reader, DnsRecordView record)
    {
        int at = message.Start + record.TypeOffset;
        Name(ref context, message, RecordName, record.Name);
        context.Indent++;
        context.Bytes16(RecordType, at);
        if (record.Type == DnsType.Opt)
        {
            context.Bytes16(message.IsMulticast ? MulticastPayloadSize : PayloadSize, at + 2);
            context.Bytes16(DataLength, at + 8);
            EdnsOptions(ref context, message.Start + record.DataOffset, record.Data.Length);
            return;
        }

        Class(ref context, message, RecordClass, CacheFlush, at + 2);
        context.Bytes32(TimeToLive, at + 4);
        context.Bytes16(DataLength, at + 8);
        Data(ref context, message, reader, record, message.Start + record.DataOffset);
    }

    private static void EdnsOptions(ref DissectionContext context, int at, int length)
    {
        for (int end = at + length; at + 4 <= end; at += 4 + context.UInt16(at + 2))
            context.Bytes16(OptionCode, at);
    }

    private static void Data(ref DissectionContext context, Message message, DnsMessageReader reader, DnsRecordView record, int at)
    {
        switch (record.Type)
        {
            case DnsType.A when record.Data.Length >= 4: context.Bytes32(A, at); break;
            case DnsType.Aaaa when record.Data.Length >= 16: context.Span(Aaaa, at, 16); break;
            case DnsType.Cname: NameData(ref context, message, reader, record, Cname, 0); break;
            case DnsType.Ns: NameData(ref context, message, reader, record, Ns, 0); break;
            case DnsType.Ptr: NameData(ref context, message, reader, record, Ptr, 0); break;
            case DnsType.Mx when record.Data.Length >= 3:
                context.Bytes16(MxPreference, at);
                NameData(ref context, message, reader, record, Mx, 2);
                break;
            case DnsType.Soa:
                int next = NameData(ref context, message, reader, record, SoaName, 0);
                if (next > 0)
                    NameData(ref context, message, reader, record, SoaMailbox, next);
                break;
            case DnsType.Srv when record.Data.Length >= 7:
                context.Bytes16(SrvPriority, at);
                context.Bytes16(SrvWeight, at + 2);
                context.Bytes16(SrvPort, at + 4);
                NameData(ref context, message, reader, record, SrvTarget, 6);
                break;
            case DnsType.Txt:
                for (int offset = 0; offset < record.Data.Length; offset += record.Data[offset] + 1)
                    context.Span(Txt, at + offset + 1, Math.Min(record.Data[offset], record.Data.Length - offset - 1));
                break;
        }
    }

    private static int NameData(ref DissectionContext context, Message message, DnsMessageReader reader, DnsRecordView record,
        FieldDefinition definition, int offset)
    {
        if (!reader.TryReadName(record, offset, out var name, out _))
        {
            context.Into.Mark(LayerMark.Malformed, "a name in a record's data can't be read");
            return 0;
        }

        Name(ref context, message, definition, name);
        return offset + name.EncodedLength;
    }
}
