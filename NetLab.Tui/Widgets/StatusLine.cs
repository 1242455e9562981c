using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>A key and what it does, or a fact without a key.</summary>
public readonly record struct StatusSegment(string Key, string Label);

/// <summary>The bottom line: keys at the left, facts at the right. What finds no room is left out whole, from the right end of the keys first.</summary>
public static class StatusLine
{
    /// <summary>How many columns lie between two segments.</summary>
    public const int Air = 2;

    /// <summary>Draws the line. Facts may take up to half of it.</summary>
    public static void Draw(Canvas canvas, Style key, Style label, ReadOnlySpan<StatusSegment> left, ReadOnlySpan<StatusSegment> right)
    {
        if (canvas.Width <= 2 || canvas.Height <= 0) return;
        canvas.Fill(new Rectangle(0, 0, canvas.Width, 1), label);
        int shown = 0, columns = 0;
        foreach (var segment in right)
        {
            var more = Columns(segment, canvas.Characters) + Air;
            if (columns + more > canvas.Width / 2 && left.Length > 0) break;
            columns += more;
            shown++;
        }

        var end = canvas.Width - 1;
        var x = end - columns + Air;
        for (var i = 0; i < shown; i++) x = DrawSegment(canvas, x, key, label, right[i]) + Air;
        if (shown > 0) end -= columns;
        x = 1;
        foreach (var segment in left)
        {
            if (x + Columns(segment, canvas.Characters) > end) return;
            x = DrawSegment(canvas, x, key, label, segment) + Air;
        }
    }

    private static int DrawSegment(Canvas canvas, int x, Style key, Style label, StatusSegment segment)
    {
        x = canvas.Write(x, 0, key, segment.Key);
        if (string.IsNullOrEmpty(segment.Label)) return x;
        return canvas.Write(string.IsNullOrEmpty(segment.Key) ? x : x + 1, 0, label, segment.Label);
    }

    /// <summary>How many columns a segment takes, without the air behind it.</summary>
    public static int Columns(StatusSegment segment, CharacterSet characters)
    {
        int key = TextWidth.Of(segment.Key, characters), label = TextWidth.Of(segment.Label, characters);
        return key + label + (key > 0 && label > 0 ? 1 : 0);
    }
}
