using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <content>DHCP, TFTP, NTP, syslog, DHCPv6 and VXLAN.</content>
internal ref partial struct TcpdumpPrinter
{
    private void Bootp(ReadOnlySpan<byte> bytes, int length)
    {
        _line.Text("BOOTP/DHCP, "u8);
        if (bytes.IsEmpty)
        {
            Truncated("bootp"u8);
            return;
        }

        _line.Text(bytes[0] switch { 1 => "Request"u8, 2 => "Reply"u8, _ => "unknown ("u8 });
        if (bytes[0] is not (1 or 2))
        {
            _line.Text("0x"u8);
            _line.Hex(bytes[0], 2);
            _line.Character((byte)')');
        }

        if (bytes.Length < 34)
        {
            Truncated("bootp"u8);
            return;
        }

        if (bytes[1] == 1 && bytes[2] == 6 && bytes[0] == 1)
        {
            _line.Text(" from "u8);
            _line.Mac(bytes.Slice(28, 6));
        }

        _line.Text(", length "u8);
        _line.Number(length);
    }

    private void Tftp(ReadOnlySpan<byte> bytes, int length)
    {
        _line.Text("TFTP, length "u8);
        _line.Number(length);
        if (bytes.Length < 2)
        {
            Truncated("tftp"u8);
            return;
        }

        int opcode = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        var rest = bytes[2..];
        _line.Text(opcode switch
        {
            1 => ", RRQ"u8,
            2 => ", WRQ"u8,
            3 => ", DATA"u8,
            4 => ", ACK"u8,
            5 => ", ERROR"u8,
            6 => ", OACK"u8,
            _ => ", tftp-#"u8,
        });
        if (opcode is 1 or 2)
        {
            TftpRequest(rest);
        }
        else if (opcode is 3 or 4 && rest.Length >= 2)
        {
            _line.Text(" block "u8);
            _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(rest));
        }
        else if (opcode is > 6 or < 1)
        {
            _line.Number(opcode);
        }
    }

    private void TftpRequest(ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)0);
        _line.Text(" \""u8);
        _line.Printable(end < 0 ? rest : rest[..end]);
        _line.Character((byte)'"');
        if (end < 0)
        {
            Truncated("tftp"u8);
            return;
        }

        rest = rest[(end + 1)..];
        while (!rest.IsEmpty)
        {
            end = rest.IndexOf((byte)0);
            if (end != 0)
                _line.Character((byte)' ');
            _line.Printable(end < 0 ? rest : rest[..end]);
            if (end < 0)
            {
                Truncated("tftp"u8);
                return;
            }

            rest = rest[(end + 1)..];
        }
    }

    private void Ntp(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.IsEmpty)
        {
            Truncated("ntp"u8);
            return;
        }

        _line.Text("NTPv"u8);
        _line.Number((uint)bytes[0] >> 3 & 7);
        _line.Text(", "u8);
        _line.Text((bytes[0] & 7) switch
        {
            0 => "unspecified"u8,
            1 => "symmetric active"u8,
            2 => "symmetric passive"u8,
            3 => "Client"u8,
            4 => "Server"u8,
            5 => "Broadcast"u8,
            6 => "Control Message"u8,
            _ => "Reserved"u8,
        });
        _line.Text(", length "u8);
        _line.Number(length);
    }

    private static ReadOnlySpan<byte> SyslogFacility(uint facility) => facility switch
    {
        0 => "kernel"u8,
        1 => "user"u8,
        2 => "mail"u8,
        3 => "daemon"u8,
        4 => "auth"u8,
        5 => "syslog"u8,
        6 => "lpr"u8,
        7 => "news"u8,
        8 => "uucp"u8,
        9 => "cron"u8,
        10 => "authpriv"u8,
        11 => "ftp"u8,
        12 => "ntp"u8,
        13 => "security"u8,
        14 => "console"u8,
        15 => "cron"u8,
        16 => "local0"u8,
        17 => "local1"u8,
        18 => "local2"u8,
        19 => "local3"u8,
        20 => "local4"u8,
        21 => "local5"u8,
        22 => "local6"u8,
        23 => "local7"u8,
        _ => "unknown-facility"u8,
    };

    private void Syslog(ReadOnlySpan<byte> bytes, int length)
    {
        // <PRI> of at most three digits (RFC 3164 section 4.1.1).
        uint priority = 0;
        int digits = 0;
        while (digits < 3 && digits + 1 < bytes.Length && bytes[digits + 1] is >= (byte)'0' and <= (byte)'9')
            priority = priority * 10 + (uint)(bytes[++digits] - '0');
        if (bytes.Length < digits + 2 || bytes[0] != '<' || digits == 0 || bytes[digits + 1] != '>')
        {
            Truncated("syslog"u8);
            return;
        }

        _line.Text("SYSLOG "u8);
        _line.Text(SyslogFacility(priority >> 3));
        _line.Character((byte)'.');
        _line.Text((priority & 7) switch
        {
            0 => "emergency"u8,
            1 => "alert"u8,
            2 => "critical"u8,
            3 => "error"u8,
            4 => "warning"u8,
            5 => "notice"u8,
            6 => "info"u8,
            _ => "debug"u8,
        });
        _line.Text(", length: "u8);
        _line.Number(length);
    }

    private void Dhcp6(ReadOnlySpan<byte> bytes)
    {
        _line.Text("dhcp6"u8);
        if (bytes.IsEmpty)
        {
            Truncated("dhcp6"u8);
            return;
        }

        _line.Character((byte)' ');
        _line.Text(bytes[0] switch
        {
            1 => "solicit"u8,
            2 => "advertise"u8,
            3 => "request"u8,
            4 => "confirm"u8,
            5 => "renew"u8,
            6 => "rebind"u8,
            7 => "reply"u8,
            8 => "release"u8,
            9 => "decline"u8,
            10 => "reconf"u8,
            11 => "inf-req"u8,
            12 => "relay-fwd"u8,
            13 => "relay-reply"u8,
            _ => "msgtype"u8,
        });
        if (bytes[0] is 0 or > 13)
        {
            _line.Character((byte)'-');
            _line.Number((uint)bytes[0]);
        }
    }

    private void Vxlan(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length < 8)
        {
            Truncated("vxlan"u8);
            return;
        }

        _line.Text("VXLAN, flags ["u8);
        _line.Character((bytes[0] & 8) != 0 ? (byte)'I' : (byte)'.');
        _line.Text("] (0x"u8);
        _line.Hex(bytes[0], 2);
        _line.Text("), vni "u8);
        _line.Number(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) >> 8);
        // The tunnelled frame has a line of its own.
        _line.Character((byte)'\n');
        if (++_depth < MaxDepth)
            Ethernet(bytes[8..], length - 8);
    }
}
