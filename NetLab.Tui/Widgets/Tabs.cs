using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>The numbered tabs of the top line.</summary>
public static class Tabs
{
    /// <summary>Draws the tabs with <paramref name="active"/> (from 0) lit, and › when some find no room. Returns the column after them.</summary>
    public static int Draw(Canvas canvas, Style plain, Style lit, Style line, ReadOnlySpan<string> names, int active)
    {
        var x = 0;
        for (var i = 0; i < names.Length; i++)
        {
            var columns = TextWidth.Of(names[i], canvas.Characters) + 2;
            if (x + columns + 3 > canvas.Width && i < names.Length - 1) return canvas.Write(x, 0, line, " ›");
            x = canvas.Write(x, 0, i == active ? lit : plain, $" {i + 1} {names[i]} ");
            if (i < names.Length - 1) x = canvas.Write(x, 0, line, "│");
        }

        return x;
    }
}
