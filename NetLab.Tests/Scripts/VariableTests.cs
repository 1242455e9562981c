using System.Text;
using NetLab.Core.Scripts;

namespace NetLab.Tests.Scripts;

public sealed class VariableTests
{
    private const string Head = "let host = 127.0.0.1\nlet port = 8000\nlet text = \"a\\x00$port\"\nlet where = $host:$port\nactor a\nsocket inet stream\n";

    [Fact]
    public void A_variable_stands_for_its_value_in_addresses_numbers_and_texts()
    {
        var steps = Parse("bind $host:${port}\nconnect $where\nsend $text times $port\nsend \"$host:${port}x\\$port $\"\nrecv $port expect $text\n");
        Assert.Equal("127.0.0.1:8000", Address(steps[1].Operation));
        Assert.Equal("127.0.0.1:8000", Address(steps[2].Operation));
        var send = Assert.IsType<Send>(steps[3].Operation);
        Assert.Equal("a\08000", Encoding.UTF8.GetString(send.Text.Span));
        Assert.Equal(8000, send.Times);
        Assert.Equal("127.0.0.1:8000x$port $", Encoding.UTF8.GetString(Assert.IsType<Send>(steps[4].Operation).Text.Span));
        Assert.Equal(8000, Assert.IsType<Receive>(steps[5].Operation).Bytes);
        Assert.Equal("a\08000", Encoding.UTF8.GetString(Assert.IsType<Yields>(steps[5].Expected).Text.Span));
        Assert.Equal("recv 8000 expect \"a\\x008000\"", steps[5].Source);
        Assert.Equal("send \"127.0.0.1:8000x\\$port $\"", steps[4].Source);
    }

    [Fact]
    public void Expectations_and_titles_take_variables_too()
    {
        var script = ScriptParser.Parse(Head.Replace("actor a", "title \"on $port\"\nactor a", StringComparison.Ordinal) + "expect a sent $text\n", "x").Script!;
        Assert.Equal("on 8000", script.Title);
        Assert.Equal("a\08000", Encoding.UTF8.GetString(Assert.IsType<ExpectBytes>(Assert.Single(script.Expectations)).Text!.Value.Span));
    }

    [Theory]
    [InlineData("bind 127.0.0.1:$prot", "x:7:16: found '$prot', expected a variable named before: $host, $port, $text or $where")]
    [InlineData("send \"é$b\"", "x:7:8: found '$b', expected a variable named before: $host, $port, $text or $where")]
    [InlineData("send \"${port\"", "x:7:7: found '${port', expected a name and a closing }")]
    [InlineData("recv $host", "x:7:6: found '127.0.0.1', expected a number of bytes from 1 to 16777216")]
    [InlineData("let port = 1", "x:7:5: found 'port', expected a name that no other variable has")]
    [InlineData("let other 1", "x:7:11: found '1', expected = and a value")]
    [InlineData("let other =", "x:7:12: found the end of the line, expected a word, a number or a text in quotation marks")]
    [InlineData("let other = 1 2", "x:7:15: found '2', expected the end of the line")]
    public void A_mistake_names_its_place(string line, string error) =>
        Assert.Equal(error, Assert.Single(ScriptParser.Parse(Head + line, "x").Errors).ToString());

    [Fact]
    public void A_name_is_known_only_after_its_line() => Assert.Equal(
        "x:1:8: found '$port', expected a variable, but none is named yet (let NAME = VALUE)",
        ScriptParser.Parse("title \"$port\"\nlet port = 1\nactor a\nsocket inet stream\n", "x").Errors[0].ToString());

    [Fact]
    public void A_script_tells_what_it_needs()
    {
        Assert.Equal(["CAP_NET_ADMIN"], ScriptLibrary.LoadBuiltIn("half-open").Needs.Select(need => need.Name));
        Assert.Empty(ScriptLibrary.LoadBuiltIn("hello").Needs);
        Assert.Equal(["CAP_NET_ADMIN"], ScriptParser.Parse("actor a\nsocket inet stream\nvanish\n", "x").Script!.Needs.Select(need => need.Name));
        Assert.Equal("x:1:7: found 'CAP_SYS_ADMIN', expected what the script needs: CAP_NET_ADMIN or io_uring",
            Assert.Single(ScriptParser.Parse("needs CAP_SYS_ADMIN\nactor a\nsocket inet stream\n", "x").Errors).ToString());
    }

    private static Step[] Parse(string steps)
    {
        var parse = ScriptParser.Parse(Head + steps, "x");
        Assert.Empty(parse.Errors);
        return [.. parse.Script!.Actors[0].Steps];
    }

    private static string Address(Operation operation) => $"{operation.Target!.Address}:{operation.Target.Port}";
}
