using NetLab.Core;
using NetLab.Core.Session;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.App;

/// <summary>What is on the screen: the tabs, the panes of each, where they lie, and the line of keys.</summary>
public sealed class LabScreen : IDisposable
{
    /// <summary>The least size at which the lab is drawn.</summary>
    public const int LeastColumns = 60, LeastRows = 18;

    /// <summary>The tab of the packets, from 0.</summary>
    public const int PacketsTab = 3;

    /// <summary>The tab of the I/O models, from 0.</summary>
    public const int IoTab = 8;

    private const int ExperimentColumns = 28;
    private static readonly string[] s_tabs = ["Lab", "Bytes", "Sockets", "Packets", "States", "Timeline", "DNS", "HTTP", "I/O"];

    private readonly List<(Pane Pane, Rectangle Place)> _placed = [];
    private readonly List<(int Tab, Rectangle Place)> _tabPlaces = [];
    private Pane? _focused;
    private bool _zoomed;
    private int _helpTop, _helpEnd;
    private readonly StepsPane[] _steps = [new(0), new(1), new(2), new(3)];
    private readonly NextStepPane _next = new();
    private readonly BytesPane _labBytes = new();
    private readonly SocketsPane _labSockets = new(SocketScope.Experiment);
    private readonly PacketsPane _labPackets = new();
    private readonly StatesPane _labStates = new(StatesForm.Fitting);
    private readonly Pane[] _full;

    /// <summary>A screen that offers these experiments.</summary>
    /// <param name="experiments">Their names.</param>
    /// <param name="file">A capture file whose packets the Packets tab shows, which is then in front; null for those that are captured.</param>
    public LabScreen(IReadOnlyList<string> experiments, CaptureFileLog? file = null)
    {
        Experiments = new ExperimentsPane(experiments);
        _full = [new BytesPane(), new SocketsPane(SocketScope.Machine), new PacketBrowserPane(file), file is null ? new StateDiagramPane() : new FileStatesPane(file), new TimelinePane(), new DnsPane(), new HttpPane(), new IoPane()];
        Tab = file is null ? 0 : PacketsTab;
    }

    /// <summary>The experiments.</summary>
    public ExperimentsPane Experiments { get; }

    /// <summary>The servers and clients that run.</summary>
    public PeersPane Peers { get; } = new();

    /// <summary>Whether the Lab shows them in the place of the experiment; its live panes then follow the chosen one.</summary>
    public bool ShowsPeers { get; set; }

    /// <summary>The form that lies over the screen; null for none.</summary>
    public PeerForm? Form { get; set; }

    /// <summary>The tab that is shown, from 0.</summary>
    public int Tab { get; private set; }

    /// <summary>The pane that the keys act on: the tab's own, or on the Lab the one that was chosen there; null while they choose experiments.</summary>
    public Pane? ActivePane => Tab == 0 ? _focused ?? (ShowsPeers ? Peers : null) : _full[Tab - 1];

    /// <summary>Whether one of the Lab's panes fills the screen.</summary>
    public bool IsZoomed => Tab == 0 && _focused is not null && _zoomed;

    /// <summary>The cell of the cursor while a text is asked for; null to hide it.</summary>
    public (int X, int Y)? Cursor { get; private set; }

    /// <summary>Whether the views are held still.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Whether the help lies over the screen.</summary>
    public bool ShowsHelp
    {
        get;
        set => (field, _helpTop) = (value, 0);
    }

    /// <summary>Scrolls the help, where it is longer than the screen.</summary>
    /// <returns>False where all of it shows.</returns>
    public bool ScrollHelp(int rows)
    {
        _helpTop = Math.Clamp(_helpTop + rows, 0, _helpEnd);
        return _helpEnd > 0;
    }

    /// <summary>Shows a tab; what is out of range is taken round.</summary>
    public void ShowTab(int tab) => Tab = (tab + s_tabs.Length) % s_tabs.Length;

    /// <summary>How many tabs there are.</summary>
    public static int TabCount => s_tabs.Length;

    /// <summary>On the Lab: the keys go to the next pane, to the one before, or (out of the row) back to the experiments.</summary>
    public void MoveFocus(int places)
    {
        Pane?[] row = [null, .. _placed.Select(placed => placed.Pane).Where(pane => pane != Experiments && pane != Peers && pane != _next)];
        int place = Math.Max(0, Array.IndexOf(row, _focused)) + places;
        if (!_zoomed || _focused is null)
            _focused = row[(place + row.Length) % row.Length];
    }

    /// <summary>On the Lab: the keys go to this pane.</summary>
    public void Focus(Pane? pane) => _focused = Tab != 0 || pane == Experiments || pane == Peers || pane == _next ? null : pane;

    /// <summary>Shows the steps of an actor on the Lab; the keys go there.</summary>
    /// <returns>The pane; null where the screen has none for so many actors.</returns>
    public StepsPane? ShowSteps(int actor)
    {
        if (actor >= _steps.Length)
            return null;
        ShowTab(0);
        (_focused, _zoomed) = (_steps[actor], false);
        return _steps[actor];
    }

    /// <summary>On the Lab: the chosen pane fills the screen, or no longer.</summary>
    public void Zoom() => _zoomed = _focused is not null && !_zoomed;

    /// <summary>Backs out of what was opened last on the screen itself: a zoomed pane, a chosen one.</summary>
    /// <returns>False when there was nothing.</returns>
    public bool Back()
    {
        if (Tab != 0 || _focused is null)
            return false;
        if (!_zoomed)
            _focused = null;
        _zoomed = false;
        return true;
    }

    /// <summary>What stands over a pane.</summary>
    internal static string TitleOf(Pane pane) => pane.Title.Length > 0 ? pane.Title : "steps";

    /// <summary>A new run: every list follows its end again.</summary>
    public void Reset()
    {
        foreach (var pane in _full.Concat(_steps).Concat([_labBytes, _labSockets, _labPackets, _labStates]))
            pane.Reset();
    }

    /// <summary>How soon the screen must be drawn anew although nothing happens, because a clock is on it; null for never.</summary>
    public Duration? Tick(PaneContext context) => _placed.Select(placed => placed.Pane.Tick(context)).Min();

    /// <summary>The pane at a cell, and the cell in its own coordinates.</summary>
    public (Pane Pane, int X, int Y)? PaneAt(int column, int row)
    {
        foreach (var (pane, place) in _placed)
        {
            if (place.Contains(column, row))
                return (pane, column - place.X, row - place.Y);
        }

        return null;
    }

    /// <summary>The tab whose name is at a cell.</summary>
    public int? TabAt(int column, int row)
    {
        foreach (var (tab, place) in _tabPlaces)
        {
            if (place.Contains(column, row))
                return tab;
        }

        return null;
    }

    /// <summary>Ends what panes do behind.</summary>
    public void Dispose()
    {
        foreach (var pane in _full)
            (pane as IDisposable)?.Dispose();
    }

    /// <summary>Draws everything.</summary>
    public void Draw(Canvas canvas, PaneContext context)
    {
        _placed.Clear();
        _tabPlaces.Clear();
        Cursor = null;
        if (canvas.Width < LeastColumns || canvas.Height < LeastRows)
        {
            DrawTooSmall(canvas);
            return;
        }

        DrawTabs(canvas.Slice(new Rectangle(0, 0, canvas.Width, 1)), context);
        var body = canvas.Slice(new Rectangle(0, 1, canvas.Width, canvas.Height - 2));
        if (ActivePane is { } pane && (Tab != 0 || IsZoomed))
            Place(body, pane, pane is StepsPane steps ? steps.TitleFor(context) : pane.Title, context);
        else
            DrawLab(body, context);
        Cursor = KeyLine.Draw(canvas.Slice(new Rectangle(0, canvas.Height - 1, canvas.Width, 1)), this, context) is { } column
            ? (column, canvas.Height - 1) : null;
        if (ShowsHelp)
            _helpEnd = HelpPopup.Draw(canvas, this, _helpTop);
        if (Form is not { } form)
            return;
        form.Draw(canvas);
        Cursor = form.Cursor;
    }

    private static void DrawTooSmall(Canvas canvas)
    {
        string[] lines = [$"NetLab needs {LeastColumns}×{LeastRows};", $"this terminal has {canvas.Width}×{canvas.Height}.", "Make it larger, or q to quit."];
        int top = Math.Max(0, (canvas.Height - lines.Length) / 2);
        for (int line = 0; line < lines.Length; line++)
            canvas.WriteField(0, top + line, canvas.Width, Alignment.Centre, line == 0 ? Theme.Title : Theme.Text, lines[line]);
    }

    private void DrawTabs(Canvas canvas, PaneContext context)
    {
        // The tabs keep their names as long as the experiment's name and state find room beside them.
        int room = canvas.Width - RunIndicator.Columns(this, context) - 1;
        var tabs = canvas.Slice(new Rectangle(0, 0, room, 1));
        int end = Tabs.Draw(tabs, Theme.Faint, Theme.TabLit, Theme.Border, s_tabs, Tab);
        Span<Rectangle> places = stackalloc Rectangle[s_tabs.Length];
        Tabs.Place(room, canvas.Characters, s_tabs, Tab, places);
        for (int tab = 0; tab < s_tabs.Length; tab++)
            _tabPlaces.Add((tab, places[tab] with { X = canvas.OnScreen.X + places[tab].X, Y = canvas.OnScreen.Y }));
        RunIndicator.Draw(canvas.Slice(new Rectangle(end + 1, 0, canvas.Width - end - 1, 1)), this, context);
    }

    private void DrawLab(Canvas canvas, PaneContext context)
    {
        var area = canvas.Bounds;
        Experiments.Followed = ShowsPeers ? Peers.Selected : null;
        if (canvas.Width >= 110)
        {
            Place(canvas.Slice(area with { Width = ExperimentColumns }), Experiments, Experiments.Title, context);
            area = new Rectangle(ExperimentColumns, 0, area.Width - ExperimentColumns, area.Height);
        }

        int actors = Math.Clamp(context.Lab.View.Steps.Actors.Count, 1, area.Width >= 120 ? 4 : area.Width >= 84 ? 3 : 2);
        int longest = ShowsPeers ? Peers.RowsFor(context.Lab.Peers) : context.Lab.View.Steps.Actors.Select(actor => actor.Steps.Count).DefaultIfEmpty(1).Max();
        // What runs takes the rows it needs up to two fifths; packets and states are what one looks at.
        int steps = Math.Clamp(longest + 2, 5, Math.Max(8, area.Height * 2 / 5));
        if (!ShowsPeers && context.Stepping.IsShown(context.Lab))
        {
            // What comes next stands between the steps and what they did; where it is low, the steps that are far give way.
            int next = Math.Clamp(area.Height / 5, 5, 8);
            steps = Math.Min(steps, Math.Max(6, area.Height * 2 / 5 - 2));
            var parts = Layout.Rows(area, Extent.Fixed(steps), Extent.Fixed(next), Extent.Fill());
            Place(canvas.Slice(parts[1]), _next, NextStepPane.TitleFor(context), context, Theme.Now);
            DrawSteps(canvas, parts[0], actors, context);
            DrawInstruments(canvas, parts[2], context);
            return;
        }

        var rows = Layout.Rows(area, Extent.Fixed(steps), Extent.Fill());
        if (ShowsPeers)
            Place(canvas.Slice(rows[0]), Peers, Peers.Title, context);
        else
            DrawSteps(canvas, rows[0], actors, context);
        DrawInstruments(canvas, rows[1], context);
    }

    private void DrawSteps(Canvas canvas, Rectangle area, int actors, PaneContext context)
    {
        var columns = Layout.Columns(area, [.. Enumerable.Repeat(Extent.Fill(), actors)]);
        for (int actor = 0; actor < actors; actor++)
            Place(canvas.Slice(columns[actor]), _steps[actor], _steps[actor].TitleFor(context), context, Theme.Actor(actor).Bold);
    }

    private void DrawInstruments(Canvas canvas, Rectangle area, PaneContext context)
    {
        var rows = Layout.Rows(area, Extent.Fill(), Extent.Fixed(Math.Clamp(area.Height * 2 / 5, 5, 14)));
        var middle = Layout.Columns(rows[0], Extent.Part(58), Extent.Fill());
        Place(canvas.Slice(middle[0]), _labPackets, _labPackets.Title, context);
        Place(canvas.Slice(middle[1]), _labStates, _labStates.Title, context);
        var below = Layout.Columns(rows[1], Extent.Part(58), Extent.Fill());
        Place(canvas.Slice(below[0]), _labSockets, SocketsTitle, context);
        Place(canvas.Slice(below[1]), _labBytes, _labBytes.Title, context);
    }

    private string SocketsTitle => ShowsPeers && Peers.Selected is { } followed
        ? _labSockets.Title.Replace("experiment", $":{followed.Port}", StringComparison.Ordinal) : _labSockets.Title;

    private void Place(Canvas canvas, Pane pane, string title, PaneContext context, Style? titleStyle = null)
    {
        bool focused = pane == (ShowsPeers ? ActivePane : _focused) && Tab == 0 && !IsZoomed;
        var inside = Frame.Draw(canvas, focused ? Theme.BorderLit : Theme.Border, titleStyle ?? Theme.Title, focused ? $"› {title}" : title, pane.Note(context));
        _placed.Add((pane, inside.OnScreen));
        pane.Draw(inside, context);
        pane.DrawFoot(canvas.Slice(new Rectangle(1, canvas.Height - 1, canvas.Width - 2, 1)), context);
    }
}
