using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using NetLab.Core.Interop;

namespace NetLab.Tests.EndToEnd;

/// <summary>The commands as root, in a network of their own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed partial class CommandTests : IDisposable
{
    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    private static readonly string[] s_flags = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];

    [Fact]
    public void Run_hello_shows_every_state_observed_and_the_packets_that_tcpdump_sees()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tcpdump") || File.Exists("/usr/sbin/tcpdump") || Environment.GetEnvironmentVariable("CI") == "true", "needs tcpdump");
        using var tcpdump = RunningProgram.Start([.. _network.Prefix, "tcpdump", "-i", "lo", "-nn", "-l", "--immediate-mode", "port", "8000"]);
        tcpdump.Await("listening on lo");
        var run = _network.Run("run", "hello", "--json");
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.Code);
        var events = run.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(events.Select(Time).Order(StringComparer.Ordinal), events.Select(Time));

        var states = events.Where(one => Text(one, "kind") == "state").ToList();
        Assert.All(states, state => Assert.Equal("observed", Text(state, "provenance")));
        Assert.Equal(
            ["listener LISTEN", "listener CLOSED", "connection SYN_RCVD", "connection ESTABLISHED", "connection FIN_WAIT_1", "connection FIN_WAIT_2", "connection TIME_WAIT"],
            Path(states, "server").OrderBy(name => name.StartsWith("connection", StringComparison.Ordinal)));
        Assert.Equal(["socket SYN_SENT", "socket ESTABLISHED", "socket CLOSE_WAIT", "socket LAST_ACK", "socket CLOSED"], Path(states, "client"));
        Assert.Equal(12, states.Count);
        var expectations = events.Where(one => Text(one, "kind") == "expectation").ToList();
        Assert.Equal(4, expectations.Count);
        Assert.All(expectations, one => Assert.True(one.GetProperty("met").GetBoolean()));

        string[] packets = [.. events.Where(one => Text(one, "kind") == "packet").Select(one =>
            $"{Port(one, "source") == 8000} {Flags(one)} {one.GetProperty("payloadLength").GetInt32()}")];
        Assert.NotEmpty(packets);
        tcpdump.Await(() => tcpdump.Output.Count(c => c == '\n') >= packets.Length, $"{packets.Length} packets of tcpdump");
        tcpdump.Signal(ProcessSignals.SIGTERM);
        Assert.Equal(
            tcpdump.WaitForEnd().Lines.Select(line => TcpdumpLine().Match(line)).Select(match =>
                $"{match.Groups[1].Value.EndsWith(".8000", StringComparison.Ordinal)} {match.Groups[2].Value} {match.Groups[3].Value}"),
            packets);
    }

    [Fact]
    public void Check_passes_ten_times_in_a_row_while_both_cores_are_busy()
    {
        using var over = new CancellationTokenSource();
        var busy = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            while (!over.IsCancellationRequested)
                Thread.SpinWait(1000);
        })
        { IsBackground = true }).ToList();
        busy.ForEach(thread => thread.Start());
        try
        {
            for (int round = 1; round <= 10; round++)
            {
                var check = _network.Run("check", "hello", "framed", "framed-broken");
                Assert.True(check.Code == 0, $"round {round}: {check}");
                Assert.Equal(3, check.Lines.Count(line => line.Contains("passed", StringComparison.Ordinal) && line.Contains("states observed", StringComparison.Ordinal)));
            }
        }
        finally
        {
            over.Cancel();
            busy.ForEach(thread => thread.Join());
        }
    }

    [Fact]
    public void Check_runs_scripts_side_by_side_prints_them_in_order_and_reports_as_JUnit()
    {
        string wrong = _network.Write("wrong.lab", "title \"Wrong\"\nactor a\n  socket inet dgram\n  sleep 100ms\n  close\nexpect a sent 7 bytes\n");
        string report = _network.Write("report.xml", "");
        var run = _network.Run("check", wrong, "hello", "udp", "hello", "--junit", report, "--jobs", "3");
        Assert.Equal("", run.Error);
        Assert.Equal(1, run.Code);
        Assert.Equal(["✗ wrong.lab", "✓ hello.lab", "✓ udp.lab", "✓ hello.lab"],
            run.Lines.Where(line => line.Contains(" expectations, ", StringComparison.Ordinal)).Select(line => $"{line[0]} {System.IO.Path.GetFileName(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2])}"));
        var suites = System.Xml.Linq.XDocument.Load(report).Root!.Elements("testsuite").ToList();
        Assert.Equal(["1", "0", "0", "0"], suites.Select(suite => suite.Attribute("failures")!.Value));
        Assert.Equal("sent 0 bytes", Assert.Single(suites[0].Descendants("failure")).Attribute("message")!.Value);
        Assert.Equal(["2", "5", "3", "5"], suites.Select(suite => suite.Attribute("tests")!.Value));
    }

    [Fact]
    public void A_port_in_use_fails_with_its_errno()
    {
        using var other = RunningProgram.Start([.. _network.Prefix, "python3", "-c",
            "import socket,sys\ns=socket.socket()\ns.bind(('127.0.0.1',8000))\ns.listen()\nprint('listens',flush=True)\nsys.stdin.read()"]);
        other.Await("listens");
        var run = _network.Run("run", "hello");
        Assert.Equal(1, run.Code);
        Assert.Contains("EADDRINUSE", run.Output, StringComparison.Ordinal);
        Assert.Contains("python3", run.Lines.Single(line => line.StartsWith('✗') && line.Contains("EADDRINUSE", StringComparison.Ordinal)), StringComparison.Ordinal);
        var check = _network.Run("check", "hello");
        Assert.Equal(1, check.Code);
        Assert.Contains("EADDRINUSE", check.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error + check.Error);
    }

    [Fact]
    public void An_interrupted_script_ends_with_130_and_leaves_nothing()
    {
        string script = _network.Write("nobody-comes.lab", "actor lonely\n  socket inet stream\n  bind 127.0.0.1:8000\n  listen 5\n  accept\n");
        using var run = _network.Start("run", script, "--json");
        run.Await(() => run.Output.Split('\n').Any(line => line.Contains("\"verb\":\"accept\",\"status\":\"running\"", StringComparison.Ordinal)), "the accept");
        Assert.NotEmpty(Traces.Instances(run.Id));
        int id = run.Id;
        run.Signal(ProcessSignals.SIGINT);
        var ended = run.WaitForEnd();
        Assert.Equal(130, ended.Code);
        Assert.Equal("", ended.Error);
        Traces.AssertNone(id);
        Assert.Empty(Traces.Processes(script));
    }

    [Fact]
    public void A_reader_that_goes_away_ends_a_command_quietly()
    {
        // The program starts once the reader is gone for certain.
        const string script = "{ trap '' PIPE; while printf x 2>/dev/null; do :; done; \"$0\" run hello --json; echo \"code $?\" >&2; } | true";
        var run = RunningProgram.Start([.. _network.Prefix, "sh", "-c", script, PrivateNetwork.Program]).WaitForEnd();
        Assert.Equal("code 141", run.OnlyError);
    }

    private static IEnumerable<string> Path(List<JsonElement> states, string actor) =>
        states.Where(one => Text(one, "actor") == actor).Select(one => $"{Text(one, "socket")} {Text(one, "to")}");

    private static string Flags(JsonElement packet) =>
        string.Concat(packet.GetProperty("flags").EnumerateArray().Select(flag => "FSRP.UEW"[Array.IndexOf(s_flags, flag.GetString())]));

    private static int Port(JsonElement packet, string end) => IPEndPoint.Parse(Text(packet, end)!).Port;

    private static string? Time(JsonElement one) => Text(one, "time");

    private static string? Text(JsonElement one, string name) => one.TryGetProperty(name, out var value) ? value.GetString() : null;

    [GeneratedRegex(@"IP (\S+) > \S+: Flags \[([^\]]*)\].* length (\d+)")]
    private static partial Regex TcpdumpLine();
}
