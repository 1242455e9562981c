using System.Text.RegularExpressions;
using NetLab.Core.Interop;
using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary>Experiments step by step, on the command line and in the lab; and those that not everybody may run.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class StepTests : IDisposable
{
    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public void A_line_of_a_pipe_lets_one_call_through_and_each_is_explained_before()
    {
        using var run = _network.Start("run", "hello", "--step");
        run.Await("▶ server: socket inet stream as listener");
        Assert.DoesNotContain("socket(AF_INET", run.Output, StringComparison.Ordinal);
        run.Write("\n");
        run.Await("▶ server: setsockopt reuseaddr 1");
        Assert.Contains("socket(AF_INET", run.Output, StringComparison.Ordinal);
        run.Write(new string('\n', 14));
        var ended = run.WaitForEnd();
        Assert.Equal("", ended.Error);
        Assert.Equal(0, ended.Code);
        Assert.Equal(15, Regex.Count(ended.Output, "^▶ ", RegexOptions.Multiline));
        Assert.True(ended.Output.IndexOf("server.listener: CLOSED → LISTEN (passive open", StringComparison.Ordinal)
            < ended.Output.IndexOf("● listener  CLOSED → LISTEN", StringComparison.Ordinal), ended.Output);
        Assert.Contains("client.socket: CLOSE_WAIT → LAST_ACK (close / snd FIN)", ended.Output, StringComparison.Ordinal);
        Assert.Equal(4, Regex.Count(ended.Output, "^✓ expect", RegexOptions.Multiline));
    }

    [Fact]
    public void The_end_of_a_pipe_lets_the_rest_run_and_a_q_ends_it()
    {
        using var run = _network.Start("run", "hello", "--step");
        run.Write("\n");
        run.CloseInput();
        var ended = run.WaitForEnd();
        Assert.Equal(0, ended.Code);
        Assert.Equal(2, Regex.Count(ended.Output, "^▶ ", RegexOptions.Multiline));
        using var quitted = _network.Start("run", "hello", "--step");
        quitted.Write("\nq\n");
        ended = quitted.WaitForEnd();
        Assert.Equal(130, ended.Code);
        Assert.Contains("the run was cancelled, in 'setsockopt reuseaddr 1'", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_a_key_is_a_step_and_the_terminal_is_as_it_was()
    {
        string[] command = [.. _network.Prefix, PrivateNetwork.Program, "run", "hello", "--step"];
        using var terminal = PseudoTerminal.Start(command[0], command[1..], new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8" }, 100, 40);
        terminal.AwaitScreen("▶ server: socket inet stream as listener");
        terminal.AwaitScreen("Space or Enter: do it");
        terminal.Send(" ");
        terminal.AwaitScreen("▶ server: setsockopt reuseaddr 1");
        terminal.Send("\r");
        terminal.AwaitScreen("▶ server: bind 127.0.0.1:8000");
        terminal.Send("q");
        Assert.Equal(130, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void A_SIGKILL_amid_the_steps_leaves_the_terminal_as_it_was()
    {
        string[] command = [.. _network.Prefix, PrivateNetwork.Program, "run", "hello", "--step"];
        using var terminal = PseudoTerminal.Start(command[0], command[1..], new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8" }, 100, 40);
        terminal.AwaitScreen("Space or Enter: do it");
        Assert.NotEqual(terminal.Before, terminal.Settings);
        terminal.Signal(ProcessSignals.SIGKILL);
        terminal.WaitForExitAndRestoration();
    }

    [Fact]
    public void Who_may_not_run_a_script_is_told_why_and_check_skips_it()
    {
        var check = _network.Run("check", "half-open");
        Assert.Equal((0, ""), (check.Code, check.Error));
        string[] ordinary = [.. _network.Prefix, .. PrivateNetwork.OrdinaryUser, _network.ProgramForEverybody];
        var skipped = RunningProgram.Start([.. ordinary, "check", "half-open"]).WaitForEnd();
        Assert.Equal(3, skipped.Code);
        Assert.StartsWith("- skipped", Assert.Single(skipped.Lines), StringComparison.Ordinal);
        Assert.Contains("needs CAP_NET_ADMIN", skipped.Output, StringComparison.Ordinal);
        var refused = RunningProgram.Start([.. ordinary, "run", "half-open"]).WaitForEnd();
        Assert.Equal(3, refused.Code);
        Assert.Equal("netlab: half-open.lab needs CAP_NET_ADMIN, which this user has not got. Try: sudo ./netlab", refused.OnlyError);
    }

    [Fact]
    public void The_lab_explains_asks_and_keeps_score()
    {
        using var terminal = _network.Open(80, 24);
        terminal.AwaitScreen("0/9");
        terminal.Send("P");
        terminal.AwaitScreen("Predict:");
        terminal.Send(" ");
        terminal.AwaitScreen("next · server: socket inet stream as listener");
        terminal.AwaitScreen("IPv4 (AF_INET)");
        terminal.Send(" ");
        terminal.AwaitScreen("next · server: setsockopt reuseaddr 1");
        terminal.Send(" ");
        terminal.AwaitScreen("server: bind: what does the call return?");
        Answer(terminal, "succeeds");
        terminal.AwaitScreen("✓ right: succeeds");
        terminal.AwaitScreen("1 of 1 right");
        terminal.AwaitScreen("which state does listener (CLOSED) enter first?");
        Answer(terminal, "something else");
        terminal.AwaitScreen("✗ you said something else; what happened: LISTEN");
        terminal.AwaitScreen("1 of 2 right");
        terminal.Send("\r");
        terminal.AwaitScreen("✓ as expected");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void From_a_packet_b_leads_back_to_its_step()
    {
        using var terminal = _network.Open(120, 40);
        terminal.AwaitScreen("0/9");
        terminal.Send("\r");
        terminal.AwaitScreen("✓ as expected");
        // The packets are the third pane; their first is the client's SYN.
        terminal.Send("\e[C\e[C\e[C");
        terminal.AwaitScreen("› packets lo");
        terminal.Send("g");
        terminal.AwaitScreen("b its step");
        terminal.Send("b");
        terminal.AwaitScreen("› client");
        terminal.AwaitScreen("client, line 17: connect 127.0.0.1:8000");
        terminal.Send("\e\eq");
    }

    private static void Answer(PseudoTerminal terminal, string choice)
    {
        string? key = null;
        terminal.Await(() => (key = Regex.Match(terminal.Screen, $@"(\d) {choice}").Groups[1].Value).Length == 1, choice);
        terminal.Send(key!);
    }
}
