using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>Text broken between words to a width in columns. A line feed ends a line; a word longer than a line is broken between glyphs.</summary>
public static class Paragraph
{
    /// <summary>The lines, as parts of the text. A width under one gives none.</summary>
    public static List<Range> Wrap(ReadOnlySpan<char> text, int width, CharacterSet characters = CharacterSet.Unicode)
    {
        var lines = new List<Range>();
        if (width < 1) return lines;
        var start = 0;
        while (start <= text.Length)
        {
            var length = text[start..].IndexOf('\n');
            var end = length < 0 ? text.Length : start + length;
            // A carriage return before the line feed is part of the line's end.
            var content = end > start && length >= 0 && text[end - 1] == '\r' ? end - 1 : end;
            WrapLine(text, start, content, width, characters, lines);
            start = end + 1;
        }

        return lines;
    }

    /// <summary>Draws the wrapped text from line <paramref name="top"/> on and returns how many lines there are.</summary>
    public static int Draw(Canvas canvas, Style style, string text, int top = 0)
    {
        var lines = Wrap(text, canvas.Width, canvas.Characters);
        for (var y = 0; y < canvas.Height; y++)
        {
            if (top + y >= 0 && top + y < lines.Count) canvas.Write(0, y, style, text.AsSpan()[lines[top + y]]);
        }

        return lines.Count;
    }

    private static void WrapLine(ReadOnlySpan<char> text, int start, int end, int width, CharacterSet characters, List<Range> lines)
    {
        do
        {
            var rest = text[start..end];
            var fits = TextWidth.Fit(rest, width, characters);
            if (fits >= rest.Length)
            {
                lines.Add(start..end);
                return;
            }

            // The space that does not fit is where the line breaks, and is not shown.
            var cut = rest[fits] == ' ' ? fits : rest[..fits].LastIndexOf(' ');
            if (cut <= 0 || rest[..cut].Trim(' ').IsEmpty)
            {
                // A glyph wider than the line still has to be passed.
                cut = fits > 0 ? fits : Math.Max(1, System.Globalization.StringInfo.GetNextTextElementLength(rest));
            }

            lines.Add(start..(start + rest[..cut].TrimEnd(' ').Length));
            start += cut;
            while (start < end && text[start] == ' ') start++;
        }
        while (start < end);
    }
}
