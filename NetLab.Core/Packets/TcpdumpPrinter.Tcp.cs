using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <content>TCP, its options and where its payload goes.</content>
internal ref partial struct TcpdumpPrinter
{
    private void Ports(IpContext context, IpProtocol protocol, ushort source, ushort destination)
    {
        if (context.FirstHeader != protocol)
        {
            _line.Number((uint)source);
            _line.Text(" > "u8);
            _line.Number((uint)destination);
            _line.Text(": "u8);
            return;
        }

        int half = context.Addresses.Length / 2;
        IpText(context.Addresses[..half]);
        _line.Character((byte)'.');
        _line.Number((uint)source);
        _line.Text(" > "u8);
        IpText(context.Addresses[half..]);
        _line.Character((byte)'.');
        _line.Number((uint)destination);
        _line.Text(": "u8);
    }

    private void Tcp(IpContext context, ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length < 4)
        {
            IpAddresses(context.Addresses);
            _line.Character((byte)':');
            Truncated("tcp"u8);
            return;
        }

        Ports(context, IpProtocol.Tcp, BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        if (!TcpHeader.TryRead(bytes, out var tcp))
        {
            Truncated("tcp"u8);
            return;
        }

        var flags = tcp.Flags;
        _line.Text("Flags ["u8);
        Flags(flags);
        _line.Character((byte)']');
        uint sequence = tcp.SequenceNumber, acknowledgment = tcp.AcknowledgmentNumber, sackBase = 0;
        if (_sequences is not null && (flags & TcpFlags.Ack) != 0)
        {
            var origin = _sequences.Find(context.Addresses, tcp.SourcePort, tcp.DestinationPort, flags, sequence, acknowledgment);
            sequence -= origin.Sequence;
            acknowledgment -= origin.Acknowledgment;
            sackBase = origin.Sack;
        }

        if (Origin is { } known)
        {
            sequence -= known.Sequence;
            acknowledgment -= known.Acknowledgment;
            sackBase = known.Sack;
        }

        int headerLength = tcp.HeaderLength;
        if (headerLength < TcpHeader.MinLength || headerLength > length)
        {
            BadHeaderLength(headerLength, length);
            return;
        }

        length -= headerLength;
        if (length > 0 || (flags & (TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst)) != 0)
        {
            _line.Text(", seq "u8);
            _line.Number(sequence);
            if (length > 0)
            {
                _line.Character((byte)':');
                _line.Number(sequence + (uint)length);
            }
        }

        if ((flags & TcpFlags.Ack) != 0)
        {
            _line.Text(", ack "u8);
            _line.Number(acknowledgment);
        }

        _line.Text(", win "u8);
        _line.Number((uint)tcp.Window);
        if ((flags & TcpFlags.Urg) != 0)
        {
            _line.Text(", urg "u8);
            _line.Number((uint)tcp.UrgentPointer);
        }

        if (headerLength > TcpHeader.MinLength && !Options(tcp.Options, headerLength - TcpHeader.MinLength, sackBase))
            return;
        _line.Text(", length "u8);
        _line.Number(length);
        if (length > 0)
            TcpPayload(tcp.SourcePort, tcp.DestinationPort, bytes[Math.Min(headerLength, bytes.Length)..], length);
    }

    private void BadHeaderLength(int headerLength, int length)
    {
        _line.Text(" [bad hdr length "u8);
        _line.Number(headerLength);
        if (headerLength < TcpHeader.MinLength)
        {
            _line.Text(" - too short, < 20]"u8);
            return;
        }

        _line.Text(" - too long, > "u8);
        _line.Number(length);
        _line.Character((byte)']');
    }

    private void Flags(TcpFlags flags) => TcpFlagText.Write(ref _line, flags);

    private bool Options(ReadOnlySpan<byte> captured, int length, uint sackBase)
    {
        _line.Text(", options ["u8);
        bool first = true;
        int at = 0;
        while (at < length)
        {
            if (!first)
                _line.Character((byte)',');
            if (at >= captured.Length)
                return OptionsCut();
            var kind = (TcpOptionKind)captured[at];
            int size = 1;
            if (kind is not (TcpOptionKind.EndOfList or TcpOptionKind.NoOperation))
            {
                if (at + 1 >= captured.Length)
                    return at + 1 < length ? OptionsCut() : BadOption(first);
                size = captured[at + 1];
                if (size < 2 || size > length - at)
                    return BadOption(first);
            }

            if (at + size > captured.Length)
                return OptionsCut();
            OptionText(kind, size > 1 ? captured.Slice(at + 2, size - 2) : default, size, sackBase);
            at += size;
            first = false;
            if (kind == TcpOptionKind.EndOfList)
                break;
        }

        _line.Character((byte)']');
        return true;
    }

    private bool OptionsCut()
    {
        Truncated("tcp"u8);
        return false;
    }

    private bool BadOption(bool first)
    {
        _line.Text("[bad opt]"u8);
        if (!first)
            _line.Character((byte)'>');
        return false;
    }

    private void OptionText(TcpOptionKind kind, ReadOnlySpan<byte> value, int size, uint sackBase)
    {
        switch (kind)
        {
            case TcpOptionKind.EndOfList: _line.Text("eol"u8); break;
            case TcpOptionKind.NoOperation: _line.Text("nop"u8); break;
            case TcpOptionKind.SackPermitted: _line.Text("sackOK"u8); break;
            case TcpOptionKind.MaximumSegmentSize when value.Length == 2:
                _line.Text("mss "u8);
                _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(value));
                break;
            case TcpOptionKind.WindowScale when value.Length == 1:
                _line.Text("wscale "u8);
                _line.Number((uint)value[0]);
                break;
            case TcpOptionKind.Timestamps when value.Length == 8:
                _line.Text("TS val "u8);
                _line.Number(BinaryPrimitives.ReadUInt32BigEndian(value));
                _line.Text(" ecr "u8);
                _line.Number(BinaryPrimitives.ReadUInt32BigEndian(value[4..]));
                break;
            case TcpOptionKind.Sack: SackBlocks(value, sackBase); break;
            case TcpOptionKind.FastOpen: FastOpen(value); break;
            case TcpOptionKind.UserTimeout when value.Length == 2:
                ushort timeout = BinaryPrimitives.ReadUInt16BigEndian(value);
                _line.Text("uto 0x"u8);
                _line.Hex(timeout, 4);
                break;
            default: OtherOption(kind, value, size); break;
        }
    }

    private void SackBlocks(ReadOnlySpan<byte> value, uint sackBase)
    {
        if (value.Length % 8 != 0)
        {
            _line.Text("sack invalid sack"u8);
            return;
        }

        _line.Text("sack "u8);
        _line.Number(value.Length / 8);
        _line.Character((byte)' ');
        for (int at = 0; at < value.Length; at += 8)
        {
            _line.Character((byte)'{');
            _line.Number(BinaryPrimitives.ReadUInt32BigEndian(value[at..]) - sackBase);
            _line.Character((byte)':');
            _line.Number(BinaryPrimitives.ReadUInt32BigEndian(value[(at + 4)..]) - sackBase);
            _line.Character((byte)'}');
        }
    }

    private void FastOpen(ReadOnlySpan<byte> cookie)
    {
        _line.Text("tfo "u8);
        if (cookie.IsEmpty)
        {
            _line.Text(" cookiereq"u8);
            return;
        }

        if (cookie.Length % 2 != 0 || cookie.Length is < 4 or > 16)
        {
            _line.Text("invalid"u8);
            return;
        }

        _line.Text(" cookie "u8);
        _line.HexBytes(cookie);
    }

    private void OtherOption(TcpOptionKind kind, ReadOnlySpan<byte> value, int size)
    {
        _line.Text(kind switch
        {
            TcpOptionKind.MaximumSegmentSize => "mss"u8,
            TcpOptionKind.WindowScale => "wscale"u8,
            TcpOptionKind.Timestamps => "TS"u8,
            TcpOptionKind.Md5 => "md5"u8,
            TcpOptionKind.Authentication => "tcp-ao"u8,
            TcpOptionKind.Multipath => "mptcp"u8,
            TcpOptionKind.Experiment2 => "exp"u8,
            TcpOptionKind.UserTimeout => "uto"u8,
            _ => "unknown-"u8,
        });
        if (kind is not (TcpOptionKind.MaximumSegmentSize or TcpOptionKind.WindowScale or TcpOptionKind.Timestamps or TcpOptionKind.Md5
            or TcpOptionKind.Authentication or TcpOptionKind.Multipath or TcpOptionKind.Experiment2 or TcpOptionKind.UserTimeout))
            _line.Number((uint)kind);
        if (!value.IsEmpty)
        {
            _line.Text(" 0x"u8);
            _line.HexBytes(value);
        }
        else if (kind is TcpOptionKind.MaximumSegmentSize or TcpOptionKind.WindowScale or TcpOptionKind.Timestamps)
        {
            _line.Text("[len "u8);
            _line.Number(size);
            _line.Character((byte)']');
        }
    }

    private void TcpPayload(ushort source, ushort destination, ReadOnlySpan<byte> bytes, int length)
    {
        if (TextProtocol.ByPort(source, destination) is { } protocol)
        {
            _line.Text(": "u8);
            TextLine(protocol, bytes, length);
        }
        else if (source == 53 || destination == 53)
        {
            DnsOverTcp(bytes, length);
        }
    }
}
