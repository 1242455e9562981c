using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <content>ICMPv6: errors, echo, neighbour discovery and multicast listener discovery.</content>
internal ref partial struct TcpdumpPrinter
{
    private void Icmpv6(IpContext context, ReadOnlySpan<byte> bytes, int length)
    {
        _line.Text("ICMP6, "u8);
        if (!IcmpHeader.TryRead(bytes, out var icmp))
        {
            Truncated("icmp6"u8);
            return;
        }

        bool whole = icmp.Type switch
        {
            1 => Unreachable6(icmp.Code, bytes),
            2 => Number6("packet too big, mtu "u8, bytes),
            3 => Said(icmp.Code == 0 ? "time exceeded in-transit"u8 : "ip6 reassembly time exceeded"u8),
            4 => ParameterProblem6(icmp.Code, bytes),
            128 => Echo("echo request"u8, bytes),
            129 => Echo("echo reply"u8, bytes),
            130 => length >= 28 ? Said("multicast listener query v2"u8) && Group6(" [gaddr "u8, bytes, "]"u8) : Group6("multicast listener query max resp delay: "u8, bytes, default),
            131 => Group6("multicast listener report max resp delay: "u8, bytes, default),
            132 => Group6("multicast listener done max resp delay: "u8, bytes, default),
            133 => Said("router solicitation"u8),
            134 => Said("router advertisement"u8),
            135 => Target6("neighbor solicitation, who has "u8, bytes),
            136 => Target6("neighbor advertisement, tgt is "u8, bytes),
            137 => Redirect6(bytes),
            138 => RouterRenumbering(icmp.Code, bytes),
            139 => Said("who-are-you request"u8) && NodeInformation(bytes),
            140 => Said("who-are-you reply"u8) && NodeInformation(bytes),
            143 => Listeners6(bytes),
            144 => Said("home agent address discovery request"u8),
            145 => Said("home agent address discovery reply"u8),
            146 => Said("mobile router solicitation"u8),
            147 => Said("mobile router advertisement"u8),
            _ => UnknownIcmp6(icmp.Type),
        };
        _ = context;
        if (!whole)
            Truncated("icmp6"u8);
        _line.Text(", length "u8);
        _line.Number(length);
    }

    private bool UnknownIcmp6(byte type)
    {
        _line.Text("unknown icmp6 type ("u8);
        _line.Number((uint)type);
        _line.Character((byte)')');
        return true;
    }

    private bool Number6(ReadOnlySpan<byte> text, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
            return false;
        _line.Text(text);
        _line.Number(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));
        return true;
    }

    private bool Unreachable6(byte code, ReadOnlySpan<byte> bytes)
    {
        _line.Text("destination unreachable, "u8);
        if (bytes.Length < 8 + Ipv6Header.Length)
            return false;
        var destination = bytes.Slice(8 + 24, 16);
        if (code == 4)
            return UnreachablePort6(bytes[8..], destination);
        _line.Text(code switch
        {
            0 => "unreachable route "u8,
            1 => "unreachable prohibited "u8,
            2 => "beyond scope "u8,
            3 => "unreachable address "u8,
            _ => "unknown code "u8,
        });
        if (code == 2)
        {
            _line.Ipv6(destination);
            _line.Text(", source address "u8);
            _line.Ipv6(bytes.Slice(8 + 8, 16));
            return true;
        }

        _line.Ipv6(destination);
        return true;
    }

    private bool UnreachablePort6(ReadOnlySpan<byte> quoted, ReadOnlySpan<byte> destination)
    {
        var protocol = (IpProtocol)quoted[6];
        if (quoted.Length < Ipv6Header.Length + 4)
            return false;
        _line.Text("unreachable port, "u8);
        _line.Ipv6(destination);
        _line.Text(protocol switch { IpProtocol.Tcp => " tcp port "u8, IpProtocol.Udp => " udp port "u8, _ => " protocol "u8 });
        if (protocol is IpProtocol.Tcp or IpProtocol.Udp)
        {
            _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(quoted[(Ipv6Header.Length + 2)..]));
            return true;
        }

        _line.Number((uint)protocol);
        _line.Text(" port "u8);
        _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(quoted[(Ipv6Header.Length + 2)..]));
        _line.Text(" unreachable"u8);
        return true;
    }

    private bool ParameterProblem6(byte code, ReadOnlySpan<byte> bytes)
    {
        _line.Text("parameter problem, "u8);
        return Number6(code switch
        {
            0 => "errorneous - octet "u8,
            1 => "next header - octet "u8,
            2 => "option - octet "u8,
            3 => "incomplete header chain - octet "u8,
            _ => "code-# - octet "u8,
        }, bytes);
    }

    private bool Target6(ReadOnlySpan<byte> text, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 24)
            return false;
        _line.Text(text);
        _line.Ipv6(bytes.Slice(8, 16));
        return true;
    }

    private bool Redirect6(ReadOnlySpan<byte> bytes)
    {
        _line.Text("redirect, "u8);
        if (bytes.Length < 40)
            return false;
        _line.Ipv6(bytes.Slice(24, 16));
        _line.Text(" to "u8);
        _line.Ipv6(bytes.Slice(8, 16));
        return true;
    }

    private bool Group6(ReadOnlySpan<byte> before, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> after)
    {
        if (bytes.Length < 24)
            return false;
        if (after.IsEmpty)
        {
            _line.Text(before);
            _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]));
            _line.Text(" addr: "u8);
            _line.Ipv6(bytes.Slice(8, 16));
            return true;
        }

        if (!bytes.Slice(8, 16).ContainsAnyExcept((byte)0))
            return true;
        _line.Text(before);
        _line.Ipv6(bytes.Slice(8, 16));
        _line.Text(after);
        return true;
    }

    private bool Listeners6(ReadOnlySpan<byte> bytes)
    {
        _line.Text("multicast listener report v2"u8);
        if (bytes.Length < 8)
            return false;
        _line.Text(", "u8);
        _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
        _line.Text(" group record(s)"u8);
        return true;
    }

    private bool RouterRenumbering(byte code, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 16)
            return false;
        _line.Text("router renumbering, "u8);
        _line.Text(code switch { 0 => "command"u8, 1 => "result"u8, 255 => "sequence number reset"u8, _ => "code-#"u8 });
        _line.Text(", seq="u8);
        _line.Number(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));
        if (code > 1 || bytes.Length < 40)
            return code > 1;
        var match = bytes[16..];
        _line.Text(" match("u8);
        _line.Text(match[0] switch { 1 => "add"u8, 2 => "change"u8, 3 => "setglobal"u8, _ => "#"u8 });
        _line.Character((byte)',');
        _line.Ipv6(match.Slice(8, 16));
        _line.Character((byte)'/');
        _line.Number((uint)match[3]);
        _line.Character((byte)')');
        for (int at = 24; at + 32 <= match.Length; at += 32)
        {
            _line.Text(" use("u8);
            _line.Ipv6(match.Slice(at + 16, 16));
            _line.Character((byte)'/');
            _line.Number((uint)match[at]);
            _line.Character((byte)'/');
            _line.Number((uint)match[at + 1]);
            _line.Character((byte)')');
        }

        return true;
    }

    // RFC 4620 section 4: type, code, checksum, question type, flags, an eight-byte nonce, data.
    private bool NodeInformation(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 16)
            return false;
        bool query = bytes[0] == 139;
        ushort question = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        _line.Text(query ? " node information query ("u8 : " node information reply ("u8);
        _line.Text(question switch { 0 => "noop"u8, 1 => "supported qtypes"u8, 2 => "DNS name"u8, 3 => "node addresses"u8, _ => "unknown"u8 });
        if (question == 3)
        {
            // Each address of a reply follows its time to live.
            for (int at = 16; !query && at + 20 <= bytes.Length; at += 20)
            {
                _line.Character((byte)' ');
                _line.Ipv6(bytes.Slice(at + 4, 16));
                _line.Character((byte)'(');
                _line.Number(BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]));
                _line.Character((byte)')');
            }

            _line.Text(" ["u8);
            for (int bit = 0; bit < 6; bit++)
            {
                if ((flags >> bit & 1) != 0)
                    _line.Character("TACLSG"u8[bit]);
            }

            _line.Character((byte)']');
        }

        if (query && question > 1)
            NodeSubject(bytes[1], bytes[16..]);
        _line.Character((byte)')');
        return true;
    }

    private void NodeSubject(byte code, ReadOnlySpan<byte> data)
    {
        if (code == 0 && data.Length >= 16)
        {
            _line.Text(", subject="u8);
            _line.Ipv6(data[..16]);
        }
        else if (code == 2 && data.Length >= 4)
        {
            _line.Text(", subject="u8);
            _line.Ipv4(data[..4]);
        }
        else if (code == 1)
        {
            _line.Text(", subject=DNS name"u8);
        }
    }
}
