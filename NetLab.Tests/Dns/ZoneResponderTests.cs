using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using NetLab.Core.Dns;
using NetLab.Tests.Support;

namespace NetLab.Tests.Dns;

public class ZoneResponderTests(ITestOutputHelper output)
{
    private static readonly string[] s_zoneFiles = ["lab.test.zone", "second.test.zone"];
    private static readonly string s_long = string.Concat(Enumerable.Range(0, 8).Select(index => $"long TXT \"{index}{new string('x', 200)}\"\n"));

    private static readonly string s_text = $"""
        $TTL 1h
        @ SOA ns keeper 1 1h 1h 1h 5m
          NS ns
        ns A 127.0.0.1
        www A 192.0.2.1
        alias CNAME www
        *.any TXT "any"
        {s_long}{string.Concat(Enumerable.Range(0, 40).Select(index => $"child NS ns{index}.child\nns{index}.child AAAA 2001:db8::{index}\nmany MX {index} mail{index}\nmail{index} AAAA 2001:db8::1:{index}\n"))}
        """;

    private static readonly ZoneSet s_zones = new([new Zone(new ZoneFile().Read(s_text, DnsName.Parse("lab."), "lab.zone"), "lab.zone")]);

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("NETLAB_FUZZ_SEED"), out int seed) ? seed : Environment.TickCount;

    private static byte[] Query(string name, ushort type, DnsEdns? edns = null, ushort @class = DnsType.ClassIn, DnsFlags flags = DnsFlags.RecursionDesired) =>
        new DnsMessage(0x1234, flags) { Questions = [new(DnsName.Parse(name), type, @class)], Edns = edns }.Encode();

    private static DnsMessage Answer(byte[] query, DnsCarrier carrier = DnsCarrier.Datagram)
    {
        var responder = new ZoneResponder(s_zones);
        byte[] buffer = new byte[carrier == DnsCarrier.Stream ? 65_535 : 1_472];
        byte[] first = buffer[..responder.Answer(query, buffer, carrier)];
        // The second comes out of what was kept, and is the same.
        Assert.Equal(first, buffer[..responder.Answer(query, buffer, carrier)]);
        Assert.True(DnsMessage.TryDecode(first, out var message, out var error), $"{error}");
        return message;
    }

    [Theory]
    [InlineData("www.lab.", DnsType.A, "NOERROR")]
    [InlineData("none.lab.", DnsType.A, "NXDOMAIN")]
    [InlineData("www.other.", DnsType.A, "REFUSED")]
    [InlineData("lab.", 252, "REFUSED")]
    [InlineData("lab.", 254, "NOTIMP")]
    [InlineData("lab.", 41, "FORMERR")]
    public void A_query_gets_its_number_its_question_and_a_code(string name, ushort type, string code)
    {
        var message = Answer(Query(name, type));
        Assert.Equal((0x1234, code), (message.Id, DnsDigText.CodeText(message.ResponseCode)));
        Assert.Equal(name, message.Questions.Single().Name.ToString());
        Assert.Equal(DnsFlags.Response | DnsFlags.RecursionDesired, message.Flags & (DnsFlags.Response | DnsFlags.RecursionDesired | DnsFlags.RecursionAvailable));
    }

    [Fact]
    public void What_is_kept_comes_back_with_the_number_the_flags_and_the_letters_of_the_next_query()
    {
        var responder = new ZoneResponder(s_zones);
        byte[] buffer = new byte[1_472];
        responder.Answer(Query("alias.lab.", DnsType.A), buffer, DnsCarrier.Datagram);
        byte[] again = Query("aLiAs.LAB.", DnsType.A, flags: DnsFlags.CheckingDisabled);
        again[1] = 0x99;
        int length = responder.Answer(again, buffer, DnsCarrier.Datagram);
        Assert.True(DnsMessage.TryDecode(buffer.AsSpan(0, length), out var message, out _));
        Assert.Equal((0x1299, "aLiAs.LAB.", 2), (message.Id, message.Questions[0].Name.ToString(), message.Answers.Length));
        Assert.Equal(DnsFlags.Response | DnsFlags.Authoritative | DnsFlags.CheckingDisabled, message.Flags);
    }

    [Fact]
    public void Other_classes_operations_and_versions_are_told_so()
    {
        Assert.Equal("REFUSED", DnsDigText.CodeText(Answer(Query("www.lab.", DnsType.Txt, @class: 3)).ResponseCode));
        Assert.Equal("NOTIMP", DnsDigText.CodeText(Answer(Query("lab.", DnsType.Soa, flags: (DnsFlags)(4 << 11))).ResponseCode));
        var version = Answer(Query("www.lab.", DnsType.A, new DnsEdns() { Version = 1 }));
        Assert.Equal(("BADVERS", (byte)0, 0), (DnsDigText.CodeText(version.ResponseCode), version.Edns!.Version, version.Answers.Length));
        byte[] none = Query("www.lab.", DnsType.A);
        none[5] = 0;
        Assert.Equal(("FORMERR", 0), (DnsDigText.CodeText(Answer(none[..12]).ResponseCode), Answer(none[..12]).Questions.Length));
        Assert.Equal("FORMERR", DnsDigText.CodeText(Answer([.. Query("www.lab.", DnsType.A), 0]).ResponseCode));
        // A response is never answered, or two servers would talk for ever.
        Assert.Equal(0, new ZoneResponder(s_zones).Answer(Query("www.lab.", DnsType.A, flags: DnsFlags.Response), new byte[1_472], DnsCarrier.Datagram));
        Assert.Equal(0, new ZoneResponder(s_zones).Answer(new byte[11], new byte[1_472], DnsCarrier.Datagram));
    }

    [Fact]
    public void EDNS_is_answered_with_EDNS_and_its_buffer_is_believed_up_to_1232()
    {
        Assert.Null(Answer(Query("www.lab.", DnsType.A)).Edns);
        var edns = Answer(Query("www.lab.", DnsType.A, new DnsEdns(4096).WithDnssec())).Edns;
        Assert.Equal((1232, true), (edns!.BufferSize, edns.WantsDnssec));
        foreach (ushort size in new ushort[] { 0, 512, 1232, 4096 })
        {
            var cut = Answer(Query("long.lab.", DnsType.Txt, new DnsEdns(size)));
            Assert.Equal((true, 0), ((cut.Flags & DnsFlags.Truncated) != 0, cut.Answers.Length));
        }

        var whole = Answer(Query("long.lab.", DnsType.Txt), DnsCarrier.Stream);
        Assert.Equal((false, 8), ((whole.Flags & DnsFlags.Truncated) != 0, whole.Answers.Length));
    }

    [Fact]
    public void Glue_that_does_not_fit_cuts_the_answer_off_and_a_courtesy_does_not()
    {
        var referral = Answer(Query("x.child.lab.", DnsType.A, new DnsEdns()));
        Assert.Equal((true, 0, 0), ((referral.Flags & DnsFlags.Truncated) != 0, referral.Authorities.Length, referral.Additionals.Length));
        var mail = Answer(Query("many.lab.", DnsType.Mx, new DnsEdns()));
        Assert.False((mail.Flags & DnsFlags.Truncated) != 0);
        Assert.Equal(40, mail.Answers.Length);
        Assert.InRange(mail.Additionals.Length, 1, 39);
    }

    [Fact]
    public void An_answer_that_is_kept_makes_no_garbage()
    {
        var responder = new ZoneResponder(s_zones);
        byte[][] queries = [Query("www.lab.", DnsType.A, new DnsEdns()), Query("none.lab.", DnsType.A), Query("x.any.lab.", DnsType.Txt), Query("www.other.", DnsType.A)];
        byte[] buffer = new byte[1_472];
        Assert.Equal(0, Allocation.Least(() =>
        {
            foreach (byte[] query in queries)
                responder.Answer(query, buffer, DnsCarrier.Datagram);
        }));
    }

    [Fact]
    public void More_questions_than_are_kept_are_all_answered_right()
    {
        var responder = new ZoneResponder(s_zones);
        byte[] buffer = new byte[1_472];
        for (int index = 0; index < 100_000; index++)
        {
            string name = $"n{index % 50_000}.any.lab.";
            int length = responder.Answer(Query(name, DnsType.Txt), buffer, DnsCarrier.Datagram);
            if (index % 1_000 != 0)
                continue;
            Assert.True(DnsMessage.TryDecode(buffer.AsSpan(0, length), out var message, out _));
            Assert.Equal((name, name, "\"any\""), (message.Questions[0].Name.ToString(), message.Answers.Single().Name.ToString(), message.Answers[0].Data.ToString()));
        }
    }

    [Fact]
    public void Mutated_queries_are_answered_with_a_message_or_not_at_all()
    {
        int seed = Seed;
        var random = new Random(seed);
        var responder = new ZoneResponder(s_zones);
        string[] names = ["www.lab.", "x.any.lab.", "alias.lab.", "x.child.lab.", "long.lab.", "lab.", "."];
        byte[] buffer = new byte[65_535];
        int answered = 0;
        var clock = Stopwatch.StartNew();
        for (int round = 0; round < 500 || clock.Elapsed < TimeSpan.FromSeconds(1); round++)
        {
            byte[] query = Query(names[random.Next(names.Length)], (ushort)random.Next(70), random.Next(2) == 0 ? new DnsEdns((ushort)random.Next(5_000)) : null);
            for (int change = random.Next(4); change > 0; change--)
                query[random.Next(query.Length)] = (byte)random.Next(256);
            var carrier = (DnsCarrier)random.Next(2);
            try
            {
                int length = responder.Answer(query, buffer.AsSpan(0, carrier == DnsCarrier.Stream ? 65_535 : 1_472), carrier);
                if (length == 0)
                    continue;
                answered++;
                Assert.True(DnsMessage.TryDecode(buffer.AsSpan(0, length), out var message, out var error), $"{error}");
                Assert.Equal(BinaryPrimitives.ReadUInt16BigEndian(query), message.Id);
                Assert.True(carrier == DnsCarrier.Stream || length <= 1232);
                Assert.DoesNotContain(DnsQueryLine.Of(query, buffer.AsSpan(0, length), carrier), char.IsControl);
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"NETLAB_FUZZ_SEED={seed}, round {round}, {Convert.ToHexString(query)}: {failure}");
            }
        }

        output.WriteLine($"{answered} answered, seed {seed}");
        Assert.True(answered > 0);
    }

    [Fact]
    public void Mutated_zone_files_make_a_zone_or_a_sentence_with_a_place()
    {
        int seed = Seed;
        var random = new Random(seed);
        string[] files = [.. s_zoneFiles.Select(name => File.ReadAllText(Path.Combine(Repository.Root, "NetLab.Tests/Support/Zones", name), Encoding.Latin1)), s_text];
        int zones = 0;
        for (int round = 0; round < 400; round++)
        {
            var text = new StringBuilder(files[random.Next(files.Length)]);
            for (int change = random.Next(6); change > 0; change--)
            {
                int at = random.Next(text.Length);
                switch (random.Next(3))
                {
                    case 0: text[at] = (char)random.Next(256); break;
                    case 1: text[at] = "\n\t \\\"();@$*."[random.Next(12)]; break;
                    default: text.Remove(at, Math.Min(random.Next(20), text.Length - at)); break;
                }
            }

            try
            {
                var reader = new ZoneFile(_ => "h A 192.0.2.1\n");
                var zone = new Zone(reader.Read(text.ToString(), DnsName.Parse("lab."), "z"), "z", reader.Places);
                new ZoneResponder(new ZoneSet([zone])).Answer(Query("www." + zone.Origin, DnsType.A), new byte[1_472], DnsCarrier.Datagram);
                zones++;
            }
            catch (ZoneException refused)
            {
                Assert.Matches(@"\Az(:\d+){0,2}: .+\.\z", refused.Message);
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"NETLAB_FUZZ_SEED={seed}, round {round}: {failure}\n{text}");
            }
        }

        output.WriteLine($"{zones} zones, seed {seed}");
        Assert.True(zones > 0);
    }
}
