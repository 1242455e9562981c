using NetLab.Core;
using NetLab.Core.Scripts;
using NetLab.Core.Session;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.App;

/// <summary>
/// The event loop of the interface: takes keys, takes in what the journal has, and draws when something changed, at most 30 times a second.
/// </summary>
public sealed partial class LabApp : IDisposable
{
    private static readonly Duration s_frame = Duration.FromMilliseconds(33);
    private static readonly Duration s_tick = Duration.FromMilliseconds(200);

    // So many events a frame at most: a flood must not keep the keys waiting.
    private const int EventsAFrame = 50_000;

    private readonly TerminalSession _session;
    private readonly Func<Timestamp> _clock;
    private readonly Laboratory _lab;
    private readonly LabScreen _view;
    private readonly Screen _screen;
    private readonly FrameEncoder _encoder;
    private readonly SharedCursor _cursor = new();
    private readonly Foot _foot = new();
    private readonly Stepping _stepping = new();
    private MouseReporting _mouse = MouseReporting.On;
    private Timestamp _drawn; // the epoch: long ago
    private bool _stale = true;
    private bool _prepared;
    private int? _exit;

    /// <summary>An interface on a terminal; <see cref="Run"/> opens it.</summary>
    /// <param name="session">The terminal.</param>
    /// <param name="capabilities">What it can show.</param>
    /// <param name="clock">The kernel's clock.</param>
    /// <param name="file">A capture file to look at; null for the lab alone.</param>
    public LabApp(TerminalSession session, TerminalCapabilities capabilities, Func<Timestamp> clock, CaptureFileLog? file = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(capabilities);
        (_session, _clock) = (session, clock);
        _lab = new Laboratory(clock, Duration.FromMilliseconds(250));
        _view = new LabScreen(ScriptLibrary.Names, file);
        var size = session.Size;
        _screen = new Screen(size.Columns, size.Rows, capabilities.Characters);
        _encoder = new FrameEncoder(capabilities.Colors);
        _foot.Clipboard = text => Copy(text, capabilities.Multiplexer);
    }

    /// <summary>Runs on the entered screen until the user quits or a signal ends it.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        if (ShowsRun)
            ShowExperiment();
        _lab.Journal.Changed = _session.Input.Wake;
        while (_exit is null)
        {
            var now = _clock();
            SeePeers();
            if (!_view.IsPaused && _prepared)
                _stale |= _lab.Update(now, EventsAFrame);
            if (_stale && now - _drawn >= s_frame)
                Draw(now);
            // A file's first rows wait for no script.
            if (_lab.View.Steps.Script is null)
                ShowExperiment();
            if (!_prepared && ShowsRun)
                Prepare();
            if (_session.Input.Next(Wait(now)) is { } happened)
                Take(happened);
        }

        return _exit.Value;
    }

    /// <summary>Stops what runs and removes what it made in the kernel.</summary>
    public void Dispose()
    {
        _view.Dispose();
        _lab.Dispose();
    }

    private bool ShowsRun => _view.ActivePane?.IsOfRun ?? true;

    private void Draw(Timestamp now)
    {
        _view.Draw(_screen.Begin(), Context(now));
        _screen.Cursor = _view.Cursor;
        var frame = _encoder.Encode(_screen);
        if (!frame.IsEmpty)
            _session.Write(frame);
        (_drawn, _stale) = (now, _view.ActivePane?.IsBusy ?? false);
    }

    // The instruments take some milliseconds to start, and the first frame need not wait for them.
    private void Prepare()
    {
        _prepared = true;
        _stale = true;
        if (_lab.View.Steps.Script is { } script)
            _lab.Prepare(script);
    }

    private PaneContext Context(Timestamp now) => new(_lab, now, _lab.Journal.Names) { Cursor = _cursor, Foot = _foot, Stepping = _stepping };

    private bool Copy(string text, Multiplexer between)
    {
        if (Clipboard.Encode(text, between) is not { } request)
            return false;
        _session.Write(request);
        return true;
    }

    // How long nothing need be done unless something happens.
    private TimeSpan Wait(Timestamp now)
    {
        if (_stale)
            return Until(_drawn + s_frame, now);
        if (_lab.Run is { AwaitsVerdict: true } && !_view.IsPaused)
            return TimeSpan.FromMilliseconds(5);
        if (!_view.IsPaused && _lab.View.NextRipe() is { } ripe)
            return Until(ripe, now);
        // A clock is on the screen: how long a step sleeps, how much of TIME_WAIT is left, how long a gone row lingers and a new one is lit.
        if (_view.IsPaused || Tick(now) is not { } tick)
            return Timeout.InfiniteTimeSpan;
        _stale = true;
        return tick.ToTimeSpan();
    }

    private static TimeSpan Until(Timestamp moment, Timestamp now) => moment > now ? (moment - now).ToTimeSpan() : TimeSpan.Zero;

    private void Take(TerminalEvent happened)
    {
        switch (happened)
        {
            case KeyEvent key:
                _stale = true;
                Take(key);
                break;
            case PasteEvent paste:
                _stale = true;
                if (_view.Form is { } form)
                    form.Paste(paste.Text);
                else
                    _foot.Prompt?.Paste(paste.Text);
                break;
            case MouseEvent mouse:
                _stale = true;
                Take(mouse);
                break;
            case ResizeEvent resize:
                _screen.Resize(resize.Size.Columns, resize.Size.Rows);
                _stale = true;
                break;
            case RepaintEvent repaint:
                _screen.Resize(repaint.Size.Columns, repaint.Size.Rows);
                _screen.Invalidate();
                _stale = true;
                break;
            case EndEvent end:
                _exit = end.ExitCode;
                break;
        }
    }

    private void Take(KeyEvent key)
    {
        if (key.Is('c', Modifiers.Control))
        {
            Quit("Ctrl+C");
            return;
        }

        if (_view.Form is not null)
        {
            TakeInForm(key);
            return;
        }

        if (_foot.Take(key))
            return;
        _foot.Forget();
        _asked &= key.Is('q');
        if (_view.ShowsHelp)
            _view.ShowsHelp = Movement.Of(key, 10, 100) is { } rows && _view.ScrollHelp(rows);
        else if (key.Is('?') || key.Key == Key.F1)
            _view.ShowsHelp = true;
        else if (!TakeAnswer(key) && !(_view.ActivePane?.Take(key, Context(_clock())) ?? false))
            TakeEverywhere(key);
    }

    // What the keys mean where the pane does not mean something else by them.
    private void TakeEverywhere(KeyEvent key)
    {
        if (TakeOfPeers(key))
            return;
        if (key.Is('q'))
            Leave();
        else if (key.Key == Key.Escape)
            Escape();
        else if (key.Key == Key.Enter || key.Is('r'))
            RunFreely();
        else if (key.Is(' '))
            TakeStep();
        else if (key.Key == Key.Tab)
            _view.ShowTab(_view.Tab + (key.Modifiers.HasFlag(Modifiers.Shift) ? -1 : 1));
        else if (key is { Key: Key.Character, Modifiers: Modifiers.None } && key.Rune.Value - '1' is >= 0 and var tab && tab < LabScreen.TabCount)
            _view.ShowTab(tab);
        else if (key.Is('P'))
            Predict();
        else if (key.Is('b'))
            ShowCause();
        else if (key.Is('p'))
            _view.IsPaused = !_view.IsPaused;
        else if (key.Is('x'))
            Clear();
        else if (key.Is('z'))
            _view.Zoom();
        else if (key.Is('m'))
            _session.SetMouse(_mouse = _mouse == MouseReporting.On ? MouseReporting.Off : MouseReporting.On);
        else if (key.Is('l', Modifiers.Control))
            _screen.Invalidate();
        else if (key.Is('z', Modifiers.Control))
            _session.Suspend();
        else if (_view.Tab == 0)
            TakeOnLab(key);
    }

    private void TakeOnLab(KeyEvent key)
    {
        if (key.Key is Key.Left or Key.Right)
            _view.MoveFocus(key.Key == Key.Left ? -1 : 1);
        else if (_view.ActivePane is null)
            Choose(key);
    }

    private bool Back() => (_view.ActivePane?.Back(Context(_clock())) ?? false) || _view.Back();

    private void Leave()
    {
        if (!Back())
            Quit("q");
    }

    private void Escape()
    {
        if (Back())
            return;
        if (_view.Tab == 0 && _view.ShowsPeers)
        {
            ShowPeers(false);
            return;
        }

        if (_lab.IsRunning)
            _lab.Stop();
        else
            _cursor.Clear();
    }

    private void Clear()
    {
        _lab.View.Clear();
        _cursor.Clear();
    }

    private void Choose(KeyEvent key)
    {
        int places = key switch
        {
            { Key: Key.Up } => -1,
            { Key: Key.Down } => 1,
            _ when key.Is('k') => -1,
            _ when key.Is('j') => 1,
            _ => 0,
        };
        if (places != 0 && _view.Experiments.Move(places))
            ShowExperiment();
    }
}
