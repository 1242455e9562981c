using System.Text.Json;
using System.Text.RegularExpressions;
using NetLab.Core.Interop;
using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary><c>netlab sockets</c> beside ss and lsof on the same sockets, in a network of its own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed partial class SocketsCommandTests : IDisposable
{
    // Sockets of every kind, some of them held by two processes; it holds them until its input ends.
    private const string Sockets = """
        import os, socket, sys
        v4 = socket.create_server(('127.0.0.1', 18000), backlog=5)
        any4 = socket.create_server(('0.0.0.0', 18001))
        dual = socket.create_server(('::', 18002), family=socket.AF_INET6, dualstack_ipv6=True)
        kept = []
        for port in (18000, 18001, 18002):
            client = socket.create_connection(('127.0.0.1', port))
            kept += [client, {18000: v4, 18001: any4, 18002: dual}[port].accept()[0]]
        kept += [socket.create_connection(('::1', 18002)), dual.accept()[0]]
        kept[0].sendall(b'0123456789')
        kept[2].shutdown(socket.SHUT_WR)
        kept[3].recv(1)
        waiting = socket.create_connection(('127.0.0.1', 18000))
        peer = v4.accept()[0]
        waiting.close(); peer.recv(1); peer.close()
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind(('127.0.0.1', 18003))
        udp6 = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); udp6.bind(('::', 18004))
        connected = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); connected.connect(('127.0.0.1', 18003))
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(write)
            os.read(read, 1)
            os._exit(0)
        os.close(read)
        print('ready', flush=True)
        sys.stdin.read()
        """;

    private static readonly string[] s_folders = ["/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"];
    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public void The_lsof_form_is_what_lsof_prints()
    {
        Require("lsof");
        using var holder = Hold(Sockets);
        var lsof = RunningProgram.Start([.. _network.Prefix, "lsof", "-nP", "-i"]).WaitForEnd();
        var ours = _network.Run("sockets", "--lsof");
        Assert.Equal("", ours.Error);
        Assert.True(lsof.Lines.Length > 20, lsof.ToString());
        Assert.Equal(lsof.Output, ours.Output);
        Assert.Equal(0, ours.Code);
        var some = RunningProgram.Start([.. _network.Prefix, "lsof", "-nP", "-i4tcp@127.0.0.1:18000"]).WaitForEnd();
        Assert.Equal(some.Output, _network.Run("sockets", "--lsof", "-i4tcp@127.0.0.1:18000").Output);
    }

    [Fact]
    public void The_rows_are_those_of_ss()
    {
        Require("ss");
        using var holder = Hold(Sockets);
        var ss = RunningProgram.Start([.. _network.Prefix, "ss", "-Htuanp"]).WaitForEnd();
        var json = _network.Run("sockets", "--json");
        Assert.Equal("", json.Error);
        Assert.Equal(
            ss.Lines.Select(OfSs).Order(StringComparer.Ordinal),
            json.Lines.Select(line => OfJson(JsonDocument.Parse(line).RootElement)).Order(StringComparer.Ordinal));
        var table = _network.Run("sockets");
        Assert.Equal(json.Lines.Length + 1, table.Lines.Length);
        Assert.Single(table.Lines.Select(line => line.Length > 31 ? line[31] : ' ').Distinct());
        Assert.Contains(table.Lines, line => line.Contains("TIME_WAIT", StringComparison.Ordinal) && line.Contains("timewait", StringComparison.Ordinal));
    }

    [Fact]
    public void Json_tells_tcp_info_and_timers()
    {
        using var holder = Hold(Sockets);
        var rows = _network.Run("sockets", "--json", "-i", "tcp:18000").Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var sender = rows.Single(row => Text(row, "state") == "ESTABLISHED" && Text(row, "remote") == "127.0.0.1:18000");
        Assert.Equal(10, sender.GetProperty("bytesSent").GetInt32());
        foreach (string name in new[] { "time", "kind", "provenance", "protocol", "local", "process", "user" })
            Assert.NotEmpty(Text(sender, name)!);
        foreach (string name in new[] { "pid", "fd", "inode", "rtt", "congestionWindow" })
            Assert.True(sender.GetProperty(name).GetDouble() > 0);
        var waiting = rows.Single(row => Text(row, "state") == "TIME_WAIT");
        Assert.Equal("timewait", Text(waiting, "timer"));
        Assert.InRange(waiting.GetProperty("timerSeconds").GetDouble(), 0, 61);
        Assert.False(waiting.TryGetProperty("pid", out _));
    }

    [Fact]
    public void What_is_asked_for_is_shown_and_nothing_found_is_1()
    {
        using var holder = Hold(Sockets);
        Assert.Equal(3, _network.Run("sockets", "-l", "--tcp").Lines.Length - 1);
        Assert.Equal(2, _network.Run("sockets", "-l", "--udp").Lines.Length - 1);
        Assert.Equal(5, _network.Run("sockets", "-l").Lines.Length - 1);
        Assert.Single(_network.Run("sockets", "--state", "time-wait", "--json").Lines);
        Assert.Equal(2, _network.Run("sockets", "--state", "close-wait", "--state", "FIN_WAIT2", "--json").Lines.Length);
        Assert.Single(_network.Run("sockets", "--state", "connected", "--json").Lines);
        Assert.All(_network.Run("sockets", "-6", "--json").Lines, line => Assert.Contains("1800", line, StringComparison.Ordinal));
        Assert.Equal(_network.Run("sockets", "--json", "--process", "python").Lines.Length, _network.Run("sockets", "--json", "--process", $"{holder.Id}").Lines.Length);
        foreach (string[] arguments in new string[][] { ["-i", ":1"], ["--process", "nobody-is-called-so"], ["-i", "udp:18000", "--lsof"] })
        {
            var none = _network.Run(["sockets", .. arguments]);
            Assert.Equal((1, "", ""), (none.Code, none.Output, none.Error));
        }

        var empty = _network.Run("sockets", "--state", "CLOSING");
        Assert.Equal(0, empty.Code);
        Assert.Single(empty.Lines);
    }

    [Fact]
    public void A_process_name_with_escape_sequences_stays_text()
    {
        using var holder = Hold("import socket,sys\ns = socket.create_server(('127.0.0.1', 18000))\n"
            + "open('/proc/self/comm', 'wb').write(b'a\\x1b[31m\\xff\\nb')\nprint('ready', flush=True)\nsys.stdin.read()");
        foreach (string form in new[] { "--tcp", "--json", "--lsof" })
        {
            var run = _network.Run("sockets", form);
            Assert.Contains("18000", run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(run.Output, c => c != '\n' && char.IsControl(c));
        }
    }

    [Fact]
    public void A_piped_watch_appends_blocks_until_it_is_interrupted()
    {
        using var holder = Hold(Sockets);
        using var watch = _network.Start("sockets", "-l", "--watch", "0.1");
        watch.Await(() => BlockHeading().Count(watch.Output) >= 3, "three blocks");
        watch.Signal(ProcessSignals.SIGINT);
        var ended = watch.WaitForEnd();
        Assert.Equal((130, ""), (ended.Code, ended.Error));
        Assert.Contains("5 sockets, every 0.1 s", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', ended.Output);
    }

    [Fact]
    public void A_watch_on_a_terminal_redraws_in_place()
    {
        using var holder = Hold(Sockets);
        string[] command = [.. _network.Prefix, PrivateNetwork.Program, "sockets", "-l", "--tcp", "--watch", "0.1"];
        using var terminal = PseudoTerminal.Start(command[0], command[1..], new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8", ["NO_COLOR"] = "1" }, 60, 12);
        terminal.AwaitScreen("3 sockets, every 0.1 s");
        terminal.AwaitScreen("0.0.0.0:18001");
        using (var another = Hold("import socket,sys\ns = socket.create_server(('127.0.0.1', 18077))\nprint('ready', flush=True)\nsys.stdin.read()"))
        {
            terminal.AwaitScreen("127.0.0.1:18077");
            terminal.AwaitScreen("4 sockets");
        }

        terminal.AwaitScreen("3 sockets");
        terminal.Await(() => !terminal.Screen.Contains("18077", StringComparison.Ordinal), "the row gone");
        Assert.Single(Regex.Matches(terminal.Screen, "Proto State"));
        terminal.Send("\x03");
        Assert.Equal(130, terminal.WaitForExit());
    }

    [Fact]
    public void An_ordinary_user_sees_the_sockets_and_is_told_whose_processes_are_hidden()
    {
        using var holder = Hold(Sockets);
        string[] user = [.. _network.Prefix, .. PrivateNetwork.OrdinaryUser, _network.ProgramForEverybody];
        var run = RunningProgram.Start([.. user, "sockets", "-l"]).WaitForEnd();
        Assert.Equal(0, run.Code);
        Assert.Equal(6, run.Lines.Length);
        Assert.Equal("netlab: The processes of 5 sockets belong to other users and are not shown. Try: sudo ./netlab sockets", run.OnlyError);
        var mine = RunningProgram.Start([.. user, "sockets", "--process", "python3"]).WaitForEnd();
        Assert.Equal((1, ""), (mine.Code, mine.Output));
        Assert.Equal("netlab: The sockets of other users' processes cannot be told apart without root. Try: sudo ./netlab sockets", mine.OnlyError);
    }

    [Fact]
    public void Where_sock_diag_is_refused_the_table_comes_from_proc_net_and_says_so()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "needs strace, which refuses the netlink socket");
        using var holder = Hold(Sockets);
        string[] strace = [.. _network.Prefix, "strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=socket:error=EACCES", PrivateNetwork.Program];
        var refused = RunningProgram.Start([.. strace, "sockets", "--json"], new() { ["DOTNET_EnableDiagnostics"] = "0" }).WaitForEnd();
        Assert.Contains("The socket table is read from /proc/net", refused.OnlyError, StringComparison.Ordinal);
        Assert.Equal(0, refused.Code);
        var whole = _network.Run("sockets", "--json");
        Assert.Equal(
            whole.Lines.Select(line => Backlog().Replace(OfJson(JsonDocument.Parse(line).RootElement), "LISTEN 0 0")).Order(StringComparer.Ordinal),
            refused.Lines.Select(line => OfJson(JsonDocument.Parse(line).RootElement)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("congestionWindow", refused.Output, StringComparison.Ordinal);
    }

    private RunningProgram Hold(string program)
    {
        var holder = RunningProgram.Start([.. _network.Prefix, "python3", "-c", program]);
        holder.Await("ready");
        return holder;
    }

    private static void Require(string tool) =>
        Assert.SkipUnless(s_folders.Any(folder => File.Exists(folder + tool)) || Environment.GetEnvironmentVariable("CI") == "true", $"needs {tool}");

    // "tcp ESTAB 0 10 [::ffff:127.0.0.1]:18002 [::ffff:127.0.0.1]:44584 users:(("python3",pid=7,fd=8),("python3",pid=9,fd=8))"
    private static string OfSs(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string state = words[1] switch
        {
            "ESTAB" when words[0] == "udp" => "CONNECTED",
            "UNCONN" => "UNCONNECTED",
            "ESTAB" => "ESTABLISHED",
            "FIN-WAIT-1" or "FIN-WAIT-2" or "CLOSE-WAIT" or "TIME-WAIT" or "LAST-ACK" => words[1].Replace('-', '_'),
            var other => other,
        };
        var holders = Holder().Matches(line).Select(match => $"{match.Groups[1].Value}/{match.Groups[2].Value}").Order(StringComparer.Ordinal);
        return $"{words[0]} {state} {words[2]} {words[3]} {Port(words[4])} {Port(words[5])} {string.Join(',', holders)}";
    }

    private static string OfJson(JsonElement row)
    {
        IEnumerable<JsonElement> holders = row.TryGetProperty("holders", out var several) ? several.EnumerateArray() : row.TryGetProperty("pid", out _) ? [row] : [];
        var held = holders.Select(holder => $"{holder.GetProperty("pid")}/{holder.GetProperty("fd")}").Order(StringComparer.Ordinal);
        return $"{Text(row, "protocol")} {Text(row, "state")} {row.GetProperty("recvQueue")} {row.GetProperty("sendQueue")} {Port(Text(row, "local")!)} "
            + $"{Port(Text(row, "remote") ?? "*:*")} {string.Join(',', held)}";
    }

    private static string Port(string endpoint) => endpoint[(endpoint.LastIndexOf(':') + 1)..];

    private static string? Text(JsonElement one, string name) => one.TryGetProperty(name, out var value) ? value.GetString() : null;

    // /proc/net does not tell it.
    [GeneratedRegex(@"LISTEN 0 \d+")]
    private static partial Regex Backlog();

    [GeneratedRegex(@"pid=(\d+),fd=(\d+)")]
    private static partial Regex Holder();

    [GeneratedRegex("sockets, every 0.1 s\nProto")]
    private static partial Regex BlockHeading();
}
