using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NetLab.Core.Capture;
using NetLab.Core.Packets;

namespace NetLab.Benchmarks.Fuzz;

/// <summary>Makes inputs that nobody would send: real ones changed a little, and random ones. The same seed gives the same inputs.</summary>
internal sealed class FuzzInputs
{
    private const int LongestPacket = 4_000, LongestFile = 64 << 10;

    private static readonly LinkType[] s_links =
    [
        LinkType.Ethernet, LinkType.Raw, LinkType.Null, LinkType.Loop, LinkType.LinuxCooked, LinkType.LinuxCooked2, LinkType.Ppp, LinkType.PktAp,
        LinkType.Slip, LinkType.Ipv4, LinkType.Ipv6,
    ];

    private static readonly string[] s_filters =
    [
        "tcp.port == 80 && ip.src == 127.0.0.0/8", "!(arp || icmp) && frame.len > 100", "dns.qry.name contains \"example\"",
        "tcp.flags in {0x02, 0x12..0x18}", "http.request || tls.handshake.type == 1", "eth.addr == 00:11:22:33:44:55 or ipv6.addr == ::1/64",
    ];

    private readonly Random _random;
    private readonly List<(LinkType Link, byte[] Bytes, int WireLength)> _packets = [];
    private readonly List<byte[]> _files = [];

    public FuzzInputs(int seed, IEnumerable<string> captures)
    {
        _random = new Random(seed);
        foreach (string path in captures)
            Load(path);
    }

    public int Packets => _packets.Count;

    public int Files => _files.Count;

    /// <summary>A packet: two of three from a capture, changed; else random bytes.</summary>
    public (LinkType Link, byte[] Bytes, int WireLength) Packet()
    {
        if (_packets.Count == 0 || _random.Next(3) == 0)
        {
            byte[] random = new byte[_random.Next(300)];
            _random.NextBytes(random);
            return (s_links[_random.Next(s_links.Length)], random, _random.Next(2_000));
        }

        var (link, bytes, wire) = _packets[_random.Next(_packets.Count)];
        // Headers lie at the front; that is where lengths can lie.
        return (_random.Next(40) == 0 ? s_links[_random.Next(s_links.Length)] : link, Change(bytes, 120), _random.Next(8) == 0 ? _random.Next(70_000) : wire);
    }

    /// <summary>A capture file, changed; some are compressed before or after the change.</summary>
    public byte[] File()
    {
        byte[] file = _files.Count == 0 ? Made() : _files[_random.Next(_files.Count)];
        return _random.Next(8) switch
        {
            0 => Compress(Change(file, file.Length)),
            1 => Change(Compress(file), file.Length),
            _ => Change(file, 400),
        };
    }

    /// <summary>A display filter, or a list of fields, changed.</summary>
    public string Text()
    {
        byte[] text = Encoding.Latin1.GetBytes(s_filters[_random.Next(s_filters.Length)]);
        return Encoding.Latin1.GetString(Change(text, text.Length));
    }

    /// <summary>A zone file, changed anywhere.</summary>
    public string ZoneFile()
    {
        byte[] text = Encoding.Latin1.GetBytes(NetLab.Core.Peers.DnsLab.ZoneText(_random.Next(4) == 0 ? "test" : "garden"));
        return Encoding.Latin1.GetString(Change(text, text.Length));
    }

    /// <summary>A number below a bound.</summary>
    public int Below(int bound) => _random.Next(bound);

    private void Load(string path)
    {
        byte[] file = System.IO.File.ReadAllBytes(path);
        if (file.Length <= LongestFile)
            _files.Add(file);
        using var reader = CaptureFileReader.Open(new MemoryStream(file), path, out _);
        while (reader?.TryRead(out var packet) == true)
        {
            if (packet.Bytes.Length is > 0 and <= LongestPacket)
                _packets.Add(((LinkType)packet.LinkType, packet.Bytes.ToArray(), packet.OriginalLength));
        }
    }

    private byte[] Change(byte[] bytes, int front)
    {
        byte[] changed = bytes.AsSpan(0, _random.Next(4) == 0 ? _random.Next(bytes.Length) : bytes.Length).ToArray();
        for (int change = _random.Next(1, 8); change > 0 && changed.Length > 0; change--)
        {
            int at = _random.Next(_random.Next(3) == 0 ? changed.Length : Math.Min(changed.Length, Math.Max(1, front)));
            switch (_random.Next(5))
            {
                case 0: changed[at] = (byte)_random.Next(256); break;
                case 1: changed[at] = 0xFF; break;
                case 2: changed[at] ^= (byte)(1 << _random.Next(8)); break;
                case 3 when at + 4 <= changed.Length: BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(at), Remarkable()); break;
                case 4 when changed.Length < LongestFile:
                    int length = _random.Next(1, Math.Min(64, changed.Length) + 1), from = _random.Next(changed.Length - length + 1);
                    changed = [.. changed.AsSpan(0, at), .. changed.AsSpan(from, length), .. changed.AsSpan(at)];
                    break;
            }
        }

        return changed;
    }

    private int Remarkable() => _random.Next(6) switch { 0 => 0, 1 => -1, 2 => int.MaxValue, 3 => int.MinValue, 4 => 0x00010000, _ => _random.Next(64) };

    private static byte[] Compress(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    // Where there are no captures: a small one of random packets.
    private byte[] Made()
    {
        var stream = new MemoryStream();
        using (CaptureFileWriter writer = _random.Next(2) == 0 ? new PcapWriter(stream, 1) : new PcapngWriter(stream))
        {
            for (int index = 0; index < 4; index++)
            {
                byte[] packet = new byte[_random.Next(100)];
                _random.NextBytes(packet);
                writer.Write(new Core.Timestamp(index), 1, packet.Length, packet);
            }
        }

        return stream.ToArray();
    }
}
