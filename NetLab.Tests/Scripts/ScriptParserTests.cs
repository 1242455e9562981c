using NetLab.Core.Scripts;
using NetLab.Tests.Support;

namespace NetLab.Tests.Scripts;

public sealed class ScriptParserTests
{
    [Fact]
    public void Hello_is_read_whole()
    {
        var script = ScriptLibrary.Load("hello");
        Assert.Equal("The simplest server and client", script.Title);
        Assert.Equal(["server", "client"], script.Actors.Select(a => a.Name));
        Assert.Equal([9, 6], script.Actors.Select(a => a.Steps.Length));
        Assert.Equal([8000], script.Ports.Select(p => (int)p));
        Assert.Equal(new StartCondition(0, 0, 3), script.Actors[1].Start);
        Assert.Equal(4, script.Expectations.Length);
    }

    [Fact]
    public void Every_built_in_script_and_every_example_of_the_verb_table_is_right()
    {
        Assert.All(ScriptLibrary.Names, name => ScriptLibrary.Load(name));
        foreach (var verb in VerbTable.All)
        {
            string tail = verb.Name switch { "repeat" => "\nend", _ => "" }, head = verb.Name == "end" ? "repeat 1\n" : "";
            string text = $"actor server\nsocket inet stream as listener\n{head}{verb.Example}{tail}";
            Assert.Empty(ScriptParser.Parse(text, "example").Errors);
            Assert.Contains($"## {verb.Name}\n", VerbTable.RenderMarkdown());
        }
    }

    [Fact]
    public void The_reference_page_is_the_one_that_the_verb_table_makes() =>
        Assert.Equal(VerbTable.RenderMarkdown(), File.ReadAllText(Path.Combine(Repository.Root, "docs", "script-language.md")));

    [Fact]
    public void The_contents_name_every_script_of_the_library_once()
    {
        var files = typeof(ScriptLibrary).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".lab", StringComparison.Ordinal)).Select(name => name["library/".Length..^".lab".Length]);
        Assert.Equal(files.Order(StringComparer.Ordinal), ScriptLibrary.Names.Order(StringComparer.Ordinal));
        Assert.All(ScriptLibrary.Names, name =>
        {
            var script = ScriptLibrary.LoadBuiltIn(name);
            Assert.NotEmpty(script.Title);
            Assert.NotEmpty(script.About);
            Assert.NotEmpty(script.Expectations);
        });
    }

    [Theory]
    [InlineData("lisen", "x:1:1: found 'lisen', expected title, about, needs, let, serve, actor or expect")]
    [InlineData("actor a\n  lisen 5", "x:2:3: found 'lisen', expected listen")]
    [InlineData("actor a\n  epoll add readable", "x:2:3: found 'epoll', expected epoll_create, epoll_ctl or epoll_wait")]
    [InlineData("bind 1.2.3.4:5", "x:1:1: found 'bind', expected title, about, needs, let, serve, actor or expect (a verb belongs under an actor)")]
    [InlineData("actor a\n bind 127.0.0.1:1", "x:2:2: found 'bind', expected socket before it, since a has none yet")]
    [InlineData("actor a\n socket inet4 stream", "x:2:9: found 'inet4', expected inet, inet6 or unix")]
    [InlineData("actor a\n socket inet", "x:2:13: found the end of the line, expected stream or dgram")]
    [InlineData("actor a\n socket inet stream ass b", "x:2:21: found 'ass', expected as, expect or the end of the line")]
    [InlineData("title \"x", "x:1:7: found a text without an end, expected a closing \"")]
    [InlineData("title \"\\q\"", "x:1:8: found '\\q', expected \\r, \\n, \\t, \\\", \\$, \\\\ or \\xNN")]
    [InlineData("actor a\nend", "x:2:1: found 'end', expected repeat before it")]
    [InlineData("actor a\nrepeat 2\nsleep 1ms", "x:3:1: found the end of the file, expected end, for the repeat that is still open")]
    [InlineData("", "x:1:1: found the end of the file, expected at least one actor")]
    [InlineData("actor a\nactor a", "x:2:7: found 'a', expected a name that no other actor has")]
    [InlineData("actor a\nsocket inet stream\nclose b", "x:3:7: found 'b', expected a socket of a: socket")]
    [InlineData("actor a\nsleep 3", "x:2:7: found '3', expected a time such as 200ms, 50us or 2s")]
    [InlineData("actor a\nafter \u001bb close", "x:2:7: found '\\u001bb', expected the name of an actor")]
    [InlineData("serve ftp 127.0.0.1:21", "x:1:7: found 'ftp', expected a kind of server: hello, framed, echo, discard, chargen, udp-echo or http")]
    [InlineData("serve http unix:/tmp/x", "x:1:12: found 'unix:/tmp/x', expected an address and a port such as 127.0.0.1:8000 or [::1]:8000")]
    [InlineData("serve http 127.0.0.1:80\nserve http [::1]:80\nactor a", "x:2:12: found '[::1]:80', expected a port that no other server has")]
    [InlineData("file a \"x\"", "x:1:1: found 'file', expected title, about, needs, let, serve, actor or expect (a file belongs under serve http)")]
    [InlineData("serve echo 127.0.0.1:80\nfile a \"x\"\nactor a", "x:2:1: found 'file', expected title, about, needs, let, serve, actor or expect (a file belongs under serve http)")]
    [InlineData("serve http 127.0.0.1:80 as a\nserve http 127.0.0.1:81 as a\nactor b", "x:2:28: found 'a', expected a name that no actor and no other server has (serve http 127.0.0.1:81 as NAME)")]
    [InlineData("serve http 127.0.0.1:80 a\nactor b", "x:1:25: found 'a', expected as, or the end of the line")]
    [InlineData("serve http 127.0.0.1:80\nactor http", "x:2:7: found 'http', expected a name that no other actor has")]
    [InlineData("actor a\nsocket inet stream\nconnect http.connection\nserve http 127.0.0.1:80", "x:3:9: found 'http.connection', expected http.listener, where http listens")]
    [InlineData("serve http 127.0.0.1:80\nactor a\nsleep 1s\nexpect http.socket LISTEN", "x:4:8: found 'http.socket', expected a socket of the server http: listener, connection or connection.2")]
    [InlineData("serve http 127.0.0.1:80\nactor a\nafter http accept", "x:3:1: found 'http', expected the name of an actor, since a server takes no steps")]
    [InlineData("serve http 127.0.0.1:80\nactor a\nwait http.listener LISTEN", "x:3:1: found 'http.listener', expected a socket of an actor, not a server's")]
    [InlineData("serve http 127.0.0.1:80\nactor a\nsleep 1s\nexpect a sleep before http send", "x:4:1: found 'http', expected the name of an actor, since a server takes no steps")]
    [InlineData("serve http 127.0.0.1:80\nfile ../a \"x\"\nactor a", "x:2:6: found '../a', expected a file's name (letters, digits, '.', '_' and '-')")]
    [InlineData("serve http 127.0.0.1:80\nfile a \"x\"\nfile a \"y\"\nactor a", "x:3:6: found 'a', expected a name that no other file has")]
    [InlineData("serve http 127.0.0.1:80\nfile a \"0123456789abcdef0\" times 1000000\nactor a", "x:2:34: found '1000000', expected files of at most 16777216 bytes together")]
    [InlineData("serve http 127.0.0.1:80", "x:1:1: found the end of the file, expected at least one actor")]
    [InlineData("actor a\nsleep 1s\nexpect packet a FINN", "x:3:17: found 'FINN', expected TCP flags such as FIN or SYN,ACK: FIN, SYN, RST, PSH, ACK, URG, ECE or CWR")]
    public void A_mistake_names_its_place_what_was_found_and_what_could_stand_there(string text, string error) =>
        Assert.Equal(error, Assert.Single(ScriptParser.Parse(text, "x").Errors).ToString());

    [Fact]
    public void Texts_hold_escapes_and_UTF8()
    {
        var script = ScriptParser.Parse("actor a\nsocket inet stream\nsend \"é\\x00\\xff\\\"#\" # said", "x").Script!;
        var step = script.Actors[0].Steps[1];
        Assert.Equal([0xC3, 0xA9, 0, 0xFF, (byte)'"', (byte)'#'], ((Send)step.Operation).Text.ToArray());
        Assert.Equal("send \"é\\x00\\xff\\\"#\"", step.Source);
    }

    [Fact]
    public void A_server_stands_beside_the_actors_with_its_files()
    {
        var script = ScriptParser.Parse("let where = 127.0.0.1:8000\nserve http $where\n  file a.txt \"hi\\n\"\n  file b \"ab\" times 3\nactor a\n  sleep 1ms\nserve http [::1]:81\nactor b\n  sleep 1ms", "x").Script!;
        Assert.Equal([("http", "127.0.0.1:8000", 2, 2), ("http2", "[::1]:81", 0, 7)], script.Servers.Select(server => (server.Name, $"{server.Address}", server.Files.Length, server.Line)));
        Assert.Equal([("a.txt", "hi\n"), ("b", "ababab")], script.Servers[0].Files.Select(file => (file.Name, System.Text.Encoding.UTF8.GetString(file.Bytes.Span))));
        Assert.Equal([81, 8000], script.Ports.Select(port => (int)port));
        Assert.Equal(["a", "b"], script.Actors.Select(actor => actor.Name));
    }

    [Fact]
    public void No_text_makes_the_parser_throw()
    {
        const int Seed = 20261123;
        var random = new Random(Seed);
        byte[] original = System.Text.Encoding.UTF8.GetBytes(string.Concat(ScriptLibrary.Names.Select(ScriptLibrary.Text)));
        for (int round = 0; round < 3_000; round++)
        {
            var bytes = original[..random.Next(original.Length)];
            for (int change = random.Next(8); change > 0 && bytes.Length > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : "\"\\ .:#\n"[random.Next(7)]);
            var parse = ScriptParser.Parse(bytes, "x");
            Assert.True(parse.Script is null != parse.Errors.IsEmpty, $"seed {Seed}, round {round}");
            Assert.All(parse.Errors, e => Assert.DoesNotContain(e.ToString(), char.IsControl));
        }
    }
}
