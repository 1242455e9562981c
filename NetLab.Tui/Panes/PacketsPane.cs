using NetLab.Core.Packets;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Panes;

/// <summary>The newest packets on the Lab: number, time since the first packet, and the packet's short form.</summary>
public sealed class PacketsPane : ListPane
{
    /// <inheritdoc/>
    public override string Title => "packets lo";

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        long lost = context.Lab.Instruments.LostPackets + context.Lab.View.Missed;
        return lost == 0 ? $"{context.Lab.View.Packets.Rows.Count}" : $"{context.Lab.View.Packets.Rows.Count}, {lost} lost";
    }

    /// <inheritdoc/>
    protected override int Count(PaneContext context) => context.Lab.View.Packets.Rows.Count;

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        var log = context.Lab.View.Packets;
        if (log.Rows.Count == 0)
        {
            if (context.Lab.Instruments.PacketObstacle is { } obstacle)
                ObstacleNotice.Draw(canvas, obstacle);
            else
                canvas.Write(1, 0, Theme.Faint, "No packet yet.");
            return;
        }

        Fit(canvas.Height, log.Rows.First);
        Reveal(context);
        var moment = context.Cursor.IsFrom(this) ? null : context.Cursor.Moment;
        State.Fit(log.Rows.Count, canvas.Height);
        // The number's column is as wide as the newest number, so that the columns stand still.
        int digits = Math.Max(2, log.Rows[log.Rows.Count - 1].Number.ToString().Length);
        for (int y = 0; y < canvas.Height && State.Top + y < log.Rows.Count; y++)
        {
            ref readonly var row = ref log.Rows[State.Top + y];
            DrawRow(canvas, y, digits, row, log);
            Mark(canvas.Slice(new Rectangle(0, y, canvas.Width, 1)), State.Top + y, moment?.HoldsPacket(row.Reference) ?? false);
        }
    }

    /// <inheritdoc/>
    protected override Moment? MomentAt(int row, PaneContext context)
    {
        var rows = context.Lab.View.Packets.Rows;
        return row < rows.Count ? context.Lab.View.Moments.OfPacket(rows[row].Time, rows[row].Reference) : null;
    }

    /// <inheritdoc/>
    protected override int RowOf(Moment moment, PaneContext context)
    {
        var rows = context.Lab.View.Packets.Rows;
        for (int index = rows.Count - 1; index >= 0 && rows[index].Time.Nanoseconds >= moment.Time.Nanoseconds - 1_000_000_000; index--)
        {
            if (moment.HoldsPacket(rows[index].Reference))
                return index;
        }

        return -1;
    }

    private static void DrawRow(Canvas canvas, int y, int digits, in PacketRow row, PacketLogView log)
    {
        Span<char> number = stackalloc char[20];
        row.Number.TryFormat(number, out int length);
        canvas.WriteField(0, y, digits, Alignment.Right, Theme.Faint, number[..length]);
        int x = canvas.Write(digits + 1, y, Theme.Faint, $"{(row.Time - (log.First ?? row.Time)).Seconds:0.000000}") + 1;
        Span<byte> buffer = stackalloc byte[512];
        var line = new Utf8Line(buffer);
        log.WriteShort(row, ref line);
        int end = canvas.Write(x, y, Theme.Text, line.Written);
        SegmentMark.Draw(canvas.Slice(new Rectangle(0, y, canvas.Width, 1)), end, row.Analysis);
    }
}
