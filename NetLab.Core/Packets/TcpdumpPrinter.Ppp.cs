using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <content>PPPoE, PPP, and the link layers that Ethernet's lengths and old types announce.</content>
internal ref partial struct TcpdumpPrinter
{
    private void Pppoe(ReadOnlySpan<byte> bytes, int length)
    {
        if (!PppoeHeader.TryRead(bytes, out var header))
        {
            Truncated("pppoe"u8);
            return;
        }

        _line.Text("PPPoE "u8);
        _line.Text(header.Code switch
        {
            0 => default,
            0x09 => "PADI"u8,
            0x07 => "PADO"u8,
            0x19 => "PADR"u8,
            0x65 => "PADS"u8,
            0xA7 => "PADT"u8,
            _ => "PAD-#"u8,
        });
        if (header.Code == 0 || header.Session != 0)
        {
            _line.Text(" [ses 0x"u8);
            _line.Hex(header.Session);
            _line.Character((byte)']');
        }

        var payload = bytes[PppoeHeader.Length..];
        int left = Math.Min(header.PayloadLength, length - PppoeHeader.Length);
        if (payload.Length > left)
            payload = payload[..left];
        if (header.Code == 0)
        {
            _line.Character((byte)' ');
            Ppp(payload, left);
            return;
        }

        PppoeTags(payload);
    }

    private void PppoeTags(ReadOnlySpan<byte> tags)
    {
        while (tags.Length >= 4)
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(tags);
            int length = BinaryPrimitives.ReadUInt16BigEndian(tags[2..]);
            if (type == 0 || length > tags.Length - 4)
                return;
            var value = tags.Slice(4, length);
            _line.Text(" ["u8);
            _line.Text(type switch
            {
                0x0101 => "Service-Name"u8,
                0x0102 => "AC-Name"u8,
                0x0103 => "Host-Uniq"u8,
                0x0104 => "AC-Cookie"u8,
                0x0105 => "Vendor-Specific"u8,
                0x0110 => "Relay-Session-ID"u8,
                0x0201 => "Service-Name-Error"u8,
                0x0202 => "AC-System-Error"u8,
                0x0203 => "Generic-Error"u8,
                _ => "TAG-#"u8,
            });
            if (length > 0)
                PppoeValue(value);
            _line.Character((byte)']');
            tags = tags[(4 + length)..];
        }
    }

    private void PppoeValue(ReadOnlySpan<byte> value)
    {
        if (value.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) < 0)
        {
            _line.Text(" \""u8);
            _line.Printable(value);
            _line.Character((byte)'"');
            return;
        }

        _line.Text(" 0x"u8);
        foreach (byte octet in value)
        {
            _line.Character("0123456789ABCDEF"u8[octet >> 4]);
            _line.Character("0123456789ABCDEF"u8[octet & 15]);
        }
    }

    private void Ppp(ReadOnlySpan<byte> bytes, int length)
    {
        if (!PppProtocol.TryRead(bytes, out ushort protocol, out int used))
        {
            Truncated("ppp"u8);
            return;
        }

        var payload = bytes[used..];
        length -= used;
        switch (protocol)
        {
            case PppProtocol.Ipv4: Ipv4(payload, length); break;
            case PppProtocol.Ipv6: Ipv6(payload, length); break;
            case PppProtocol.Lcp or 0x8021 or 0x8057: PppControl(protocol, payload, length); break;
            default:
                _line.Text("unknown PPP protocol (0x"u8);
                _line.Hex(protocol, 4);
                _line.Text("), length "u8);
                _line.Number(length);
                break;
        }
    }

    private void PppControl(ushort protocol, ReadOnlySpan<byte> bytes, int length)
    {
        _line.Text(protocol switch { 0x8021 => "IPCP"u8, 0x8057 => "IP6CP"u8, _ => "LCP"u8 });
        if (bytes.Length < 4)
        {
            Truncated("ppp"u8);
            return;
        }

        _line.Text(", "u8);
        _line.Text(bytes[0] switch
        {
            0 => "Vendor-Extension"u8,
            1 => "Conf-Request"u8,
            2 => "Conf-Ack"u8,
            3 => "Conf-Nack"u8,
            4 => "Conf-Reject"u8,
            5 => "Term-Request"u8,
            6 => "Term-Ack"u8,
            7 => "Code-Reject"u8,
            8 => "Prot-Reject"u8,
            9 => "Echo-Request"u8,
            10 => "Echo-Reply"u8,
            11 => "Disc-Req"u8,
            _ => "Unknown"u8,
        });
        _line.Text(" (0x"u8);
        _line.Hex(bytes[0], 2);
        _line.Text("), id "u8);
        _line.Number((uint)bytes[1]);
        _line.Text(", length "u8);
        _line.Number(length + 2);
    }

    private bool Llc(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length < 3)
        {
            Truncated("llc"u8);
            return true;
        }

        // SNAP with the zero organisation carries an EtherType (RFC 1042).
        if (bytes is [0xAA, 0xAA, 0x03, 0, 0, 0, _, _, ..])
            return EtherPayload(BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]), bytes[8..], length - 8);
        if (bytes[0] == 0x42 && bytes[1] == 0x42)
        {
            SpanningTree(bytes[3..], length - 3);
            return true;
        }

        return false;
    }

    // IEEE 802.1D section 9.3.
    private void SpanningTree(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length < 4)
        {
            Truncated("stp"u8);
            return;
        }

        _line.Text("STP "u8);
        _line.Text(bytes[2] switch { 0 => "802.1d"u8, 2 => "802.1w"u8, 3 => "802.1s"u8, _ => "unknown version"u8 });
        _line.Text(bytes[3] switch { 0 => ", Config"u8, 0x80 => ", Topology Change"u8, 2 => ", Rapid STP"u8, _ => ", unknown type"u8 });
        if (bytes[3] == 0x80)
            return;
        if (bytes.Length < 35)
        {
            Truncated("stp"u8);
            return;
        }

        _line.Text(", Flags ["u8);
        SpanningTreeFlags(bytes[4]);
        _line.Text("], bridge-id "u8);
        _line.Hex(BinaryPrimitives.ReadUInt16BigEndian(bytes[17..]), 4);
        _line.Character((byte)'.');
        _line.Mac(bytes.Slice(19, 6));
        _line.Character((byte)'.');
        _line.Hex(BinaryPrimitives.ReadUInt16BigEndian(bytes[25..]), 4);
        _line.Text(", length "u8);
        _line.Number(length);
    }

    private void SpanningTreeFlags(byte flags)
    {
        int start = _line.Length;
        for (int bit = 0; bit < 8; bit++)
        {
            if ((flags >> bit & 1) == 0 || bit is 2 or 3)
                continue;
            if (_line.Length > start)
                _line.Text(", "u8);
            _line.Text(bit switch
            {
                0 => "Topology change"u8,
                1 => "Proposal"u8,
                4 => "Learn"u8,
                5 => "Forward"u8,
                6 => "Agreement"u8,
                _ => "Topology change ACK"u8,
            });
        }

        if (_line.Length == start)
            _line.Text("none"u8);
    }

    // Ethernet's configuration testing protocol: little-endian, skip count, then functions.
    private void ConfigurationTest(ReadOnlySpan<byte> bytes, int length)
    {
        _line.Text("Loopback"u8);
        if (bytes.Length < 4 || length < 4)
        {
            Truncated("loopback"u8);
            return;
        }

        int skip = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        _line.Text(", skipCount "u8);
        _line.Number(skip);
        int at = 2 + skip;
        if (skip % 8 != 0)
            _line.Text(" (bogus)"u8);
        if (bytes.Length < at + 2)
        {
            Truncated("loopback"u8);
            return;
        }

        int function = BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
        at += 2;
        _line.Text(", "u8);
        if (function == 1 && bytes.Length >= at + 2)
        {
            _line.Text("Reply, receipt number "u8);
            _line.Number((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]));
            at += 2;
        }
        else if (function == 2 && bytes.Length >= at + 6)
        {
            _line.Text("Forward Data, forwarding address "u8);
            _line.Mac(bytes.Slice(at, 6));
            at += 6;
        }
        else
        {
            _line.Text("invalid (invalid)"u8);
            return;
        }

        _line.Text(", data ("u8);
        _line.Number(length - at);
        _line.Text(" octets)"u8);
    }
}
