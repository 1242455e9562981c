using System.Text;

namespace NetLab.Tui.Rendering;

/// <summary>
/// A grid of cells. Everything drawn passes <see cref="Put(int, int, ReadOnlySpan{char}, Style, Rectangle)"/>, where what must not
/// reach a terminal becomes visible text. Drawing outside does nothing.
/// </summary>
public sealed class CellBuffer
{
    private readonly Cell[] cells;

    /// <summary>A blank buffer of that size.</summary>
    public CellBuffer(int width, int height, CharacterSet characters = CharacterSet.Unicode)
        : this(width, height, characters, new GraphemePool())
    {
    }

    internal CellBuffer(int width, int height, CharacterSet characters, GraphemePool pool)
    {
        Width = Math.Max(0, width);
        Height = Math.Max(0, height);
        Characters = characters;
        Pool = pool;
        cells = new Cell[Width * Height];
        Clear();
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>What the terminal can show.</summary>
    public CharacterSet Characters { get; }

    /// <summary>Where the clusters of several code points are.</summary>
    public GraphemePool Pool { get; }

    /// <summary>The whole of it.</summary>
    public Rectangle Bounds => new(0, 0, Width, Height);

    /// <summary>One cell; it must lie inside.</summary>
    public Cell this[int x, int y] => cells[(y * Width) + x];

    /// <summary>A canvas on the whole of it.</summary>
    public Canvas Canvas => new(this, Bounds);

    /// <summary>One row's cells.</summary>
    public ReadOnlySpan<Cell> Row(int y) => cells.AsSpan(y * Width, Width);

    /// <summary>Blanks every cell.</summary>
    public void Clear() => cells.AsSpan().Fill(Cell.Blank(default));

    internal Span<Cell> Cells => cells;

    /// <summary>Draws text from column <paramref name="x"/> of a row, inside the clip only, and returns the column after it.</summary>
    internal int Put(int x, int y, ReadOnlySpan<char> text, Style style, Rectangle clip)
    {
        clip = clip.Intersect(Bounds);
        var visibleRow = y >= clip.Y && y < clip.Bottom && clip.Width > 0;
        var glyphs = new GlyphReader(text, Characters);
        Span<char> form = stackalloc char[VisibleText.MaximumLength];
        while (glyphs.Next())
        {
            if (!visibleRow || x >= clip.Right)
            {
                // Nothing further shows; the caller only wants to know where the text would end.
                x += glyphs.Width;
                if (x > 1 << 20) return x;
                continue;
            }

            switch (glyphs.Kind)
            {
                case GlyphKind.Rune:
                    Set(x, y, Cell.Of(glyphs.Rune, glyphs.Width, style), clip);
                    x += glyphs.Width;
                    break;
                case GlyphKind.Cluster:
                    var number = Pool.Add(glyphs.Text);
                    var width = glyphs.Width;
                    Set(x, y, number >= 0 ? Cell.OfCluster(number, width, style) : Cell.Of(Rune.ReplacementChar, 1, style), clip);
                    if (number < 0 && width == 2) Set(x + 1, y, Cell.Blank(style), clip);
                    x += width;
                    break;
                default:
                    var length = VisibleText.Format(glyphs.Rune, Characters, form);
                    for (var i = 0; i < length; i++) Set(x + i, y, Cell.Of(new Rune(form[i]), 1, style), clip);
                    x += length;
                    break;
            }
        }

        return x;
    }

    /// <summary>Draws UTF-8; bytes that are none show as \xHH.</summary>
    internal int Put(int x, int y, ReadOnlySpan<byte> utf8, Style style, Rectangle clip)
    {
        const int size = 128;
        Span<char> text = stackalloc char[size + 4];
        var length = 0;
        while (utf8.Length > 0 && x < clip.Right)
        {
            if (Rune.DecodeFromUtf8(utf8, out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                length += rune.EncodeToUtf16(text[length..]);
                utf8 = utf8[used..];
            }
            else
            {
                length += VisibleText.Format(utf8[0], text[length..]);
                utf8 = utf8[1..];
            }

            if (length < size) continue;
            // The last cluster may go on beyond the piece.
            var whole = LastClusterStart(text[..length]);
            x = Put(x, y, text[..whole], style, clip);
            text[whole..length].CopyTo(text);
            length -= whole;
        }

        return Put(x, y, text[..length], style, clip);
    }

    internal void Set(int x, int y, Cell cell, Rectangle clip)
    {
        clip = clip.Intersect(Bounds);
        if (!clip.Contains(x, y))
        {
            // The right half of a wide glyph whose left half is clipped shows as a space.
            if (cell.Width == 2 && clip.Contains(x + 1, y)) Store(x + 1, y, Cell.Blank(cell.Style));
            return;
        }

        if (cell.Width == 2 && x + 1 >= clip.Right) cell = Cell.Blank(cell.Style);
        Store(x, y, cell);
        if (cell.Width == 2) Store(x + 1, y, Cell.Continuation(cell.Style));
    }

    internal void Fill(Rectangle area, Cell cell)
    {
        area = area.Intersect(Bounds);
        if (area.IsEmpty) return;
        for (var y = area.Y; y < area.Bottom; y++)
        {
            Store(area.X, y, cell);
            Store(area.Right - 1, y, cell);
            cells.AsSpan((y * Width) + area.X, area.Width).Fill(cell);
        }
    }

    internal void Overlay(Rectangle area, Style style)
    {
        area = area.Intersect(Bounds);
        for (var y = area.Y; y < area.Bottom; y++)
        {
            foreach (ref var cell in cells.AsSpan((y * Width) + area.X, area.Width)) cell = cell.With(cell.Style.Under(style));
        }
    }

    private static int LastClusterStart(ReadOnlySpan<char> text)
    {
        var glyphs = new GlyphReader(text, CharacterSet.Unicode);
        var start = text.Length;
        while (glyphs.Next()) start = glyphs.Start;
        return start == 0 ? text.Length : start;
    }

    private void Store(int x, int y, Cell cell)
    {
        ref var place = ref cells[(y * Width) + x];
        // Overwriting one half of a wide glyph blanks the other.
        if (place.Width == 2 && x + 1 < Width) Neighbour(x + 1, y);
        if (place.Width == 0 && x > 0 && cell.Width != 0) Neighbour(x - 1, y);
        place = cell;
    }

    private void Neighbour(int x, int y)
    {
        ref var other = ref cells[(y * Width) + x];
        other = Cell.Blank(other.Style);
    }
}
