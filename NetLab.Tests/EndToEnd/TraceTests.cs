using System.Text.Json;
using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary><c>netlab trace</c> over real programs, in a network of their own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class TraceTests : IDisposable
{
    // A first course's server, and its client.
    private const string Server = """
        import socket, sys
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(('127.0.0.1', 8000))
        listener.listen(5)
        print('listening', flush=True)
        connection, client = listener.accept()
        request = connection.recv(4096)
        connection.send(b'hello word')
        connection.close()
        listener.close()
        sys.exit(7)
        """;

    private const string Client = """
        import socket
        client = socket.create_connection(('127.0.0.1', 8000))
        client.send(b'GET / HTTP/1.1\r\n\r\n')
        answer = client.recv(4096)
        while client.recv(4096): pass
        client.close()
        """;

    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public void A_first_course_server_shows_LISTEN_right_after_listen_and_FIN_WAIT_1_right_after_close()
    {
        string timeline = Path.Combine(_network.Folder, "timeline.txt");
        var trace = _network.Start("trace", "-o", timeline, "--", "python3", "-c", Server);
        trace.Await("listening");
        Assert.Equal(0, RunningProgram.Start([.. _network.Prefix, "python3", "-c", Client]).WaitForEnd().Code);
        var run = trace.WaitForEnd();
        Assert.Equal(7, run.Code);
        Assert.Equal("listening\n", run.Output);
        Assert.Equal("", run.Error);

        // What stands after seconds, thread and process, in order.
        string[] lines = [.. File.ReadAllLines(timeline).Select(line => line[12..].TrimStart())];
        int listen = Find(lines, 0, "listen(", ", 5) = 0");
        Assert.Contains("CLOSED → LISTEN", lines[listen + 1]);
        int syn = Find(lines, listen, "Flags [S], seq 0");
        Assert.Contains("CLOSED → SYN_SENT", lines[syn - 1]);
        Assert.Contains("CLOSED → SYN_RCVD  rcv SYN", lines[syn + 1]);
        int data = Find(lines, syn, "Flags [P.], seq 1:19");
        // It may have begun to wait before the data came.
        int received = Find(lines, syn, "recvfrom(", ", 4096, 0) = 18");
        int sent = Find(lines, received, "sendto(", ", 10, 0) = 10");
        int close = Find(lines, sent, "close(");
        Assert.True(Find(lines, sent, "Flags [P.], seq 1:11") is var answer && answer < close, string.Join('\n', lines));
        Assert.True(data < close, string.Join('\n', lines));
        int finWait1 = Find(lines, close, "ESTABLISHED → FIN_WAIT_1  close");
        Assert.True(finWait1 <= close + 2 && finWait1 < Find(lines, close, "Flags [F.], seq 11"), string.Join('\n', lines));
        int finWait2 = Find(lines, close, "FIN_WAIT_1 → FIN_WAIT_2");
        Assert.True(Find(lines, close, "Flags [F.], seq 19") < finWait2, string.Join('\n', lines));
        Find(lines, finWait2, "FIN_WAIT_2 → TIME_WAIT");
        Assert.Contains("exited with 7", lines[^1]);
        Assert.Contains(lines, line => line.Contains("setsockopt(") && line.Contains("SOL_SOCKET, SO_REUSEADDR"));
        Assert.Contains(lines, line => line.Contains("bind(") && line.Contains(", 127.0.0.1:8000) = 0"));
        Assert.Contains(lines, line => line.Contains("accept4(") && line.Contains(" from 127.0.0.1:"));
    }

    [Fact]
    public void Json_tells_calls_states_and_packets_in_order_of_time()
    {
        string timeline = Path.Combine(_network.Folder, "timeline.json");
        var trace = _network.Start("trace", "--json", "-p", "8000", "-o", timeline, "--", "python3", "-c", Server);
        trace.Await("listening");
        Assert.Equal(0, RunningProgram.Start([.. _network.Prefix, "python3", "-c", Client]).WaitForEnd().Code);
        Assert.Equal(7, trace.WaitForEnd().Code);
        var events = File.ReadLines(timeline).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var times = events.Select(one => one.GetProperty("time").GetString()!).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.All(events, one => Assert.Equal("observed", one.GetProperty("provenance").GetString()));
        var bind = events.First(one => one.GetProperty("kind").GetString() == "syscall" && one.GetProperty("name").GetString() == "bind");
        Assert.Equal("127.0.0.1:8000", bind.GetProperty("local").GetString());
        Assert.Equal(0, bind.GetProperty("result").GetInt64());
        Assert.Contains(events, one => one.GetProperty("kind").GetString() == "state" && one.GetProperty("to").GetString() == "TIME_WAIT");
        Assert.Contains(events, one => one.GetProperty("kind").GetString() == "packet" && one.GetProperty("flags")[0].GetString() == "SYN");
    }

    [Fact]
    public void A_process_that_runs_is_followed_until_it_ends()
    {
        string timeline = Path.Combine(_network.Folder, "timeline.txt");
        using var server = RunningProgram.Start([.. _network.Prefix, "python3", "-c", Server]);
        server.Await("listening");
        var trace = _network.Start("trace", "--pid", $"{server.Id}", "-o", timeline);
        Traces.AwaitFollowed(trace.Id, server.Id);
        Assert.Equal(0, RunningProgram.Start([.. _network.Prefix, "python3", "-c", Client]).WaitForEnd().Code);
        Assert.Equal(0, trace.WaitForEnd().Code);
        string[] lines = File.ReadAllLines(timeline);
        int close = Find(lines, Find(lines, 0, "sendto("), "close(");
        Assert.True(Find(lines, close, "FIN_WAIT_1") <= close + 2, string.Join('\n', lines));
    }

    [Theory]
    [InlineData(0, "true")]
    [InlineData(9, "sh", "-c", "exit 9")]
    [InlineData(137, "sh", "-c", "kill -9 $$")]
    [InlineData(127, "no-such-program-anywhere")]
    [InlineData(126, "/etc/passwd")]
    public void The_programs_exit_code_is_passed_on(int code, params string[] command)
    {
        var run = _network.Run(["trace", "--", .. command]);
        Assert.Equal(code, run.Code);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void The_programs_streams_stay_its_own()
    {
        string timeline = Path.Combine(_network.Folder, "timeline.txt");
        var run = _network.Run("trace", "-o", timeline, "--", "sh", "-c", "echo out; echo err >&2; exit 3");
        Assert.Equal((3, "out\n", "err\n"), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public void Control_characters_in_a_process_name_stay_text()
    {
        string timeline = Path.Combine(_network.Folder, "timeline.txt");
        string python = RunningProgram.Start(["python3", "-c", "import sys; print(sys.executable)"]).WaitForEnd().Lines[0];
        string red = Path.Combine(_network.Folder, "\e[31mred");
        File.CreateSymbolicLink(red, python);
        var run = _network.Run("trace", "-o", timeline, "--", red, "-c", "import socket; socket.socket().bind(('127.0.0.1', 0))");
        Assert.Equal(0, run.Code);
        string text = File.ReadAllText(timeline);
        Assert.Contains("\\x1b[31mred", text);
        Assert.DoesNotContain('\e', text);
    }

    [Fact]
    public void Ctrl_C_goes_to_the_program()
    {
        string timeline = Path.Combine(_network.Folder, "timeline.txt");
        string[] prefix = _network.Prefix;
        using var terminal = PseudoTerminal.Start(prefix[0], [.. prefix[1..], PrivateNetwork.Program, "trace", "-o", timeline, "--",
            "sh", "-c", "trap 'echo caught; exit 5' INT; echo started; while :; do sleep 0.1; done"]);
        terminal.AwaitScreen("started");
        terminal.Send("\u0003");
        Assert.Equal(5, terminal.WaitForExit());
        Assert.Contains("caught", terminal.Screen);
        Assert.Contains("exited with 5", File.ReadAllText(timeline));
    }

    [Fact]
    public void An_ordinary_user_is_told_what_is_missing()
    {
        var run = RunningProgram.Start([.. _network.Prefix, .. PrivateNetwork.OrdinaryUser, _network.ProgramForEverybody, "trace", "--", "true"]).WaitForEnd();
        Assert.Equal(3, run.Code);
        Assert.Contains("sudo", run.OnlyError);
    }

    private static int Find(string[] lines, int from, params string[] parts)
    {
        int at = Array.FindIndex(lines, from, line => parts.All(part => line.Contains(part, StringComparison.Ordinal)));
        Assert.True(at >= 0, $"No line from {from} on has {string.Join(" and ", parts)}:\n{string.Join('\n', lines)}");
        return at;
    }
}
