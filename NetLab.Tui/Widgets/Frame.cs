using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>A pane's border with its title at the left and a note at the right of the top line.</summary>
public static class Frame
{
    /// <summary>Draws the border and returns the canvas inside it.</summary>
    public static Canvas Draw(Canvas canvas, Style border, Style titleStyle, ReadOnlySpan<char> title, ReadOnlySpan<char> note = default)
    {
        if (canvas.Width < 2 || canvas.Height < 2) return canvas.Slice(default);
        canvas.Box(canvas.Bounds, border);
        var room = canvas.Width - 4;
        var end = 1;
        if (title.Length > 0 && room > 0)
        {
            var columns = Math.Min(TextWidth.Of(title, canvas.Characters), room);
            canvas.Fill(new Rectangle(1, 0, columns + 2, 1), border);
            canvas.WriteField(2, 0, columns, Alignment.Left, titleStyle, title);
            end = columns + 3;
        }

        var noteColumns = TextWidth.Of(note, canvas.Characters);
        var x = canvas.Width - 2 - noteColumns;
        if (noteColumns > 0 && x > end + 1)
        {
            canvas.Fill(new Rectangle(x - 1, 0, noteColumns + 2, 1), border);
            canvas.Write(x, 0, border, note);
        }

        return canvas.Slice(canvas.Bounds.Inset(1, 1));
    }
}
