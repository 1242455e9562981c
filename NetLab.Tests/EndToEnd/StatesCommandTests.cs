using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using NetLab.Core.Interop;

namespace NetLab.Tests.EndToEnd;

/// <summary><c>netlab states</c> on real exchanges. The trace is of the whole machine, so each test has ports of its own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed partial class StatesCommandTests : IDisposable
{
    // The server closes first. It takes a step with each line of its input.
    private const string Exchange = """
        import socket, sys
        port = int(sys.argv[1])
        def step(done):
            print(done, flush=True)
            sys.stdin.readline()
        step('begins')
        while True:
            server = socket.socket()
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(('127.0.0.1', port))
            server.listen(5)
            step('listens')
            client = socket.create_connection(('127.0.0.1', port))
            connection = server.accept()[0]
            step('connected')
            connection.close()
            step('half closed')
            client.recv(1)
            client.close()
            step('closed')
            server.close()
            step('over')
        """;

    private static readonly string[] s_ends = ["server", "connection", "client"];
    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public void One_exchange_is_told_in_order_with_TIME_WAIT_in_its_place()
    {
        const int port = 18431;
        using var exchange = Begin(port);
        using var states = _network.Start("states", "port", $"{port}");
        states.Await("(observed)");
        TakeSteps(exchange);
        states.Await("LISTEN      → CLOSED");
        states.Signal(ProcessSignals.SIGINT);
        var ended = states.WaitForEnd();
        Assert.Equal((130, ""), (ended.Code, ended.Error));
        var lines = ended.Lines[1..].Select(line => Change().Match(line)).ToList();
        Assert.All(lines, line => Assert.True(line.Success, ended.Output));
        Assert.Equal(
            [
                "server: CLOSED>LISTEN LISTEN>CLOSED",
                "connection: CLOSED>SYN_RCVD SYN_RCVD>ESTABLISHED ESTABLISHED>FIN_WAIT_1 FIN_WAIT_1>FIN_WAIT_2 FIN_WAIT_2>TIME_WAIT",
                "client: CLOSED>SYN_SENT SYN_SENT>ESTABLISHED ESTABLISHED>CLOSE_WAIT CLOSE_WAIT>LAST_ACK LAST_ACK>CLOSED",
            ],
            s_ends.Select(end => $"{end}: " + string.Join(' ', lines
                .Where(line => End(line, port) == end).Select(line => $"{line.Groups["from"].Value}>{line.Groups["to"].Value}"))));
        Assert.Equal(lines.Select(line => line.Groups["time"].Value).Order(StringComparer.Ordinal), lines.Select(line => line.Groups["time"].Value));
        // Also what the kernel did in a soft interrupt is told with the process whose socket it is.
        Assert.All(lines, line => Assert.Equal((exchange.Id.ToString(CultureInfo.InvariantCulture), "python3"), (line.Groups["pid"].Value, line.Groups["process"].Value)));
        Assert.All(lines.Where(line => line.Groups["from"].Value != "CLOSED"), line => Assert.NotEqual("", line.Groups["spent"].Value));
        Assert.Contains(ended.Lines, line => line.EndsWith("rcv SYN,ACK", StringComparison.Ordinal));
    }

    [Fact]
    public void Json_has_its_members_and_a_count_ends_it()
    {
        const int port = 18432;
        using var exchange = Begin(port);
        using var states = _network.Start("states", "--json", "-c", "12", "--port", $"{port}", "state", "ESTABLISHED", "or", "TIME_WAIT");
        // It says nothing when it begins, so exchanges follow one another until it has seen enough.
        for (int round = 0; !states.HasEnded; round++)
            TakeSteps(exchange);
        var ended = states.WaitForEnd();
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Equal(12, ended.Lines.Length);
        var unknown = new HashSet<string>();
        foreach (var change in ended.Lines.Select(line => JsonDocument.Parse(line).RootElement))
        {
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$", change.GetProperty("time").GetString()!);
            Assert.Equal("state", change.GetProperty("kind").GetString());
            // That FIN_WAIT_2 became TIME_WAIT the trace does not tell: it is from the packets or, before they are in, from the socket table.
            string provenance = change.GetProperty("provenance").GetString()!;
            Assert.True(provenance == "observed" || (provenance == "sampled" && change.GetProperty("to").ValueEquals("TIME_WAIT")), $"{change}");
            Assert.Equal(("python3", exchange.Id), (change.GetProperty("process").GetString(), change.GetProperty("pid").GetInt32()));
            Assert.Contains($"127.0.0.1:{port}", new[] { change.GetProperty("local").GetString(), change.GetProperty("remote").GetString() });
            Assert.Contains(change.GetProperty("from").GetString() + change.GetProperty("to").GetString(), name => char.IsAsciiLetterUpper(name));
            // How long a state lasted that began before the program did, nobody knows.
            if (change.TryGetProperty("duration", out var duration))
                Assert.True(duration.GetDouble() > 0, ended.Output);
            else
                Assert.True(unknown.Add($"{change.GetProperty("local")}"), ended.Output);
        }

        Assert.InRange(unknown.Count, 0, 2);
    }

    [Fact]
    public void An_ordinary_user_sees_sampled_states_of_everybody_and_is_told_what_is_missing()
    {
        const int port = 18433;
        using var exchange = Begin(port);
        using var states = RunningProgram.Start([.. _network.Prefix, .. PrivateNetwork.OrdinaryUser, _network.ProgramForEverybody, "states", $":{port}"]);
        states.Await("(sampled)");
        exchange.Write("\n");
        states.Await("CLOSED      → LISTEN");
        exchange.Write("\n");
        states.Await(() => states.Output.Split('\n').Count(line => line.Contains("→ ESTABLISHED", StringComparison.Ordinal)) == 2, "both ends established");
        exchange.Write("\n");
        states.Await("ESTABLISHED → CLOSE_WAIT");
        exchange.Write("\n");
        states.Await("→ TIME_WAIT");
        exchange.Write("\n");
        states.Await("LISTEN      → CLOSED");
        states.Signal(ProcessSignals.SIGINT);
        var ended = states.WaitForEnd();
        Assert.Equal(130, ended.Code);
        Assert.EndsWith("so the states are sampled and short ones are missed. Try: sudo ./netlab states", ended.OnlyError, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_side_by_side_do_not_disturb_each_other()
    {
        const int port = 18434;
        using var exchange = Begin(port);
        using var first = _network.Start("states", $":{port}");
        using var second = _network.Start("states", $":{port}");
        int firstId = first.Id, secondId = second.Id;
        first.Await("(observed)");
        second.Await("(observed)");
        TakeSteps(exchange);
        first.Await("LISTEN      → CLOSED");
        second.Await("LISTEN      → CLOSED");
        first.Signal(ProcessSignals.SIGINT);
        var ended = first.WaitForEnd();
        Assert.Equal(130, ended.Code);
        Traces.AssertNone(firstId);
        Assert.NotEmpty(Traces.Instances(secondId));
        int seen = Closings(second.Output);
        Assert.Equal(Changes(ended.Output), Changes(second.Output));
        TakeSteps(exchange);
        second.Await(() => Closings(second.Output) > seen, "the second exchange");
        second.Signal(ProcessSignals.SIGINT);
        Assert.Equal(130, second.WaitForEnd().Code);
        Traces.AssertNone(secondId);
    }

    [Fact]
    public void What_a_killed_one_leaves_the_next_start_removes()
    {
        const int port = 18435;
        int killed;
        using (var first = _network.Start("states", $":{port}"))
        {
            killed = first.Id;
            first.Await("(observed)");
            first.Signal(ProcessSignals.SIGKILL);
            Assert.Equal(128 + ProcessSignals.SIGKILL, first.WaitForEnd().Code);
        }

        Assert.NotEmpty(Traces.Instances(killed));
        using var next = _network.Start("states", $":{port}");
        int nextId = next.Id;
        next.Await("(observed)");
        Traces.AssertNone(killed);
        Assert.NotEmpty(Traces.Instances(nextId));
        next.Signal(ProcessSignals.SIGINT);
        Assert.Equal(130, next.WaitForEnd().Code);
        Traces.AssertNone(nextId);
    }

    private RunningProgram Begin(int port)
    {
        var exchange = RunningProgram.Start([.. _network.Prefix, "python3", "-c", Exchange, $"{port}"]);
        exchange.Await("begins");
        return exchange;
    }

    // One whole exchange, up to its end.
    private static void TakeSteps(RunningProgram exchange)
    {
        int over = exchange.Output.Split("over").Length;
        exchange.Write("\n\n\n\n\n");
        exchange.Await(() => exchange.Output.Split("over").Length > over, "the exchange over");
    }

    private static IEnumerable<string> Changes(string output) =>
        output.Split('\n').Select(line => Change().Match(line)).Where(line => line.Success)
            .Select(line => $"{line.Groups["local"].Value} {line.Groups["remote"].Value} {line.Groups["from"].Value} {line.Groups["to"].Value}").Order(StringComparer.Ordinal);

    private static int Closings(string output) => output.Split("LISTEN      → CLOSED").Length - 1;

    private static string End(Match line, int port) =>
        line.Groups["remote"].Value == "*" ? "server" : line.Groups["local"].Value == $"127.0.0.1:{port}" ? "connection" : "client";

    [GeneratedRegex(@"^(?<time>\S+) +(?<pid>\S+) (?<process>\S+) +(?<local>\S+) +(?<remote>\S+) +(?<from>\S+) +→ (?<to>\S+) *(?<spent>[\d.]+ \S+)?")]
    private static partial Regex Change();
}
