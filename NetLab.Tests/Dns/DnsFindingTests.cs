using NetLab.Core.Dns;

namespace NetLab.Tests.Dns;

/// <summary>What a walker makes of answers, as transcripts: the question is for www.a.test. of the zone's server.</summary>
public class DnsFindingTests
{
    private const DnsFlags Authority = DnsFlags.Response | DnsFlags.Authoritative;

    [Theory]
    [InlineData("a.test.", 0x8400, "www.a.test. 60 IN A 192.0.2.1", "", "", "Answer 192.0.2.1")]
    [InlineData("a.test.", 0x8400, "www.a.test. 60 IN A 192.0.2.1; www.a.test. 60 IN A 192.0.2.2", "", "", "Answer 2 records")]
    // Within the zone the aliases are followed; beyond it nothing is believed.
    [InlineData("a.test.", 0x8400, "www.a.test. 60 IN CNAME x.a.test.; x.a.test. 60 IN A 192.0.2.1", "", "", "Answer 192.0.2.1")]
    [InlineData("a.test.", 0x8400, "www.a.test. 60 IN CNAME x.b.test.; x.b.test. 60 IN A 192.0.2.1", "", "", "Alias alias x.b.test.")]
    [InlineData("a.test.", 0x8403, "www.a.test. 60 IN CNAME x.a.test.", "a.test. 60 IN SOA m. r. 1 2 3 4 5", "", "Alias alias x.a.test.")]
    [InlineData("a.test.", 0x8400, "www.a.test. 60 IN CNAME x.a.test.; x.a.test. 60 IN CNAME www.a.test.", "", "", "Circle gives aliases that lead back to www.a.test.")]
    [InlineData("a.test.", 0x8402, "www.a.test. 60 IN CNAME www.a.test.", "", "", "Circle gives aliases that lead back to www.a.test.")]
    [InlineData("a.test.", 0x8400, "a.test. 60 IN DNAME b.test.; www.a.test. 0 IN CNAME www.b.test.", "", "", "Alias alias www.b.test.")]
    [InlineData("a.test.", 0x8400, "a.test. 60 IN DNAME b.test.", "", "", "Alias alias www.b.test.")]
    [InlineData("a.test.", 0x8000, "www.a.test. 60 IN A 192.0.2.1", "", "", "Lame answers without authority over a.test.")]
    [InlineData("test.", 0x8000, "", "a.test. 60 IN NS ns.a.test.; a.test. 60 IN NS ns.b.test.", "ns.a.test. 60 IN A 192.0.2.53; ns.a.test. 60 IN AAAA 2001:db8::53",
        "Referral refers to a.test.: ns.a.test.=192.0.2.53,2001:db8::53 ns.b.test.=")]
    // Glue for a name that the zone can't know is nobody's.
    [InlineData("a.test.", 0x8000, "", "www.a.test. 60 IN NS ns.b.test.", "ns.b.test. 60 IN A 192.0.2.53", "Referral refers to www.a.test.: ns.b.test.=")]
    [InlineData("a.test.", 0x8000, "", "a.test. 60 IN NS ns.a.test.", "", "Lame refers back to a.test.: a loop")]
    [InlineData("a.test.", 0x8000, "", "test. 60 IN NS ns.test.", "", "Lame refers back to test.: a loop")]
    [InlineData("a.test.", 0x8000, "", ". 60 IN NS root.", "", "Lame refers back to .: a loop")]
    [InlineData("test.", 0x8000, "", "b.test. 60 IN NS ns.b.test.", "", "Lame refers to b.test., where www.a.test. does not lie")]
    [InlineData("a.test.", 0x8400, "", "a.test. 600 IN SOA m. r. 1 2 3 4 300", "", "NoData www.a.test. has no A")]
    [InlineData("a.test.", 0x8400, "", "a.test. 60 IN NS ns.a.test.", "", "NoData www.a.test. has no A")]
    [InlineData("a.test.", 0x8400, "", "", "", "NoData www.a.test. has no A")]
    [InlineData("a.test.", 0x8403, "", "a.test. 600 IN SOA m. r. 1 2 3 4 300", "", "NoName there is no www.a.test.")]
    [InlineData("a.test.", 0x8003, "", "", "", "Lame denies www.a.test. without authority")]
    [InlineData("a.test.", 0x8000, "", "", "", "Lame gives neither an answer nor a referral")]
    [InlineData("a.test.", 0x8005, "", "", "", "Lame says REFUSED: it does not serve a.test.")]
    [InlineData("a.test.", 0x8002, "", "", "", "Lame says SERVFAIL: it does not serve a.test.")]
    public void An_answer_brings(string zone, int flags, string answers, string authorities, string additionals, string finding)
    {
        var name = DnsName.Parse("www.a.test.");
        var message = new DnsMessage(1, (DnsFlags)flags)
        {
            Questions = [new DnsQuestion(name, DnsType.A)],
            Answers = [.. Records(answers)],
            Authorities = [.. Records(authorities)],
            Additionals = [.. Records(additionals)],
        };
        var found = DnsFinding.Read(message, name, DnsType.A, DnsName.Parse(zone));
        string servers = string.Concat(found.Servers.Select(server => $" {server.Name}={string.Join(',', server.Addresses)}"));
        Assert.Equal(finding, $"{found.Kind} {found.Says}{(servers.Length > 0 ? ":" : "")}{servers}");
    }

    [Fact]
    public void A_denial_holds_as_long_as_the_SOA_says()
    {
        var name = DnsName.Parse("www.a.test.");
        var message = new DnsMessage(1, Authority) { Authorities = [.. Records("a.test. 600 IN SOA m. r. 1 2 3 4 300")] };
        Assert.Equal(300u, DnsFinding.Read(message, name, DnsType.A, DnsName.Parse("a.test.")).TimeToLive);
    }

    [Fact]
    public void No_answer_is_too_odd_to_be_read()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        DnsName[] names = [DnsName.Root, DnsName.Parse("test."), DnsName.Parse("a.test."), DnsName.Parse("www.a.test.")];
        for (int round = 0; round < 2_000; round++)
        {
            var message = RecordSamples.Message(random);
            var name = message.Answers.Length > 0 && random.Next(2) == 0 ? message.Answers[0].Name : names[random.Next(4)];
            var found = DnsFinding.Read(message, name, message.Answers.Length > 0 ? message.Answers[^1].Type : DnsType.A, names[random.Next(4)]);
            Assert.True(found.Kind != DnsFindingKind.Referral || (found.Zone is not null && found.Servers.Length > 0), $"seed {seed}, round {round}");
            Assert.True(found.Kind != DnsFindingKind.Alias || found.Target is not null, $"seed {seed}, round {round}");
        }
    }

    private static IEnumerable<DnsRecord> Records(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(line => DnsRecord.Parse(line.Trim()));
}
