using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using NetLab.Core;
using NetLab.Core.Packets;

namespace NetLab.Benchmarks;

/// <summary>
/// Parse, line, fields and filter over a classic pcap file in memory (NETLAB_BENCH_PCAP, little-endian, microseconds), else over
/// loopback HTTP that it makes itself. Every figure is for <see cref="Packets"/> packets.
/// </summary>
[MemoryDiagnoser]
public class PacketBenchmark
{
    private const int Packets = 100_000;

    private readonly byte[] _buffer = new byte[TcpdumpLine.SuggestedBuffer];
    private readonly Dissection _dissection = new();
    private readonly TcpdumpLine _line = new();
    private readonly List<(byte[] Bytes, int WireLength, Timestamp Time)> _packets = new(Packets);
    private LinkType _link = LinkType.Ethernet;
    private FieldSelection _fields = null!;
    private DisplayFilter _filter = null!;

    [GlobalSetup]
    public void Setup()
    {
        if (Environment.GetEnvironmentVariable("NETLAB_BENCH_PCAP") is { } path)
            Load(File.ReadAllBytes(path));
        else
            Make();
        const string names = "frame.number,frame.time_epoch,ip.src,ip.dst,tcp.srcport,tcp.dstport,tcp.flags,tcp.len,frame.len";
        _fields = FieldSelection.TryParse(names, out var fields, out _) ? fields! : throw new InvalidOperationException(names);
        const string text = "tcp.port == 80 && ip.src == 127.0.0.0/8";
        _filter = DisplayFilter.TryCompile(text, out var filter, out _) ? filter! : throw new InvalidOperationException(text);
    }

    private void Load(byte[] file)
    {
        _link = (LinkType)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(20));
        for (int at = 24; at + 16 <= file.Length && _packets.Count < Packets;)
        {
            int captured = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 8));
            long time = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)) * 1_000_000_000L
                + BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 4)) * 1000L;
            _packets.Add((file.AsSpan(at + 16, captured).ToArray(), BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 12)), new Timestamp(time)));
            at += 16 + captured;
        }
    }

    private void Make()
    {
        byte[] request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n"u8.ToArray();
        for (int index = 0; index < Packets; index++)
        {
            byte[] payload = index % 4 == 0 ? request : [];
            byte[] packet = new byte[66 + payload.Length];
            packet[12] = 8;
            packet[14] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(16), (ushort)(52 + payload.Length));
            packet[22] = 64;
            packet[23] = 6;
            packet[26] = packet[30] = 127;
            packet[29] = packet[33] = 1;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(34), (ushort)(40_000 + index % 1000));
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(36), 80);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(38), (uint)index);
            packet[46] = 0x80;
            packet[47] = 0x18;
            packet[54] = packet[55] = 1;
            packet[56] = 8;
            packet[57] = 10;
            payload.CopyTo(packet, 66);
            _packets.Add((packet, packet.Length, new Timestamp(1_700_000_000_000_000_000 + index * 1000L)));
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Packets)]
    public long Read()
    {
        long sum = 0;
        foreach (var packet in _packets)
            sum += packet.Bytes.Length;
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public long ParseToTransport()
    {
        long sum = 0;
        foreach (var packet in _packets)
        {
            PacketHeaders.Parse(_link, packet.Bytes, out var headers);
            sum += headers.PayloadLength;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public long SummaryLine()
    {
        long sum = 0;
        foreach (var packet in _packets)
            sum += _line.Write(new Frame(_link, packet.Bytes, packet.WireLength) { Time = packet.Time }, _buffer.AsSpan());
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public long DissectEverything()
    {
        long sum = 0;
        foreach (var packet in _packets)
        {
            Dissector.Dissect(new Frame(_link, packet.Bytes, packet.WireLength), _dissection);
            sum += _dissection.Fields.Length;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public long NineFields()
    {
        long sum = 0;
        foreach (var packet in _packets)
        {
            Dissector.Dissect(new Frame(_link, packet.Bytes, packet.WireLength) { Time = packet.Time }, _dissection, _fields);
            var line = new Utf8Line(_buffer);
            _fields.WriteColumns(ref line, _dissection, packet.Bytes);
            sum += line.Length;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public long Filter()
    {
        long matches = 0;
        foreach (var packet in _packets)
        {
            if (_filter.Matches(new Frame(_link, packet.Bytes, packet.WireLength), _dissection))
                matches++;
        }

        return matches;
    }
}
