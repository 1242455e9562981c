using System.Buffers.Binary;
using NetLab.Core;
using NetLab.Core.Capture;
using NetLab.Core.Packets;

namespace NetLab.Tests.Support;

/// <summary>Ethernet frames of TCP and UDP on 127.0.0.1, made for tests, and files of them.</summary>
internal static class TcpFrames
{
    /// <summary>The time of the first packet; the others follow a millisecond apart.</summary>
    public static readonly Timestamp Start = new(1_700_000_000_000_000_000);

    /// <summary>A greeting: SYN, SYN-ACK, ACK, request, answer, FINs. The first end sends from <paramref name="port"/>, the other from 80.</summary>
    public static List<byte[]> Exchange(ushort port, string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n", string answer = "HTTP/1.1 200 OK\r\n\r\nhello")
    {
        uint mine = 1001, other = 5001;
        uint asked = mine + (uint)request.Length, said = other + (uint)answer.Length;
        const TcpFlags Fin = TcpFlags.Fin | TcpFlags.Ack, Push = TcpFlags.Psh | TcpFlags.Ack;
        return
        [
            Tcp(port, 80, TcpFlags.Syn, mine - 1, 0), Tcp(80, port, TcpFlags.Syn | TcpFlags.Ack, other - 1, mine), Tcp(port, 80, TcpFlags.Ack, mine, other),
            Tcp(port, 80, Push, mine, other, request), Tcp(80, port, TcpFlags.Ack, other, asked), Tcp(80, port, Push, other, asked, answer),
            Tcp(port, 80, TcpFlags.Ack, asked, said), Tcp(80, port, Fin, said, asked), Tcp(port, 80, Fin, asked, said + 1), Tcp(80, port, TcpFlags.Ack, said + 1, asked + 1),
        ];
    }

    /// <summary>A TCP segment.</summary>
    public static byte[] Tcp(ushort source, ushort destination, TcpFlags flags, uint sequence, uint acknowledgment, string payload = "")
    {
        byte[] packet = Ip(6, 20 + payload.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(34), source);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(36), destination);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(38), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(42), acknowledgment);
        packet[46] = 0x50;
        packet[47] = (byte)flags;
        packet[48] = 2;
        System.Text.Encoding.Latin1.GetBytes(payload, packet.AsSpan(54));
        return packet;
    }

    /// <summary>A UDP datagram.</summary>
    public static byte[] Udp(ushort source, ushort destination, string payload)
    {
        byte[] packet = Ip(17, 8 + payload.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(34), source);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(36), destination);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(38), (ushort)(8 + payload.Length));
        System.Text.Encoding.Latin1.GetBytes(payload, packet.AsSpan(42));
        return packet;
    }

    /// <summary>Writes frames into a file, a millisecond apart.</summary>
    public static void Save(string path, IEnumerable<byte[]> frames)
    {
        using var writer = new PcapWriter(File.Create(path), (ushort)LinkType.Ethernet);
        long number = 0;
        foreach (byte[] frame in frames)
            writer.Write(new Timestamp(Start.Nanoseconds + number++ * 1_000_000), (ushort)LinkType.Ethernet, frame.Length, frame);
    }

    /// <summary>Writes frames into a journal, a millisecond apart, as a capture does.</summary>
    public static void Append(JournalWriter writer, IEnumerable<byte[]> frames, long number = 0)
    {
        foreach (byte[] frame in frames)
        {
            var entry = new LabEvent { Kind = EventKind.Packet, Provenance = Provenance.Observed, Time = new Timestamp(Start.Nanoseconds + number * 1_000_000) };
            entry.Detail.Packet = new PacketDetail { Number = ++number, OriginalLength = frame.Length, LinkType = (ushort)LinkType.Ethernet };
            writer.Append(entry, frame);
        }
    }

    private static byte[] Ip(byte protocol, int length)
    {
        byte[] packet = new byte[34 + length];
        (packet[0], packet[6]) = (2, 2);
        packet[12] = 8;
        packet[14] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(16), (ushort)(20 + length));
        (packet[22], packet[23]) = (64, protocol);
        packet[26] = packet[30] = 127;
        packet[29] = packet[33] = 1;
        return packet;
    }
}
