namespace NetLab.Core.Packets;

/// <summary>
/// Walks one packet and writes it as tcpdump 4.99 does. Each method takes what was captured of a layer and how long the layer is
/// said to be; the two differ where the snap length cut it. A layer's method ends its line itself where it is cut off.
/// </summary>
internal ref partial struct TcpdumpPrinter(Utf8Line line, SequenceBase? sequences)
{
    /// <summary>How deep tunnels may nest before the walk gives up.</summary>
    private const int MaxDepth = 12;

    private Utf8Line _line = line;
    private readonly SequenceBase? _sequences = sequences;
    private int _depth;

    /// <summary>What to take from TCP's numbers where no table is kept: the line is printed out of its turn.</summary>
    public SequenceOrigin? Origin { get; init; }

    public readonly int Length => _line.Length;

    public void Frame(LinkType linkType, ReadOnlySpan<byte> bytes, int length)
    {
        switch (linkType)
        {
            case LinkType.Ethernet: Ethernet(bytes, length); break;
            case LinkType.LinuxCooked: Cooked(bytes, length); break;
            case LinkType.LinuxCooked2: Cooked2(bytes, length); break;
            case LinkType.Null or LinkType.Loop: Loopback(bytes, length); break;
            case LinkType.Raw or LinkType.RawLive or LinkType.Ipv4 or LinkType.Ipv6: Raw(bytes, length); break;
            case LinkType.Slip when bytes.Length >= 16: Raw(bytes[16..], length - 16); break;
            case LinkType.Ppp: Ppp(bytes, length); break;
            case LinkType.PktAp or LinkType.User2 when LinkLayer.TryReadPktAp(bytes, out int header, out var inner):
                Frame(inner, bytes[header..], length - header);
                break;
            default: _line.Text("UNSUPPORTED"u8); break;
        }
    }

    private void Truncated(ReadOnlySpan<byte> protocol)
    {
        _line.Text(" [|"u8);
        _line.Text(protocol);
        _line.Character((byte)']');
    }

    private void Ethernet(ReadOnlySpan<byte> bytes, int length)
    {
        if (!EthernetHeader.TryRead(bytes, out var header))
        {
            Truncated("ether"u8);
            return;
        }

        ushort type = header.TypeOrLength;
        int at = EthernetHeader.Length;
        while (VlanTag.IsTag(type))
        {
            if (!VlanTag.TryRead(bytes[at..], out var tag))
            {
                Truncated("vlan"u8);
                return;
            }

            type = tag.InnerType;
            at += VlanTag.Length;
        }

        if (type <= EthernetHeader.MaxLength)
        {
            if (!Llc(bytes[at..], length - at))
                UnknownEthernet(header, type, length);
            return;
        }

        if (!EtherPayload(type, bytes[at..], length - at))
            UnknownEthernet(header, type, length);
    }

    private void UnknownEthernet(EthernetHeader header, ushort type, int length)
    {
        _line.Mac(header.Source);
        _line.Text(" > "u8);
        _line.Mac(header.Destination);
        if (type <= EthernetHeader.MaxLength)
        {
            _line.Text(", 802.3"u8);
        }
        else
        {
            _line.Text(", ethertype Unknown (0x"u8);
            _line.Hex(type, 4);
            _line.Character((byte)')');
        }

        _line.Text(", length "u8);
        _line.Number(length);
        _line.Text(": "u8);
    }

    private bool EtherPayload(ushort type, ReadOnlySpan<byte> bytes, int length)
    {
        switch ((EtherType)type)
        {
            case EtherType.Ipv4: Ipv4(bytes, length); return true;
            case EtherType.Ipv6: Ipv6(bytes, length); return true;
            case EtherType.Arp: Arp(bytes, length); return true;
            case EtherType.PppoeDiscovery or EtherType.PppoeSession: Pppoe(bytes, length); return true;
            case EtherType.Loopback: ConfigurationTest(bytes, length); return true;
            default: return false;
        }
    }

    private void Cooked(ReadOnlySpan<byte> bytes, int length)
    {
        if (!LinuxCookedHeader.TryRead(bytes, out var header))
        {
            Truncated("linux_sll"u8);
            return;
        }

        CookedPayload(header.Protocol, bytes[LinuxCookedHeader.Length..], length - LinuxCookedHeader.Length);
    }

    private void Cooked2(ReadOnlySpan<byte> bytes, int length)
    {
        if (!LinuxCooked2Header.TryRead(bytes, out var header))
        {
            Truncated("linux_sll2"u8);
            return;
        }

        // tcpdump asks the machine it runs on for the name; the index is all that the capture has.
        int name = _line.Length;
        _line.Text("if"u8);
        _line.Number(header.InterfaceIndex);
        do
            _line.Character((byte)' ');
        while (_line.Length < name + 6 && !_line.IsFull);
        _line.Text(header.PacketType switch
        {
            0 => "In "u8,
            1 => "B  "u8,
            2 => "M  "u8,
            3 => "P  "u8,
            4 => "Out"u8,
            _ => "?  "u8,
        });
        _line.Character((byte)' ');
        CookedPayload(header.Protocol, bytes[LinuxCooked2Header.Length..], length - LinuxCooked2Header.Length);
    }

    private void CookedPayload(ushort protocol, ReadOnlySpan<byte> bytes, int length)
    {
        while (VlanTag.IsTag(protocol) && VlanTag.TryRead(bytes, out var tag))
        {
            protocol = tag.InnerType;
            bytes = bytes[VlanTag.Length..];
            length -= VlanTag.Length;
        }

        if (protocol == 4 && Llc(bytes, length))
            return;
        if (EtherPayload(protocol, bytes, length))
            return;
        _line.Text("ethertype Unknown (0x"u8);
        _line.Hex(protocol, 4);
        _line.Text("), length "u8);
        _line.Number(length);
        _line.Text(": "u8);
    }

    private void Loopback(ReadOnlySpan<byte> bytes, int length)
    {
        if (!LoopbackHeader.TryRead(bytes, out var header))
        {
            Truncated("null"u8);
            return;
        }

        var payload = bytes[LoopbackHeader.Length..];
        int left = length - LoopbackHeader.Length;
        switch (header.EtherType)
        {
            case EtherType.Ipv4: Ipv4(payload, left); break;
            case EtherType.Ipv6: Ipv6(payload, left); break;
            default:
                _line.Text("AF Unknown ("u8);
                _line.Number(header.Family);
                _line.Text("), length "u8);
                _line.Number(length);
                _line.Text(": "u8);
                break;
        }
    }

    private void Raw(ReadOnlySpan<byte> bytes, int length)
    {
        switch (LinkLayer.ByVersion(bytes))
        {
            case EtherType.Ipv4: Ipv4(bytes, length); break;
            case EtherType.Ipv6: Ipv6(bytes, length); break;
            default:
                _line.Text("unknown ip "u8);
                _line.Number(bytes.IsEmpty ? 0 : bytes[0] >> 4);
                break;
        }
    }

    private void Arp(ReadOnlySpan<byte> bytes, int length)
    {
        _line.Text("ARP, "u8);
        if (!ArpHeader.TryRead(bytes, out var arp))
        {
            Truncated("arp"u8);
            return;
        }

        if (!arp.IsEthernetIpv4)
        {
            _line.Text("Unknown Hardware ("u8);
            _line.Number((uint)arp.HardwareType);
            _line.Text(") or Protocol (0x"u8);
            _line.Hex(arp.ProtocolType, 4);
            _line.Text(")"u8);
        }
        else
        {
            ArpAddresses(arp);
        }

        _line.Text(", length "u8);
        _line.Number(length);
    }

    private void ArpAddresses(ArpHeader arp)
    {
        switch (arp.Operation)
        {
            case 1:
                _line.Text("Request who-has "u8);
                _line.Ipv4(arp.TargetProtocol);
                if (arp.TargetHardware.ContainsAnyExcept((byte)0))
                {
                    _line.Text(" ("u8);
                    _line.Mac(arp.TargetHardware);
                    _line.Character((byte)')');
                }

                _line.Text(" tell "u8);
                _line.Ipv4(arp.SenderProtocol);
                break;
            case 2:
                _line.Text("Reply "u8);
                _line.Ipv4(arp.SenderProtocol);
                _line.Text(" is-at "u8);
                _line.Mac(arp.SenderHardware);
                break;
            case 3:
                _line.Text("Reverse Request who-is "u8);
                _line.Mac(arp.TargetHardware);
                _line.Text(" tell "u8);
                _line.Mac(arp.SenderHardware);
                break;
            case 4:
                _line.Text("Reverse Reply "u8);
                _line.Mac(arp.TargetHardware);
                _line.Text(" at "u8);
                _line.Ipv4(arp.TargetProtocol);
                break;
            default:
                _line.Text("Unknown ("u8);
                _line.Number((uint)arp.Operation);
                _line.Character((byte)')');
                break;
        }
    }
}
