using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NetLab.Core.Dns;
using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary>NetLab's zone server beside named with the same zones, and under dig and unbound, in a network of the test's own.</summary>
[Collection<EndToEndCollection>]
public sealed class DnsOracleTests : IDisposable
{
    private static readonly string[] s_short = ["+short"], s_broken = ["www.lame.test", "www.chicken.test"];
    private const int NamedPort = 5301, OwnPort = 5302;

    // Relative to lab.test. where no dot ends them.
    private const string Names = """
        @ ns mail www WWW.LAB.test. _sip._tcp _tcp naptr sshfp tlsa uri loc hinfo rp odd one two nowhere out across loop1 self x.wild wild y.x.wild
        real.wild z.real.wild deep.real.wild q.deep.real.wild x.cwild *.wild x.star *.star b.a.c.star a.star between empty.between a.empty.between
        x.a.empty.between child x.child ns.child kid a.kid orphan moved x.moved y.moved z.moved target gone a.gone dloop b.dloop big missing
        a.b.c.missing outside.test. test. . www.second.test. back.second.test. none.second.test.
        """;

    private const string Types =
        "A AAAA NS SOA MX TXT CNAME DNAME DS SRV CAA ANY HTTPS NAPTR SSHFP TLSA URI LOC HINFO RP TYPE65400 DNSKEY TYPE200 MAILB AXFR IXFR";

    private readonly PrivateNetwork _network = new();
    private readonly List<RunningProgram> _running = [];

    public void Dispose()
    {
        _running.ForEach(program => program.Dispose());
        _network.Dispose();
    }

    private RunningProgram Run(params string[] command)
    {
        var program = RunningProgram.Start([.. _network.Prefix, .. command]);
        _running.Add(program);
        return program;
    }

    private static string Needs(string program)
    {
        string path = Path.Combine("/usr/sbin", program);
        if (!File.Exists(path))
            path = Path.Combine("/usr/bin", program);
        Assert.SkipUnless(File.Exists(path) || Environment.GetEnvironmentVariable("CI") == "true", $"Needs {program}; ./test as root installs it.");
        return path;
    }

    private static string ZoneFile(string name) => Path.Combine(Repository.Root, "NetLab.Tests/Support/Zones", name);

    [Theory]
    [InlineData(DnsCarrier.Datagram)]
    [InlineData(DnsCarrier.Stream)]
    public void Every_name_and_type_gets_the_answer_that_named_gives(DnsCarrier carrier)
    {
        string named = Needs("named");
        string path = _network.Namespace;
        string configuration = _network.Write("named.conf", $$"""
            options {
              directory "{{_network.Folder}}"; pid-file none; session-keyfile "{{_network.Folder}}/key"; listen-on port {{NamedPort}} { 127.0.0.1; };
              listen-on-v6 { none; }; recursion no; allow-transfer { none; }; minimal-responses no-auth; minimal-any yes; rrset-order { order none; };
              zero-no-soa-ttl no; empty-zones-enable no; answer-cookie no; edns-udp-size 1232; max-udp-size 1232; notify no;
            };
            controls { };
            zone "lab.test" { type primary; file "{{ZoneFile("lab.test.zone")}}"; check-names ignore; check-integrity no; check-mx ignore; };
            zone "second.test" { type primary; file "{{ZoneFile("second.test.zone")}}"; };
            """);
        Run(named, "-g", "-n", "1", "-c", configuration).Await("running");
        Run(PrivateNetwork.Program, "serve", "dns", "-p", $"{OwnPort}", "--zone", ZoneFile("lab.test.zone"), "--zone", ZoneFile("second.test.zone")).Await("Serving DNS");
        var questions = Questions().ToList();
        var (theirs, own) = NetworkNamespace.Within(path, () => (Ask(NamedPort, carrier, questions), Ask(OwnPort, carrier, questions)));
        var wrong = new List<string>();
        for (int index = 0; index < questions.Count; index++)
        {
            if (Said(theirs[index]) is var expected && Said(own[index]) is var actual && expected != actual)
                wrong.Add($"{questions[index]}\n  named:  {expected}\n  netlab: {actual}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {questions.Count} differ:\n{string.Join('\n', wrong.Take(10))}");
        Assert.True(questions.Count > 1_000);
    }

    [Fact]
    public void Dig_and_unbound_resolve_through_the_lab()
    {
        string unbound = Needs("unbound"), dig = Needs("dig");
        _ = _network.Namespace;
        string hints = _network.Write("hints", ". 3600 IN NS a.root.\na.root. 3600 IN A 127.53.0.1\n");
        // Glue carries no port: in a network of its own the lab has port 53.
        Run(PrivateNetwork.Program, "lab", "dns", "-p", "53").Await("In another terminal");
        string configuration = _network.Write("unbound.conf", $"""
            server:
              interface: 127.0.0.1@5303
              do-not-query-localhost: no
              do-daemonize: no
              username: ""
              chroot: ""
              directory: "{_network.Folder}"
              pidfile: "{_network.Folder}/unbound.pid"
              use-syslog: no
              logfile: ""
              verbosity: 1
              module-config: "iterator"
              root-hints: "{hints}"
              do-ip6: no
              qname-minimisation: yes
              local-zone: "test." nodefault
            """);
        Run(unbound, "-d", "-p", "-c", configuration).Await("start of service");
        Assert.Equal("192.0.2.80\n", Short("@127.53.0.3", "www.garden.test"));
        Assert.Equal("127.53.0.3\n", Short("@127.53.0.2", "ns.garden.test", "+norec", "+additional", "+noanswer"));
        Assert.Equal(10, Short("@127.53.0.3", "hedge.garden.test", "TXT").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        (string Name, string Type, string Answer)[] expected =
        [
            ("www.garden.test", "A", "192.0.2.80\n"),
            ("www.garden.test", "HTTPS", "1 . alpn=\"h2,http/1.1\"\n"),
            ("rose.garden.test", "A", "bud.garden.test.\nblossom.garden.test.\n192.0.2.7\n"),
            ("looking-glass.garden.test", "A", "www.mirror.test.\n198.51.100.80\n"),
            ("pond.winter.garden.test", "TXT", "mirror.test.\npond.mirror.test.\n\"seen under winter.garden.test, too\"\n"),
            ("any.paths.garden.test", "TXT", "\"all paths lead here\"\n"),
            ("people.garden.test", "A", ""),
            ("nobody.garden.test", "A", ""),
            ("www.glueless.test", "A", "203.0.113.80\n"),
            ("www.limping.test", "A", "203.0.113.81\n"),
        ];
        foreach (var (name, type, answer) in expected)
        {
            Assert.Equal((name, answer), (name, Short("@127.0.0.1", "-p", "5303", name, type)));
            // NetLab's own walk comes to the same.
            Assert.Equal((name, answer), (name, _network.Run("dns", name, type, "--trace", "--short", "--root", "127.53.0.1", "-p", "53").Output));
        }

        // What leads nowhere leads unbound to SERVFAIL, and the walk to a sentence.
        foreach (string name in s_broken)
        {
            string said = RunningProgram.Start([.. _network.Prefix, dig, "@127.0.0.1", "-p", "5303", "+tries=1", "+time=30", name]).WaitForEnd().Output;
            Assert.True(said.Contains("status: SERVFAIL", StringComparison.Ordinal), $"{name}: {said}");
            Assert.Equal((name, 4), (name, _network.Run("dns", name, "--root", "127.53.0.1", "-p", "53").Code));
        }

        Assert.Equal(10, Short("@127.0.0.1", "-p", "5303", "hedge.garden.test", "TXT").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        string Short(params string[] arguments) =>
            RunningProgram.Start([.. _network.Prefix, dig, "+noall", .. arguments.Contains("+noanswer") ? ["+additional", "+norec", "+nocomments"] : s_short,
                "+tries=2", "+time=10", .. arguments.Where(word => word is not ("+noanswer" or "+additional" or "+norec"))]).WaitForEnd().Output is var output
                && arguments.Contains("+noanswer") ? string.Concat(output.Split('\n').Where(line => line.Length > 0).Select(line => line.Split('\t')[^1] + "\n")) : output;
    }

    private static IEnumerable<DnsQuestion> Questions()
    {
        var origin = DnsName.Parse("lab.test.");
        foreach (string name in Names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (string mnemonic in Types.Split(' '))
            {
                Assert.True(DnsType.TryParse(mnemonic, out ushort type), mnemonic);
                // Transfers are of whole zones.
                if (mnemonic is "AXFR" or "IXFR" && name != "@")
                    continue;
                yield return new DnsQuestion(DnsName.Parse(name, origin), type);
            }
        }
    }

    private static List<DnsMessage> Ask(int port, DnsCarrier carrier, List<DnsQuestion> questions)
    {
        bool isStream = carrier == DnsCarrier.Stream;
        using var socket = new Socket(AddressFamily.InterNetwork, isStream ? SocketType.Stream : SocketType.Dgram, isStream ? ProtocolType.Tcp : ProtocolType.Udp)
        {
            ReceiveTimeout = (int)PseudoTerminal.Patience.TotalMilliseconds,
        };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        byte[] buffer = new byte[65_537];
        var answers = new List<DnsMessage>();
        foreach (var question in questions)
        {
            var query = new DnsMessage((ushort)answers.Count, DnsFlags.None) { Questions = [question], Edns = new DnsEdns() };
            byte[] octets = query.Encode();
            int length;
            if (isStream)
            {
                socket.Send((byte[])[(byte)(octets.Length >> 8), (byte)octets.Length, .. octets]);
                Receive(socket, buffer.AsSpan(0, 2));
                length = buffer[0] << 8 | buffer[1];
                Receive(socket, buffer.AsSpan(0, length));
            }
            else
            {
                socket.Send(octets);
                length = socket.Receive(buffer);
            }

            Assert.True(DnsMessage.TryDecode(buffer.AsSpan(0, length), out var answer, out var error), $"{question}: {error}");
            Assert.Equal((query.Id, question), (answer.Id, answer.Questions.Single()));
            answers.Add(answer);
        }

        return answers;
    }

    private static void Receive(Socket socket, Span<byte> whole)
    {
        for (int at = 0; at < whole.Length;)
        {
            int count = socket.Receive(whole[at..]);
            Assert.NotEqual(0, count);
            at += count;
        }
    }

    // What was cut off is compared no further: how much of it a server still sends is its own affair.
    private static string Said(DnsMessage message) =>
        $"{DnsDigText.CodeText(message.ResponseCode)} {message.Flags & (DnsFlags.Authoritative | DnsFlags.Truncated)}"
        + ((message.Flags & DnsFlags.Truncated) != 0 ? "" : $" | {Said(message.Answers)} | {Said(message.Authorities)} | {Said(message.Additionals)}");

    // A name's letters may come back in the case of the question or of the zone.
    private static string Said(IEnumerable<DnsRecord> records) =>
        string.Join("; ", records.Select(record => record.ToString().ToLower(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal));
}
