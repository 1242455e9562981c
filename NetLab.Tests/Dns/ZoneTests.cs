using NetLab.Core.Dns;

namespace NetLab.Tests.Dns;

public class ZoneTests
{
    private const string Text = """
        $TTL 1h
        @       IN SOA ns host ( 1 ; serial
                        2h 1h 2w 5m )
                NS  ns
        ns      A   127.0.0.1
        www     300 IN A 192.0.2.1
                IN 300 AAAA 2001:db8::1
        alias   CNAME www
        one     CNAME two
        two     CNAME one
        away    CNAME www.other.
        *.wild  TXT "any"
        a.empty.between TXT "deep"
        child   NS  ns.child
                NS  ns.elsewhere.
        ns.child A  127.0.0.2
        moved   DNAME target
        x.target A  192.0.2.9
        $ORIGIN sub.lab.
        m       MX  10 www.lab.
        """;

    private static readonly Zone s_zone = new(new ZoneFile().Read(Text, DnsName.Parse("lab."), "lab.zone"), "lab.zone");

    private static DnsMessage Ask(string name, ushort type) => s_zone.Answer(DnsMessage.Query(1, DnsName.Parse(name), type, new DnsEdns()));

    private static string Said(IEnumerable<DnsRecord> records) => string.Join(" | ", records.Select(record => $"{record.Name} {DnsType.ToText(record.Type)} {record.Data}"));

    [Theory]
    [InlineData("www.lab.", DnsType.A, 0, "www.lab. A 192.0.2.1")]
    [InlineData("WWW.lab.", DnsType.Aaaa, 0, "WWW.lab. AAAA 2001:db8::1")]
    [InlineData("alias.lab.", DnsType.A, 0, "alias.lab. CNAME www.lab. | www.lab. A 192.0.2.1")]
    [InlineData("alias.lab.", DnsType.Cname, 0, "alias.lab. CNAME www.lab.")]
    [InlineData("one.lab.", DnsType.A, 2, "one.lab. CNAME two.lab. | two.lab. CNAME one.lab.")]
    [InlineData("away.lab.", DnsType.A, 0, "away.lab. CNAME www.other.")]
    [InlineData("x.wild.lab.", DnsType.Txt, 0, "x.wild.lab. TXT \"any\"")]
    [InlineData("y.x.wild.lab.", DnsType.Txt, 0, "y.x.wild.lab. TXT \"any\"")]
    [InlineData("x.moved.lab.", DnsType.A, 0, "moved.lab. DNAME target.lab. | x.moved.lab. CNAME x.target.lab. | x.target.lab. A 192.0.2.9")]
    [InlineData("m.sub.lab.", DnsType.Mx, 0, "m.sub.lab. MX 10 www.lab.")]
    public void What_is_there_is_answered(string name, ushort type, int code, string answers)
    {
        var message = Ask(name, type);
        Assert.Equal((code, answers), (message.ResponseCode, Said(message.Answers)));
        Assert.True((message.Flags & DnsFlags.Authoritative) != 0);
    }

    [Theory]
    [InlineData("none.lab.", DnsType.A, 3)]
    [InlineData("www.lab.", DnsType.Txt, 0)]
    [InlineData("between.lab.", DnsType.A, 0)]
    [InlineData("empty.between.lab.", DnsType.A, 0)]
    [InlineData("wild.lab.", DnsType.Txt, 0)]
    [InlineData("x.wild.lab.", DnsType.A, 0)]
    [InlineData("x.empty.between.lab.", DnsType.A, 3)]
    [InlineData("z.target.lab.", DnsType.A, 3)]
    public void What_is_not_there_is_denied_with_the_SOA(string name, ushort type, int code)
    {
        var message = Ask(name, type);
        Assert.Equal((code, 0, 1), (message.ResponseCode, message.Answers.Length, message.Authorities.Length));
        Assert.Equal((DnsType.Soa, 300u), (message.Authorities[0].Type, message.Authorities[0].TimeToLive));
    }

    [Theory]
    [InlineData("child.lab.")]
    [InlineData("deep.in.child.lab.")]
    [InlineData("ns.child.lab.")]
    public void What_is_delegated_is_referred_with_glue(string name)
    {
        var message = Ask(name, DnsType.A);
        Assert.Equal("child.lab. NS ns.child.lab. | child.lab. NS ns.elsewhere.", Said(message.Authorities));
        Assert.Equal("ns.child.lab. A 127.0.0.2", Said(message.Additionals));
        Assert.True((message.Flags & DnsFlags.Authoritative) == 0 && message.Answers.IsEmpty);
    }

    [Theory]
    [InlineData("@ A 192.0.2.1", "z:1:5: there is no time to live")]
    [InlineData("$TTL 1\n@ A 192.0.2", "z:2:5: 192.0.2 is no IPv4 address.")]
    [InlineData("$TTL 1\n@ TXT (\n\"a\"\n", "z:4:1: a parenthesis is not closed.")]
    [InlineData("$NONE 1", "z:1:1: there is no directive $NONE")]
    [InlineData("$INCLUDE x", "z:1:10: $INCLUDE is not allowed here.")]
    [InlineData(" A 192.0.2.1", "z:1:2: the first record has no owner.")]
    [InlineData("$TTL 1\n@ A 192.0.2.1", "z: a zone has one SOA record, not 0.")]
    [InlineData("@ SOA a b 1 1 1 1 1\nx.other. A 192.0.2.1", "z: x.other. lies outside the file's zone (lab.).")]
    [InlineData("@ SOA a b 1 1 1 1 1\nx CNAME y\nx A 192.0.2.1", "z: x.lab. has a CNAME and other records")]
    public void A_mistake_names_file_line_and_reason(string text, string mistake) =>
        Assert.StartsWith(mistake, Assert.Throws<ZoneException>(() => new Zone(new ZoneFile().Read(text, DnsName.Parse("lab."), "z"), "z")).Message);

    [Fact]
    public void Included_files_have_an_origin_of_their_own_and_cannot_include_each_other_for_ever()
    {
        var files = new Dictionary<string, string> { ["a"] = "h A 192.0.2.1\n", ["loop"] = "$INCLUDE loop\n" };
        var records = new ZoneFile(name => files[name]).Read("$TTL 1\n$INCLUDE a in\nx A 192.0.2.2\n", DnsName.Parse("lab."), "z");
        Assert.Equal("h.in.lab. A 192.0.2.1 | x.lab. A 192.0.2.2", Said(records));
        Assert.StartsWith("loop:1:10: files include each other", Assert.Throws<ZoneException>(() =>
            new ZoneFile(name => files[name]).Read("$INCLUDE loop", DnsName.Root, "z")).Message);
    }
}
