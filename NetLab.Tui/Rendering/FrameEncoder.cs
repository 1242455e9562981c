using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace NetLab.Tui.Rendering;

/// <summary>
/// Turns the difference of a screen's buffers into ANSI bytes for one write, in a buffer that it reuses. Autowrap must be off.
/// Nothing changed: no bytes. Only cells reach the output, and cells hold no control characters.
/// </summary>
public sealed class FrameEncoder(ColorDepth depth)
{
    private const int Unknown = -1;
    private byte[] bytes = new byte[16 * 1024];
    private int length;
    private int cursorX = Unknown, cursorY = Unknown;
    private Style current;
    private Style lastAsked, lastDegraded;
    private (int X, int Y)? shownCursor;

    /// <summary>The bytes that turn the front buffer into the back one; valid until the next call. Then front equals back.</summary>
    public ReadOnlySpan<byte> Encode(Screen screen)
    {
        length = 0;
        var (back, front) = (screen.Back, screen.Front);
        if (screen.IsInvalid)
        {
            Begin();
            Raw("\e[?25l\e[0m\e[H\e[2J"u8);
            shownCursor = null;
            (current, cursorX, cursorY) = (default, 0, 0);
            front.Clear();
        }

        for (var y = 0; y < back.Height; y++)
        {
            var row = back.Row(y);
            var old = front.Cells.Slice(y * front.Width, front.Width);
            if (MemoryMarshal.AsBytes(row).SequenceEqual(MemoryMarshal.AsBytes(old))) continue;
            Row(back.Pool, row, old, y);
            row.CopyTo(old);
        }

        var wanted = screen.Cursor is { } place && back.Bounds.Contains(place.X, place.Y) ? screen.Cursor : null;
        if (length > 0 || wanted != shownCursor || screen.IsInvalid)
        {
            Begin();
            if (wanted is { } cell)
            {
                Move(cell.X, cell.Y);
                Raw("\e[?25h"u8);
            }

            Raw("\e[?2026l"u8);
            shownCursor = wanted;
        }

        screen.IsInvalid = false;
        return bytes.AsSpan(0, length);
    }

    private void Begin()
    {
        if (length > 0) return;
        // Synchronized output (DEC 2026), with the cursor hidden while it wanders.
        Raw("\e[?2026h"u8);
        if (shownCursor is not null) Raw("\e[?25l"u8);
    }

    private void Row(GraphemePool pool, ReadOnlySpan<Cell> row, ReadOnlySpan<Cell> old, int y)
    {
        var blankFrom = row.Length;
        while (blankFrom > 0 && row[blankFrom - 1] == Cell.Blank(default)) blankFrom--;
        for (var x = 0; x < row.Length; x++)
        {
            var cell = row[x];
            if (cell == old[x] || cell.Width == 0) continue;
            Begin();
            if (x >= blankFrom && row.Length - x > 4)
            {
                Move(x, y);
                SetStyle(default);
                Raw("\e[K"u8);
                return;
            }

            Bridge(row, x, y);
            Move(x, y);
            SetStyle(cell.Style);
            Glyph(pool, cell, x, y, row.Length);
        }
    }

    // Up to three plain cells in the current style are cheaper to write again than to jump over.
    private void Bridge(ReadOnlySpan<Cell> row, int x, int y)
    {
        var gap = x - cursorX;
        if (cursorY != y || cursorX == Unknown || gap is < 1 or > 3) return;
        foreach (var cell in row[cursorX..x])
        {
            if (cell.IsCluster || cell.Symbol is < 0x20 or > 0x7E || Degraded(cell.Style) != current) return;
        }

        foreach (var cell in row[cursorX..x]) Raw([(byte)cell.Symbol]);
        cursorX = x;
    }

    private void Glyph(GraphemePool pool, Cell cell, int x, int y, int columns)
    {
        if (cell.IsCluster)
        {
            // Terminals differ about a cluster's width: clear its place first, and trust no column after it.
            Raw("  "u8[..cell.Width]);
            cursorX = Unknown;
            Move(x, y);
            Raw(pool[cell.Symbol]);
            cursorX = Unknown;
            return;
        }

        Reserve(4);
        length += new Rune(cell.Symbol).EncodeToUtf8(bytes.AsSpan(length));
        cursorX = x + cell.Width >= columns ? Unknown : x + cell.Width;
    }

    private void Move(int x, int y)
    {
        if (cursorX == x && cursorY == y) return;
        if (cursorY == y && cursorX != Unknown && x > cursorX)
        {
            Raw("\e["u8);
            if (x - cursorX > 1) Number(x - cursorX);
            Raw("C"u8);
        }
        else
        {
            Raw("\e["u8);
            Number(y + 1);
            Raw(";"u8);
            Number(x + 1);
            Raw("H"u8);
        }

        (cursorX, cursorY) = (x, y);
    }

    private Style Degraded(Style style)
    {
        if (style == lastAsked) return lastDegraded;
        (lastAsked, lastDegraded) = (style, style.Degrade(depth));
        return lastDegraded;
    }

    private void SetStyle(Style asked)
    {
        var style = Degraded(asked);
        if (style == current) return;
        Raw("\e["u8);
        if ((current.Attributes & ~style.Attributes) != 0)
        {
            Raw("0;"u8);
            current = default;
        }

        var added = style.Attributes & ~current.Attributes;
        if ((added & TextAttributes.Bold) != 0) Raw("1;"u8);
        if ((added & TextAttributes.Dim) != 0) Raw("2;"u8);
        if ((added & TextAttributes.Italic) != 0) Raw("3;"u8);
        if ((added & TextAttributes.Underline) != 0) Raw("4;"u8);
        if ((added & TextAttributes.Reverse) != 0) Raw("7;"u8);
        if (style.Foreground != current.Foreground) SetColor(style.Foreground, 30);
        if (style.Background != current.Background) SetColor(style.Background, 40);
        bytes[length - 1] = (byte)'m';
        current = style;
    }

    // Base is 30 for the foreground and 40 for the background. Every parameter ends in ';', the last of which becomes 'm'.
    private void SetColor(Color color, int ground)
    {
        if (color.IsDefault) Parameter(ground + 9);
        else if (color.IsPalette) Parameter(color.Index < 8 ? ground + color.Index : ground + 52 + color.Index);
        else if (color.IsIndexed)
        {
            Parameter(ground + 8);
            Parameter(5);
            Parameter(color.Index);
        }
        else
        {
            var rgb = color.ToRgb(0);
            Parameter(ground + 8);
            Parameter(2);
            Parameter(rgb >> 16);
            Parameter((rgb >> 8) & 255);
            Parameter(rgb & 255);
        }
    }

    private void Parameter(int value)
    {
        Number(value);
        Raw(";"u8);
    }

    private void Number(int value)
    {
        Reserve(11);
        Utf8Formatter.TryFormat(value, bytes.AsSpan(length), out var written);
        length += written;
    }

    private void Raw(ReadOnlySpan<byte> more)
    {
        Reserve(more.Length);
        more.CopyTo(bytes.AsSpan(length));
        length += more.Length;
    }

    private void Reserve(int count)
    {
        if (length + count > bytes.Length) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + count));
    }
}
