namespace NetLab.Tui.Rendering;

/// <summary>How much of a row or column a part takes: so many cells, a percentage, or a share of what is left with a least size.</summary>
public readonly record struct Extent
{
    private Extent(int cells, int percent, int share, int least) => (Cells, Percent, Share, Least) = (cells, percent, share, least);

    internal int Cells { get; }

    internal int Percent { get; }

    internal int Share { get; }

    internal int Least { get; }

    /// <summary>Exactly so many cells while there is room.</summary>
    public static Extent Fixed(int cells) => new(Math.Max(0, cells), 0, 0, 0);

    /// <summary>A percentage of the whole, never fewer than <paramref name="least"/> cells.</summary>
    public static Extent Part(int percent, int least = 0) => new(0, Math.Max(0, percent), 0, least);

    /// <summary>A share of what the others leave, never fewer than <paramref name="least"/> cells while there is room.</summary>
    public static Extent Fill(int share = 1, int least = 0) => new(0, 0, Math.Max(1, share), least);
}

/// <summary>Divides rectangles. Parts that find no room come out empty, the last ones first.</summary>
public static class Layout
{
    /// <summary>Stacks parts from top to bottom; writes one rectangle a part.</summary>
    public static void Rows(Rectangle area, ReadOnlySpan<Extent> parts, Span<Rectangle> into)
    {
        Span<int> sizes = stackalloc int[parts.Length];
        Sizes(area.Height, parts, sizes);
        var y = area.Y;
        for (var i = 0; i < parts.Length; i++)
        {
            into[i] = new Rectangle(area.X, y, area.Width, sizes[i]);
            y += sizes[i];
        }
    }

    /// <summary>Sets parts side by side from left to right; writes one rectangle a part.</summary>
    public static void Columns(Rectangle area, ReadOnlySpan<Extent> parts, Span<Rectangle> into)
    {
        Span<int> sizes = stackalloc int[parts.Length];
        Sizes(area.Width, parts, sizes);
        var x = area.X;
        for (var i = 0; i < parts.Length; i++)
        {
            into[i] = new Rectangle(x, area.Y, sizes[i], area.Height);
            x += sizes[i];
        }
    }

    /// <summary>Stacks parts from top to bottom.</summary>
    public static Rectangle[] Rows(Rectangle area, params ReadOnlySpan<Extent> parts)
    {
        var result = new Rectangle[parts.Length];
        Rows(area, parts, result);
        return result;
    }

    /// <summary>Sets parts side by side from left to right.</summary>
    public static Rectangle[] Columns(Rectangle area, params ReadOnlySpan<Extent> parts)
    {
        var result = new Rectangle[parts.Length];
        Columns(area, parts, result);
        return result;
    }

    /// <summary>Divides a length into sizes that never sum to more than it, and to exactly it when one part fills.</summary>
    public static void Sizes(int total, ReadOnlySpan<Extent> parts, Span<int> sizes)
    {
        total = Math.Max(0, total);
        int wanted = 0, shares = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            sizes[i] = part.Percent > 0 ? Math.Max(part.Least, (int)((long)total * part.Percent / 100)) : Math.Max(part.Cells, part.Least);
            wanted += sizes[i];
            shares += part.Share;
        }

        var room = total - wanted;
        for (var i = 0; i < parts.Length && room > 0 && shares > 0; i++)
        {
            if (parts[i].Share == 0) continue;
            // A part's least size counts toward its share, so that equal shares end up equal.
            var fair = FairShare(total, parts, sizes, i);
            var extra = Math.Clamp(fair - sizes[i], 0, room);
            sizes[i] += extra;
            room -= extra;
        }

        for (var i = parts.Length - 1; i >= 0 && room > 0; i--)
        {
            if (parts[i].Share == 0) continue;
            sizes[i] += room;
            room = 0;
        }

        for (var i = parts.Length - 1; i >= 0 && room < 0; i--)
        {
            var taken = Math.Min(sizes[i], -room);
            sizes[i] -= taken;
            room += taken;
        }
    }

    private static int FairShare(int total, ReadOnlySpan<Extent> parts, ReadOnlySpan<int> sizes, int index)
    {
        int rest = total, shares = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Share == 0 || i < index) rest -= sizes[i];
            else shares += parts[i].Share;
        }

        return Math.Max(0, rest) * parts[index].Share / Math.Max(1, shares);
    }
}
