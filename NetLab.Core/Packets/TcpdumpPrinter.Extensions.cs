using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <content>IPv6 extension headers, AH and mobility.</content>
internal ref partial struct TcpdumpPrinter
{
    private bool Ipv6ExtensionText(IpProtocol kind, ReadOnlySpan<byte> bytes, ref IpContext context, out int used, out bool ends)
    {
        ends = false;
        used = 0;
        switch (kind)
        {
            case IpProtocol.HopByHop: _line.Text("HBH "u8); break;
            case IpProtocol.DestinationOptions: _line.Text("DSTOPT "u8); break;
            case IpProtocol.Fragment: _line.Text("frag ("u8); break;
            case IpProtocol.Routing: _line.Text("RT6 ("u8); break;
            case IpProtocol.Authentication: _line.Text("AH("u8); break;
        }

        if (!Ipv6Extension.TryRead(kind, bytes, out var extension))
        {
            Truncated(ExtensionName(kind));
            return false;
        }

        used = extension.Length;
        switch (kind)
        {
            case IpProtocol.Fragment:
                return FragmentText(extension, bytes, context, out context, out ends);
            case IpProtocol.Routing:
                return RoutingText(extension, bytes);
            case IpProtocol.Authentication:
                return AuthenticationText(extension, bytes);
            default:
                if (used <= bytes.Length && OptionsFit(bytes[2..used]))
                    return true;
                Truncated(ExtensionName(kind));
                return false;
        }
    }

    // Each option but Pad1 has a length of its own (RFC 8200 section 4.2).
    private static bool OptionsFit(ReadOnlySpan<byte> options)
    {
        int at = 0;
        while (at < options.Length)
        {
            if (options[at] != 0 && at + 1 >= options.Length)
                return false;
            at += options[at] == 0 ? 1 : 2 + options[at + 1];
        }

        return at == options.Length;
    }

    private static ReadOnlySpan<byte> ExtensionName(IpProtocol kind) => kind switch
    {
        IpProtocol.HopByHop => "hbhopt"u8,
        IpProtocol.DestinationOptions => "dstopt"u8,
        IpProtocol.Fragment => "frag6"u8,
        IpProtocol.Routing => "rt6"u8,
        _ => "ah"u8,
    };

    private bool FragmentText(Ipv6Extension fragment, ReadOnlySpan<byte> bytes, IpContext before, out IpContext context, out bool ends)
    {
        context = new IpContext(before.Addresses, before.FirstHeader, fragment.MoreFragments);
        _line.Number(fragment.FragmentOffset);
        _line.Character((byte)'|');
        _line.Number(bytes.Length - 8);
        _line.Character((byte)')');
        ends = fragment.FragmentOffset != 0;
        if (!ends)
            _line.Character((byte)' ');
        return true;
    }

    private bool RoutingText(Ipv6Extension routing, ReadOnlySpan<byte> bytes)
    {
        _line.Text("len="u8);
        _line.Number((uint)bytes[1]);
        _line.Text(", type="u8);
        _line.Number((uint)routing.RoutingType);
        if (routing.RoutingType == 0)
            _line.Text(" [Deprecated]"u8);
        _line.Text(", segleft="u8);
        _line.Number((uint)routing.SegmentsLeft);
        int addresses = 8;
        int count = bytes[1] / 2;
        if (routing.RoutingType == 4)
        {
            _line.Text(", last-entry="u8);
            _line.Number((uint)bytes[4]);
            _line.Text(", tag="u8);
            _line.Hex(BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
            if (bytes[1] % 2 != 0)
            {
                _line.Text(" (invalid length "u8);
                _line.Number((uint)bytes[1]);
                _line.Text(") (invalid)"u8);
                return false;
            }

            count = Math.Min(count, bytes[4] + 1);
        }
        else if (routing.RoutingType is not (0 or 2))
        {
            _line.Text(" (unknown type) (invalid)"u8);
            return false;
        }

        for (int index = 0; index < count; index++)
        {
            if (bytes.Length < addresses + 16)
            {
                Truncated("rt6"u8);
                return false;
            }

            _line.Text(", ["u8);
            _line.Number(index);
            _line.Character((byte)']');
            _line.Ipv6(bytes.Slice(addresses, 16));
            addresses += 16;
        }

        _line.Text(") "u8);
        if (routing.Length <= bytes.Length)
            return true;
        Truncated("rt6"u8);
        return false;
    }

    private bool AuthenticationText(Ipv6Extension header, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 12)
        {
            Truncated("ah"u8);
            return false;
        }

        _line.Text("spi=0x"u8);
        _line.Hex(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), 8);
        _line.Text(",seq=0x"u8);
        _line.Hex(BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));
        _line.Text(",icv=0x"u8);
        if (header.Length > bytes.Length || header.Length < 12)
        {
            Truncated("ah"u8);
            return false;
        }

        _line.HexBytes(bytes[12..header.Length]);
        _line.Text("): "u8);
        return true;
    }

    private void Mobility(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
        {
            Truncated("mobility"u8);
            return;
        }

        _line.Text("mobility: "u8);
        switch (bytes[2])
        {
            case 0: _line.Text("BRR"u8); break;
            case 1: _line.Text("HoTI"u8); break;
            case 2: _line.Text("CoTI"u8); break;
            case 3: MobilityNonce("HoT"u8, bytes); break;
            case 4: MobilityNonce("CoT"u8, bytes); break;
            case 5: BindingUpdate(bytes); break;
            case 6: BindingAcknowledgement(bytes); break;
            case 7:
                _line.Text("BE status="u8);
                _line.Number((uint)bytes[6]);
                if (bytes.Length < 24)
                {
                    Truncated("mobility"u8);
                    return;
                }

                _line.Text(" homeaddr "u8);
                _line.Ipv6(bytes.Slice(8, 16));
                break;
            default:
                _line.Text("type-#"u8);
                _line.Number((uint)bytes[2]);
                _line.Text(" len="u8);
                _line.Number((uint)bytes[1]);
                break;
        }
    }

    private void MobilityNonce(ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        _line.Text(name);
        _line.Text(" nonce id=0x"u8);
        _line.Hex(BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
    }

    private void BindingUpdate(ReadOnlySpan<byte> bytes)
    {
        _line.Text("BU seq#="u8);
        _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
        if (bytes.Length < 12)
        {
            Truncated("mobility"u8);
            return;
        }

        byte flags = bytes[8];
        if ((flags & 0xF0) != 0)
            _line.Character((byte)' ');
        for (int bit = 0; bit < 4; bit++)
        {
            if ((flags & (0x80 >> bit)) != 0)
                _line.Character("AHLK"u8[bit]);
        }

        _line.Text(" lifetime="u8);
        _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]) << 2);
    }

    private void BindingAcknowledgement(ReadOnlySpan<byte> bytes)
    {
        _line.Text("BA status="u8);
        _line.Number((uint)bytes[6]);
        if ((bytes[7] & 0x80) != 0)
            _line.Text(" K"u8);
        if (bytes.Length < 12)
        {
            Truncated("mobility"u8);
            return;
        }

        _line.Text(" seq#="u8);
        _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(bytes[8..]));
        _line.Text(" lifetime="u8);
        _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]) << 2);
    }
}
