using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>How much of something is reached, as a bar in eighths of a column.</summary>
public static class Gauge
{
    private const string Eighths = "▏▎▍▌▋▊▉█";

    /// <summary>Draws <paramref name="fraction"/> (0 to 1; what is no number counts as 0) over the canvas's width.</summary>
    public static void Draw(Canvas canvas, Style full, Style empty, double fraction)
    {
        if (canvas.Width <= 0 || canvas.Height <= 0) return;
        fraction = double.IsNaN(fraction) ? 0 : Math.Clamp(fraction, 0, 1);
        var eighths = (int)Math.Round(fraction * canvas.Width * 8);
        var columns = eighths / 8;
        canvas.Fill(new Rectangle(columns, 0, canvas.Width - columns, 1), '░', empty);
        canvas.Fill(new Rectangle(0, 0, columns, 1), '█', full);
        // ASCII has no part of a block.
        if (eighths % 8 > 0 && canvas.Characters == CharacterSet.Unicode) canvas.Write(columns, 0, full, Eighths.AsSpan((eighths % 8) - 1, 1));
    }
}
