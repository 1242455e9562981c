using System.Net;
using System.Net.Sockets;
using NetLab.Core;
using NetLab.Core.Dns;
using NetLab.Core.Peers;
using NetLab.Tests.Support;

namespace NetLab.Tests.Peers;

public sealed class DnsServerTests : IDisposable
{
    private const string Zone = "$TTL 1h\n@ SOA ns keeper 1 1h 1h 1h 60\n NS ns\nns A 127.0.0.1\nwww A 192.0.2.1\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("netlab-zones-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static PeerSpecification Specification(params string[] files) => new(PeerKind.Dns, "127.0.0.1", 0) { Zones = new PeerFiles([.. files]) };

    private static byte[] Query(ushort id, string name, ushort type = DnsType.A) => DnsMessage.Query(id, DnsName.Parse(name), type, new DnsEdns()).Encode();

    private static byte[] Framed(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static DnsMessage Decode(ReadOnlySpan<byte> octets)
    {
        Assert.True(DnsMessage.TryDecode(octets, out var message, out var error), $"{error}");
        return message;
    }

    private static Socket Datagrams(PeerBench bench)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)PseudoTerminal.Patience.TotalMilliseconds };
        socket.Connect(IPAddress.Loopback, bench.Peer.Local.Port);
        return socket;
    }

    private static List<DnsMessage> Messages(byte[] stream)
    {
        var messages = new List<DnsMessage>();
        for (int at = 0; at < stream.Length; at += 2 + (stream[at] << 8 | stream[at + 1]))
            messages.Add(Decode(stream.AsSpan(at + 2, stream[at] << 8 | stream[at + 1])));
        return messages;
    }

    [Fact]
    public void A_datagram_is_answered_logged_and_recorded_and_the_file_names_the_zone()
    {
        using var bench = new PeerBench(Specification(Write("lab.example.zone", Zone)));
        using var socket = Datagrams(bench);
        byte[] query = Query(7, "www.lab.example."), buffer = new byte[1_500];
        socket.Send(query);
        int length = socket.Receive(buffer);
        Assert.Equal("192.0.2.1", Decode(buffer.AsSpan(0, length)).Answers.Single().Data.ToString());
        var remote = PeerSockets.EndpointOf(socket.LocalEndPoint);
        PeerBench.Await(() => bench.Log.Any(entry => entry.Kind == PeerLogKind.Request), "the line of the log");
        Assert.Equal($"www.lab.example. A: NOERROR, 1 answer, {length} bytes", bench.Log.Single(entry => entry.Kind == PeerLogKind.Request).Text);
        Assert.Equal(query, bench.Recorded(Direction.Received, remote));
        Assert.Equal(buffer[..length], bench.Recorded(Direction.Sent, remote));
        PeerBench.Await(() => bench.Peer.Counters.Requests == 1, "the count");
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.77")]
    [InlineData("::", "127.0.0.78")]
    [InlineData("::", "::1")]
    public void Bound_to_every_address_it_answers_from_the_one_that_was_asked(string host, string asked)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 || !host.Contains(':'), "This machine has no IPv6.");
        using var bench = new PeerBench(Specification(Write("lab.zone", Zone)) with { Host = host });
        var address = IPAddress.Parse(asked);
        // Connected: the kernel takes datagrams from that address alone.
        using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)PseudoTerminal.Patience.TotalMilliseconds };
        socket.Connect(address, bench.Peer.Local.Port);
        for (ushort id = 0; id < 3; id++)
        {
            socket.Send(Query(id, "www.lab."));
            byte[] buffer = new byte[1_500];
            Assert.Equal(id, Decode(buffer.AsSpan(0, socket.Receive(buffer))).Id);
        }
    }

    [Fact]
    public void Queries_over_TCP_may_come_without_waiting_and_in_any_pieces()
    {
        using var bench = new PeerBench(Specification(Write("lab.zone", Zone)));
        using var socket = bench.Connect();
        const int Count = 300;
        byte[] all = [.. Enumerable.Range(0, Count).SelectMany(index => Framed(Query((ushort)index, index % 2 == 0 ? "www.lab." : "none.lab.")))];
        var random = new Random(5);
        for (int at = 0; at < all.Length;)
        {
            int piece = Math.Min(random.Next(1, 200), all.Length - at);
            socket.Send(all.AsSpan(at, piece));
            at += piece;
        }

        socket.Shutdown(SocketShutdown.Send);
        var answers = Messages(PeerBench.ReadToEnd(socket));
        Assert.Equal(Enumerable.Range(0, Count), answers.Select(answer => (int)answer.Id));
        Assert.All(answers, answer => Assert.Equal(answer.Id % 2 == 0 ? 0 : 3, answer.ResponseCode));
        PeerBench.Await(() => bench.Peer.Counters.Open == 0, "the end of the connection");
    }

    [Fact]
    public void A_connection_that_is_silent_or_sends_an_octet_now_and_then_is_ended()
    {
        var zones = new ZoneSet([new Zone(new ZoneFile().Read(Zone, DnsName.Parse("lab."), "z"), "z")]);
        using var bench = new PeerBench((recorder, log) =>
            new DnsServer(Specification(), recorder, log, zones) { IdleLimit = TimeSpan.FromMilliseconds(300) });
        using var silent = bench.Connect();
        using var slow = bench.Connect();
        byte[] query = Framed(Query(1, "www.lab."));
        // Less than a whole query.
        slow.Send(query.AsSpan(0, 5));
        Assert.Empty(PeerBench.ReadToEnd(silent));
        Assert.Empty(PeerBench.ReadToEnd(slow));
    }

    [Fact]
    public void What_is_no_query_ends_a_connection_and_only_it()
    {
        using var bench = new PeerBench(Specification(Write("lab.zone", Zone)));
        using var wild = bench.Connect();
        wild.Send(Framed(Query(1, "www.lab.")));
        wild.Send((byte[])[0, 3, 1, 2, 3]);
        Assert.Single(Messages(PeerBench.ReadToEnd(wild)));
        using var other = bench.Connect();
        other.Send(Framed(Query(2, "www.lab.")));
        other.Shutdown(SocketShutdown.Send);
        Assert.Single(Messages(PeerBench.ReadToEnd(other)));
    }

    [Fact]
    public void A_server_starts_again_on_its_port_and_stops_at_once()
    {
        using var bench = new PeerBench(Specification(Write("lab.zone", Zone)));
        for (int turn = 0; turn < 3; turn++)
        {
            using var socket = Datagrams(bench);
            socket.Send(Query((ushort)turn, "www.lab."));
            byte[] buffer = new byte[1_500];
            Assert.Equal(turn, Decode(buffer.AsSpan(0, socket.Receive(buffer))).Id);
            Assert.Null(bench.Peer.Restart());
        }
    }

    [Theory]
    [InlineData("@ A 192.0.2", "lab.zone:1:5: 192.0.2 is no IPv4 address.")]
    [InlineData("$TTL 1\n@ SOA a b 1 1 1 1 1\nx.other. A 192.0.2.1", "lab.zone:3: x.other. lies outside the file's zone (lab.).")]
    [InlineData("$TTL 1\n@ SOA a b 1 1 1 1 1\n$INCLUDE /etc/hostname\n", "lab.zone:3:10: /etc/hostname lies outside the zone file's folder.")]
    [InlineData("$TTL 1\n@ SOA a b 1 1 1 1 1\n$INCLUDE ../x\n", "lab.zone:3:10: ../x lies outside the zone file's folder.")]
    [InlineData("$TTL 1\n@ SOA a b 1 1 1 1 1\n$INCLUDE link\n", "lab.zone:3:10: link lies outside the zone file's folder.")]
    [InlineData("$TTL 1\n@ SOA a b 1 1 1 1 1\n$INCLUDE none\n", "lab.zone:3:10: none can't be read: No such file or directory (ENOENT).")]
    [InlineData("$TTL 1\n@ SOA a b 1 1 1 1 1\n$INCLUDE .\n", "lab.zone:3:10: . is no file.")]
    [InlineData("$TTL 1\n@ SOA a b 1 1 1 1 1\n$INCLUDE more\n", "more:2:3: BAD is no record type.")]
    public void A_mistake_in_a_zone_file_is_one_sentence_with_its_place(string text, string mistake)
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), "/etc/hostname");
        Write("more", "h A 192.0.2.1\nx BAD y\n");
        using var peer = Peer.Create(Specification(Write("lab.zone", text)), new PeerRecorder(new Journal(), () => Timestamp.MinValue));
        var refusal = peer.Start();
        Assert.Equal(PeerObstacle.Usage, refusal!.Obstacle);
        Assert.Equal(mistake, refusal.Sentence.Replace(_folder + "/", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Included_files_of_the_folder_are_read()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "parts"));
        Write("parts/hosts", "a A 192.0.2.10\n");
        using var bench = new PeerBench(Specification(Write("lab.zone", Zone + "$INCLUDE parts/hosts sub\n")));
        using var socket = Datagrams(bench);
        socket.Send(Query(1, "a.sub.lab."));
        byte[] buffer = new byte[1_500];
        Assert.Equal("192.0.2.10", Decode(buffer.AsSpan(0, socket.Receive(buffer))).Answers.Single().Data.ToString());
    }

    [Fact]
    public void Beyond_its_rate_a_network_gets_every_second_answer_cut_off_and_the_others_not_at_all()
    {
        var rate = new ResponseRate(10);
        var (one, neighbour) = (IpAddress.FromIPv4(0xC0000201), IpAddress.FromIPv4(0xC00002C8));
        var start = new Timestamp(1_000_000_000_000);
        Assert.All(Enumerable.Range(0, 10), index => Assert.Equal(RateVerdict.Send, rate.Take(index % 2 == 0 ? one : neighbour, start)));
        Assert.Equal([RateVerdict.CutOff, RateVerdict.Drop, RateVerdict.CutOff, RateVerdict.Drop], Enumerable.Range(0, 4).Select(_ => rate.Take(one, start)));
        // A tenth of a second brings one answer.
        var later = new Timestamp(start.Nanoseconds + 100_000_000);
        Assert.Equal([RateVerdict.Send, RateVerdict.CutOff], Enumerable.Range(0, 2).Select(_ => rate.Take(neighbour, later)));
    }

    [Fact]
    public void A_rate_that_was_named_binds_this_machine_too_and_TCP_goes_on()
    {
        using var bench = new PeerBench(Specification(Write("lab.zone", Zone)) with { Rate = 1 });
        using var socket = Datagrams(bench);
        byte[] buffer = new byte[1_500];
        bool wasCut = false;
        for (ushort id = 0; !wasCut; id++)
        {
            // The second answer within a second is cut off, the third does not come; however slow this machine is, some are within one.
            socket.Send(Query(id, "www.lab."));
            socket.Send(Query(id, "www.lab."));
            int length = socket.Receive(buffer);
            wasCut = (Decode(buffer.AsSpan(0, length)).Flags & DnsFlags.Truncated) != 0;
        }

        using var stream = bench.Connect();
        for (ushort id = 0; id < 5; id++)
            stream.Send(Framed(Query(id, "www.lab.")));
        stream.Shutdown(SocketShutdown.Send);
        Assert.All(Messages(PeerBench.ReadToEnd(stream)), answer => Assert.Single(answer.Answers));
    }

    [Fact]
    public void Without_files_a_zone_to_try_things_on_is_served()
    {
        using var bench = new PeerBench(Specification());
        using var socket = Datagrams(bench);
        socket.Send(Query(1, "rose.garden.test."));
        byte[] buffer = new byte[1_500];
        Assert.Equal(3, Decode(buffer.AsSpan(0, socket.Receive(buffer))).Answers.Length);
    }

    [Fact]
    public void The_lab_serves_every_zone_at_its_address_and_each_of_its_questions_leads_somewhere()
    {
        using var lab = new DnsLab(new PeerRecorder(new Journal(), () => Timestamp.MinValue));
        Assert.Null(lab.Start(0));
        foreach (var server in DnsLab.Servers.Where(server => server.Zones.Count > 0))
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)PseudoTerminal.Patience.TotalMilliseconds };
            socket.Connect(server.Address.ToIPAddress(), lab.Port);
            foreach (string zone in server.Zones)
            {
                var origin = DnsName.Parse(zone switch { "root" => ".", "test" => "test.", _ => zone + ".test." });
                socket.Send(DnsMessage.Query(1, origin, DnsType.Soa).Encode());
                byte[] buffer = new byte[1_500];
                var answer = Decode(buffer.AsSpan(0, socket.Receive(buffer)));
                Assert.Equal((origin, true), (answer.Answers.Single().Name, (answer.Flags & DnsFlags.Authoritative) != 0));
            }
        }

        Assert.All(DnsLab.Questions, question => Assert.True(DnsType.TryParse(question.Type, out _) && DnsName.Parse(question.Name).LabelCount > 1));
    }
}
