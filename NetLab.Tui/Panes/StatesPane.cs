using System.Globalization;
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
    public override Duration? Tick(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Lab.View.Connections.Ends.Any(end => !end.IsOver) ? Duration.FromMilliseconds(200) : null;
    }

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var instruments = context.Lab.Instruments;
        return instruments.LostStates == 0 ? instruments.StateProvenance.Name() : string.Create(CultureInfo.InvariantCulture, $"{instruments.StateProvenance.Name()}, {instruments.LostStates} lost");
    }

    /// <inheritdoc/>
    protected override int Count(PaneContext context)
    {
        // A key may come before the first frame.
        if (_rows.Count == 0)
            Collect(context, int.MaxValue);
        return _rows.Count;
    }

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
                DrawState(line, end, step, step == end.Path.Count - 1, isLater: false, context.Now);
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
        // Sockets that listen change no more: where it is low they give way to connections.
        if (ends.Sum(end => 1 + end.Path.Count) > height && ends.Any(end => end.Path[0].To != TcpState.Listen))
            ends.RemoveAll(end => end.Path[0].To == TcpState.Listen);
        int states = ends.Select(end => end.Path.Count).DefaultIfEmpty(0).Max();
        while (states > 1 && ends.Sum(end => 1 + Math.Min(states, end.Path.Count)) > height)
            states--;
        // What is left over goes to the first.
        int left = height == int.MaxValue ? 0 : height - ends.Sum(end => 1 + Math.Min(states, end.Path.Count));
        foreach (var end in ends)
        {
            int shown = Math.Min(end.Path.Count, states + Math.Max(0, left));
            left -= Math.Max(0, shown - states);
            _rows.Add((end, -1));
            for (int step = end.Path.Count - shown; step < end.Path.Count; step++)
                _rows.Add((end, step));
        }
    }

    private static void DrawEmpty(Canvas canvas, PaneContext context)
    {
        if (!context.Lab.Instruments.HasPackets && context.Lab.Instruments.StateObstacle is { } obstacle)
            ObstacleNotice.Draw(canvas, obstacle);
        else if (context.Lab.View.Steps.Script is { UsesTcp: false })
            Widgets.Paragraph.Draw(canvas.Slice(new Rectangle(1, 0, canvas.Width - 2, canvas.Height)), Theme.Faint,
                "Datagrams need no connection, so there are no states here.");
        else
            canvas.Write(1, 0, Theme.Faint, "No state yet.");
    }

    private static void DrawName(Canvas canvas, ConnectionEnd end, PaneContext context)
    {
        int actor = ActorIndex(end, context);
        int x = canvas.Write(0, 0, Theme.Actor(actor).Bold, NameOf(end, context));
        x = canvas.Write(x + 1, 0, Theme.Text, $":{end.Tuple.Local.Port}");
        if (!end.SocketName.IsNone)
            canvas.Write(x + 1, 0, Theme.Faint, context.Names[end.SocketName]);
    }

    /// <summary>A state of a path: the sign of the present one, its name, how long it lasted, and what brought it.</summary>
    /// <param name="canvas">One line.</param>
    /// <param name="end">Whose path.</param>
    /// <param name="step">Which of its states.</param>
    /// <param name="isPresent">Whether it is the state at the moment that is shown.</param>
    /// <param name="isLater">Whether it lies after that moment.</param>
    /// <param name="now">The time now.</param>
    internal static void DrawState(Canvas canvas, ConnectionEnd end, int step, bool isPresent, bool isLater, Timestamp now)
    {
        var change = end.Path[step];
        canvas.Write(1, 0, Theme.Now, isPresent && !(step == end.Path.Count - 1 && end.IsOver) ? "▶" : " ");
        canvas.Write(3, 0, isPresent ? Theme.Now : isLater ? Theme.Border : Theme.Text, StateText(change));
        bool runs = step == end.Path.Count - 1 && !end.IsOver;
        // The sign of how it is known makes a name longer.
        int shift = end.Path.Any(other => other.Provenance != Provenance.Observed) ? 1 : 0;
        canvas.WriteField(14 + shift, 0, 9, Alignment.Right, !runs ? Theme.Faint : end.State == TcpState.TimeWait ? Theme.Waiting : Theme.Now, Spent(end, step, now));
        int x = canvas.Write(24 + shift, 0, Theme.Faint, change.Cause);
        if (change.Provenance != Provenance.Observed)
            canvas.Write(x + 1, 0, Theme.Waiting, change.Provenance.Name());
    }

    /// <summary>How long a state lasted, or has lasted by now; what is left of TIME_WAIT; empty for the end of all.</summary>
    internal static string Spent(ConnectionEnd end, int step, Timestamp now)
    {
        if (step < end.Path.Count - 1)
            return end.Path[step + 1].Spent.ToString();
        if (end.TimeWaitRemaining(now) is { } left)
            return $"{(left.Nanoseconds + 999_999_999) / 1_000_000_000} s left";
        return end.IsOver ? "" : (now - end.Since).ToString();
    }

    /// <summary>A state's name with the sign of how it is known: ~ follows from the packets, ? was sampled.</summary>
    internal static string StateText(StateChange change) => change.Provenance switch
    {
        Provenance.Inferred => "~" + change.To.Name(),
        Provenance.Sampled => "?" + change.To.Name(),
        _ => change.To.Name(),
    };

    /// <summary>The actor's name, or the process's where no script tells it, or what the end is by how its connection began.</summary>
    internal static string NameOf(ConnectionEnd end, PaneContext context) =>
        !end.Actor.IsNone ? context.Names[end.Actor] : end.Process.IsNone ? Opened(end) ?? "peer" : EventText.Printable(context.Names[end.Process]);

    internal static int ActorIndex(ConnectionEnd end, PaneContext context)
    {
        var actors = context.States.Actors;
        for (int index = 0; index < actors.Count; index++)
        {
            if (actors[index].Actor.Name == context.Names[end.Actor])
                return index;
        }

        // Of two whom nobody knows, the one that was connected to comes first, as servers do.
        return actors.Count + (end.Actor.IsNone && end.Process.IsNone && Opened(end) == "client" ? 1 : 0);
    }

    // Who asked for the connection, so far as its path tells.
    private static string? Opened(ConnectionEnd end) =>
        end.Path.Any(change => change.To == TcpState.SynSent) ? "client" : end.Path.Any(change => change.To == TcpState.SynRcvd) ? "server" : null;
}
