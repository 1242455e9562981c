using System.Net;
using NetLab.Core.Dns;

namespace NetLab.Tests.Dns;

public class DnsMessageTests
{
    private static void Same(DnsMessage expected, DnsMessage actual, string about)
    {
        Assert.True(expected.Id == actual.Id && expected.Flags == actual.Flags && Equals(expected.Edns, actual.Edns), about);
        Assert.True(expected.Questions.SequenceEqual(actual.Questions), about);
        Assert.True(expected.Answers.SequenceEqual(actual.Answers), about);
        Assert.True(expected.Authorities.SequenceEqual(actual.Authorities), about);
        Assert.True(expected.Additionals.SequenceEqual(actual.Additionals), about);
    }

    [Fact]
    public void What_is_encoded_decodes_to_the_same()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 3000; round++)
        {
            var message = RecordSamples.Message(random);
            byte[] octets = message.Encode();
            Assert.True(DnsMessage.TryDecode(octets, out var read, out var error), $"seed {seed}, round {round}: {error}");
            Same(message, read, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void What_is_written_as_text_reads_as_the_same()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 5000; round++)
        {
            var record = RecordSamples.Record(random);
            string text = record.ToString();
            Assert.DoesNotContain(text, c => c is < ' ' and not '\t' or > '~');
            // A set of types may be written in more than one way on the wire; its text is the same.
            Assert.True(DnsRecord.Parse(text) is var again && again.ToString() == text && again.Name.Equals(record.Name), $"seed {seed}, round {round}: {text}");
        }
    }

    [Fact]
    public void Every_type_is_written_as_dig_writes_it()
    {
        foreach (var (type, text) in RecordSamples.All)
        {
            var record = DnsRecord.Parse($"host.lab. 60 IN {type} {text}");
            Assert.Equal(text, record.Data.ToString());
            var generic = DnsRecord.Parse($"host.lab. 60 IN {type} \\# {record.Data.Octets.Length} {Convert.ToHexString(record.Data.Octets)}");
            Assert.Equal(record, generic);
        }

        Assert.All(DnsTypeDefinition.All, definition => Assert.False(DnsType.Name(definition.Type).IsEmpty));
    }

    [Fact]
    public void Names_seen_before_become_pointers_and_case_is_kept()
    {
        var zone = DnsName.Parse("example.org.");
        var message = new DnsMessage(1, DnsFlags.Response)
        {
            Questions = [new(DnsName.Parse("www.example.org."), DnsType.A)],
            Answers =
            [
                DnsRecord.Parse("www.example.org. 1 IN CNAME web.example.org."),
                DnsRecord.Parse("web.example.org. 1 IN A 192.0.2.1"),
                DnsRecord.Parse("WEB.example.org. 1 IN A 192.0.2.2"),
            ],
        };
        byte[] octets = message.Encode();
        // Header 12, question 17 + 4, then pointers: 2 + 10 + (4 + 2), 2 + 10 + 4, and WEB in full before a pointer, 4 + 2 + 10 + 4.
        Assert.Equal(12 + 21 + 18 + 16 + 20, octets.Length);
        Assert.True(DnsMessage.TryDecode(octets, out var read, out _));
        Assert.Equal("WEB.example.org.", read.Answers[2].Name.ToString());
        Assert.True(read.Answers[2].Name.IsWithin(zone));
    }

    [Fact]
    public void What_does_not_fit_is_left_out_and_TC_is_set()
    {
        var records = Enumerable.Range(0, 100).Select(number => DnsRecord.Parse($"h{number}.lab. 1 IN TXT \"{new string('x', 40)}\""));
        var message = new DnsMessage(7, DnsFlags.Response) { Answers = [.. records], Edns = new DnsEdns() };
        byte[] octets = message.Encode(512);
        Assert.True(octets.Length <= 512);
        Assert.True(DnsMessage.TryDecode(octets, out var read, out _));
        Assert.True((read.Flags & DnsFlags.Truncated) != 0 && read.Edns is not null);
        Assert.InRange(read.Answers.Length, 5, 10);
        Assert.True(message.Answers.Take(read.Answers.Length).SequenceEqual(read.Answers));
    }

    [Fact]
    public void Data_that_lies_about_its_length_is_an_error_with_its_offset()
    {
        var message = new DnsMessage(1, DnsFlags.Response) { Answers = [DnsRecord.Parse(". 1 IN A 192.0.2.1")] };
        byte[] octets = message.Encode();
        octets[^5] = 3;
        Assert.False(DnsMessage.TryDecode(octets.AsSpan(0, octets.Length - 1), out _, out var error));
        Assert.Equal(new DnsError(DnsErrorKind.DataLength, octets.Length - 4), error);
        Assert.False(DnsMessage.TryDecode([.. message.Encode(), 0], out _, out error));
        Assert.Equal(new DnsError(DnsErrorKind.BytesAfter, octets.Length), error);
    }

    [Fact]
    public void Options_are_written_as_dig_writes_them()
    {
        Assert.Equal("CLIENT-SUBNET: 198.51.96.0/19/0", DnsOption.OfSubnet(IPAddress.Parse("198.51.127.7"), 19).ToString());
        Assert.Equal("NSID: 6e 1b (\"n\\027\")", new DnsOption(DnsOption.NameServerId, "n\e"u8).ToString());
        Assert.Equal("EDE: 18 (Prohibited): \"go\"", DnsOption.OfError(18, "go").ToString());
        Assert.True(new DnsEdns().WithDnssec().WantsDnssec);
    }

    [Theory]
    [InlineData("a..b.", "empty label")]
    [InlineData("a.\\25x.", "three digits")]
    [InlineData("", "empty")]
    public void A_name_that_is_none_says_why(string text, string why) =>
        Assert.Contains(why, Assert.Throws<DnsTextException>(() => DnsName.Parse(text)).Message);

    [Theory]
    [InlineData("h. 1 IN A 192.0.2", "no IPv4 address")]
    [InlineData("h. 1 IN A 192.0.2.1 x", "one word more")]
    [InlineData("h. 1 IN MX 70000 m.", "no number from 0 to 65535")]
    [InlineData("h. 1 IN TYPE999 x", "LENGTH HEX")]
    [InlineData("h. 1 IN A \\# 3 0A0000", "no data of A")]
    [InlineData("h. 1 IN HTTPS 1 . port=x", "no number")]
    [InlineData("h. 1 IN NONSENSE x", "no record type")]
    public void A_record_that_is_none_says_why(string text, string why) =>
        Assert.Contains(why, Assert.Throws<DnsTextException>(() => DnsRecord.Parse(text)).Message);

    [Fact]
    public void Names_know_where_they_belong()
    {
        var name = DnsName.Parse("a.b.Example.org.");
        Assert.True(name.IsWithin(DnsName.Parse("example.ORG.")));
        Assert.False(DnsName.Parse("aexample.org.").IsWithin(DnsName.Parse("example.org.")));
        Assert.Equal("a.b.lab.", name.Substitute(DnsName.Parse("example.org."), DnsName.Parse("lab."))!.ToString());
        Assert.Equal("4.3.2.1.in-addr.arpa.", DnsName.Reverse(IPAddress.Parse("1.2.3.4")).ToString());
        Assert.EndsWith(".8.b.d.0.1.0.0.2.ip6.arpa.", DnsName.Reverse(IPAddress.Parse("2001:db8::1")).ToString());
    }
}
