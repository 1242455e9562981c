using System.Diagnostics;
using System.Text;
using NetLab.Core.Dns;
using NetLab.Core.Packets;
using NetLab.Tests.Support;

namespace NetLab.Tests.Packets;

public class FuzzTests(ITestOutputHelper output)
{
    private static readonly LinkType[] Links =
        [LinkType.Ethernet, LinkType.Raw, LinkType.Null, LinkType.LinuxCooked, LinkType.LinuxCooked2, LinkType.Ppp, LinkType.PktAp, LinkType.Slip];

    private readonly Dissection _dissection = new();
    private readonly TcpdumpLine _line = new(LineTime.None);
    private readonly byte[] _text = new byte[2048];

    private static TimeSpan Bound => TimeSpan.FromSeconds(double.TryParse(Environment.GetEnvironmentVariable("NETLAB_FUZZ_SECONDS"), out double seconds) ? seconds : 2);

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("NETLAB_FUZZ_SEED"), out int seed) ? seed : Environment.TickCount;

    /// <summary>Everything that reads a packet's bytes, over one packet; what it says must stay inside the packet and be harmless.</summary>
    private void Try(LinkType link, byte[] bytes, int wireLength)
    {
        var frame = new Frame(link, bytes, wireLength);
        PacketHeaders.Parse(link, bytes, out var headers);
        Assert.InRange(headers.CapturedPayloadLength, 0, bytes.Length);
        int length = _line.Write(frame, _text);
        Assert.Equal(-1, _text.AsSpan(0, length).IndexOfAnyInRange((byte)0, (byte)8));
        Assert.Equal(-1, _text.AsSpan(0, length).IndexOf((byte)0x1B));
        Dissector.Dissect(frame, _dissection);
        foreach (var field in _dissection.Fields)
        {
            Assert.True(field.Offset >= 0 && field.Length >= 0 && field.Offset + field.Length <= bytes.Length, field.Definition.Name);
            var text = new Utf8Line(_text);
            FieldText.WriteLine(ref text, field, bytes);
            Assert.Equal(-1, text.Written.IndexOfAnyInRange((byte)0, (byte)0x1F));
        }

        var reader = new DnsMessageReader(bytes);
        while (reader.TryReadRecord(out var record))
            Assert.InRange(record.End, 0, bytes.Length);
    }

    private void Run(string what, Func<Random, (LinkType Link, byte[] Bytes, int Wire)> next)
    {
        int seed = Seed;
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        long rounds = 0;
        while (clock.Elapsed < Bound)
        {
            var (link, bytes, wire) = next(random);
            try
            {
                Try(link, bytes, wire);
            }
            catch (Exception failure)
            {
                Assert.Fail($"NETLAB_FUZZ_SEED={seed}, round {rounds}, {link}, {Convert.ToHexString(bytes)}: {failure}");
            }

            rounds++;
        }

        output.WriteLine($"{rounds} {what}, seed {seed}");
        Assert.True(rounds > 100);
    }

    [Fact]
    public void Random_bytes_never_throw() => Run("random packets", random =>
    {
        byte[] bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return (Links[random.Next(Links.Length)], bytes, random.Next(2000));
    });

    [Fact]
    public void Mutated_captures_never_throw()
    {
        var packets = Fixtures.Captures.SelectMany(FixtureCapture.Read).Where(packet => packet.Bytes.Length is > 0 and < 4000).ToList();
        Run("mutated packets", random =>
        {
            var packet = packets[random.Next(packets.Count)];
            byte[] bytes = packet.Bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(packet.Bytes.Length) : packet.Bytes.Length).ToArray();
            for (int change = random.Next(1, 8); change > 0 && bytes.Length > 0; change--)
            {
                // Headers lie at the front; that is where lengths can lie.
                int at = random.Next(3) == 0 ? random.Next(bytes.Length) : random.Next(Math.Min(bytes.Length, 120));
                bytes[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => 0xFF, _ => (byte)(bytes[at] ^ 1 << random.Next(8)) };
            }

            return (packet.LinkType, bytes, packet.WireLength);
        });
    }

    [Fact]
    public void Control_bytes_of_the_network_never_reach_the_text()
    {
        byte[] name = [5, 0x1B, (byte)'[', (byte)'2', (byte)'J', 7, 0];
        byte[] message = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. name, 0, 1, 0, 1];
        byte[] udp = [0, 53, 0, 53, 0, (byte)(8 + message.Length), 0, 0, .. message];
        byte[] packet = [0x45, 0, 0, (byte)(20 + udp.Length), 0, 0, 0, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1, .. udp];
        int length = _line.Write(new Frame(LinkType.Raw, packet, 0), _text);
        string line = Encoding.ASCII.GetString(_text, 0, length);
        Assert.Contains("A? ^[[2J^G. (", line);
    }
}
