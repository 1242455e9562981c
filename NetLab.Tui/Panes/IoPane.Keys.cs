using System.Globalization;
using NetLab.Core.IoModels;
using NetLab.Tui.App;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.Panes;

// What the keys and the mouse do on the I/O tab.
public sealed partial class IoPane
{
    // Nearer than this nothing more is to be seen.
    private const long LeastWindow = 1_000;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyHelp> Keys =>
    [
        new("Enter r", "start the race; while stepping: run on", _race is { } race && !_isOver ? race.Gate.IsHeld ? "run on" : null : "race"),
        new("Space", "one call of every lane (starts the race, too)", "step"),
        new("x", "stop the race", _race is not null && !_isOver ? "stop" : null),
        new("a", "what comes, and when: classic, burst, trickle, large, or a file", "arrivals"),
        new("d", "over how many descriptors the messages come", "descriptors"),
        new("i", "what the chosen model does", "explain"),
        new("t", "the same scale everywhere, or handling magnified", _race is null ? null : _isEven ? "magnify" : "even"),
        new("+ - 0", "zoom in time, out, the whole race", _race is null ? null : "zoom"),
        new("← →", "the message before, the next one; zoomed: earlier, later"),
        new("↑↓", "choose a lane"),
    ];

    /// <inheritdoc/>
    public override bool Take(KeyEvent key, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(context);
        if (key.Key == Key.Enter || key.Is('r'))
            RunFreely(context);
        else if (key.Is(' '))
            TakeStep(context);
        else if (key.Is('x') && _race is { IsOver: false })
            _race.Stop();
        else if (key.Key == Key.Escape && _race is { IsOver: false } && _window is null && !_explains)
            _race.Stop();
        else if (key.Is('a'))
            context.Foot.Ask(new Prompt("arrivals", "", CheckScript, ChooseScript));
        else if (key.Is('d'))
            context.Foot.Ask(new Prompt("descriptors", "", CheckDescriptors, text => _descriptors = Descriptors(text)!.Value));
        else if (key.Is('i'))
            _explains = !_explains;
        else if (key.Is('t'))
            (_isEven, _window) = (!_isEven, null);
        else if (key.Is('+') || key.Is('='))
            Zoom(0.5);
        else if (key.Is('-'))
            Zoom(2);
        else if (key.Is('0'))
            _window = null;
        else if (key.Key is Key.Left or Key.Right || key.Is('h') || key.Is('l'))
            Move(key.Key == Key.Left || key.Is('h') ? -1 : 1);
        else if (key.Key is Key.Up or Key.Down || key.Is('j') || key.Is('k'))
            Choose(_lane + (key.Key == Key.Up || key.Is('k') ? -1 : 1));
        else
            return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Back(PaneContext context)
    {
        if (_window is null && !_explains)
            return false;
        (_window, _explains) = (_explains ? _window : null, false);
        return true;
    }

    /// <inheritdoc/>
    public override void Wheel(int rows, int x, int y, PaneContext context) => Zoom(rows < 0 ? 0.5 : 2);

    /// <inheritdoc/>
    public override void Click(int x, int y, PaneContext context)
    {
        if (y >= _firstLane && _laneRows > 0)
            Choose((y - _firstLane) / _laneRows);
    }

    private void RunFreely(PaneContext context)
    {
        if (_race is not { IsOver: false } race)
            Start(context, RaceMode.Free);
        else if (race.Gate.IsHeld)
            race.Gate.Release();
        else
            context.Foot.Say("The race is on; x stops it.");
    }

    // While the race runs, Space holds it.
    private void TakeStep(PaneContext context)
    {
        if (_race is not { IsOver: false })
            Start(context, RaceMode.Stepwise);
        else if (_race.Gate.IsHeld)
            _race.Gate.Step();
        else
            _race.Gate.Hold();
    }

    private void Start(PaneContext context, RaceMode mode)
    {
        Look(context.Lab.Io.Start(IoModelNames.All, Chosen, _descriptors, mode));
    }

    private void Choose(int lane) => _lane = Math.Clamp(lane, 0, (_race?.Lanes.Count ?? IoModelNames.All.Count) - 1);

    private static PromptFault? CheckScript(string text) => text.Length == 0 ? new PromptFault($"{string.Join(" · ", ArrivalScript.BuiltIn.Select(script => script.Name))}, or a file") : ArrivalFile.Open(text, out string mistake) is null ? new PromptFault(EventText.Printable(mistake)) : null;

    private void ChooseScript(string text)
    {
        if (ArrivalFile.Open(text, out _) is { } script)
            _chosen = script;
    }

    private static int? Descriptors(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= IoRaceSpecification.MostDescriptors ? count : null;

    private static PromptFault? CheckDescriptors(string text) => Descriptors(text) is null ? new PromptFault($"1 to {IoRaceSpecification.MostDescriptors}") : null;

    // The first step goes to the chosen message, as long as its handling took in all lanes; further ones halve that.
    private void Zoom(double factor)
    {
        if (_race is null)
            return;
        long whole = End + End / 50;
        if (_window is not { } window)
        {
            if (factor < 1 && Handling() is { } handling)
                (_window, _isOfMessage) = (handling, true);
            return;
        }

        _isOfMessage = false;
        long middle = window.From / 2 + window.To / 2, length = (long)((window.To - window.From) * factor);
        _window = length >= whole ? null : (middle - Math.Max(LeastWindow, length) / 2, middle + Math.Max(LeastWindow, length) / 2);
    }

    // From when the chosen message came until the last lane had it.
    private (long From, long To)? Handling()
    {
        var times = _race!.Lanes.Where(lane => lane.State != LaneState.Absent).Select(lane => lane.Figures(Now).Times)
            .Where(times => _message < times.Count && times[_message].Latency is not null).Select(times => times[_message]).ToList();
        if (times.Count == 0)
            return null;
        long from = times.Min(time => time.Arrived), to = times.Max(time => time.InHand);
        long air = (to - from) / 4 + LeastWindow;
        return (from - air, to + air);
    }

    private void Move(int places)
    {
        if (_window is { } window && !_isOfMessage)
        {
            long step = (window.To - window.From) / 4 * places;
            _window = (window.From + step, window.To + step);
            return;
        }

        _message = Math.Clamp(_message + places, 0, Shown.Arrivals.Count - 1);
        if (_window is not null)
            _window = Handling() ?? _window;
    }
}
