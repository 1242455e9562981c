using NetLab.Core;
using NetLab.Core.Dns;
using NetLab.Tests.Support;
using NetLab.Tui.Panes;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.Panes;

public sealed class DnsPaneTests : IDisposable
{
    private readonly Scene _scene = new();
    private readonly DnsPane _pane = new();

    public void Dispose() => _scene.Dispose();

    private static DnsName Name(string text) => DnsName.Parse(text);

    private static DnsMessage Reply(DnsQuestion question, DnsFlags flags, string[] answers, string[] authorities, string[] additionals) =>
        new(0x4711, DnsFlags.Response | flags)
        {
            Questions = [question],
            Answers = [.. answers.Select(line => DnsRecord.Parse(line))],
            Authorities = [.. authorities.Select(line => DnsRecord.Parse(line))],
            Additionals = [.. additionals.Select(line => DnsRecord.Parse(line))],
            Edns = new DnsEdns(),
        };

    // The root refers to test., whose first server is lame; the second has an alias.
    private DnsWalk Walk()
    {
        var question = new DnsQuestion(Name("www.lab.test"), DnsType.A);
        var walk = new DnsWalk(question, Scene.At(0));
        byte[] query = DnsMessage.Query(0x4711, question.Name, question.Type, new DnsEdns()).Encode();
        DnsWalkStep Step(int level, string zone, uint server, DnsWalkOutcome outcome, string says, DnsMessage? answer = null) => new()
        {
            Level = level,
            Zone = Name(zone),
            Question = question,
            Address = new Endpoint(IpAddress.FromIPv4(0x7F350000 | server), 8053),
            Sent = Scene.At(100 * level),
            Ended = Scene.At(100 * level + 80),
            Took = Duration.FromMicroseconds(outcome == DnsWalkOutcome.Failed ? 900_000 : 80),
            Query = outcome == DnsWalkOutcome.Failed ? default : query,
            Answer = answer?.Encode() ?? [],
            Outcome = outcome,
            Says = says,
        };
        walk.Add(Step(0, ".", 1, DnsWalkOutcome.Referred, "refers to test.", Reply(question, DnsFlags.None, [], ["test. 86400 IN NS a.tld.test."], ["a.tld.test. 86400 IN A 127.53.0.2"])));
        walk.Add(Step(1, "test", 2, DnsWalkOutcome.Referred, "refers to lab.test.", Reply(question, DnsFlags.None, [], ["lab.test. 3600 IN NS ns.lab.test."], ["ns.lab.test. 3600 IN A 127.53.0.3"])));
        walk.Add(Step(2, "lab.test", 13, DnsWalkOutcome.Failed, "did not answer"));
        var last = Reply(question, DnsFlags.Authoritative, ["www.lab.test. 300 IN CNAME host.lab.test.", "host.lab.test. 20 IN A 192.0.2.80"], [], []);
        walk.Add(Step(2, "lab.test", 3, DnsWalkOutcome.Answered, "192.0.2.80", last));
        walk.End(DnsWalkOutcome.Answered, "192.0.2.80, from 127.53.0.3:8053", last.Answers, Scene.At(901_000));
        _scene.Lab.Dns.Cache.Take(last, DnsName.Root, Scene.At(0));
        _scene.Now = Scene.At(12_000_000);
        return walk;
    }

    private void Press(params string[] keys)
    {
        foreach (string key in keys)
        {
            _scene.Draw(_pane, 120, 40);
            var pressed = key switch
            {
                "Tab" => new KeyEvent(Key.Tab, default, Modifiers.None),
                "Enter" => new KeyEvent(Key.Enter, default, Modifiers.None),
                "Up" => new KeyEvent(Key.Up, default, Modifiers.None),
                "Down" => new KeyEvent(Key.Down, default, Modifiers.None),
                "Right" => new KeyEvent(Key.Right, default, Modifiers.None),
                _ => KeyEvent.Of(key[0]),
            };
            Assert.True(_pane.Take(pressed, _scene.Context), key);
        }
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 40)]
    public void A_walk_is_a_tree_with_its_message_its_bytes_and_what_is_remembered(int columns, int rows)
    {
        _pane.Show(Walk());
        Golden.Check($"dns-{columns}", _scene.Draw(_pane, columns, rows));
    }

    [Fact]
    public void The_remembered_takes_the_place_of_the_message_where_there_is_no_room_beside()
    {
        _pane.Show(Walk());
        Press("c");
        string screen = _scene.Draw(_pane, 80, 24);
        Assert.Contains("288 www.lab.test. CNAME host.lab.test.", screen, StringComparison.Ordinal);
        Assert.Contains("  8 host.lab.test. A 192.0.2.80", screen, StringComparison.Ordinal);
        Assert.True(_pane.Back(_scene.Context));
        Assert.Contains("header", _scene.Draw(_pane, 80, 24), StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_the_message_and_its_bytes_have_one_cursor()
    {
        _pane.Show(Walk());
        Press("Tab", "Down", "Right", "Down", "Down");
        Assert.Contains("response, opcode 0, NOERROR, flags aa", _scene.Draw(_pane, 120, 40), StringComparison.Ordinal);
        // Into the bytes, to the first octet behind the header: the question opens to its name.
        Press("Tab", "g");
        for (int octet = 0; octet < 12; octet++)
            Press("Right");
        Assert.Contains("name www.lab.test.", _scene.Draw(_pane, 120, 40), StringComparison.Ordinal);
    }

    [Fact]
    public void The_chosen_step_is_the_one_whose_message_shows()
    {
        _pane.Show(Walk());
        Press("Up");
        Assert.Contains("No answer came.", _scene.Draw(_pane, 80, 24), StringComparison.Ordinal);
        Press("Up");
        Assert.Contains("authority: lab.test. NS ns.lab.test.", _scene.Draw(_pane, 80, 40), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_typed_is_checked_while_it_is_typed()
    {
        Press("/");
        var prompt = _scene.Foot.Prompt!;
        Assert.NotNull(prompt.Fault);
        foreach (var (text, fault) in new[]
        {
            ("www.example.org", null), ("www.example.org mx", null), ("www.example.org NOTYPE", "NOTYPE is no record type"), ("a..b", "the name a..b has an empty label"),
            ("a b c", "a name, and perhaps a type: www.example.org MX"),
        })
        {
            prompt.Take(KeyEvent.Of('u', Modifiers.Control));
            prompt.Paste(text);
            Assert.Equal(fault, prompt.Fault?.Message);
        }
    }

    [Fact]
    public void Before_the_first_walk_it_says_what_to_do()
    {
        string screen = _scene.Draw(_pane, 80, 24);
        Assert.Contains("type one with /", screen, StringComparison.Ordinal);
        Assert.Contains("from the real root", screen, StringComparison.Ordinal);
    }
}
