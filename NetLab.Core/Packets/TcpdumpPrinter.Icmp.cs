using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <content>ICMP.</content>
internal ref partial struct TcpdumpPrinter
{
    private void Icmp(ReadOnlySpan<byte> bytes, int length)
    {
        if (!IcmpHeader.TryRead(bytes, out var icmp))
        {
            _line.Text("ICMP "u8);
            Truncated("icmp"u8);
            return;
        }

        _line.Text("ICMP "u8);
        bool whole = icmp.Type switch
        {
            0 => Echo("echo reply"u8, bytes),
            8 => Echo("echo request"u8, bytes),
            3 => Unreachable(icmp.Code, bytes),
            4 => Said("source quench"u8),
            5 => Redirect(icmp.Code, bytes),
            9 => RouterAdvertisement(bytes),
            10 => Said("router solicitation"u8),
            11 => TimeExceeded(icmp.Code),
            12 => ParameterProblem(icmp.Code, bytes),
            13 => TimeStamp("time stamp query"u8, bytes),
            14 => TimeStamp("time stamp reply"u8, bytes) && TimeStampTimes(bytes),
            15 => Said("information request"u8),
            16 => Said("information reply"u8),
            17 => Said("address mask request"u8),
            18 => AddressMask(bytes),
            _ => UnknownIcmp(icmp.Type),
        };
        if (!whole)
        {
            Truncated("icmp"u8);
            return;
        }

        _line.Text(", length "u8);
        _line.Number(length);
    }

    private bool Said(ReadOnlySpan<byte> text)
    {
        _line.Text(text);
        return true;
    }

    private bool UnknownIcmp(byte type)
    {
        _line.Text("type-#"u8);
        _line.Number((uint)type);
        return true;
    }

    private bool Echo(ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
            return false;
        _line.Text(name);
        _line.Text(", id "u8);
        _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]));
        _line.Text(", seq "u8);
        _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
        return true;
    }

    private bool Unreachable(byte code, ReadOnlySpan<byte> bytes)
    {
        // The quoted header begins at byte 8 (RFC 792).
        if (bytes.Length < 8 + Ipv4Header.MinLength)
            return false;
        var quoted = bytes[8..];
        var destination = quoted.Slice(16, 4);
        switch (code)
        {
            case 2:
                _line.Ipv4(destination);
                _line.Text(" protocol "u8);
                _line.Number((uint)quoted[9]);
                _line.Text(" unreachable"u8);
                return true;
            case 3:
                return UnreachablePort(quoted, destination);
            case 4:
                _line.Ipv4(destination);
                _line.Text(" unreachable - need to frag"u8);
                ushort mtu = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
                if (mtu != 0)
                {
                    _line.Text(" (mtu "u8);
                    _line.Number((uint)mtu);
                    _line.Character((byte)')');
                }

                return true;
        }

        _line.Text(code switch { 0 or 6 or 9 or 11 => "net "u8, 1 or 7 or 8 or 10 or 12 or 13 => "host "u8, _ => default });
        _line.Ipv4(destination);
        _line.Text(code switch
        {
            0 or 1 => " unreachable"u8,
            5 => " unreachable - source route failed"u8,
            6 or 7 => " unreachable - unknown"u8,
            8 => " unreachable - source host isolated"u8,
            9 or 10 => " unreachable - admin prohibited"u8,
            11 or 12 => " unreachable - tos prohibited"u8,
            13 => " unreachable - admin prohibited filter"u8,
            14 => " unreachable - host precedence violation"u8,
            15 => " unreachable - precedence cutoff"u8,
            _ => " unreachable - unknown code"u8,
        });
        return true;
    }

    private bool UnreachablePort(ReadOnlySpan<byte> quoted, ReadOnlySpan<byte> destination)
    {
        int headerLength = (quoted[0] & 15) * 4;
        if (quoted.Length < headerLength + 4)
            return false;
        _line.Ipv4(destination);
        var protocol = (IpProtocol)quoted[9];
        if (protocol is IpProtocol.Tcp or IpProtocol.Udp)
        {
            _line.Text(protocol == IpProtocol.Tcp ? " tcp port "u8 : " udp port "u8);
            _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(quoted[(headerLength + 2)..]));
        }
        else
        {
            _line.Text(" protocol "u8);
            _line.Number((uint)protocol);
            _line.Text(" port "u8);
            _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(quoted[(headerLength + 2)..]));
        }

        _line.Text(" unreachable"u8);
        return true;
    }

    private bool Redirect(byte code, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8 + Ipv4Header.MinLength)
            return false;
        _line.Text("redirect "u8);
        if (code == 2)
            _line.Text("tos "u8);
        else if (code == 3)
            _line.Text("tos "u8);
        else if (code > 3)
            _line.Text("unknown code "u8);
        _line.Ipv4(bytes.Slice(24, 4));
        _line.Text(code is 0 or 2 ? " to net "u8 : " to host "u8);
        _line.Ipv4(bytes.Slice(4, 4));
        return true;
    }

    private bool RouterAdvertisement(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
            return false;
        _line.Text("router advertisement lifetime "u8);
        uint lifetime = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        if (lifetime >= 60)
        {
            if (lifetime >= 3600)
            {
                _line.Number(lifetime / 3600);
                _line.Character((byte)':');
                _line.Padded(lifetime % 3600 / 60, 2);
            }
            else
            {
                _line.Number(lifetime / 60);
            }

            _line.Character((byte)':');
            _line.Padded(lifetime % 60, 2);
        }
        else
        {
            _line.Number(lifetime);
        }

        int count = bytes[4];
        _line.Character((byte)' ');
        _line.Number(count);
        _line.Character((byte)':');
        if (bytes[5] != 2)
        {
            _line.Text(" [size "u8);
            _line.Number((uint)bytes[5]);
            _line.Character((byte)']');
            return true;
        }

        for (int index = 0, at = 8; index < count; index++, at += 8)
        {
            if (bytes.Length < at + 8)
                return false;
            _line.Text(" {"u8);
            _line.Ipv4(bytes.Slice(at, 4));
            _line.Character((byte)' ');
            _line.Number(BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]));
            _line.Character((byte)'}');
        }

        return true;
    }

    private bool TimeExceeded(byte code)
    {
        _line.Text(code switch
        {
            0 => "time exceeded in-transit"u8,
            1 => "ip reassembly time exceeded"u8,
            _ => "time exceeded-#"u8,
        });
        if (code > 1)
            _line.Number((uint)code);
        return true;
    }

    private bool ParameterProblem(byte code, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
            return false;
        _line.Text("parameter problem - "u8);
        if (code != 0)
        {
            _line.Text("code "u8);
            _line.Number((uint)code);
            return true;
        }

        _line.Text("octet "u8);
        _line.Number((uint)bytes[4]);
        return true;
    }

    private bool TimeStamp(ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
            return false;
        _line.Text(name);
        _line.Text(" id "u8);
        _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]));
        _line.Text(" seq "u8);
        _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
        return true;
    }

    private bool TimeStampTimes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 20)
            return false;
        _line.Text(": org "u8);
        Milliseconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));
        _line.Text(", recv "u8);
        Milliseconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]));
        _line.Text(", xmit "u8);
        Milliseconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]));
        return true;
    }

    private void Milliseconds(uint value)
    {
        uint hours = value / 3_600_000;
        _line.Padded(hours, hours > 99 ? hours > 999 ? 4 : 3 : 2);
        _line.Character((byte)':');
        _line.Padded(value / 60_000 % 60, 2);
        _line.Character((byte)':');
        _line.Padded(value / 1000 % 60, 2);
        _line.Character((byte)'.');
        _line.Padded(value % 1000, 3);
    }

    private bool AddressMask(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 12)
            return false;
        _line.Text("address mask is 0x"u8);
        _line.Hex(BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]), 8);
        return true;
    }
}
