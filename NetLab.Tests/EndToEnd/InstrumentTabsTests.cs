using System.Diagnostics;
using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary>The instruments at full size, as root on a real terminal: one cursor, filters, files.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class InstrumentTabsTests : IDisposable
{
    private readonly PrivateNetwork _network = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("netlab-test-").FullName;

    public void Dispose()
    {
        _network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_line_selected_in_the_timeline_is_marked_on_the_other_tabs_and_saved()
    {
        using var terminal = Ran(120, 40);
        terminal.Send("6");
        terminal.AwaitScreen("[F.]");
        terminal.AwaitScreen("TIME_WAIT");
        terminal.Send("gjjjjj");
        terminal.AwaitScreen("client CLOSED → SYN_SENT  connect");
        terminal.Send("5");
        terminal.AwaitScreen("looking back");
        terminal.AwaitScreen("■ client SYN_SENT ← connect");
        terminal.AwaitScreen("◆");
        terminal.Send("6w");
        terminal.AwaitScreen("save timeline (.txt, .svg) ›");
        terminal.Send($"\x15{_folder}/no/hello.txt");
        terminal.AwaitScreen("✗ there is no such folder");
        terminal.Send($"\x15{_folder}/hello.txt\r");
        terminal.AwaitScreen("✓ saved");
        Assert.Contains("SYN_SENT", File.ReadAllText($"{_folder}/hello.txt"), StringComparison.Ordinal);
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void The_DNS_tab_walks_a_tree_of_its_own_where_there_is_no_network()
    {
        using var terminal = _network.Open(120, 40);
        terminal.AwaitScreen("hello");
        terminal.Send("7");
        terminal.AwaitScreen("from the real root");
        terminal.Send("t");
        terminal.AwaitScreen("from the lab's root 127.53.0.1");
        terminal.AwaitScreen("the walk from the root");
        terminal.Send("\r");
        terminal.AwaitScreen("✓ 192.0.2.80, from 127.53.0.3");
        terminal.AwaitScreen("www.garden.test. 300 A 192.0.2.80");
        terminal.AwaitScreen("packets 2");
        terminal.Send("/");
        terminal.AwaitScreen("name ›");
        terminal.Send("\x15snake.garden.test\r");
        terminal.AwaitScreen("✗ the walk broke at garden.test.");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void The_socket_table_is_filtered_opened_and_backed_out_of()
    {
        using var terminal = Ran(80, 24);
        terminal.Send("3");
        terminal.AwaitScreen("sockets · machine");
        terminal.Send("/:8000 time");
        terminal.AwaitScreen("filter › :8000 time");
        terminal.Send("-wait\r");
        terminal.AwaitScreen("/ :8000 time-wait · 1");
        terminal.Send("\r");
        terminal.AwaitScreen("process      the kernel");
        terminal.AwaitScreen("TIME_WAIT ends in");
        terminal.AwaitScreen("FIN_WAIT_2");
        terminal.Send("q");
        terminal.Await(() => !terminal.Screen.Contains("the kernel", StringComparison.Ordinal), "the detail closed");
        terminal.Send("q");
        terminal.Await(() => !terminal.Screen.Contains("time-wait", StringComparison.Ordinal), "the filter gone");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void On_the_lab_a_pane_is_chosen_zoomed_and_left()
    {
        using var terminal = Ran(120, 40);
        terminal.Send("\e[C\e[C\e[C");
        terminal.AwaitScreen("› packets lo");
        terminal.Send("z");
        terminal.Await(() => !terminal.Screen.Contains("experiments", StringComparison.Ordinal) && terminal.Screen.Contains("packets lo", StringComparison.Ordinal), "the zoom");
        terminal.Send("\e");
        terminal.AwaitScreen("experiments");
        terminal.AwaitScreen("› packets lo");
        terminal.Send("\e");
        terminal.Await(() => !terminal.Screen.Contains("› packets lo", StringComparison.Ordinal), "the experiments chosen");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void Nothing_is_written_once_a_new_socket_has_ceased_to_be_lit()
    {
        // What the first sample tells of is not new: so one is there from the beginning.
        using var first = Serve(8122);
        using var terminal = _network.Open(120, 40);
        terminal.AwaitScreen("socket inet stream as listener");
        terminal.Send("3");
        terminal.AwaitScreen(":8122");
        using var second = Serve(8123);
        terminal.AwaitScreen("+ tcp");
        terminal.Await(() => !terminal.Screen.Contains("+ tcp", StringComparison.Ordinal) && terminal.Screen.Contains(":8123", StringComparison.Ordinal), "the light out");
        long quietSince = Stopwatch.GetTimestamp();
        int length = -1;
        terminal.Await(() =>
        {
            if (terminal.Output.Length is var now && now != length)
                (length, quietSince) = (now, Stopwatch.GetTimestamp());
            return Stopwatch.GetElapsedTime(quietSince) > TimeSpan.FromSeconds(3);
        }, "three seconds of silence");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    private RunningProgram Serve(int port)
    {
        var server = RunningProgram.Start([.. _network.Prefix, "python3", "-c",
            $"import socket, sys; s = socket.socket(); s.bind(('127.0.0.1', {port})); s.listen(1); print('ready', flush=True); sys.stdin.read()"]);
        server.Await("ready");
        return server;
    }

    private PseudoTerminal Ran(int columns, int rows)
    {
        var terminal = _network.Open(columns, rows);
        terminal.AwaitScreen("socket inet stream as listener");
        terminal.Send("\r");
        terminal.AwaitScreen("✓ as expected");
        return terminal;
    }
}
