using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>A framed text in the middle of the screen.</summary>
public static class Popup
{
    /// <summary>
    /// Draws it over what is there, as small as its text allows, and returns how far it can be scrolled (0: everything shows).
    /// <paramref name="top"/> is the first line to show, clamped.
    /// </summary>
    public static int Draw(Canvas canvas, Style border, Style titleStyle, Style style, string title, string text, int top = 0, int widest = 76)
    {
        var inside = Open(canvas, border, titleStyle, style, title, text, widest, out var lines);
        if (inside.Width <= 0 || inside.Height <= 0) return 0;
        var end = Math.Max(0, lines - inside.Height);
        top = Math.Clamp(top, 0, end);
        Paragraph.Draw(inside, style, text, top);
        if (end > 0) Scrollbar.Draw(inside.Slice(new Rectangle(inside.Width + 1, 0, 1, inside.Height)), border, style, top, lines);
        return end;
    }

    /// <summary>Clears and frames a box of so many inner columns and rows in the middle and returns the canvas inside (for a form).</summary>
    public static Canvas Open(Canvas canvas, Style border, Style titleStyle, Style style, string title, int columns, int rows)
    {
        var place = canvas.Bounds.Centre(Math.Min(columns, canvas.Width) + 4, Math.Min(rows, canvas.Height) + 2);
        var box = canvas.Slice(place);
        box.Fill(box.Bounds, style);
        var inside = Frame.Draw(box, border, titleStyle, title);
        return inside.Slice(inside.Bounds.Inset(1, 0));
    }

    private static Canvas Open(Canvas canvas, Style border, Style titleStyle, Style style, string title, string text, int widest, out int lines)
    {
        var width = Math.Clamp(Math.Min(widest, canvas.Width - 6), 0, 1 << 16);
        var wrapped = Paragraph.Wrap(text, width, canvas.Characters);
        lines = wrapped.Count;
        var columns = Math.Min(width, TextWidth.Of(title, canvas.Characters));
        foreach (var line in wrapped) columns = Math.Max(columns, TextWidth.Of(text.AsSpan()[line], canvas.Characters));
        return Open(canvas, border, titleStyle, style, title, columns, Math.Min(lines, Math.Max(0, canvas.Height - 2)));
    }
}
