using NetLab.Core.Packets;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Panes;

/// <summary>How a packet's line is written.</summary>
public enum PacketForm
{
    /// <summary>Ports, flags and numbers, for a narrow pane.</summary>
    Short,

    /// <summary>As tcpdump prints it.</summary>
    Full,
}

/// <summary>The packet log: number, time since the first packet, and the packet's line.</summary>
/// <param name="form">How lines are written.</param>
public sealed class PacketsPane(PacketForm form) : ListPane
{
    /// <inheritdoc/>
    public override string Title => "packets lo";

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        long lost = context.Lab.Instruments.Lost + context.Lab.Journal.Dropped;
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
        State.Fit(log.Rows.Count, canvas.Height);
        // The number's column is as wide as the newest number, so that the columns stand still.
        int digits = Math.Max(2, log.Rows[log.Rows.Count - 1].Number.ToString().Length);
        for (int y = 0; y < canvas.Height && State.Top + y < log.Rows.Count; y++)
        {
            ref readonly var row = ref log.Rows[State.Top + y];
            DrawRow(canvas, y, digits, row, log);
            if (State.Top + y == State.Selected)
                canvas.Overlay(new Rectangle(0, y, canvas.Width, 1), Theme.Selection);
        }
    }

    private void DrawRow(Canvas canvas, int y, int digits, in PacketRow row, PacketLogView log)
    {
        Span<char> number = stackalloc char[20];
        row.Number.TryFormat(number, out int length);
        canvas.WriteField(0, y, digits, Alignment.Right, Theme.Faint, number[..length]);
        int x = canvas.Write(digits + 1, y, Theme.Faint, $"{(row.Time - (log.First ?? row.Time)).Seconds:0.000000}") + 1;
        Span<byte> buffer = stackalloc byte[512];
        var line = new Utf8Line(buffer);
        if (form == PacketForm.Short)
            log.WriteShort(row, ref line);
        else
            log.WriteLine(row, ref line);
        canvas.Write(x, y, Theme.Text, line.Written);
    }
}
