using System.Text.Json;

namespace NetLab.Tests.EndToEnd;

/// <summary><c>netlab dns</c> with its options, against the lab's tree in a network of the test's own.</summary>
[Collection<EndToEndCollection>]
public sealed class DnsCommandTests : IDisposable
{
    private readonly PrivateNetwork _network = new();
    private readonly RunningProgram _lab;

    public DnsCommandTests()
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
    public void The_answer_is_printed_as_dig_prints_it_with_who_answered()
    {
        var ended = Dns("www.garden.test", "@127.53.0.3");
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains("opcode: QUERY, status: NOERROR", ended.Output, StringComparison.Ordinal);
        Assert.Contains("www.garden.test.\t300\tIN\tA\t192.0.2.80\n", ended.Output, StringComparison.Ordinal);
        Assert.Contains(";; SERVER: 127.53.0.3#8053 (UDP)\n", ended.Output, StringComparison.Ordinal);
        Assert.Contains("(TCP)", Dns("www.garden.test", "@127.53.0.3", "--tcp").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_types_are_answered_in_the_order_in_which_they_were_asked_for()
    {
        var ended = Dns("garden.test", "SOA", "NS", "HINFO", "@127.53.0.3", "--short");
        Assert.Equal(["ns.garden.test. ", "ns.garden.test."], ended.Lines.Select(line => line[..Math.Min(line.Length, 16)]));
        Assert.Equal(1, ended.Code); // there is no HINFO
    }

    [Fact]
    public void As_JSON_and_as_octets_with_their_meaning()
    {
        var answer = JsonDocument.Parse(Dns("www.garden.test", "@127.53.0.3", "--json").Output).RootElement;
        Assert.Equal(("NOERROR", "127.53.0.3:8053"), (answer.GetProperty("status").GetString(), answer.GetProperty("server").GetString()));
        Assert.Equal("192.0.2.80", answer.GetProperty("answer")[0].GetProperty("data").GetString());
        var anatomy = Dns("www.garden.test", "@127.53.0.3", "--anatomy").Output;
        Assert.Contains(";; Query, ", anatomy, StringComparison.Ordinal);
        Assert.Contains("www.garden.test", anatomy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "", "nobody.garden.test", "@127.53.0.3")]
    [InlineData(1, "", "people.garden.test", "@127.53.0.3")]
    [InlineData(4, "No server answered: 127.53.0.99:8053: Connection refused.", "www.garden.test", "@127.53.0.99")]
    [InlineData(4, "No server answered: 127.53.0.13:8053 did not answer within", "www.garden.test", "@127.53.0.13", "--timeout", "1")]
    [InlineData(4, "No server answered: 127.53.0.3:8053", "www.garden.test", "@127.53.0.3", "--tls")]
    [InlineData(2, "is no IP address", "www.garden.test", "@nowhere")]
    [InlineData(2, "The name is missing.", "@127.53.0.3")]
    [InlineData(2, "Only one of --tcp, --tls, --https.", "www.garden.test", "--tcp", "--tls")]
    [InlineData(2, "Only one of --short, --anatomy, --json.", "www.garden.test", "--short", "--json")]
    [InlineData(2, "A walk asks no @127.53.0.3: --root says where it begins.", "www.garden.test", "@127.53.0.3", "--trace")]
    [InlineData(2, "--tcp says how a resolver is asked: it goes not with --trace.", "www.garden.test", "--trace", "--tcp")]
    [InlineData(2, "--edns says how a resolver is asked: it goes not with --trace.", "www.garden.test", "--root", "127.53.0.1", "--edns", "do")]
    [InlineData(2, "--minimise goes with --trace.", "www.garden.test", "--minimise")]
    [InlineData(2, "--tls-name and --insecure go with --tls or --https.", "www.garden.test", "@127.53.0.3", "--tls-name", "ns.test")]
    [InlineData(2, "is no record type", "www.garden.test", "NONSENSE", "@127.53.0.3")]
    public void The_exit_code_says_what_came_of_it(int code, string error, params string[] words)
    {
        var ended = Dns(words);
        Assert.Equal(code, ended.Code);
        Assert.Contains(error, ended.Error, StringComparison.Ordinal);
        Assert.Equal(code == 1 ? 0 : 1, ended.Error.Count(letter => letter == '\n'));
    }

    [Fact]
    public void Looked_up_as_programs_do_a_name_of_the_hosts_file_asks_nobody()
    {
        var ended = Dns("localhost", "--search", "A", "@127.53.0.99");
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains("127.0.0.1\n;; SERVER: /etc/hosts\n", ended.Output, StringComparison.Ordinal);
    }

    private Ended Dns(params string[] words) => _network.Start(["dns", .. words, "-p", "8053"]).WaitForEnd();
}
