using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Panes;

/// <summary>How much of each path a pane shows.</summary>
public enum StatesForm
{
    /// <summary>As many of the latest states of each end as fit, so that every end is in view.</summary>
    Fitting,

    /// <summary>Every state, to scroll through.</summary>
    Whole,
}

/// <summary>
/// The states of each end of the experiment's connections: the whole path, how long each state lasted, and what ended it. The present state is
/// marked; TIME_WAIT counts down.
/// </summary>
/// <param name="form">How much of each path is shown.</param>
public sealed class StatesPane(StatesForm form) : ListPane
{
    // A row is an end's name or one of its states.
    private readonly List<(ConnectionEnd End, int Step)> _rows = [];

    /// <inheritdoc/>
    public override string Title => "states";

    /// <inheritdoc/>
    public override bool IsCounting(PaneContext context) => context.Lab.View.Connections.Ends.Any(end => end.TimeWaitEnds is not null && end.State == TcpState.TimeWait);

    /// <inheritdoc/>
    public override string Note(PaneContext context) => context.Lab.Instruments.StateProvenance.Name();

    /// <inheritdoc/>
    protected override int Count(PaneContext context) => _rows.Count;

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        Collect(context, form == StatesForm.Fitting ? canvas.Height : int.MaxValue);
        if (_rows.Count == 0)
        {
            DrawEmpty(canvas, context);
            return;
        }

        Fit(canvas.Height, 0);
        Reveal(context);
        var moment = context.Cursor.IsFrom(this) ? null : context.Cursor.Moment;
        State.Fit(_rows.Count, canvas.Height);
        for (int y = 0; y < canvas.Height && State.Top + y < _rows.Count; y++)
        {
            var (end, step) = _rows[State.Top + y];
            var line = canvas.Slice(new Rectangle(1, y, canvas.Width - 1, 1));
            if (step < 0)
                DrawName(line, end, context);
            else
                DrawState(line, end, step, context);
            Mark(canvas.Slice(new Rectangle(0, y, canvas.Width, 1)), State.Top + y, step >= 0 && (moment?.Holds(end.Path[step]) ?? false));
        }
    }

    /// <inheritdoc/>
    protected override Moment? MomentAt(int row, PaneContext context) =>
        row < _rows.Count && _rows[row] is { Step: >= 0 } state ? context.Lab.View.Moments.Of(state.End.Path[state.Step]) : null;

    /// <inheritdoc/>
    protected override int RowOf(Moment moment, PaneContext context) =>
        _rows.FindIndex(row => row.Step >= 0 && moment.Holds(row.End.Path[row.Step]));

    // The actors in the script's order; of each actor the connections first, since they are what changes. Where it is narrow the older states give way.
    private void Collect(PaneContext context, int height)
    {
        _rows.Clear();
        var ends = context.Lab.View.Connections.Ends.OrderBy(end => ActorIndex(end, context))
            .ThenBy(end => end.Path[0].To == TcpState.Listen ? 1 : 0).ThenBy(end => end.Path[0].Time).ToList();
        int states = ends.Select(end => end.Path.Count).DefaultIfEmpty(0).Max();
        while (states > 1 && ends.Sum(end => 1 + Math.Min(states, end.Path.Count)) > height)
            states--;
        foreach (var end in ends)
        {
            _rows.Add((end, -1));
            for (int step = Math.Max(0, end.Path.Count - states); step < end.Path.Count; step++)
                _rows.Add((end, step));
        }
    }

    private static void DrawEmpty(Canvas canvas, PaneContext context)
    {
        if (!context.Lab.Instruments.HasPackets && context.Lab.Instruments.StateObstacle is { } obstacle)
            ObstacleNotice.Draw(canvas, obstacle);
        else
            canvas.Write(1, 0, Theme.Faint, "No state yet.");
    }

    private static void DrawName(Canvas canvas, ConnectionEnd end, PaneContext context)
    {
        int actor = ActorIndex(end, context);
        int x = canvas.Write(0, 0, Theme.Actor(actor).Bold, end.Actor.IsNone ? "peer" : context.Names[end.Actor]);
        x = canvas.Write(x + 1, 0, Theme.Text, $":{end.Tuple.Local.Port}");
        if (!end.SocketName.IsNone)
            canvas.Write(x + 1, 0, Theme.Faint, context.Names[end.SocketName]);
    }

    private static void DrawState(Canvas canvas, ConnectionEnd end, int step, PaneContext context)
    {
        var change = end.Path[step];
        bool present = step == end.Path.Count - 1;
        canvas.Write(1, 0, Theme.Now, present && !end.IsOver ? "▶" : " ");
        canvas.Write(3, 0, present ? Theme.Now : Theme.Text, change.To.Name());
        var (spent, style) = Spent(end, step, present, context.Now);
        canvas.WriteField(14, 0, 10, Alignment.Right, style, spent);
        int x = canvas.Write(25, 0, Theme.Faint, change.Cause);
        if (change.Provenance != Provenance.Observed)
            canvas.Write(x + 1, 0, Theme.Waiting, change.Provenance.Name());
    }

    private static (string Text, Style Style) Spent(ConnectionEnd end, int step, bool present, Timestamp now)
    {
        if (!present)
            return (end.Path[step + 1].Spent.ToString(), Theme.Faint);
        if (end.TimeWaitRemaining(now) is { } left)
            return ($"{(left.Nanoseconds + 999_999_999) / 1_000_000_000} s left", Theme.Waiting);
        return end.IsOver ? ("", Theme.Faint) : ((now - end.Since).ToString(), Theme.Now);
    }

    internal static int ActorIndex(ConnectionEnd end, PaneContext context)
    {
        var actors = context.Lab.View.Steps.Actors;
        for (int index = 0; index < actors.Count; index++)
        {
            if (actors[index].Actor.Name == context.Names[end.Actor])
                return index;
        }

        return actors.Count;
    }
}
