namespace NetLab.Core.Packets;

/// <content>IPv4, IPv6 and what either carries.</content>
internal ref partial struct TcpdumpPrinter
{
    /// <summary>What a transport needs of the IP header around it.</summary>
    private readonly ref struct IpContext(ReadOnlySpan<byte> addresses, IpProtocol firstHeader, bool moreFragments)
    {
        /// <summary>Source and destination, 8 or 32 bytes.</summary>
        public readonly ReadOnlySpan<byte> Addresses = addresses;

        /// <summary>The protocol that the IP header itself names; behind extensions tcpdump writes ports without addresses.</summary>
        public readonly IpProtocol FirstHeader = firstHeader;

        /// <summary>Whether the payload goes on in further fragments.</summary>
        public readonly bool MoreFragments = moreFragments;
    }

    private void Ipv4(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.IsEmpty)
        {
            Truncated("ip"u8);
            return;
        }

        if (bytes[0] >> 4 != 4)
        {
            WrongVersion(bytes[0] >> 4);
            return;
        }

        _line.Text("IP "u8);
        if (!Ipv4Header.TryRead(bytes, out var ip))
        {
            Truncated("ip"u8);
            return;
        }

        if (length < Ipv4Header.MinLength)
        {
            _line.Text("truncated-ip "u8);
            _line.Number(length);
            return;
        }

        int headerLength = ip.HeaderLength;
        if (headerLength < Ipv4Header.MinLength)
        {
            _line.Text("bad-hlen "u8);
            _line.Number(headerLength);
            return;
        }

        int total = ip.TotalLength;
        if (length < total)
        {
            _line.Text("truncated-ip - "u8);
            _line.Number(total - length);
            _line.Text(" bytes missing! "u8);
            total = length;
        }

        if (total < headerLength)
        {
            _line.Text("bad-len "u8);
            _line.Number(total);
            return;
        }

        var payload = bytes[Math.Min(headerLength, bytes.Length)..Math.Min(total, bytes.Length)];
        var protocol = ip.Protocol;
        if (ip.FragmentOffset > 0)
        {
            IpAddresses(ip.Addresses);
            _line.Text(": ip-proto-"u8);
            _line.Number((uint)protocol);
            return;
        }

        if (protocol is not (IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp or (IpProtocol)33))
        {
            IpAddresses(ip.Addresses);
            _line.Text(": "u8);
        }

        var context = new IpContext(ip.Addresses, protocol, ip.MoreFragments);
        IpPayload(context, protocol, payload, total - headerLength);
    }

    private void WrongVersion(int version)
    {
        _line.Text("IP"u8);
        _line.Number(version);
        _line.Text(version is 4 or 6 ? ", wrong link-layer encapsulation (invalid)"u8 : " (invalid)"u8);
    }

    private void IpAddresses(ReadOnlySpan<byte> addresses)
    {
        int half = addresses.Length / 2;
        IpText(addresses[..half]);
        _line.Text(" > "u8);
        IpText(addresses[half..]);
    }

    private void IpText(ReadOnlySpan<byte> address)
    {
        if (address.Length == 4)
            _line.Ipv4(address);
        else
            _line.Ipv6(address);
    }

    private void Ipv6(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.IsEmpty)
        {
            Truncated("ip6"u8);
            return;
        }

        if (bytes[0] >> 4 != 6)
        {
            WrongVersion(bytes[0] >> 4);
            return;
        }

        _line.Text("IP6 "u8);
        if (!Ipv6Header.TryRead(bytes, out var ip))
        {
            Truncated("ip6"u8);
            return;
        }

        if (length < Ipv6Header.Length)
        {
            _line.Text("truncated-ip6 "u8);
            _line.Number(length);
            return;
        }

        int payloadLength = ip.PayloadLength;
        if (length < payloadLength + Ipv6Header.Length)
        {
            _line.Text("truncated-ip6 - "u8);
            _line.Number(payloadLength + Ipv6Header.Length - length);
            _line.Text(" bytes missing!"u8);
        }

        if (ip.NextHeader is not (IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp or (IpProtocol)33))
        {
            IpAddresses(ip.Addresses);
            _line.Text(": "u8);
        }

        bool jumbo = payloadLength == 0 && ip.NextHeader == IpProtocol.HopByHop;
        if (jumbo)
            payloadLength = length - Ipv6Header.Length;
        int end = Math.Min(bytes.Length, Ipv6Header.Length + payloadLength);
        Ipv6Chain(ip, bytes[Ipv6Header.Length..end], payloadLength);
    }

    private void Ipv6Chain(Ipv6Header ip, ReadOnlySpan<byte> bytes, int length)
    {
        var next = ip.NextHeader;
        var context = new IpContext(ip.Addresses, next, moreFragments: false);
        bool first = true;
        while (Ipv6Extension.IsExtension(next))
        {
            if (next == IpProtocol.Mobility)
            {
                Mobility(bytes);
                return;
            }

            if (!Ipv6ExtensionText(next, bytes, ref context, out int used, out bool ends) || ends)
                return;
            next = (IpProtocol)bytes[0];
            bytes = bytes[Math.Min(used, bytes.Length)..];
            length -= used;
            first = false;
        }

        if (length < 0)
        {
            Truncated("ip6"u8);
            return;
        }

        if (!first && next == IpProtocol.NoNextHeader)
        {
            _line.Text("no next header"u8);
            return;
        }

        IpPayload(context, next, bytes, length);
    }

    private void IpPayload(IpContext context, IpProtocol protocol, ReadOnlySpan<byte> bytes, int length)
    {
        if (++_depth > MaxDepth)
        {
            _line.Text("[nested too deep]"u8);
            return;
        }

        switch (protocol)
        {
            case IpProtocol.Tcp: Tcp(context, bytes, length); break;
            case IpProtocol.Udp: Udp(context, bytes, length); break;
            case IpProtocol.Icmp: Icmp(bytes, length); break;
            case IpProtocol.Icmpv6: Icmpv6(context, bytes, length); break;
            case IpProtocol.Igmp: Igmp(bytes, length); break;
            case IpProtocol.Ipv4: Ipv4(bytes, length); break;
            case IpProtocol.Ipv6: Ipv6(bytes, length); break;
            case IpProtocol.Gre: Gre(bytes, length); break;
            case IpProtocol.NoNextHeader: _line.Text("no next header"u8); break;
            case IpProtocol.Ethernet: Ethernet(bytes, length); break;
            case IpProtocol.Esp when bytes.Length >= 8:
                _line.Text("ESP(spi=0x"u8);
                _line.Hex(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes), 8);
                _line.Text(",seq=0x"u8);
                _line.Hex(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));
                _line.Text("), length "u8);
                _line.Number(length);
                break;
            case IpProtocol.Ospf when bytes.Length >= 2: Ospf(bytes, length); break;
            default:
                _line.Text(" ip-proto-"u8);
                _line.Number((uint)protocol);
                _line.Character((byte)' ');
                _line.Number(length);
                break;
        }
    }

    private void Ospf(ReadOnlySpan<byte> bytes, int length)
    {
        _line.Text("OSPFv"u8);
        _line.Number((uint)bytes[0]);
        _line.Text(", "u8);
        _line.Text(bytes[1] switch
        {
            1 => "Hello"u8,
            2 => "Database Description"u8,
            3 => "LS-Request"u8,
            4 => "LS-Update"u8,
            5 => "LS-Ack"u8,
            _ => "unknown packet type"u8,
        });
        _line.Text(", length "u8);
        _line.Number(length);
    }
}
