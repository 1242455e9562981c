using System.Text;
using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>
/// The experiment as a ladder in time: the calls of the two actors outside, their states on the lifelines, the packets between them. The actor that
/// the script names first stands left.
/// </summary>
public sealed class TimelinePane : ListPane
{
    private byte[] _buffer = new byte[4096];

    /// <inheritdoc/>
    public override string Title => "timeline";

    /// <inheritdoc/>
    public override string Note(PaneContext context) => $"{context.Lab.View.Timeline.Rows.Count}";

    /// <inheritdoc/>
    protected override int Count(PaneContext context) => context.Lab.View.Timeline.Rows.Count;

    /// <inheritdoc/>
    public override void Click(int x, int y, PaneContext context) => base.Click(x, y - 1, context);

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        var rows = context.Lab.View.Timeline.Rows;
        if (rows.Count == 0)
        {
            canvas.Write(1, 0, Theme.Faint, "Nothing has happened yet. Enter runs the experiment.");
            return;
        }

        Fit(canvas.Height - 1, rows.First);
        Reveal(context);
        var actors = context.Lab.View.Steps.Actors;
        Ladder.Draw(canvas, Name(actors, 0), Name(actors, 1), rows.Count, State, index => Row(rows[index], context),
            Theme.Heading, Theme.Border, Theme.Faint, Theme.Selection);
    }

    /// <inheritdoc/>
    protected override Moment? MomentAt(int row, PaneContext context) => context.Lab.View.Moments.At(row);

    /// <inheritdoc/>
    protected override int RowOf(Moment moment, PaneContext context)
    {
        var rows = context.Lab.View.Timeline.Rows;
        for (int index = 0; index < rows.Count; index++)
        {
            if (moment.Holds(rows[index]))
                return index;
        }

        return -1;
    }

    private static string Name(IReadOnlyList<ActorRows> actors, int index) => index < actors.Count ? actors[index].Actor.Name : "";

    private LadderRow Row(in TimelineRow row, PaneContext context)
    {
        string time = $"{(row.Time - (context.Lab.Run?.Started ?? row.Time)).Seconds:0.000000}";
        return row.Kind switch
        {
            TimelineKind.Packet => Packet(time, row, context),
            TimelineKind.State => Change(time, row.Change!, context),
            _ => Call(time, row, context),
        };
    }

    private LadderRow Call(string time, in TimelineRow row, PaneContext context)
    {
        if (!context.Lab.Journal.TryGet(row.Reference, ref _buffer, out var entry, out var data))
            return new LadderRow(time);
        string text = row.Kind == TimelineKind.Failure ? "✗ " + Encoding.UTF8.GetString(data) : EventText.Call(entry, data, context.Names);
        var style = row.Kind == TimelineKind.Failure ? Theme.Failed : Theme.Text;
        return IsLeft(row.Actor, context)
            ? new LadderRow(time) { LeftText = text, TextStyle = style }
            : new LadderRow(time) { RightText = text, TextStyle = style };
    }

    private static LadderRow Change(string time, StateChange change, PaneContext context) => IsLeft(change.End.Actor, context)
        ? new LadderRow(time) { LeftState = change.To.Name(), StateStyle = Theme.Now }
        : new LadderRow(time) { RightState = change.To.Name(), StateStyle = Theme.Now };

    private static LadderRow Packet(string time, in TimelineRow row, PaneContext context)
    {
        var log = context.Lab.View.Packets;
        long place = row.PacketPlace - log.Rows.First;
        if (place < 0 || place >= log.Rows.Count || !log.TryParse(log.Rows[(int)place], out var headers))
            return new LadderRow(time) { Arrow = LadderArrow.None };
        Span<byte> buffer = stackalloc byte[256];
        var line = new Utf8Line(buffer);
        log.WriteShort(log.Rows[(int)place], ref line);
        string text = Encoding.UTF8.GetString(line.Written);
        // The short line begins with the ports, which the lifelines already tell.
        int flags = text.IndexOf('[', StringComparison.Ordinal);
        return new LadderRow(time)
        {
            Arrow = IsFromLeft(headers, context) ? LadderArrow.Right : LadderArrow.Left,
            Label = flags > 0 ? text[flags..] : text,
            ArrowStyle = Theme.Actor(IsFromLeft(headers, context) ? 0 : 1),
        };
    }

    private static bool IsFromLeft(in PacketHeaders headers, PaneContext context)
    {
        var tuple = headers.FourTuple;
        foreach (var end in context.Lab.View.Connections.Ends)
        {
            if (end.Actor.IsNone)
                continue;
            if (end.Tuple == tuple)
                return IsLeft(end.Actor, context);
            if (end.Tuple == tuple.Reversed)
                return !IsLeft(end.Actor, context);
        }

        // The listener's port is the server's; before that is known, the well-known one.
        return headers.SourcePort < headers.DestinationPort;
    }

    private static bool IsLeft(NameId actor, PaneContext context) =>
        context.Lab.View.Steps.Actors is [var first, ..] && context.Names[actor] == first.Actor.Name;
}
