using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using NetLab.Core.Interop;

namespace NetLab.Tui.Terminal;

/// <summary>
/// The one object through which everything reaches the screen: under one lock, and only while the screen is entered. It owns
/// the terminal's settings and gives them back however the program ends.
/// </summary>
public sealed class TerminalSession : IDisposable
{
    private enum State
    {
        Away,
        Active,
        Suspended,
        Outside,
        Ended,
    }

    private static readonly TimeSpan LongestLeave = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly string? _logPath;
    private readonly SafeFileHandle? _reopened;
    private readonly int _output;
    private readonly TtySettings _found;
    private readonly TerminalSignals _signals;
    private readonly ManualResetEventSlim _closed = new();
    private SafeFileHandle? _standardError;
    private TerminalGuard? _guard;
    private MouseReporting _mouse;
    private State _state;
    private volatile bool _letGo;

    private TerminalSession(string? logPath, MouseReporting mouse, TtySettings found)
    {
        (_logPath, _mouse, _found) = (logPath, mouse, found);
        SafeFileHandle reopened = Tty.Reopen(Tty.StandardOutput);
        _reopened = reopened.IsInvalid ? null : reopened;
        _output = _reopened is null ? Tty.StandardOutput : (int)_reopened.DangerousGetHandle();
        Input = new TerminalInput(this, TimeProvider.System);
        _signals = new TerminalSignals(this);
    }

    /// <summary>What comes from the terminal.</summary>
    public TerminalInput Input { get; }

    /// <summary>Whether the screen is entered.</summary>
    public bool IsActive => _state == State.Active;

    /// <summary>The terminal's size now; 80×24 where it does not say.</summary>
    public TerminalSize Size =>
        Tty.TryGetSize(_output, out int columns, out int rows) && columns > 0 && rows > 0 ? new(columns, rows) : new(80, 24);

    /// <summary>Takes hold of the terminal on the standard streams; the screen is not entered yet.</summary>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <param name="logPath">Where standard error goes while the screen is up; null for nowhere.</param>
    /// <param name="mouse">Whether the mouse is reported.</param>
    /// <param name="refusal">One sentence that says why there is no session, and what would help.</param>
    /// <returns>The session, or null with a refusal.</returns>
    public static TerminalSession? TryOpen(Func<string, string?> environment, string? logPath, MouseReporting mouse, out string? refusal)
    {
        refusal = TerminalCapabilities.WhyNot(environment, Tty.IsTerminal(Tty.StandardInput), Tty.IsTerminal(Tty.StandardOutput));
        if (refusal is not null) return null;
        if (Tty.TryGetSettings(Tty.StandardInput, out TtySettings found)) return new TerminalSession(logPath, mouse, found);
        refusal = "The terminal hung up before it was opened.";
        return null;
    }

    /// <summary>Enters the screen: raw mode, alternate screen, no cursor. Nothing happens if it is entered or ended.</summary>
    public void Enter()
    {
        lock (_gate)
        {
            if (_state != State.Away) return;
            // The guard first, so that there is no moment in which a SIGKILL would leave the terminal raw.
            _guard ??= TerminalGuard.Start(_output, _found, ControlSequences.Leave);
            EnterScreen();
        }
    }

    /// <summary>
    /// Runs the interface on the screen from its beginning to its end. What it throws is told in one sentence after the screen
    /// was left, with the details in the log; faults of other threads end the program likewise.
    /// </summary>
    /// <param name="body">The interface; it returns the exit code.</param>
    /// <returns>Its exit code, or 70 after a fault.</returns>
    public int Run(Func<int> body)
    {
        try
        {
            Enter();
            return body();
        }
        catch (Exception fault)
        {
            Report(fault);
            return TerminalFault.ExitCode;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Leaves the screen; the terminal is as it was found. May be called at any time, from any thread, repeatedly.</summary>
    public void Leave() => LeaveFor(State.Away);

    /// <summary>Writes one frame. A worker's late frame after the screen was left is dropped.</summary>
    /// <param name="frame">The bytes, control sequences included.</param>
    /// <returns>False if the screen is not entered, was left meanwhile, or hung up.</returns>
    public bool Write(ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            return _state == State.Active && WriteAll(frame, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Switches the mouse's reports on or off.</summary>
    /// <param name="reporting">Which.</param>
    public void SetMouse(MouseReporting reporting)
    {
        lock (_gate)
        {
            _mouse = reporting;
            if (_state == State.Active) WriteAll(reporting == MouseReporting.On ? ControlSequences.MouseOn : ControlSequences.MouseOff, LongestLeave);
        }
    }

    /// <summary>
    /// Ctrl+Z: leaves the screen and stops the job. When it is continued, the screen is entered again and a
    /// <see cref="RepaintEvent"/> comes.
    /// </summary>
    /// <returns>False if no shell waits that could continue it; nothing was done then.</returns>
    public bool Suspend()
    {
        if (!ProcessSignals.IsUnderJobControl()) return false;
        LeaveFor(State.Suspended);
        TtySpawn.StopJob();
        return true; // and nothing after it: another thread may take the stop a little later
    }

    /// <summary>Runs an editor, a pager or a shell on the terminal, with the screen left meanwhile.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <returns>Its exit code, 128 and a signal's number, or 127 if there is no such program.</returns>
    public int RunOutside(params string[] command)
    {
        LeaveFor(State.Outside);
        int code = TtySpawn.Start(new SpawnRequest(command), out int process) == 0 ? TtySpawn.WaitForExit(process) : 127;
        lock (_gate)
        {
            if (_state == State.Outside) EnterScreen();
        }

        Input.PostRepaint();
        return code;
    }

    /// <summary>Leaves the screen for good and lets the guard and the signals go.</summary>
    public void Dispose()
    {
        End();
        _closed.Set();
        _signals.Dispose();
        lock (_gate)
        {
            _guard?.Dispose();
            _guard = null;
        }
    }

    /// <summary>SIGCONT: the shell may have changed the terminal's settings meanwhile.</summary>
    internal void Continue()
    {
        lock (_gate)
        {
            if (_state is not (State.Active or State.Suspended)) return;
            EnterScreen();
        }

        Input.PostRepaint();
    }

    /// <summary>A signal asks for the end: the terminal first, then the program's own tidying, at last by force.</summary>
    internal void EndBy(int signal)
    {
        // Ctrl+C in the child that has the terminal is meant for it.
        if (_state == State.Outside && signal is (ProcessSignals.SIGINT or ProcessSignals.SIGQUIT)) return;
        End();
        Input.PostEnd(128 + signal);
        if (!_closed.Wait(EndGrace)) Environment.Exit(128 + signal);
    }

    /// <summary>Leaves the screen for good; the signals stay caught until <see cref="Dispose"/>.</summary>
    internal void End() => LeaveFor(State.Ended);

    /// <summary>Something was thrown that nobody caught.</summary>
    internal void Report(object fault) => TerminalFault.Report(this, fault, _logPath);

    private void EnterScreen()
    {
        _guard?.Say("in\n"u8);
        // The settings first: a job in the background is stopped here, before it paints over the shell.
        Tty.TrySetSettings(Tty.StandardInput, _found.ToRaw(), TtyChange.Now);
        DivertStandardError();
        _state = State.Active;
        WriteAll(ControlSequences.Enter, LongestLeave);
        if (_mouse == MouseReporting.On) WriteAll(ControlSequences.MouseOn, LongestLeave);
    }

    private void LeaveFor(State next)
    {
        _letGo = true;
        lock (_gate)
        {
            _letGo = false;
            if (_state == State.Ended) return;
            State before = _state;
            _state = next;
            if (before != State.Active) return;
            WriteAll(ControlSequences.Leave, LongestLeave);
            Tty.TrySetSettings(Tty.StandardInput, _found, TtyChange.AfterOutputDropInput);
            RestoreStandardError();
            _guard?.Say("out\n"u8);
        }
    }

    private bool WriteAll(ReadOnlySpan<byte> bytes, TimeSpan longest)
    {
        long began = Stopwatch.GetTimestamp();
        while (!bytes.IsEmpty)
        {
            int count = Tty.Write(_output, bytes);
            if (count >= 0)
            {
                bytes = bytes[count..];
            }
            else if (count == -Tty.EAGAIN)
            {
                // A terminal that takes nothing (a frozen line) must not keep a signal from ending the program.
                if (longest < TimeSpan.Zero ? _letGo : Stopwatch.GetElapsedTime(began) > longest) return false;
                Poll.Wait([new PollEntry(_output, PollEvents.Writable)], TimeSpan.FromMilliseconds(50));
            }
            else if (count != -Tty.EINTR)
            {
                Input.PostEnd(128 + ProcessSignals.SIGHUP);
                return false;
            }
        }

        return true;
    }

    private void DivertStandardError()
    {
        if (_standardError is not null || !Tty.IsTerminal(Tty.StandardError)) return;
        using SafeFileHandle log = Tty.OpenToAppend(_logPath ?? "/dev/null");
        if (log.IsInvalid) return;
        _standardError = Tty.Duplicate(Tty.StandardError);
        Tty.TryReplace(log, Tty.StandardError);
    }

    private void RestoreStandardError()
    {
        if (_standardError is null) return;
        Tty.TryReplace(_standardError, Tty.StandardError);
        _standardError.Dispose();
        _standardError = null;
    }
}

/// <summary>Whether the terminal reports the mouse.</summary>
public enum MouseReporting
{
    /// <summary>It does not; the terminal's own selection works.</summary>
    Off,

    /// <summary>Buttons, drags and the wheel.</summary>
    On,
}
