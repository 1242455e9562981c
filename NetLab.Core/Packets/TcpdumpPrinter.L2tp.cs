using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <content>L2TP version 2.</content>
internal ref partial struct TcpdumpPrinter
{
    private void L2tp(ReadOnlySpan<byte> bytes, int length)
    {
        _line.Text(" l2tp:"u8);
        if (!L2tpHeader.TryRead(bytes, out var header))
        {
            Truncated("l2tp"u8);
            return;
        }

        _line.Character((byte)'[');
        if (header.IsControl)
            _line.Character((byte)'T');
        if (header.HasLength)
            _line.Character((byte)'L');
        if (header.HasSequence)
            _line.Character((byte)'S');
        if (header.HasOffset)
            _line.Character((byte)'O');
        if (header.HasPriority)
            _line.Character((byte)'P');
        _line.Text("]("u8);
        _line.Number((uint)header.Tunnel);
        _line.Character((byte)'/');
        _line.Number((uint)header.Session);
        _line.Character((byte)')');
        if (header.HasSequence)
        {
            _line.Text("Ns="u8);
            _line.Number((uint)header.Ns);
            _line.Text(",Nr="u8);
            _line.Number((uint)header.Nr);
        }

        var payload = bytes[header.Length..];
        if (header.IsControl)
        {
            L2tpControl(payload);
            return;
        }

        _line.Text(" {"u8);
        if (++_depth < MaxDepth)
            Ppp(payload, length - header.Length);
        _line.Character((byte)'}');
    }

    private void L2tpControl(ReadOnlySpan<byte> pairs)
    {
        if (pairs.IsEmpty)
        {
            _line.Text(" ZLB"u8);
            return;
        }

        // The first attribute is the message's type (RFC 2661 section 4.4.1).
        if (pairs.Length < 8 || BinaryPrimitives.ReadUInt16BigEndian(pairs[4..]) != 0)
            return;
        _line.Text((pairs[0] & 0x80) != 0 ? " *MSGTYPE("u8 : " MSGTYPE("u8);
        _line.Text(BinaryPrimitives.ReadUInt16BigEndian(pairs[6..]) switch
        {
            1 => "SCCRQ"u8,
            2 => "SCCRP"u8,
            3 => "SCCCN"u8,
            4 => "StopCCN"u8,
            6 => "HELLO"u8,
            7 => "OCRQ"u8,
            8 => "OCRP"u8,
            9 => "OCCN"u8,
            10 => "ICRQ"u8,
            11 => "ICRP"u8,
            12 => "ICCN"u8,
            14 => "CDN"u8,
            15 => "WEN"u8,
            16 => "SLI"u8,
            _ => "unknown"u8,
        });
        _line.Character((byte)')');
    }
}
