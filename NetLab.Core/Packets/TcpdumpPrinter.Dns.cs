using System.Buffers.Binary;
using NetLab.Core.Dns;

namespace NetLab.Core.Packets;

/// <content>DNS and multicast DNS.</content>
internal ref partial struct TcpdumpPrinter
{
    private enum DnsFlavour
    {
        Unicast,
        Multicast,
    }

    private void DnsOverTcp(ReadOnlySpan<byte> bytes, int length)
    {
        // A segment may hold less than the two length octets, or go on in the next one.
        if (length < 2 || bytes.Length < 2)
        {
            _line.Text(" [prefix length("u8);
            _line.Number(length);
            _line.Text(") < 2] (invalid)"u8);
            return;
        }

        int declared = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        length -= 2;
        if (declared < length)
            length = declared;
        _line.Character((byte)' ');
        Dns(bytes[2..], length, DnsFlavour.Unicast);
    }

    private void Dns(ReadOnlySpan<byte> bytes, int length, DnsFlavour flavour)
    {
        if (bytes.Length > length)
            bytes = bytes[..length];
        if (!DnsHeader.TryRead(bytes, out var header))
        {
            Truncated("domain"u8);
            return;
        }

        bool whole = header.IsResponse ? DnsResponse(header, bytes, flavour) : DnsQuery(header, bytes, flavour);
        if (!whole)
        {
            Truncated("domain"u8);
            return;
        }

        _line.Text(" ("u8);
        _line.Number(length);
        _line.Character((byte)')');
    }

    private static ReadOnlySpan<byte> OpcodeText(int opcode) => opcode switch
    {
        0 => default,
        1 => " inv_q"u8,
        2 => " stat"u8,
        3 => " op3"u8,
        4 => " notify"u8,
        5 => " update"u8,
        6 => " op6"u8,
        7 => " op7"u8,
        8 => " op8"u8,
        9 => " updateA"u8,
        10 => " updateD"u8,
        11 => " updateDA"u8,
        12 => " updateM"u8,
        13 => " updateMA"u8,
        14 => " zoneInit"u8,
        _ => " zoneRef"u8,
    };

    private static ReadOnlySpan<byte> ResponseCodeText(int code) => code switch
    {
        0 => default,
        1 => " FormErr"u8,
        2 => " ServFail"u8,
        3 => " NXDomain"u8,
        4 => " NotImp"u8,
        5 => " Refused"u8,
        6 => " YXDomain"u8,
        7 => " YXRRSet"u8,
        8 => " NXRRSet"u8,
        9 => " NotAuth"u8,
        10 => " NotZone"u8,
        11 => " Resp11"u8,
        12 => " Resp12"u8,
        13 => " Resp13"u8,
        14 => " Resp14"u8,
        _ => " NoChange"u8,
    };

    private void Count(uint count, ReadOnlySpan<byte> unit)
    {
        _line.Text(" ["u8);
        _line.Number(count);
        _line.Text(unit);
        _line.Character((byte)']');
    }

    private bool DnsQuery(DnsHeader header, ReadOnlySpan<byte> message, DnsFlavour flavour)
    {
        _line.Number((uint)header.Id);
        _line.Text(OpcodeText(header.Opcode));
        if (header.RecursionDesired)
            _line.Character((byte)'+');
        if (header.CheckingDisabled)
            _line.Character((byte)'%');
        int odd = header.Flags & 0x06CF;
        if (odd != 0)
        {
            _line.Text(" [b2&3=0x"u8);
            _line.Hex(header.Flags);
            _line.Character((byte)']');
        }

        int expectedAnswers = header.Opcode == 1 ? 1 : 0, expectedQuestions = header.Opcode == 1 ? 0 : 1;
        if (header.AnswerCount != expectedAnswers)
            Count(header.AnswerCount, "a"u8);
        if (header.QuestionCount != expectedQuestions)
            Count(header.QuestionCount, "q"u8);
        if (header.AuthorityCount > 0)
            Count(header.AuthorityCount, "n"u8);
        if (header.AdditionalCount > 0)
            Count(header.AdditionalCount, "au"u8);
        var reader = new DnsMessageReader(message);
        for (int left = header.QuestionCount; left > 0; left--)
        {
            if (_line.IsFull || !reader.TryReadQuestion(out var question))
                return false;

            TypeAndClass(question.Type, question.Class, flavour);
            _line.Text("? "u8);
            Name(question.Name);
        }

        return true;
    }

    private void TypeAndClass(ushort type, ushort questionClass, DnsFlavour flavour)
    {
        _line.Character((byte)' ');
        TypeText(type);
        int value = flavour == DnsFlavour.Multicast ? questionClass & 0x7FFF : questionClass;
        if (value != 1)
            ClassText((ushort)value);
        if (flavour == DnsFlavour.Multicast)
            _line.Text((questionClass & 0x8000) != 0 ? " (QU)"u8 : " (QM)"u8);
    }

    private void TypeText(ushort type)
    {
        var name = DnsType.Name(type);
        if (!name.IsEmpty)
        {
            _line.Text(name);
            return;
        }

        _line.Text("Type"u8);
        _line.Number((uint)type);
    }

    private void ClassText(ushort value)
    {
        _line.Character((byte)' ');
        var name = DnsType.ClassName(value);
        if (!name.IsEmpty)
        {
            _line.Text(name);
            return;
        }

        _line.Text("(Class "u8);
        _line.Number((uint)value);
        _line.Character((byte)')');
    }

    private void Name(DnsNameView name)
    {
        if (name.IsRoot)
            _line.Character((byte)'.');
        foreach (var label in name)
        {
            _line.Printable(label);
            _line.Character((byte)'.');
        }
    }

    private bool DnsResponse(DnsHeader header, ReadOnlySpan<byte> message, DnsFlavour flavour)
    {
        _line.Number((uint)header.Id);
        _line.Text(OpcodeText(header.Opcode));
        _line.Text(ResponseCodeText(header.ResponseCode));
        if (header.IsAuthoritative)
            _line.Character((byte)'*');
        if (!header.RecursionAvailable)
            _line.Character((byte)'-');
        if (header.IsTruncated)
            _line.Character((byte)'|');
        if (header.IsAuthenticated)
            _line.Character((byte)'$');
        if (header.QuestionCount != 1)
            Count(header.QuestionCount, "q"u8);
        var reader = new DnsMessageReader(message);
        while (reader.TryReadQuestion(out _))
        {
        }

        if (reader.Error.IsError)
            return false;
        _line.Character((byte)' ');
        _line.Number((uint)header.AnswerCount);
        _line.Character((byte)'/');
        _line.Number((uint)header.AuthorityCount);
        _line.Character((byte)'/');
        _line.Number((uint)header.AdditionalCount);
        for (int left = header.AnswerCount, first = left; left > 0; left--)
        {
            _line.Text(left == first ? " "u8 : ", "u8);
            if (_line.IsFull || !reader.TryReadRecord(out var record) || !Record(reader, record, flavour))
                return false;
        }

        return true;
    }

    private bool Record(DnsMessageReader reader, DnsRecordView record, DnsFlavour flavour)
    {
        int value = record.Class;
        if (flavour == DnsFlavour.Multicast)
        {
            if ((value & 0x8000) != 0 && record.Type != DnsType.Opt)
                _line.Text("(Cache flush) "u8);
            value &= 0x7FFF;
        }

        if (value != 1 && record.Type != DnsType.Opt)
        {
            ClassText((ushort)value);
            _line.Character((byte)' ');
        }

        TypeText(record.Type);
        var data = record.Data;
        switch (record.Type)
        {
            case DnsType.A when data.Length >= 4:
                _line.Character((byte)' ');
                _line.Ipv4(data);
                return true;
            case DnsType.Aaaa when data.Length >= 16:
                _line.Character((byte)' ');
                _line.Ipv6(data);
                return true;
            case DnsType.A or DnsType.Aaaa:
                return false;
            case DnsType.Ns or DnsType.Cname or DnsType.Ptr or DnsType.Dname:
                return NameData(reader, record, 0);
            case DnsType.Mx:
                if (data.Length < 2 || !NameData(reader, record, 2))
                    return false;
                _line.Character((byte)' ');
                _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(data));
                return true;
            case DnsType.Srv:
                if (data.Length < 6 || !NameData(reader, record, 6))
                    return false;
                _line.Character((byte)':');
                _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(data[4..]));
                _line.Character((byte)' ');
                _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(data));
                _line.Character((byte)' ');
                _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(data[2..]));
                return true;
            case DnsType.Txt or 99:
                return Strings(data);
            case DnsType.Opt:
                _line.Text(" UDPsize="u8);
                _line.Number((uint)record.Class);
                if ((record.TimeToLive & 0x8000) != 0)
                    _line.Text(" DO"u8);
                return true;
            default:
                return true;
        }
    }

    private bool NameData(DnsMessageReader reader, DnsRecordView record, int offset)
    {
        if (!reader.TryReadName(record, offset, out var name, out _))
            return false;
        _line.Character((byte)' ');
        Name(name);
        return true;
    }

    private bool Strings(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            int length = data[0];
            if (length >= data.Length)
                return false;
            _line.Text(" \""u8);
            _line.Printable(data.Slice(1, length));
            _line.Character((byte)'"');
            data = data[(length + 1)..];
        }

        return true;
    }
}
