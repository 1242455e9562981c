using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>
/// The diagram of RFC 9293 figure 5 with the ends of one connection as marks upon it and the path so far lit. <c>d</c> changes to the list of all
/// states and back.
/// </summary>
public sealed class StateDiagramPane : Pane
{
    private readonly StatesPane _list = new(StatesForm.Whole);
    private bool _showsList;
    private int _chosen = -1;

    /// <inheritdoc/>
    public override string Title => "states";

    /// <inheritdoc/>
    public override IReadOnlyList<KeyHelp> Keys => [new("d", "diagram or list"), new("← →", "another connection"), .. _list.Keys];

    /// <inheritdoc/>
    public override bool IsCounting(PaneContext context) => context.Lab.View.Connections.Ends.Any(end => end.TimeWaitEnds is not null && end.State == TcpState.TimeWait);

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        var connections = context.Lab.View.Connections.Connections;
        string which = connections.Count > 1 ? $"connection {Chosen(connections.Count) + 1} of {connections.Count} · " : "";
        var ends = connections.Count == 0 ? [] : Ends(connections[Chosen(connections.Count)], context);
        string whose = string.Concat(ends.Select(end => $"{Sign(end, ends)} {Name(end, context)}  "));
        return whose + which + context.Lab.Instruments.StateProvenance.Name();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _chosen = -1;
        _list.Reset();
    }

    /// <inheritdoc/>
    public override bool Take(KeyEvent key, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(key);
        int count = context.Lab.View.Connections.Connections.Count;
        if (key.Is('d'))
            _showsList = !_showsList;
        else if (key.Key is Key.Left or Key.Right && count > 0)
            _chosen = Math.Clamp(Chosen(count) + (key.Key == Key.Left ? -1 : 1), 0, count - 1);
        else
            return _list.Take(key, context);
        return true;
    }

    /// <inheritdoc/>
    public override void Scroll(int rows, PaneContext context) => _list.Scroll(rows, context);

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        var connections = context.Lab.View.Connections.Connections;
        if (_showsList || connections.Count == 0 && context.Lab.View.Connections.Listeners.Count == 0)
        {
            _list.Draw(canvas, context);
            return;
        }

        ConnectionEnd[] ends = connections.Count == 0
            ? [.. context.Lab.View.Connections.Listeners.TakeLast(1)]
            : Ends(connections[Chosen(connections.Count)], context);
        // Where there is room, the diagram stands left and the list of all states beside it.
        var diagram = TcpStateDiagram.For(canvas.Width, canvas.Height);
        int beside = canvas.Width - diagram.Width - 3;
        DrawDiagram(canvas.Slice(new Rectangle(canvas.Width > diagram.Width ? 1 : 0, 0, diagram.Width, canvas.Height)), diagram, ends, context);
        if (beside < 30)
            return;
        canvas.Vertical(diagram.Width + 2, 0, canvas.Height, Theme.Border);
        _list.Draw(canvas.Slice(new Rectangle(diagram.Width + 3, 0, beside, canvas.Height)), context);
    }

    private int Chosen(int count) => _chosen < 0 || _chosen >= count ? count - 1 : _chosen;

    // The actor that the script names first comes first, on every tab.
    private static ConnectionEnd[] Ends(Connection connection, PaneContext context) =>
        [.. new[] { connection.First, connection.Second }.Where(end => end.Path.Count > 0).OrderBy(end => StatesPane.ActorIndex(end, context))];

    private static void DrawDiagram(Canvas canvas, Diagram diagram, ConnectionEnd[] ends, PaneContext context) => diagram.Draw(canvas,
        node =>
        {
            var here = ends.Where(end => end.State.Name() == node.Name).ToArray();
            bool passed = ends.Any(end => end.Path.Any(change => change.To.Name() == node.Name));
            if (here.Length == 0)
                return new DiagramLook(passed ? Theme.Faint : Theme.Border, passed ? Theme.Title : Theme.Faint);
            string mark = here.Length > 1 ? "● ■" : Mark(here[0], ends, node.Width - 4, context);
            return new DiagramLook(Theme.BorderLit, Theme.Now, mark, Theme.Actor(StatesPane.ActorIndex(here[0], context)).Bold);
        },
        edge =>
        {
            bool taken = ends.Any(end => end.Path.Any(change => Takes(change, edge)));
            return (taken, taken ? Theme.Now : Theme.Border, taken ? Theme.Text : Theme.Faint);
        });

    // An accepted socket begins at SYN_RCVD: the way there was its listener's passive open.
    private static bool Takes(StateChange change, DiagramEdge edge) =>
        change is { From: TcpState.Closed, To: TcpState.SynRcvd }
            ? (edge.From, edge.To) is ("CLOSED", "LISTEN") or ("LISTEN", "SYN_RCVD")
            : change.From.Name() == edge.From && change.To.Name() == edge.To;

    // The sign alone where the name finds no room: the frame's note says whose it is.
    private static string Mark(ConnectionEnd end, ConnectionEnd[] ends, int room, PaneContext context)
    {
        string sign = Sign(end, ends);
        string full = end.TimeWaitRemaining(context.Now) is { } left ? $"{sign} {Math.Ceiling(left.Seconds)} s" : $"{sign} {Name(end, context)}";
        return full.Length <= room ? full : sign;
    }

    private static string Sign(ConnectionEnd end, ConnectionEnd[] ends) => ReferenceEquals(end, ends[0]) ? "●" : "■";

    private static string Name(ConnectionEnd end, PaneContext context) => end.Actor.IsNone ? "peer" : context.Names[end.Actor];
}
