using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>The connections with the last state of each end, and below them the path of the chosen one.</summary>
internal sealed class ConnectionList
{
    private readonly ListState _state = new() { GrowsAtEnd = false };
    private Rectangle _rows;

    /// <summary>It is not on the screen (any more): no click meets it.</summary>
    public void Forget() => _rows = default;

    /// <summary>The connection at a place of the pane.</summary>
    public Connection? At(int x, int y, PaneContext context)
    {
        var connections = context.States.Connections.Connections;
        int row = _state.Top + y - _rows.Y;
        return _rows.Contains(x, y) && row < connections.Count ? connections[row] : null;
    }

    public void Draw(Canvas pane, Rectangle place, Connection? chosen, ConnectionEnd[] ends, DiagramMarks marks, PaneContext context)
    {
        var connections = context.States.Connections.Connections;
        int paths = ends.Sum(end => end.Path.Count + 2);
        // The path is what one reads; the list gets what it leaves, a third at least.
        int height = Math.Min(connections.Count + 1, Math.Max(2, Math.Max(place.Height / 3, place.Height - paths - 1)));
        DrawList(pane.Slice(place with { Height = height }), connections, chosen, context);
        _rows = place with { Y = place.Y + 1, Height = height - 1 };
        var below = pane.Slice(place with { Y = place.Y + height + 1, Height = place.Height - height - 1 });
        pane.Horizontal(place.X, place.Y + height, place.Width, Theme.Border);
        DrawPaths(below, ends, marks, context);
    }

    private void DrawList(Canvas canvas, IReadOnlyList<Connection> connections, Connection? chosen, PaneContext context)
    {
        if (connections.Count == 0)
        {
            canvas.Write(0, 0, Theme.Faint, "No connection yet.");
            return;
        }

        int place = connections.ToList().IndexOf(chosen!);
        if (place >= 0)
            _state.Select(place, connections.Count);
        bool wide = canvas.Width >= 66;
        TableColumn[] columns =
        [
            new("#", Extent.Fixed(3), Alignment.Right), new(wide ? "connection" : "port", wide ? Extent.Fill() : Extent.Fixed(6)),
            new("●", Extent.Fixed(12)), new("■", Extent.Fill(1, 11)),
        ];
        Table.Draw(canvas, columns, connections.Count, _state, (row, column, cell, style) =>
        {
            var connection = connections[row];
            var (first, second) = Order(connection, context);
            switch (column)
            {
                case 0: cell.WriteField(0, 0, cell.Width, Alignment.Right, Theme.Faint, $"{connection.Number}"); break;
                case 1: cell.WriteField(0, 0, cell.Width, Alignment.Left, style, wide ? connection.First.Tuple.ToString() : $":{connection.First.Tuple.Local.Port}"); break;
                case 2: DrawState(cell, first); break;
                default: DrawState(cell, second); break;
            }
        }, Theme.Heading, Theme.Text, Theme.Selection);
    }

    private static (ConnectionEnd First, ConnectionEnd Second) Order(Connection connection, PaneContext context) =>
        StatesPane.ActorIndex(connection.Second, context) < StatesPane.ActorIndex(connection.First, context)
            ? (connection.Second, connection.First) : (connection.First, connection.Second);

    private static void DrawState(Canvas cell, ConnectionEnd end)
    {
        if (end.Path.Count > 0)
            cell.Write(0, 0, end.IsOver ? Theme.Faint : Theme.Text, StatesPane.StateText(end.Path[^1]));
    }

    private static void DrawPaths(Canvas canvas, ConnectionEnd[] ends, DiagramMarks marks, PaneContext context)
    {
        int y = 0;
        for (int index = 0; index < ends.Length; index++)
        {
            var end = ends[index];
            int x = canvas.Write(0, y, Theme.Actor(StatesPane.ActorIndex(end, context)).Bold, $"{DiagramMarks.Sign(index)} {StatesPane.NameOf(end, context)}");
            canvas.Write(x + 1, y++, Theme.Faint, $"{end.Tuple.Local}");
            var last = marks.Last(end);
            for (int step = 0; step < end.Path.Count; step++, y++)
            {
                var line = canvas.Slice(new Rectangle(0, y, canvas.Width, 1));
                bool isLater = last is null || end.Path[step].Time > last.Time;
                StatesPane.DrawState(line, end, step, ReferenceEquals(end.Path[step], last), isLater, context.Now);
                if (context.Cursor.Moment?.Holds(end.Path[step]) ?? false)
                {
                    line.Write(0, 0, Theme.LinkedSign, "◆");
                    line.Overlay(line.Bounds, Theme.Linked);
                }
            }

            y++;
        }
    }
}
