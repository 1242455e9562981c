using NetLab.Core.Dns;

namespace NetLab.Tests.Dns;

/// <summary>Data of every type as dig prints it, and random data of every type.</summary>
internal static class RecordSamples
{
    public static readonly (string Type, string Data)[] All =
    [
        ("A", "192.0.2.1"),
        ("AAAA", "2001:db8::1"),
        ("NS", "ns1.example.org."),
        ("CNAME", "a\\.b.example.org."),
        ("SOA", "ns1.example.org. host.example.org. 2026112301 7200 3600 1209600 300"),
        ("PTR", "host.example.org."),
        ("MX", "10 mail.example.org."),
        ("TXT", "\"one\" \"two \\\"quoted\\\" \\\\ \\200\" \"\""),
        ("SRV", "0 5 5060 sip.example.org."),
        ("CAA", "128 issue \"ca.example.net; policy=ev\""),
        ("NAPTR", "100 50 \"s\" \"z3950+I2L+I2C\" \"\" _z3950._tcp.example.org."),
        ("HTTPS", "1 . alpn=\"h2,h3\" port=8443 ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1"),
        ("HTTPS", "0 other.example.org."),
        ("SVCB", "16 foo.example.org. mandatory=alpn,port alpn=\"h2\" no-default-alpn port=53 ech=AAQ= key667=\"hello\""),
        ("DS", "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"),
        ("DNSKEY", "256 3 5 AQPSKmynfzW4kyBv015MUG2DeIQ3Cbl+BBZH4b/0PY1kxkmvHjcZc8no kfzj31GajIQKY+5CptLr3buXA10hWqTkF7H6RfoRqXQeogmMHfpftf6z"),
        ("RRSIG", "A 5 3 86400 20030322173103 20030220173103 2642 example.org. oJB1W6WNGv+ldvQ3WDG0MQkg5IEhjRip8WTrPYGv07h108dUKGMeDPKi jVCHX3DDKdfb+v6oB9wfuh3DTJXUAfI="),
        ("NSEC", "host.example.org. A MX RRSIG NSEC TYPE1234"),
        ("NSEC3", "1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR NS SOA MX RRSIG DNSKEY NSEC3PARAM"),
        ("NSEC3", "1 0 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR"),
        ("NSEC3PARAM", "1 0 12 AABBCCDD"),
        ("TLSA", "3 1 1 D2ABDE240D7CD3EE6B4B28C54DF034B97983A1D16E8A410E4561CB10 6618E971"),
        ("SSHFP", "2 1 123456789ABCDEF67890123456789ABCDEF67890"),
        ("LOC", "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m"),
        ("LOC", "0 0 0.001 S 180 0 0.000 W 42849672.95m 90000000m 1m 0.09m"),
        ("DNAME", "other.example.org."),
        ("HINFO", "\"PC\" \"Linux 6\""),
        ("RP", "admin.example.org. more.example.org."),
        ("URI", "10 1 \"ftp://ftp.example.org/public\""),
        ("AFSDB", "1 afs.example.org."),
        ("TYPE65280", "\\# 4 0A000001"),
        ("TYPE65281", "\\# 0"),
    ];

    private static readonly string[] s_labels = ["a", "www", "Mail", "example", "org", "net", "lab", "x-y", "_tcp", "*"];

    public static DnsName Name(Random random)
    {
        var labels = Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(8) > 0
            ? s_labels[random.Next(s_labels.Length)]
            : string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => $"\\{random.Next(256):D3}")));
        return DnsName.Parse(string.Concat(labels.Select(label => label + ".")) is { Length: > 0 } name ? name : ".");
    }

    /// <summary>Random data of a type that NetLab knows: its fields are those of a sample or made anew.</summary>
    public static DnsData Data(Random random)
    {
        var (type, text) = All[random.Next(All.Length)];
        Assert.True(DnsType.TryParse(type, out ushort number));
        var sample = DnsData.Parse(number, DnsTokens.Split(text));
        switch (random.Next(3))
        {
            case 0:
                return sample;
            case 1 when sample.FirstName is not null && DnsTypeDefinition.Find(number)!.Fields is [NameField]:
                return DnsData.OfName(number, Name(random));
            default:
                byte[] octets = sample.Octets.ToArray();
                if (octets.Length > 0)
                    octets[random.Next(octets.Length)] = (byte)random.Next(256);
                return DnsData.Create(number, octets) ?? sample;
        }
    }

    public static DnsRecord Record(Random random) => new(Name(random), (ushort)random.Next(1, 5), (uint)random.NextInt64(1L << 32), Data(random));

    public static DnsMessage Message(Random random) => new((ushort)random.Next(65536), (DnsFlags)random.Next(65536))
    {
        Questions = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new DnsQuestion(Name(random), (ushort)random.Next(65536)))],
        Answers = [.. Enumerable.Range(0, random.Next(6)).Select(_ => Record(random))],
        Authorities = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Record(random))],
        Additionals = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Record(random))],
        Edns = random.Next(2) == 0 ? null : new DnsEdns((ushort)random.Next(65536))
        {
            ExtendedCode = (byte)random.Next(256),
            Flags = (ushort)random.Next(65536),
            Options = [new DnsOption(DnsOption.Cookie, [1, 2, 3, 4, 5, 6, 7, 8]), DnsOption.OfError(18, "no"), new DnsOption(DnsOption.Padding, new byte[random.Next(40)])],
        },
    };
}
