using NetLab.Tui.Rendering;

namespace NetLab.Tui.Widgets;

/// <summary>A range of bytes to show in a style of its own.</summary>
public readonly record struct HexRange(int Start, int Length, Style Style);

/// <summary>Bytes as offset, hexadecimal in pairs, and ASCII; 16, 8 or 4 a row, as the width allows.</summary>
public static class HexView
{
    private const string Digits = "0123456789abcdef";

    /// <summary>How many bytes a row holds on so many columns.</summary>
    public static int BytesPerRow(int width) => width >= 63 ? 16 : width >= 35 ? 8 : 4;

    /// <summary>How many rows so many bytes take.</summary>
    public static int Rows(int length, int width) => (int)(((long)length + BytesPerRow(width) - 1) / BytesPerRow(width));

    /// <summary>The first row to show so that the byte at the cursor is in view, changing <paramref name="top"/> as little as can be.</summary>
    public static int Reveal(int top, int cursor, int width, int height)
    {
        var row = Math.Max(0, cursor) / BytesPerRow(width);
        return row < top ? row : row >= top + height ? row - Math.Max(1, height) + 1 : top;
    }

    /// <summary>The byte at a cell, by its hexadecimal digits or by its character; -1 for none.</summary>
    /// <param name="x">The column.</param>
    /// <param name="row">The row, counted from the first byte's.</param>
    /// <param name="width">Columns that the bytes are drawn on.</param>
    /// <param name="length">How many bytes there are.</param>
    public static int ByteAt(int x, int row, int width, int length)
    {
        var perRow = BytesPerRow(width);
        var ascii = 6 + (perRow / 2 * 5) + 1;
        var column = x >= ascii ? x - ascii : x >= 6 ? Math.Min(perRow - 1, ((x - 6) / 5 * 2) + ((x - 6) % 5 >= 2 ? 1 : 0)) : 0;
        var offset = ((long)row * perRow) + column;
        return column < perRow && row >= 0 && offset < length ? (int)offset : -1;
    }

    /// <summary>
    /// Draws from row <paramref name="top"/> on. Later ranges lie over earlier ones; the byte at <paramref name="cursor"/> (-1: none) is shown
    /// in reverse.
    /// </summary>
    public static void Draw(
        Canvas canvas, ReadOnlySpan<byte> bytes, int top, Style offset, Style plain, Style dim, ReadOnlySpan<HexRange> ranges = default, int cursor = -1)
    {
        var perRow = BytesPerRow(canvas.Width);
        top = Math.Max(0, top);
        Span<char> pair = stackalloc char[2];
        for (var y = 0; y < canvas.Height; y++)
        {
            var start = ((long)top + y) * perRow;
            if (start >= bytes.Length) return;
            var row = bytes.Slice((int)start, Math.Min(perRow, bytes.Length - (int)start));
            var x = canvas.Write(0, y, offset, $"{(int)start:x4}") + 2;
            var ascii = x + (perRow / 2 * 5) + 1;
            for (var i = 0; i < row.Length; i++)
            {
                var at = (int)start + i;
                var style = StyleAt(at, row[i] is >= 0x20 and < 0x7F ? plain : dim, ranges);
                var column = x + (i / 2 * 5) + (i % 2 * 2);
                // A range goes on through the space between two of its pairs.
                if (i % 2 == 0 && i > 0 && Covers(ranges, at - 1, at, out var bridge)) canvas.Fill(new Rectangle(column - 1, y, 1, 1), bridge);
                if (at == cursor) style = style.Reverse;
                (pair[0], pair[1]) = (Digits[row[i] >> 4], Digits[row[i] & 15]);
                canvas.Write(column, y, style, pair);
                pair[0] = row[i] is >= 0x20 and < 0x7F ? (char)row[i] : '.';
                canvas.Write(ascii + i, y, style, pair[..1]);
            }
        }
    }

    private static Style StyleAt(int at, Style style, ReadOnlySpan<HexRange> ranges)
    {
        foreach (var range in ranges)
        {
            if (at >= range.Start && (long)at < (long)range.Start + range.Length) style = style.Under(range.Style);
        }

        return style;
    }

    private static bool Covers(ReadOnlySpan<HexRange> ranges, int first, int second, out Style style)
    {
        style = default;
        var found = false;
        foreach (var range in ranges)
        {
            if (first < range.Start || (long)second >= (long)range.Start + range.Length) continue;
            style = style.Under(range.Style);
            found = true;
        }

        return found;
    }
}
