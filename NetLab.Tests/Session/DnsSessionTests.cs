using NetLab.Core;
using NetLab.Core.Dns;
using NetLab.Core.Interop;
using NetLab.Core.Session;
using NetLab.Tests.Peers;

namespace NetLab.Tests.Session;

public sealed class DnsSessionTests : IDisposable
{
    private readonly Journal _journal = new();
    private readonly DnsSession _session;

    public DnsSessionTests() => _session = new DnsSession(_journal, () => KernelClock.Now);

    public void Dispose() => _session.Dispose();

    private DnsWalk Walked(string name, ushort type)
    {
        if (!_session.HasLab)
            Assert.Null(_session.StartLab());
        var walk = _session.Walk(new DnsQuestion(DnsName.Parse(name), type));
        PeerBench.Await(() => walk.Ended is not null, $"the end of the walk to {name}");
        return walk;
    }

    private static string Said(DnsWalk walk) => string.Join(" | ", walk.Steps.Select(step => $"{step.Level} {step.Outcome} {(step.Outcome == DnsWalkOutcome.Turn ? step.Says : step.Zone)}"));

    [Theory]
    [InlineData("www.garden.test", "A", "192.0.2.80", "0 Referred . | 1 Referred test. | 2 Answered garden.test.")]
    [InlineData("rose.garden.test", "A", "192.0.2.7", "0 Referred . | 1 Referred test. | 2 Answered garden.test.")]
    [InlineData("any.paths.garden.test", "TXT", "\"all paths lead here\"", "0 Referred . | 1 Referred test. | 2 Answered garden.test.")]
    [InlineData("looking-glass.garden.test", "A", "198.51.100.80",
        "0 Referred . | 1 Referred test. | 2 Alias garden.test. | 0 Turn an alias: on to www.mirror.test. | 1 Referred . | 2 Referred test. | 3 Answered mirror.test.")]
    [InlineData("pond.winter.garden.test", "TXT", "\"seen under winter.garden.test, too\"",
        "0 Referred . | 1 Referred test. | 2 Alias garden.test. | 0 Turn an alias: on to pond.mirror.test. | 1 Referred . | 2 Referred test. | 3 Answered mirror.test.")]
    [InlineData("www.glueless.test", "A", "203.0.113.80",
        "0 Referred . | 1 Referred test. | 3 Turn no glue: the address of dns.garden.test. first | 4 Referred . | 5 Referred test. | 6 Answered garden.test. | 2 Answered glueless.test.")]
    [InlineData("www.limping.test", "A", "203.0.113.81", "0 Referred . | 1 Referred test. | 2 Lame limping.test. | 2 Answered limping.test.")]
    public void A_walk_finds_what_is_there_and_tells_each_step(string name, string type, string last, string steps)
    {
        Assert.True(DnsType.TryParse(type, out ushort number));
        var walk = Walked(name, number);
        Assert.Equal((last, true), (walk.Answers[^1].Data.ToString(), walk.IsFound));
        Assert.Equal(steps, Said(walk));
    }

    [Theory]
    [InlineData("people.garden.test", "people.garden.test. has no A, says 127.53.0.3")]
    [InlineData("nobody.garden.test", "there is no nobody.garden.test., says 127.53.0.3")]
    [InlineData("www.lame.test", "the walk broke at lame.test.: 127.53.0.3")]
    [InlineData("www.dead.test", "the walk broke at dead.test.: 127.53.0.13")]
    [InlineData("www.gone.test", "the walk broke at gone.test.: 127.53.0.99")]
    [InlineData("www.chicken.test", "no address of ns.egg.test., which serves chicken.test., could be found")]
    [InlineData("www.circle.test", "the walk broke at circle.test.: 127.53.0.2")]
    [InlineData("snake.garden.test", "the walk broke at garden.test.: 127.53.0.3")]
    [InlineData("echo.garden.test", "the aliases lead back to echo.garden.test.")]
    public void A_walk_that_breaks_says_where_and_why(string name, string verdict)
    {
        var walk = Walked(name, DnsType.A);
        Assert.False(walk.IsFound);
        Assert.StartsWith(verdict, walk.Verdict, StringComparison.Ordinal);
        Assert.All(walk.Steps, step => Assert.NotEqual(DnsWalkOutcome.Waiting, step.Outcome));
    }

    [Fact]
    public void What_does_not_fit_a_datagram_comes_over_TCP()
    {
        var walk = Walked("hedge.garden.test", DnsType.Txt);
        Assert.Equal((DnsCarrier.Stream, 10), (walk.Steps[^1].Carrier, walk.Answers.Count));
    }

    [Fact]
    public void Every_question_of_a_walk_and_its_answer_are_in_the_journal()
    {
        var walk = Walked("www.glueless.test", DnsType.A);
        var reader = _journal.OpenReader();
        byte[] buffer = new byte[4096];
        var seen = new List<(Direction, string)>();
        while (reader.TryRead(Timestamp.MaxValue, out _, out var reference))
        {
            if (_journal.TryGet(reference, ref buffer, out var entry, out var data) && _journal.Names[entry.Actor] == "resolver")
            {
                Assert.True(DnsMessage.TryDecode(data, out var message, out _));
                seen.Add((entry.Detail.Bytes.Direction, message.Questions[0].Name.ToString()));
            }
        }

        Assert.Equal(walk.Steps.Where(step => step.Outcome != DnsWalkOutcome.Turn).SelectMany(step => new[] { Direction.Sent, Direction.Received }
            .Select(way => (way, step.Question.Name.ToString()))), seen);
    }

    [Fact]
    public void A_walk_is_stopped_at_once_and_the_next_one_begins()
    {
        Assert.Null(_session.StartLab());
        var dead = _session.Walk(new DnsQuestion(DnsName.Parse("www.dead.test"), DnsType.A));
        PeerBench.Await(() => dead.Steps.Any(step => step.Zone.Equals(DnsName.Parse("dead.test"))), "the question that nobody answers");
        var next = Walked("www.garden.test", DnsType.A);
        Assert.Equal(("stopped", true), (dead.Verdict, next.IsFound));
        // The question that nobody answered is known all the same.
        Assert.True(DnsMessage.TryDecode(dead.Steps[^1].Query.Span, out var unanswered, out _));
        Assert.Equal((dead.Question, 0), (unanswered.Questions[0], dead.Steps[^1].Answer.Length));
        Assert.Equal((DnsWalkOutcome.Failed, "had not answered by then"), (dead.Steps[^1].Outcome, dead.Steps[^1].Says));
        Assert.Equal([dead, next], _session.Walks);
    }

    [Fact]
    public void What_answers_bring_is_remembered_as_long_as_it_may_be()
    {
        var cache = new DnsCache();
        var query = DnsMessage.Query(1, DnsName.Parse("a.lab"), DnsType.A);
        var start = new Timestamp(1_000_000_000_000);
        // A server of lab. has nothing to say of bank.
        var lab = DnsName.Parse("lab.");
        cache.Take(new DnsMessage(1, DnsFlags.Response) { Questions = query.Questions, Answers = [DnsRecord.Parse("b.a.lab. 30 IN A 192.0.2.1"), DnsRecord.Parse("lab. 60 IN NS ns.lab."), DnsRecord.Parse("bank. 60 IN A 192.0.2.66")] }, lab, start);
        Assert.Equal(["lab. 60", "b.a.lab. 30"], cache.Now(start).Select(entry => $"{entry.Record.Name} {entry.SecondsLeft(start)}"));
        var later = start + Duration.FromSeconds(25);
        Assert.Equal(["lab. 35", "b.a.lab. 5"], cache.Now(later).Select(entry => $"{entry.Record.Name} {entry.SecondsLeft(later)}"));
        Assert.Equal("lab.", cache.Now(start + Duration.FromSeconds(31)).Single().Record.Name.ToString());
        // The same record again begins anew.
        cache.Take(new DnsMessage(1, DnsFlags.Response) { Answers = [DnsRecord.Parse("lab. 60 IN NS ns.lab.")] }, lab, later);
        Assert.Equal(60, cache.Now(later).Single(entry => entry.Record.Type == DnsType.Ns).SecondsLeft(later));
        for (int index = 0; index < 2 * DnsCache.Bound; index++)
            cache.Take(new DnsMessage(1, DnsFlags.Response) { Answers = [DnsRecord.Parse($"n{index}.lab. 60 IN A 192.0.2.1")] }, lab, later);
        Assert.Equal(DnsCache.Bound, cache.Now(later).Length);
        cache.Clear();
        Assert.Empty(cache.Now(later));
    }
}
