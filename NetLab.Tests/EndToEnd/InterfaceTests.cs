using System.Diagnostics;
using System.Text.RegularExpressions;
using NetLab.Core.Interop;
using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary>The interface as root, in a network of its own, on a real terminal.</summary>
[Collection(EndToEndCollection.Name)]
public sealed partial class InterfaceTests : IDisposable
{
    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData(120, 40)]
    [InlineData(80, 24)]
    public void Enter_runs_hello_and_every_tab_shows_its_part(int columns, int rows)
    {
        using var terminal = _network.Open(columns, rows);
        terminal.AwaitScreen("socket inet stream as listener");
        terminal.Send("\r");
        terminal.AwaitScreen("✓ as expected");
        foreach (string shown in new[] { "9/9", "6/6", "packets lo", "sockets", "bytes", "states", "observed", "hello word" })
            terminal.AwaitScreen(shown);
        terminal.Send("2");
        terminal.AwaitScreen("received 10 bytes");
        terminal.AwaitScreen("GET / HTTP/1.1");
        terminal.Send("3");
        terminal.AwaitScreen("TIME_WAIT");
        terminal.AwaitScreen("127.0.0.1:8000");
        terminal.Send("4g");
        terminal.AwaitScreen("Flags [S]");
        terminal.AwaitScreen("127.0.0.1.8000");
        terminal.Send("5");
        terminal.AwaitScreen("SYN_RCVD");
        terminal.AwaitScreen("LAST_ACK");
        terminal.Send("?");
        terminal.AwaitScreen("show a tab");
        terminal.Send("\e");
        terminal.Await(() => !terminal.Screen.Contains("show a tab", StringComparison.Ordinal) && terminal.Screen.Contains("LAST_ACK", StringComparison.Ordinal), "the help gone");
        terminal.Send("1");
        terminal.AwaitScreen("✓ close listener");
        int program = terminal.Program;
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
        Assert.Equal("", terminal.Screen);
        Traces.AssertNone(program);
    }

    [Fact]
    public void Space_takes_steps_and_Esc_stops()
    {
        using var terminal = _network.Open(120, 40);
        terminal.AwaitScreen("0/9");
        for (int done = 1; done <= 4; done++)
        {
            // The first press only begins the run; a press that comes before an actor waits at the gate takes no step.
            string wanted = $" {done}/9";
            StepUntil(terminal, () => terminal.Screen.Contains(wanted, StringComparison.Ordinal), wanted);
        }

        terminal.AwaitScreen("✓ listen 5");
        terminal.AwaitScreen("LISTEN");
        Assert.Contains("0/6", terminal.Screen, StringComparison.Ordinal);
        Assert.Contains("4/9", terminal.Screen, StringComparison.Ordinal);
        terminal.Send("\e");
        terminal.AwaitScreen("■ stopped");
        terminal.Send("\r");
        terminal.AwaitScreen("✓ as expected");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void Too_small_a_terminal_says_what_it_needs_and_recovers()
    {
        using var terminal = _network.Open(80, 24);
        terminal.AwaitScreen("socket inet stream as listener");
        terminal.Resize(60, 15);
        terminal.AwaitScreen("NetLab needs 60×18;");
        terminal.AwaitScreen("this terminal has 60×15.");
        terminal.Resize(120, 40);
        terminal.AwaitScreen("experiments");
        terminal.AwaitScreen("socket inet stream as listener");
        Assert.DoesNotContain("NetLab needs", terminal.Screen, StringComparison.Ordinal);
        terminal.Send("\x03");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void In_a_C_locale_only_ASCII_is_written()
    {
        using var terminal = _network.Open(120, 40, new() { ["LC_ALL"] = null, ["LC_CTYPE"] = null, ["LANG"] = "C" });
        terminal.AwaitScreen("socket inet stream as listener");
        terminal.Send("\r");
        terminal.AwaitScreen("as expected");
        terminal.Send("2345?");
        terminal.AwaitScreen("show a tab");
        terminal.Send("\e1q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
        Assert.DoesNotContain(terminal.Output, c => c > 0x7E);
    }

    [Fact]
    public void NO_COLOR_takes_every_colour_away()
    {
        Assert.Contains(Colours(RunAndQuit([])), _ => true);
        Assert.Empty(Colours(RunAndQuit(new() { ["NO_COLOR"] = "1", ["COLORTERM"] = "truecolor" })));
    }

    [Fact]
    public void Nothing_is_written_while_nothing_changes()
    {
        using var terminal = _network.Open(120, 40);
        terminal.AwaitScreen("socket inet stream as listener");
        long quietSince = Stopwatch.GetTimestamp();
        int length = terminal.Output.Length;
        // Settled: nothing for longer than a new row of the socket table is marked. From then on three seconds of silence.
        terminal.Await(() => Quiet() >= TimeSpan.FromMilliseconds(2500), "the last frame of the beginning");
        int settled = length;
        terminal.Await(() => Quiet() >= TimeSpan.FromMilliseconds(5500) || length != settled, "three seconds");
        Assert.Equal(settled, terminal.Output.Length);
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());

        TimeSpan Quiet()
        {
            if (terminal.Output.Length is var now && now != length)
                (length, quietSince) = (now, Stopwatch.GetTimestamp());
            return Stopwatch.GetElapsedTime(quietSince);
        }
    }

    [Fact]
    public void After_SIGTERM_the_terminal_is_whole_and_nothing_is_left()
    {
        using var terminal = Watching(out int program);
        terminal.Signal(ProcessSignals.SIGTERM);
        Assert.Equal(128 + ProcessSignals.SIGTERM, terminal.WaitForExitAndRestoration());
        Traces.AssertNone(program);
    }

    [Fact]
    public void After_a_hang_up_nothing_is_left()
    {
        using var terminal = Watching(out int program);
        terminal.HangUp();
        Assert.Equal(128 + ProcessSignals.SIGHUP, terminal.WaitForExit());
        Traces.AssertNone(program);
    }

    [Fact]
    public void After_SIGKILL_the_guard_restores_the_terminal_and_the_next_start_sweeps_the_kernel()
    {
        using var terminal = Watching(out int program);
        terminal.Await(() => Traces.Processes("netlab-guard").Any(guard => IsIn(guard, terminal)), "the guard");
        terminal.Signal(ProcessSignals.SIGKILL);
        Assert.Equal(128 + ProcessSignals.SIGKILL, terminal.WaitForExitAndRestoration());
        Assert.Equal("", terminal.Screen);
        Assert.Equal(0, _network.Run("check", "hello").Code);
        Traces.AssertNone(program);
    }

    private PseudoTerminal Watching(out int program)
    {
        var terminal = _network.Open(80, 24);
        terminal.AwaitScreen("socket inet stream as listener");
        int id = program = terminal.Program;
        terminal.Await(() => Traces.Instances(id).Length > 0, "the trace");
        return terminal;
    }

    private static void StepUntil(PseudoTerminal terminal, Func<bool> done, string what)
    {
        terminal.Send(" ");
        long sent = Stopwatch.GetTimestamp();
        terminal.Await(() =>
        {
            if (done())
                return true;
            if (Stopwatch.GetElapsedTime(sent) > TimeSpan.FromMilliseconds(500))
            {
                terminal.Send(" ");
                sent = Stopwatch.GetTimestamp();
            }

            return false;
        }, what);
    }

    // The guard's standard output is the terminal of the program that it guards.
    private static bool IsIn(string guard, PseudoTerminal terminal)
    {
        try
        {
            return File.ResolveLinkTarget($"{guard}/fd/1", false)?.FullName == File.ResolveLinkTarget($"/proc/{terminal.Program}/fd/1", false)?.FullName;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string RunAndQuit(Dictionary<string, string?> environment)
    {
        using var terminal = _network.Open(80, 24, environment);
        terminal.AwaitScreen("socket inet stream as listener");
        terminal.Send("\r");
        terminal.AwaitScreen("✓ as expected");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
        return terminal.Output;
    }

    private static IEnumerable<string> Colours(string output) =>
        SelectGraphicRendition().Matches(output).SelectMany(match => match.Groups[1].Value.Split(';'))
            .Where(code => int.TryParse(code, out int number) && number is >= 30 and <= 49 or >= 90 and <= 107);

    [GeneratedRegex(@"\e\[([0-9;]*)m")]
    private static partial Regex SelectGraphicRendition();
}
