using System.Runtime.CompilerServices;
using System.Text;

namespace NetLab.Tui.Rendering;

/// <summary>A rectangle of a buffer to draw on. Coordinates are its own, from 0; what lies outside is not drawn, and nothing throws.</summary>
public readonly struct Canvas
{
    private readonly CellBuffer buffer;
    private readonly Rectangle area;
    private readonly Rectangle clip;

    /// <summary>A canvas on part of a buffer.</summary>
    public Canvas(CellBuffer buffer, Rectangle area)
        : this(buffer, area, buffer.Bounds)
    {
    }

    private Canvas(CellBuffer buffer, Rectangle area, Rectangle clip)
    {
        this.buffer = buffer;
        this.area = area;
        this.clip = clip.Intersect(area);
    }

    /// <summary>Columns.</summary>
    public int Width => Math.Max(0, area.Width);

    /// <summary>Rows.</summary>
    public int Height => Math.Max(0, area.Height);

    /// <summary>The whole of it, from 0,0.</summary>
    public Rectangle Bounds => new(0, 0, Width, Height);

    /// <summary>Where it lies on the screen (for the mouse and the cursor).</summary>
    public Rectangle OnScreen => area;

    /// <summary>What the terminal can show.</summary>
    public CharacterSet Characters => buffer?.Characters ?? CharacterSet.Unicode;

    /// <summary>A canvas on part of this one.</summary>
    public Canvas Slice(Rectangle part) => new(buffer, part with { X = area.X + part.X, Y = area.Y + part.Y }, clip);

    /// <summary>Draws text and returns the column after it, drawn or not.</summary>
    public int Write(int x, int y, Style style, ReadOnlySpan<char> text) => buffer.Put(area.X + x, area.Y + y, text, style, clip) - area.X;

    /// <summary>Draws UTF-8 (bytes that are none show as \xHH) and returns the column after it.</summary>
    public int Write(int x, int y, Style style, ReadOnlySpan<byte> utf8) => buffer.Put(area.X + x, area.Y + y, utf8, style, clip) - area.X;

    /// <summary>Draws an interpolated text without allocating and returns the column after it: <c>$"{count,6} packets"</c>.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "The handler draws on this canvas.")]
    public int Write(
        int x,
        int y,
        Style style,
        [InterpolatedStringHandlerArgument("", nameof(x), nameof(y), nameof(style))] ref CanvasText text) => text.Column;

    /// <summary>Draws text in a field of so many columns: padded, and cut with … when too long.</summary>
    public void WriteField(int x, int y, int width, Alignment alignment, Style style, ReadOnlySpan<char> text)
    {
        if (width <= 0) return;
        var columns = TextWidth.Of(text, Characters);
        var field = Slice(new Rectangle(x, y, width, 1));
        field.Fill(field.Bounds, style);
        if (columns <= width)
        {
            var left = alignment switch { Alignment.Right => width - columns, Alignment.Centre => (width - columns) / 2, _ => 0 };
            field.Write(left, 0, style, text);
            return;
        }

        var end = field.Write(0, 0, style, text[..TextWidth.Fit(text, width - 1, Characters)]);
        field.Write(end, 0, style, "…");
    }

    /// <summary>Fills with spaces.</summary>
    public void Fill(Rectangle part, Style style) => Fill(part, ' ', style);

    /// <summary>Fills with a glyph one column wide.</summary>
    public void Fill(Rectangle part, char glyph, Style style)
    {
        var target = (part with { X = area.X + part.X, Y = area.Y + part.Y }).Intersect(clip);
        if (target.IsEmpty) return;
        var rune = new Rune(glyph);
        if (Characters == CharacterSet.Ascii && AsciiGlyphs.TryGet(rune, out var ascii)) rune = new Rune(ascii);
        var safe = TextWidth.Of(rune) == 1 && (Characters == CharacterSet.Unicode || rune.IsAscii);
        buffer.Fill(target, Cell.Of(safe ? rune : new Rune(' '), 1, style));
    }

    /// <summary>Lays what the style sets over the cells that are there (a selection).</summary>
    public void Overlay(Rectangle part, Style style) =>
        buffer?.Overlay((part with { X = area.X + part.X, Y = area.Y + part.Y }).Intersect(clip), style);

    /// <summary>Draws a horizontal line of so many columns.</summary>
    public void Horizontal(int x, int y, int length, Style style) => Fill(new Rectangle(x, y, length, 1), '─', style);

    /// <summary>Draws a vertical line of so many rows.</summary>
    public void Vertical(int x, int y, int length, Style style) => Fill(new Rectangle(x, y, 1, length), '│', style);

    /// <summary>Draws a box's border; a box of fewer than two rows or columns is not drawn.</summary>
    public void Box(Rectangle box, Style style)
    {
        if (box.Width < 2 || box.Height < 2) return;
        Horizontal(box.X + 1, box.Y, box.Width - 2, style);
        Horizontal(box.X + 1, box.Bottom - 1, box.Width - 2, style);
        Vertical(box.X, box.Y + 1, box.Height - 2, style);
        Vertical(box.Right - 1, box.Y + 1, box.Height - 2, style);
        Write(box.X, box.Y, style, "┌");
        Write(box.Right - 1, box.Y, style, "┐");
        Write(box.X, box.Bottom - 1, style, "└");
        Write(box.Right - 1, box.Bottom - 1, style, "┘");
    }
}

/// <summary>Where text stands in its field.</summary>
public enum Alignment
{
    /// <summary>At the left.</summary>
    Left,

    /// <summary>At the right, as numbers do.</summary>
    Right,

    /// <summary>In the middle.</summary>
    Centre,
}

/// <summary>Draws each piece of an interpolated text as it comes; allocates nothing for spans, strings and what formats into a span.</summary>
[InterpolatedStringHandler]
public ref struct CanvasText
{
    private readonly Canvas canvas;
    private readonly int y;
    private readonly Style style;

    /// <summary>Made by the compiler.</summary>
    public CanvasText(int literalLength, int formattedCount, Canvas canvas, int x, int y, Style style)
    {
        this.canvas = canvas;
        this.y = y;
        this.style = style;
        Column = x;
    }

    /// <summary>The column after what was drawn.</summary>
    public int Column { get; private set; }

    /// <summary>Draws a literal piece.</summary>
    public void AppendLiteral(string text) => Column = canvas.Write(Column, y, style, text);

    /// <summary>Draws text, padded to a width (negative: on the right).</summary>
    public void AppendFormatted(scoped ReadOnlySpan<char> text, int alignment = 0)
    {
        var missing = alignment == 0 ? 0 : Math.Max(0, Math.Abs(alignment) - TextWidth.Of(text, canvas.Characters));
        if (alignment > 0) Pad(missing);
        Column = canvas.Write(Column, y, style, text);
        if (alignment < 0) Pad(missing);
    }

    /// <summary>Draws a string.</summary>
    public void AppendFormatted(string? text, int alignment = 0) => AppendFormatted(text.AsSpan(), alignment);

    /// <summary>Draws a value of at most 128 characters.</summary>
    public void AppendFormatted<T>(T value, int alignment = 0, string? format = null)
        where T : ISpanFormattable
    {
        Span<char> text = stackalloc char[128];
        if (value.TryFormat(text, out var length, format, null)) AppendFormatted(text[..length], alignment);
        else AppendFormatted(value.ToString(format, null), alignment);
    }

    private void Pad(int columns)
    {
        canvas.Fill(new Rectangle(Column, y, columns, 1), style);
        Column += columns;
    }
}
