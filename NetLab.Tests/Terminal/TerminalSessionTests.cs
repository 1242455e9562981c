using NetLab.Core.Interop;
using NetLab.Tests.Support;

namespace NetLab.Tests.Terminal;

/// <summary>The session on a real terminal, with TerminalHost as the program.</summary>
public sealed class TerminalSessionTests : IDisposable
{
    private readonly string _log = Path.Combine(Path.GetTempPath(), $"netlab-host-{Guid.NewGuid():n}.log");

    public void Dispose() => File.Delete(_log);

    [Fact]
    public void The_terminal_is_as_it_was_after_a_normal_end()
    {
        using PseudoTerminal terminal = Host();
        Assert.NotEqual(terminal.Before, terminal.Settings);
        Assert.True(terminal.IsAlternateScreen);
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
        Assert.Equal("", terminal.Screen);
    }

    [Theory]
    [InlineData(ProcessSignals.SIGTERM)]
    [InlineData(ProcessSignals.SIGHUP)]
    [InlineData(ProcessSignals.SIGINT)]
    [InlineData(ProcessSignals.SIGQUIT)]
    [InlineData(ProcessSignals.SIGKILL)]
    public void The_terminal_is_as_it_was_after_a_signal(int signal)
    {
        using PseudoTerminal terminal = Host();
        terminal.Signal(signal);
        Assert.Equal(128 + signal, terminal.WaitForExitAndRestoration());
    }

    [Theory]
    [InlineData("t")]
    [InlineData("w")]
    public void A_fault_ends_with_one_sentence_and_no_stack_trace(string thread)
    {
        using PseudoTerminal terminal = Host();
        terminal.Send(thread);
        Assert.Equal(70, terminal.WaitForExitAndRestoration());
        Assert.Equal(
            $"netlab: stopped by a fault of its own (InvalidOperationException); the details are in {_log}.",
            terminal.Screen.ReplaceLineEndings(""));
        Assert.Contains("thrown on purpose", File.ReadAllText(_log), StringComparison.Ordinal);
    }

    [Fact]
    public void The_terminal_is_as_it_was_after_a_SIGKILL_before_the_first_frame()
    {
        using PseudoTerminal terminal = PseudoTerminal.Start(TerminalHost.Path, [], TerminalHost.EnvironmentFor(_log));
        terminal.Await(() => terminal.Settings != terminal.Before, "raw mode");
        terminal.Signal(ProcessSignals.SIGKILL);
        terminal.WaitForExitAndRestoration();
    }

    [Fact]
    public void The_guard_restores_after_a_fail_fast()
    {
        using PseudoTerminal terminal = Host();
        terminal.Send("f");
        Assert.Equal(128 + 6, terminal.WaitForExitAndRestoration());
        Assert.Equal("", terminal.Screen);
    }

    [Fact]
    public void The_guard_is_gone_after_a_normal_end()
    {
        using PseudoTerminal terminal = Host();
        int guard = AwaitGuard(terminal);
        terminal.Send("q");
        terminal.WaitForExitAndRestoration();
        terminal.Await(() => !IsAlive(guard), "the guard's end");
    }

    [Fact]
    public void A_hang_up_ends_the_program()
    {
        using PseudoTerminal terminal = Host();
        terminal.HangUp();
        Assert.Equal(128 + ProcessSignals.SIGHUP, terminal.WaitForExit());
    }

    [Fact]
    public void A_frozen_terminal_does_not_keep_a_signal_from_ending_the_program()
    {
        using PseudoTerminal terminal = Host();
        terminal.Send("b");
        terminal.Await("......");
        terminal.Freeze();
        terminal.Signal(ProcessSignals.SIGTERM);
        Assert.Equal(128 + ProcessSignals.SIGTERM, terminal.WaitForExit());
        Assert.Equal(terminal.Before, terminal.Settings);
    }

    [Fact]
    public void A_new_size_is_told()
    {
        using PseudoTerminal terminal = Host();
        terminal.Resize(101, 33);
        terminal.Await("ResizeEvent { Size = TerminalSize { Columns = 101, Rows = 33 } }");
    }

    [Fact]
    public void Another_thread_wakes_the_reader()
    {
        using PseudoTerminal terminal = Host();
        terminal.Send("u");
        terminal.Await("<WakeEvent");
    }

    [Fact]
    public void A_paste_comes_whole_and_types_nothing()
    {
        using PseudoTerminal terminal = Host();
        terminal.Await("\e[?2004h");
        terminal.Send("\e[200~q\rt\e[201~");
        terminal.Await("PasteEvent { Text = q");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void A_program_run_outside_has_the_terminal_as_it_was()
    {
        using PseudoTerminal terminal = Host();
        terminal.Send("o");
        terminal.Await("outside\r\n");
        Assert.Equal(terminal.Before, terminal.Settings);
        Assert.False(terminal.IsAlternateScreen);
        terminal.Send("q\n"); // a line for the child, no key for us
        terminal.Await("code=7");
        terminal.Await("<RepaintEvent");
        Assert.NotEqual(terminal.Before, terminal.Settings);
        terminal.Send("n");
        terminal.Await("code=127");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void Without_a_shell_to_continue_it_Ctrl_Z_does_nothing()
    {
        using PseudoTerminal terminal = Host();
        terminal.Send("\u001a");
        terminal.Await("not suspended");
    }

    [Fact]
    public void Ctrl_Z_gives_the_terminal_to_the_shell_and_fg_takes_it_back()
    {
        Assert.SkipUnless(File.Exists("/bin/bash") || Environment.GetEnvironmentVariable("CI") == "true", "needs bash: a shell with job control");
        Dictionary<string, string?> environment = new() { ["PS1"] = "shell> ", ["HOST"] = TerminalHost.Path, ["HOOK"] = typeof(TerminalHost).Assembly.Location, ["LOG"] = _log };
        using PseudoTerminal terminal = PseudoTerminal.Start("/bin/bash", ["--norc", "--noprofile", "--noediting", "-i"], environment);
        terminal.AwaitScreen("shell>");
        terminal.Send($"DOTNET_STARTUP_HOOKS=$HOOK {TerminalHost.LogVariable}=$LOG $HOST\n");
        terminal.AwaitScreen("ready");
        terminal.Send("\u001a");
        terminal.Await(() => !terminal.IsAlternateScreen && terminal.Screen.EndsWith("shell>", StringComparison.Ordinal), "the shell");
        Assert.Contains("Stopped", terminal.Screen, StringComparison.Ordinal);
        Assert.True(terminal.Settings.Echoes);
        // One line for both: what is typed while the screen is being left is dropped.
        terminal.Send("fg; echo code=$?\n");
        terminal.Await("<RepaintEvent");
        Assert.True(terminal.IsAlternateScreen);
        Assert.False(terminal.Settings.Echoes);
        terminal.Send("q");
        terminal.AwaitScreen("code=0");
    }

    [Fact]
    public void Without_a_keyboard_there_is_no_session_but_a_sentence()
    {
        using PseudoTerminal terminal = PseudoTerminal.Start(
            "sh", ["-c", "exec \"$0\" </dev/null", TerminalHost.Path], TerminalHost.EnvironmentFor(_log));
        Assert.Equal(2, terminal.WaitForExitAndRestoration());
        terminal.Await("standard input is no terminal");
    }

    private PseudoTerminal Host()
    {
        PseudoTerminal terminal = PseudoTerminal.Start(TerminalHost.Path, [], TerminalHost.EnvironmentFor(_log));
        terminal.AwaitScreen("ready");
        return terminal;
    }

    private static int AwaitGuard(PseudoTerminal terminal)
    {
        int guard = 0;
        terminal.Await(() => (guard = GuardOf(terminal.Program)) != 0, "the guard");
        return guard;
    }

    private static int GuardOf(int program) => Directory.GetDirectories("/proc").Select(Path.GetFileName)
        .Where(name => char.IsAsciiDigit(name![0])).Select(name => int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture))
        .FirstOrDefault(process => StatusOf(process) is { } status && status.Contains($"\nPPid:\t{program}\n", StringComparison.Ordinal)
            && status.StartsWith("Name:\tsh\n", StringComparison.Ordinal));

    private static bool IsAlive(int process) => StatusOf(process) is { } status && !status.Contains("\nState:\tZ", StringComparison.Ordinal);

    private static string? StatusOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/status");
        }
        catch (IOException)
        {
            return null; // gone meanwhile
        }
    }
}
