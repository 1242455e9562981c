using System.Buffers.Binary;
using System.Text;
using NetLab.Core;
using NetLab.Core.Capture;
using NetLab.Core.Packets;

namespace NetLab.Tests.Support;

/// <summary>A capture that a test makes for itself, packet by packet: TCP and UDP in IPv4 in Ethernet, a millisecond apart, with good checksums.</summary>
internal sealed class MadeCapture
{
    private const long Start = 1_700_000_000_000_000_000;
    private readonly List<byte[]> _packets = [];

    /// <summary>The packets.</summary>
    public IReadOnlyList<byte[]> Packets => _packets;

    /// <summary>A request and its answer on port 8000, of which the answer's second part comes before the first and once more; and a datagram.</summary>
    public static MadeCapture Exchange()
    {
        var made = new MadeCapture();
        const string request = "GET / HTTP/1.1\r\nHost: lab\r\n\r\n";
        made.Tcp(40000, 8000, TcpFlags.Syn, 1000, 0);
        made.Tcp(8000, 40000, TcpFlags.Syn | TcpFlags.Ack, 5000, 1001);
        made.Tcp(40000, 8000, TcpFlags.Ack, 1001, 5001);
        made.Tcp(40000, 8000, TcpFlags.Psh | TcpFlags.Ack, 1001, 5001, request);
        made.Tcp(8000, 40000, TcpFlags.Psh | TcpFlags.Ack, 5018, 1030, "\r\nhello\u001b[2J word\n");
        made.Tcp(8000, 40000, TcpFlags.Psh | TcpFlags.Ack, 5001, 1030, "HTTP/1.1 200 OK\r\n");
        made.Tcp(8000, 40000, TcpFlags.Psh | TcpFlags.Ack, 5001, 1030, "HTTP/1.1 200 OK\r\n");
        made.Tcp(8000, 40000, TcpFlags.Fin | TcpFlags.Ack, 5035, 1030);
        made.Udp(9999, 7, "ping");
        return made;
    }

    /// <summary>Adds a segment from one port to another of 127.0.0.1.</summary>
    public void Tcp(ushort source, ushort destination, TcpFlags flags, uint sequence, uint acknowledgment, string payload = "")
    {
        byte[] header = new byte[20];
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), acknowledgment);
        header[12] = 0x50;
        header[13] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), 512);
        Add(6, source, destination, header, 16, Encoding.UTF8.GetBytes(payload));
    }

    /// <summary>Adds a datagram from one port to another of 127.0.0.1.</summary>
    public void Udp(ushort source, ushort destination, string payload)
    {
        byte[] header = new byte[8];
        byte[] data = Encoding.UTF8.GetBytes(payload);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), (ushort)(8 + data.Length));
        Add(17, source, destination, header, 6, data);
    }

    /// <summary>Saves it so many times over, one after the other, in pcap or, by its name, pcapng.</summary>
    public string Save(string path, int times = 1)
    {
        var stream = File.Create(path);
        using CaptureFileWriter writer = path.EndsWith(".pcapng", StringComparison.Ordinal) ? new PcapngWriter(stream) : new PcapWriter(stream, 1);
        for (int index = 0; index < times * _packets.Count; index++)
            writer.Write(new Timestamp(Start + index * 1_000_000L), 1, 0, _packets[index % _packets.Count]);
        return path;
    }

    private void Add(byte protocol, ushort source, ushort destination, byte[] header, int checksumAt, byte[] payload)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header, source);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), destination);
        byte[] ip = [0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1];
        int length = header.Length + payload.Length;
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(2), (ushort)(ip.Length + length));
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(10), Sum(ip));
        byte[] segment = [.. header, .. payload];
        byte[] pseudo = [127, 0, 0, 1, 127, 0, 0, 1, 0, protocol, (byte)(length >> 8), (byte)length, .. segment];
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(checksumAt), Sum(pseudo));
        _packets.Add([.. new byte[12], 8, 0, .. ip, .. segment]);
    }

    private static ushort Sum(byte[] bytes)
    {
        uint sum = 0;
        for (int at = 0; at < bytes.Length; at++)
            sum += at % 2 == 0 ? (uint)bytes[at] << 8 : bytes[at];
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
