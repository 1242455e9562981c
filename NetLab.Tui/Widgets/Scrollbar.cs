using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>One column that tells which part of a list is in view.</summary>
public static class Scrollbar
{
    /// <summary>Draws track and thumb over the canvas's height, which is also how many rows are in view. Nothing when all rows are.</summary>
    public static void Draw(Canvas canvas, Style track, Style thumb, int top, int count)
    {
        var height = canvas.Height;
        if (height <= 0 || canvas.Width <= 0 || count <= height) return;
        var size = Math.Max(1, (int)((long)height * height / count));
        var last = Math.Max(1, count - height);
        // The thumb touches an end only when the list does.
        var room = height - size;
        var place = top <= 0 || room == 0 ? 0 : top >= last ? room : Math.Min(Math.Max(1, (int)((long)top * room / last)), Math.Max(1, room - 1));
        canvas.Vertical(0, 0, height, track);
        canvas.Fill(new Rectangle(0, place, 1, size), '█', thumb);
    }
}
