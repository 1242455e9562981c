using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <content>IGMP.</content>
internal ref partial struct TcpdumpPrinter
{
    private void Igmp(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length < 8)
        {
            _line.Text("igmp"u8);
            Truncated("igmp"u8);
            return;
        }

        _line.Text("igmp "u8);
        var group = bytes.Slice(4, 4);
        switch (bytes[0])
        {
            case 0x11: IgmpQuery(bytes, length, group); break;
            case 0x12:
                _line.Text("v1 report "u8);
                _line.Ipv4(group);
                break;
            case 0x16:
                _line.Text("v2 report "u8);
                _line.Ipv4(group);
                break;
            case 0x22:
                _line.Text("v3 report, "u8);
                _line.Number((uint)BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
                _line.Text(" group record(s)"u8);
                break;
            case 0x17:
                _line.Text("leave "u8);
                _line.Ipv4(group);
                break;
            default:
                _line.Character((byte)'-');
                _line.Number((uint)bytes[0]);
                break;
        }
    }

    private void IgmpQuery(ReadOnlySpan<byte> bytes, int length, ReadOnlySpan<byte> group)
    {
        _line.Text("query "u8);
        uint code = bytes[1];
        bool hasGroup = group.ContainsAnyExcept((byte)0);
        if (length >= 12)
        {
            _line.Text("v3"u8);
            // RFC 3376 section 4.1.1: from 128 on a floating point number of tenths of a second.
            uint tenths = code < 128 ? code : ((code & 15) | 16) << (int)((code >> 4 & 7) + 3);
            if (code != 100)
            {
                _line.Text(" [max resp time "u8);
                if (tenths < 600)
                {
                    _line.Number(tenths / 10);
                    _line.Character((byte)'.');
                    _line.Number(tenths % 10);
                    _line.Character((byte)'s');
                }
                else
                {
                    RelativeTime(tenths / 10);
                }

                _line.Character((byte)']');
            }
        }
        else if (code == 0)
        {
            _line.Text("v1"u8);
            return;
        }
        else
        {
            _line.Text("v2"u8);
            if (code != 100)
            {
                _line.Text(" [max resp time "u8);
                _line.Number(code);
                _line.Character((byte)']');
            }
        }

        if (!hasGroup)
            return;
        _line.Text(" [gaddr "u8);
        _line.Ipv4(group);
        int sources = length >= 12 && bytes.Length >= 12 ? BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]) : 0;
        if (sources > 0)
        {
            _line.Text(", "u8);
            _line.Number(sources);
            _line.Text(" source(s)"u8);
        }

        _line.Character((byte)']');
    }

    private void RelativeTime(uint seconds)
    {
        if (seconds >= 3600)
        {
            _line.Number(seconds / 3600);
            _line.Character((byte)'h');
            seconds %= 3600;
            _line.Padded(seconds / 60, 2);
            _line.Character((byte)'m');
        }
        else if (seconds >= 60)
        {
            _line.Number(seconds / 60);
            _line.Character((byte)'m');
        }

        _line.Padded(seconds % 60, seconds % 60 > 9 ? 2 : 1);
        _line.Character((byte)'s');
    }
}
