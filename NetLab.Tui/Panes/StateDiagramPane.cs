using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.Panes;

/// <summary>
/// The diagram of RFC 9293 figure 5 with the ends of one connection as marks upon it and the path so far lit, and beside it the connections with their
/// states and the chosen one's path. ← → go back and forth in the path: the marks move, and every other pane shows that moment.
/// </summary>
public sealed class StateDiagramPane : Pane
{
    private const int LeastBeside = 33;

    private readonly ConnectionList _list = new();
    private bool _showsList;
    private bool _isBeside;

    /// <inheritdoc/>
    public override string Title => "states";

    /// <inheritdoc/>
    public override IReadOnlyList<KeyHelp> Keys =>
    [
        new("↑↓", "another connection (j k)", "connection"), new("← →", "back and forth in its path; other panes show the moment", "step in the path"),
        .. _isBeside ? Array.Empty<KeyHelp>() : [new KeyHelp("d", "the connections and the path, or the diagram", _showsList ? "diagram" : "list")],
        new("F", "back to now and the newest connection", "now"), new("y", "copy the path"),
    ];

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var connections = context.States.Connections.Connections;
        string which = connections.Count > 1 && Chosen(context) is { } chosen ? $"connection {chosen.Number} of {connections[^1].Number} · " : "";
        string when = LookedAt(context) is null ? "" : "looking back · ";
        return $"{when}{which}{context.States.Provenance.Name()}";
    }

    /// <inheritdoc/>
    public override Duration? Tick(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Until(context) is not null)
            return null;
        var ends = Ends(context);
        if (new DiagramMarks(ends, context, null).Glides)
            return Duration.FromMilliseconds(40);
        return ends.Any(end => !end.IsOver) ? Duration.FromMilliseconds(200) : null;
    }

    /// <inheritdoc/>
    public override bool Take(KeyEvent key, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(context);
        if (key.Is('d') && !_isBeside)
            _showsList = !_showsList;
        else if (key.Key is Key.Left or Key.Right || key.Is('h') || key.Is('l'))
            Step(key.Key == Key.Left || key.Is('h') ? -1 : 1, context);
        else if (key.Key is Key.Up or Key.Down || key.Is('j') || key.Is('k'))
            ChooseConnection(key.Key == Key.Up || key.Is('k') ? -1 : 1, context);
        else if (key.Is('F'))
            context.Cursor.Clear();
        else if (key.Is('y'))
            Copy(context);
        else
            return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Back(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!_showsList || _isBeside)
            return false;
        _showsList = false;
        return true;
    }

    /// <inheritdoc/>
    public override void Scroll(int rows, PaneContext context) => ChooseConnection(Math.Sign(rows), context);

    /// <inheritdoc/>
    public override void Click(int x, int y, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_list.At(x, y, context) is { } connection)
            context.Cursor.Connection = connection;
    }

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var ends = Ends(context);
        var marks = new DiagramMarks(ends, context, Until(context));
        var diagram = TcpStateDiagram.For(canvas.Width, canvas.Height);
        _isBeside = canvas.Width - diagram.Width - 3 >= LeastBeside;
        _list.Forget();
        if (ends.Length == 0 && !context.Lab.Instruments.HasPackets && context.Lab.Instruments.StateObstacle is { } obstacle)
        {
            ObstacleNotice.Draw(canvas, obstacle);
        }
        else if (_showsList && !_isBeside)
        {
            _list.Draw(canvas, new Rectangle(1, 0, canvas.Width - 2, canvas.Height), Chosen(context), ends, marks, context);
        }
        else
        {
            marks.Draw(canvas.Slice(new Rectangle(canvas.Width > diagram.Width ? 1 : 0, 0, diagram.Width, canvas.Height)), diagram);
            if (!_isBeside)
                return;
            canvas.Vertical(diagram.Width + 2, 0, canvas.Height, Theme.Border);
            _list.Draw(canvas, new Rectangle(diagram.Width + 4, 0, canvas.Width - diagram.Width - 5, canvas.Height), Chosen(context), ends, marks, context);
        }
    }

    /// <inheritdoc/>
    public override void DrawFoot(Canvas line, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var ends = Ends(context);
        var marks = new DiagramMarks(ends, context, Until(context));
        int x = 1;
        for (int index = 0; index < ends.Length; index++)
        {
            if (marks.Last(ends[index]) is not { } last)
                continue;
            x = line.Write(x, 0, Theme.Actor(StatesPane.ActorIndex(ends[index], context)).Bold, $" {DiagramMarks.Sign(index)} {StatesPane.NameOf(ends[index], context)} ");
            x = line.Write(x, 0, Theme.Now, StatesPane.StateText(last));
            string spent = Until(context) is null ? StatesPane.Spent(ends[index], ends[index].Path.Count - 1, context.Now) : "";
            x = line.Write(x, 0, Theme.Text, spent.Length == 0 ? "" : $" {spent}");
            x = line.Write(x, 0, Theme.Faint, last.Cause.Length == 0 ? " " : $" ← {last.Cause} ") + 1;
        }
    }

    // What was chosen: by hand here or in the timeline, by a moment in another pane, else the newest.
    private static Connection? Chosen(PaneContext context)
    {
        var connections = context.States.Connections.Connections;
        if (context.Cursor.Connection is { } chosen && connections.Contains(chosen))
            return chosen;
        if (context.Cursor.Moment is { } moment && connections.LastOrDefault(connection => moment.IsOf(connection.First.Tuple)) is { } touched)
            return touched;
        return connections.Count == 0 ? null : connections[^1];
    }

    // The actor that the script names first comes first, on every tab.
    private static ConnectionEnd[] Ends(PaneContext context) => Chosen(context) is { } chosen
        ? [.. new[] { chosen.First, chosen.Second }.Where(end => end.Path.Count > 0).OrderBy(end => StatesPane.ActorIndex(end, context))]
        : [.. context.States.Connections.Listeners.TakeLast(1)];

    // The moment that the marks show: that of the shared cursor where it is of this connection; null for now.
    private static Timestamp? Until(PaneContext context)
    {
        if (LookedAt(context) is not { } moment)
            return context.States.End;
        return moment.Changes.Select(change => change.Time).Append(moment.Time).Max();
    }

    private static Moment? LookedAt(PaneContext context) =>
        context.Cursor.Moment is { } moment && Chosen(context) is { } chosen && moment.IsOf(chosen.First.Tuple) ? moment : null;

    private void Step(int direction, PaneContext context)
    {
        StateChange[] path = [.. Ends(context).SelectMany(end => end.Path).OrderBy(change => change.Time)];
        var until = LookedAt(context) is null ? null : Until(context);
        var first = context.Cursor.Moment is { Changes.Count: > 0 } moment && until is not null ? moment.Changes.Min(change => change.Time) : until;
        var next = direction > 0 ? until is null ? null : path.FirstOrDefault(change => change.Time > until)
            : until is null ? path.LastOrDefault() : path.LastOrDefault(change => change.Time < first);
        if (next is not null)
            context.Cursor.Choose(context.States.Moments?.Of(next)
                ?? new Moment(next.Time) { Tuple = next.End.Tuple, Changes = [next], Packets = next.Packet is { } packet ? [packet] : [] }, this);
        else if (direction > 0 && until is not null)
            context.Cursor.Choose(null, this);
    }

    private void ChooseConnection(int places, PaneContext context)
    {
        var connections = context.States.Connections.Connections;
        if (connections.Count == 0)
            return;
        int place = Chosen(context) is { } chosen ? connections.ToList().IndexOf(chosen) : connections.Count - 1;
        context.Cursor.Choose(null, this);
        context.Cursor.Connection = connections[Math.Clamp(place + places, 0, connections.Count - 1)];
    }

    private static void Copy(PaneContext context)
    {
        var lines = Ends(context).SelectMany(end => end.Path.Select(change =>
            $"{change.Time}  {StatesPane.NameOf(end, context)}  {end.Tuple.Local}  {EventText.State(change)}"));
        context.Foot.Copy(string.Join('\n', lines), "the path");
    }
}
