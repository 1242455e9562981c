using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <content>GRE.</content>
internal ref partial struct TcpdumpPrinter
{
    private void Gre(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length < 2)
        {
            Truncated("gre"u8);
            return;
        }

        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        uint version = flags & 7u;
        _line.Text("GREv"u8);
        _line.Number(version);
        if (version > 1)
        {
            _line.Text(" ERROR: unknown-version"u8);
            return;
        }

        if (bytes.Length < 4)
        {
            Truncated("gre"u8);
            return;
        }

        ushort type = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        var rest = bytes[4..];
        if (!(version == 0 ? GreHeader(flags, ref rest) : EnhancedGreHeader(flags, ref rest)))
        {
            Truncated("gre"u8);
            return;
        }

        if (version == 1 && (flags & 0x1000) == 0)
        {
            _line.Text(", no-payload, length "u8);
            _line.Number(length);
            return;
        }

        _line.Text(", length "u8);
        _line.Number(length);
        _line.Text(": "u8);
        GrePayload(version, type, rest, length - (bytes.Length - rest.Length));
    }

    private bool GreHeader(ushort flags, ref ReadOnlySpan<byte> rest)
    {
        if ((flags & 0xC000) != 0)
        {
            if (rest.Length < 4)
                return false;
            _line.Text(", off 0x"u8);
            _line.Hex(BinaryPrimitives.ReadUInt16BigEndian(rest[2..]));
            rest = rest[4..];
        }

        if (!GreNumber(flags & 0x2000, ", key=0x"u8, ref rest) || !GreNumber(flags & 0x1000, ", seq "u8, ref rest))
            return false;
        return (flags & 0x4000) == 0 || GreRoutes(ref rest);
    }

    private bool EnhancedGreHeader(ushort flags, ref ReadOnlySpan<byte> rest)
    {
        if ((flags & 0x2000) != 0)
        {
            if (rest.Length < 4)
                return false;
            _line.Text(", call "u8);
            _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(rest[2..]));
            rest = rest[4..];
        }

        return GreNumber(flags & 0x1000, ", seq "u8, ref rest) && GreNumber(flags & 0x0080, ", ack "u8, ref rest);
    }

    private bool GreNumber(int isThere, ReadOnlySpan<byte> before, ref ReadOnlySpan<byte> rest)
    {
        if (isThere == 0)
            return true;
        if (rest.Length < 4)
            return false;
        uint number = BinaryPrimitives.ReadUInt32BigEndian(rest);
        _line.Text(before);
        if (before[^1] == (byte)'x')
            _line.Hex(number);
        else
            _line.Number(number);
        rest = rest[4..];
        return true;
    }

    // RFC 1701: a star stands before the address that is next; what is no IP address is only named.
    private bool GreRoutes(ref ReadOnlySpan<byte> rest)
    {
        while (rest.Length >= 4)
        {
            ushort family = BinaryPrimitives.ReadUInt16BigEndian(rest);
            int next = rest[2], length = rest[3];
            rest = rest[4..];
            if (length == 0)
                return true;
            _line.Text(", (rtaf="u8);
            if (family == (ushort)EtherType.Ipv4)
            {
                _line.Text("ip"u8);
                for (int at = 0; at + 4 <= Math.Min(length, rest.Length); at += 4)
                {
                    _line.Text(at == next ? " *"u8 : " "u8);
                    _line.Ipv4(rest.Slice(at, 4));
                }
            }
            else
            {
                _line.Text("0x"u8);
                _line.Hex(family);
            }

            _line.Character((byte)')');
            if (rest.Length < length)
                return false;
            rest = rest[length..];
        }

        return false;
    }

    private void GrePayload(uint version, ushort type, ReadOnlySpan<byte> bytes, int length)
    {
        switch (type)
        {
            case 0x880B when version == 1: Ppp(bytes, length); break;
            case (ushort)EtherType.Ipv4 when version == 0: Ipv4(bytes, length); break;
            case (ushort)EtherType.Ipv6 when version == 0: Ipv6(bytes, length); break;
            case 0x6558 when version == 0: Ethernet(bytes, length); break;
            default:
                _line.Text("gre-proto-0x"u8);
                _line.Hex(type);
                break;
        }
    }
}
