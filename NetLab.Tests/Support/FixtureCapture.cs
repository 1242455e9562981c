using System.Buffers.Binary;
using NetLab.Core;
using NetLab.Core.Packets;

namespace NetLab.Tests.Support;

/// <summary>One packet of a capture file, with its bytes kept.</summary>
internal sealed record CapturedPacket(int Number, LinkType LinkType, byte[] Bytes, int WireLength, Timestamp Time, int Interface)
{
    public Frame Frame => new(LinkType, Bytes, WireLength) { Number = Number, Time = Time, Interface = Interface };
}

/// <summary>A reader of pcap and pcapng for tests of the dissector only: it reads what is whole and stops at the first doubt.</summary>
internal static class FixtureCapture
{
    public static List<CapturedPacket> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (file.Length < 24)
            return [];
        return BinaryPrimitives.ReadUInt32BigEndian(file) == 0x0A0D0D0A ? ReadPcapng(file) : ReadPcap(file);
    }

    private static uint U32(ReadOnlySpan<byte> bytes, bool big) =>
        big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static ushort U16(ReadOnlySpan<byte> bytes, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static List<CapturedPacket> ReadPcap(byte[] file)
    {
        var packets = new List<CapturedPacket>();
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(file);
        bool big = magic is 0xA1B2C3D4 or 0xA1B23C4D or 0xA1B2CD34;
        bool nano = magic is 0xA1B23C4D or 0x4D3CB2A1;
        bool modified = magic is 0xA1B2CD34 or 0x34CDB2A1;
        if (!big && magic is not (0xD4C3B2A1 or 0x4D3CB2A1 or 0x34CDB2A1))
            return packets;
        int header = modified ? 24 : 16;
        var link = (LinkType)(U32(file.AsSpan(20), big) & 0xFFFF);
        for (int at = 24; at + header <= file.Length;)
        {
            long time = U32(file.AsSpan(at), big) * 1_000_000_000L + U32(file.AsSpan(at + 4), big) * (nano ? 1L : 1000L);
            long captured = U32(file.AsSpan(at + 8), big);
            long wire = U32(file.AsSpan(at + 12), big);
            if (at + header + captured > file.Length || captured > 262144)
                break;
            packets.Add(new(packets.Count + 1, link, file.AsSpan(at + header, (int)captured).ToArray(), (int)Math.Min(wire, int.MaxValue), new(time), -1));
            at += header + (int)captured;
        }

        return packets;
    }

    private static List<CapturedPacket> ReadPcapng(byte[] file)
    {
        var packets = new List<CapturedPacket>();
        var interfaces = new List<(LinkType Link, int Snap, Func<ulong, long> Time)>();
        bool big = false;
        int sections = 0;
        for (int at = 0; at + 12 <= file.Length;)
        {
            uint type = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (type == 0x0A0D0D0A)
            {
                big = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8)) == 0x1A2B3C4D;
                sections = interfaces.Count;
            }

            long length = U32(file.AsSpan(at + 4), big);
            if (length < 12 || at + length > file.Length)
                break;
            var body = file.AsSpan(at + 8, (int)length - 12);
            type = U32(file.AsSpan(at), big);
            if (type == 1)
                interfaces.Add(Interface(body, big));
            else if (type is 6 or 2 && body.Length >= 20)
                Packet(packets, interfaces, sections, body, big, type == 2);
            else if (type == 3 && interfaces.Count > sections)
                Simple(packets, interfaces, sections, body, big);
            at += (int)length;
        }

        return packets;
    }

    private static (LinkType Link, int Snap, Func<ulong, long> Time) Interface(ReadOnlySpan<byte> body, bool big)
    {
        byte resolution = 6;
        for (int at = 8; at + 4 <= body.Length;)
        {
            int code = U16(body[at..], big), length = U16(body[(at + 2)..], big);
            if (code == 0)
                break;
            if (code == 9)
                resolution = body[at + 4];
            at += 4 + (length + 3) / 4 * 4;
        }

        Func<ulong, long> time = (resolution & 0x80) != 0
            ? units => (long)((UInt128)units * 1_000_000_000 >> (resolution & 0x7F))
            : units => (long)((UInt128)units * 1_000_000_000 / (UInt128)Math.Pow(10, resolution));
        return ((LinkType)U16(body, big), (int)U32(body[4..], big), time);
    }

    private static void Packet(List<CapturedPacket> packets, List<(LinkType Link, int Snap, Func<ulong, long> Time)> interfaces, int first, ReadOnlySpan<byte> body, bool big, bool old)
    {
        int id = old ? U16(body, big) : (int)U32(body, big);
        int captured = (int)U32(body[12..], big);
        if (first + id >= interfaces.Count || captured < 0 || captured > body.Length - 20)
            return;
        var (link, _, time) = interfaces[first + id];
        ulong units = (ulong)U32(body[4..], big) << 32 | U32(body[8..], big);
        packets.Add(new(packets.Count + 1, link, body.Slice(20, captured).ToArray(), (int)U32(body[16..], big), new(time(units)), first + id));
    }

    private static void Simple(List<CapturedPacket> packets, List<(LinkType Link, int Snap, Func<ulong, long> Time)> interfaces, int first, ReadOnlySpan<byte> body, bool big)
    {
        var (link, snap, _) = interfaces[first];
        int wire = (int)U32(body, big);
        int captured = Math.Min(Math.Min(wire, body.Length - 4), snap > 0 ? snap : int.MaxValue);
        packets.Add(new(packets.Count + 1, link, body.Slice(4, captured).ToArray(), wire, default, first));
    }
}
