using System.Text.Json;
using System.Text.RegularExpressions;

namespace NetLab.Tests.EndToEnd;

/// <summary><c>netlab lab dns</c> in a network of the test's own, and walks through it.</summary>
[Collection<EndToEndCollection>]
public sealed partial class DnsTraceTests : IDisposable
{
    private static readonly string[] s_root = ["--root", "127.53.0.1", "--port", "8053"];
    private readonly PrivateNetwork _network = new();
    private readonly RunningProgram _lab;

    public DnsTraceTests()
    {
        _lab = _network.Start("lab", "dns");
        _lab.Await("In another terminal");
    }

    public void Dispose()
    {
        _lab.Dispose();
        _network.Dispose();
    }

    [Fact]
    public void Each_step_is_printed_then_the_records_then_how_it_ended()
    {
        var ended = Trace("rose.garden.test");
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Equal(
            """
            .                            127.53.0.1#8053 (root.)  T ms  refers to test.
              test.                      127.53.0.2#8053 (a.tld.test.)  T ms  refers to garden.test.
                garden.test.             127.53.0.3#8053 (ns.garden.test.)  T ms  192.0.2.7

            """, Untimed(ended.Output)[..(Untimed(ended.Output).IndexOf("\n\n", StringComparison.Ordinal) + 1)]);
        Assert.Contains("rose.garden.test.\t300\tIN\tCNAME\t", ended.Output, StringComparison.Ordinal);
        Assert.Contains("IN\tA\t192.0.2.7\n", ended.Output, StringComparison.Ordinal);
        Assert.Contains(";; 192.0.2.7, from 127.53.0.3:8053\n;; 3 questions, ", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("people.garden.test", 1, "")]
    [InlineData("nobody.garden.test", 1, "")]
    [InlineData("www.gone.test", 4, "no answer to www.gone.test. A: the walk broke at gone.test.: 127.53.0.99:8053 refused: nobody listens there.")]
    [InlineData("snake.garden.test", 4, "gives aliases that lead back to ")]
    [InlineData("www.circle.test", 4, "refers back to")]
    [InlineData("www.chicken.test", 4, "no address of ns.egg.test., which serves chicken.test., could be found.")]
    public void What_is_not_there_or_not_to_be_reached_has_its_exit_code(string name, int code, string error)
    {
        var ended = Trace(name);
        Assert.Equal(code, ended.Code);
        Assert.Contains(error, ended.Error, StringComparison.Ordinal);
        Assert.Equal(code == 4 ? 1 : 0, ended.Error.Count(letter => letter == '\n'));
    }

    [Fact]
    public void A_walk_that_takes_too_long_is_given_up_and_says_where()
    {
        var ended = Trace("www.dead.test", "--timeout", "1");
        Assert.Equal(4, ended.Code);
        Assert.Contains("given up after 1 s, at dead.test.: 127.53.0.13:8053 had not answered by then", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void With_minimised_names_the_servers_above_are_told_one_label_more_than_they_have()
    {
        var ended = Trace("any.paths.garden.test", "TXT", "--minimise");
        Assert.Equal(0, ended.Code);
        Assert.Contains("test. A: refers to test.\n", ended.Output, StringComparison.Ordinal);
        Assert.Contains("garden.test. A: refers to garden.test.\n", ended.Output, StringComparison.Ordinal);
        Assert.Contains("\"all paths lead here\"", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void As_JSON_every_step_is_an_object_and_the_end_is_one()
    {
        var ended = Trace("www.glueless.test", "--json");
        var lines = ended.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.All(lines[..^1], line => Assert.Equal("dns-step", line.GetProperty("kind").GetString()));
        Assert.Equal(["referral", "referral", "turn", "referral", "referral", "answer", "answer"], lines[..^1].Select(line => line.GetProperty("outcome").GetString()));
        Assert.Equal(("dns-walk", "answer", 6), (lines[^1].GetProperty("kind").GetString(), lines[^1].GetProperty("outcome").GetString(), lines[^1].GetProperty("questions").GetInt32()));
        Assert.Equal("203.0.113.80", lines[^1].GetProperty("answer")[0].GetProperty("data").GetString());
    }

    [Fact]
    public void A_file_of_hints_is_a_root_too_and_what_is_neither_is_refused()
    {
        string hints = Path.GetTempFileName();
        try
        {
            File.WriteAllText(hints, ". 3600000 NS ROOT.LAB.\nROOT.LAB. 3600000 A 127.53.0.1\n");
            Assert.Equal("192.0.2.80\n", _network.Start("dns", "www.garden.test", "--trace", "--short", "--root", hints, "-p", "8053").WaitForEnd().Output);
            File.WriteAllText(hints, "www 60 IN A 192.0.2.1\n");
            var wrong = _network.Start("dns", "www.garden.test", "--root", hints).WaitForEnd();
            Assert.Equal(2, wrong.Code);
            Assert.Contains("there is no NS record of the root with an address", wrong.OnlyError, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(hints);
        }

        var missing = _network.Start("dns", "www.garden.test", "--root", "/nowhere/named.root").WaitForEnd();
        Assert.Equal(2, missing.Code);
        Assert.Contains("--root wants an address or a file of hints", missing.OnlyError, StringComparison.Ordinal);
    }

    private Ended Trace(string name, params string[] more) => _network.Start(["dns", name, "--trace", .. s_root, .. more]).WaitForEnd();

    private static string Untimed(string text) => Time().Replace(text, "  T ms");

    [GeneratedRegex(@" +\d+\.\d{3} ms")]
    private static partial Regex Time();
}
