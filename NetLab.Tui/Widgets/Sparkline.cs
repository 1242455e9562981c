using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>A row of small bars, the newest at the right.</summary>
public static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>
    /// Draws as many of the last values as there are columns, scaled to <paramref name="ceiling"/>, or to the largest shown when that is 0.
    /// A value of 0 is a blank, so that silence looks like silence; the smallest other value is the lowest bar.
    /// </summary>
    public static void Draw(Canvas canvas, Style style, ReadOnlySpan<double> values, double ceiling = 0)
    {
        if (canvas.Width <= 0 || canvas.Height <= 0) return;
        if (values.Length > canvas.Width) values = values[^canvas.Width..];
        if (!(ceiling > 0))
        {
            foreach (var value in values) ceiling = double.IsFinite(value) ? Math.Max(ceiling, value) : ceiling;
        }

        var x = canvas.Width - values.Length;
        foreach (var value in values)
        {
            if (value > 0 && ceiling > 0) canvas.Write(x, 0, style, Bars.AsSpan(Math.Clamp((int)Math.Ceiling(value / ceiling * 8) - 1, 0, 7), 1));
            x++;
        }
    }
}
