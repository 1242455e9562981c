using NetLab.Core;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>
/// What happened as a ladder in time: the calls of the two sides outside, their states on the lifelines, the packets between them. The actor that the
/// script names first stands left. A selected line is told in whole sentences below, and is the moment that every other pane marks.
/// </summary>
public sealed class TimelinePane : ListPane
{
    private const int MostSentences = 5;

    private List<TimelineLine> _lines = [];
    private (long Version, int Zoom, Connection? Connection, int Connections, int Cursor) _folded = (-1, 0, null, 0, 0);
    private TimelineSides? _sides;
    private int _zoom;
    private int _listHeight;

    /// <inheritdoc/>
    public override string Title => "timeline";

    /// <inheritdoc/>
    public override IReadOnlyList<KeyHelp> Keys =>
    [
        new("↑↓", "move (j k PgUp PgDn g G); other panes mark the moment", "select"),
        new("+ -", "zoom in time: moments, every event, down to 10 µs", "zoom"), new("← →", "another connection, or all of them"),
        new("w", "save as text or SVG picture, by the name's ending", "save"), new("y", "copy the selected line"),
        new("F", "follow the end", "follow"),
    ];

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var connections = context.Lab.View.Connections.Connections;
        string which = connections.Count < 2 ? ""
            : context.Cursor.Connection is { } chosen ? $"connection {Place(connections, chosen) + 1} of {connections.Count} · " : $"all {connections.Count} connections · ";
        return $"{which}{TimelineZoom.All[_zoom].Name} · {context.Lab.Instruments.StateProvenance.Name()}";
    }

    /// <inheritdoc/>
    protected override int Count(PaneContext context)
    {
        // A key may come before the first frame.
        Fold(context);
        return _lines.Count;
    }

    /// <inheritdoc/>
    public override bool Take(KeyEvent key, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(context);
        if (key.Is('+') || key.Is('='))
            Zoom(1, context);
        else if (key.Is('-'))
            Zoom(-1, context);
        else if (key.Key is Key.Left or Key.Right || key.Is('h') || key.Is('l'))
            ChooseConnection(key.Key == Key.Left || key.Is('h') ? -1 : 1, context);
        else if (key.Is('w'))
            Save(context);
        else if (key.Is('y') && State.Selected >= 0 && State.Selected < _lines.Count)
            context.Foot.Copy(string.Join('\n', new TimelineRows(context).Sentences(_lines[State.Selected])), "the selected line");
        else
            return base.Take(key, context);
        return true;
    }

    /// <inheritdoc/>
    public override void Click(int x, int y, PaneContext context)
    {
        if (y >= 1 && y <= _listHeight)
            base.Click(x, y - 1, context);
    }

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Fold(context);
        if (_lines.Count == 0)
        {
            canvas.Write(1, 0, Theme.Faint, "Nothing has happened yet. Enter runs the experiment.");
            return;
        }

        var rows = new TimelineRows(context);
        string[] sentences = State.Selected >= 0 && State.Selected < _lines.Count && !_lines[State.Selected].IsGap
            ? [.. rows.Sentences(_lines[State.Selected]).Take(MostSentences)] : [];
        // The detail keeps its height while one moves from line to line: the ladder does not jump.
        int below = State.Selected >= 0 && canvas.Height >= 14 ? Math.Min(MostSentences, canvas.Height / 4) + 1 : 0;
        _listHeight = canvas.Height - 1 - below;
        Fit(_listHeight, 0);
        Reveal(context);
        var moment = context.Cursor.IsFrom(this) ? null : context.Cursor.Moment;
        var (left, right) = Headings(context);
        Ladder.Draw(canvas.Slice(canvas.Bounds with { Height = canvas.Height - below }), left, right, _lines.Count, State,
            index => rows.Row(_lines[index], moment), Look);
        if (below > 0)
            DrawSentences(canvas.Slice(new Rectangle(0, canvas.Height - below, canvas.Width, below)), sentences);
    }

    /// <inheritdoc/>
    protected override Moment? MomentAt(int row, PaneContext context) =>
        row < _lines.Count && !_lines[row].IsGap ? context.Lab.View.Moments.At(_lines[row].Main) : null;

    /// <inheritdoc/>
    protected override int RowOf(Moment moment, PaneContext context)
    {
        var rows = context.Lab.View.Timeline.Rows;
        return _lines.FindIndex(line => !line.IsGap && line.Places.Any(place => place >= 0 && moment.Holds(rows[place])));
    }

    private static LadderLook Look => new(Theme.Heading, Theme.Border, Theme.Faint, Theme.Selection, Theme.Linked, Theme.LinkedSign);

    private static void DrawSentences(Canvas canvas, string[] sentences)
    {
        canvas.Horizontal(1, 0, canvas.Width - 2, Theme.Border);
        for (int y = 1; y < canvas.Height && y <= sentences.Length; y++)
            canvas.WriteField(1, y, canvas.Width - 2, Alignment.Left, Theme.Text, sentences[y - 1]);
    }

    private void Fold(PaneContext context)
    {
        var view = context.Lab.View;
        var connections = view.Connections.Connections;
        var chosen = context.Cursor.Connection is { } connection && Place(connections, connection) >= 0 ? connection : null;
        var wanted = (view.Timeline.Version, _zoom, chosen, connections.Count, view.Steps.Actors.Count);
        if (wanted == _folded)
            return;
        _folded = wanted;
        var first = view.Steps.Actors is [var actor, ..] ? context.Names.Intern(actor.Actor.Name) : default;
        _sides = new TimelineSides(view.Connections, first, chosen);
        var zoom = TimelineZoom.All[_zoom];
        _lines = TimelineFold.Lines(view.Timeline, view.Moments, _sides, zoom.Grain, zoom.Scale);
    }

    private (string Left, string Right) Headings(PaneContext context)
    {
        var actors = context.Lab.View.Steps.Actors;
        var connections = context.Lab.View.Connections.Connections;
        var sides = _sides!;
        // One connection is shown with its addresses, several with their actors' names.
        if (sides.Left is null && connections.Count == 1)
            sides = new TimelineSides(context.Lab.View.Connections, actors.Count > 0 ? context.Names.Intern(actors[0].Actor.Name) : default, connections[0]);
        if (sides is { Left: { } left, Right: { } right })
            return (Heading(left, context), Heading(right, context));
        return (actors.Count > 0 ? actors[0].Actor.Name : "", string.Join(", ", actors.Skip(1).Select(actor => actor.Actor.Name)));
    }

    private static string Heading(ConnectionEnd end, PaneContext context) =>
        $"{StatesPane.NameOf(end, context)}  {end.Tuple.Local}";

    // The line that was selected stays selected, whatever line it is now.
    private void Zoom(int steps, PaneContext context)
    {
        var moment = State.Selected >= 0 ? MomentAt(State.Selected, context) : null;
        _zoom = Math.Clamp(_zoom + steps, 0, TimelineZoom.All.Count - 1);
        Fold(context);
        if (moment is not null)
            Choose(Math.Max(0, RowOf(moment, context)), context);
        else if (State.Selected >= 0)
            Choose(State.Selected, context);
    }

    private static int Place(IReadOnlyList<Connection> connections, Connection connection)
    {
        for (int place = 0; place < connections.Count; place++)
        {
            if (ReferenceEquals(connections[place], connection))
                return place;
        }

        return -1;
    }

    // Before the first and after the last stand all of them together.
    private void ChooseConnection(int steps, PaneContext context)
    {
        var connections = context.Lab.View.Connections.Connections;
        if (connections.Count < 2)
            return;
        int count = connections.Count + 1;
        int place = context.Cursor.Connection is { } chosen ? Place(connections, chosen) + 1 : 0;
        place = (place + steps + count) % count;
        context.Cursor.Connection = place == 0 ? null : connections[place - 1];
        State.Unselect();
        State.Follow();
    }

    private void Save(PaneContext context)
    {
        if (_lines.Count == 0)
        {
            context.Foot.Fail("There is nothing to save yet; Enter runs the experiment.");
            return;
        }

        string name = context.Lab.View.Steps.Script is { } script ? Path.GetFileNameWithoutExtension(script.File) : "timeline";
        context.Foot.AskFile("save timeline (.txt, .svg)", $"{name}.svg", [".txt", ".svg"], (file, path) =>
        {
            Fold(context);
            TimelineExport.Write(file, path, _lines, Headings(context), new TimelineRows(context));
        });
    }
}
