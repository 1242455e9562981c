using System.Globalization;
using System.Text;

namespace NetLab.Tui.Rendering;

/// <summary>How many columns text takes on a terminal.</summary>
public static class TextWidth
{
    /// <summary>Columns of a text as a <see cref="CellBuffer"/> draws it: control characters count as the visible text that stands for them.</summary>
    public static int Of(ReadOnlySpan<char> text, CharacterSet characters = CharacterSet.Unicode)
    {
        var columns = 0;
        var glyphs = new GlyphReader(text, characters);
        while (glyphs.Next()) columns += glyphs.Width;
        return columns;
    }

    /// <summary>How many characters (UTF-16) of the text fit whole into so many columns.</summary>
    public static int Fit(ReadOnlySpan<char> text, int columns, CharacterSet characters = CharacterSet.Unicode)
    {
        var glyphs = new GlyphReader(text, characters);
        while (glyphs.Next())
        {
            columns -= glyphs.Width;
            if (columns < 0) return glyphs.Start;
        }

        return text.Length;
    }

    /// <summary>Columns of one printable code point that stands alone: 1 or 2, and 0 for what has no width of its own.</summary>
    public static int Of(Rune rune)
    {
        var value = rune.Value;
        if (value < 0x300) return value is < 0x20 or (>= 0x7F and < 0xA0) or 0xAD ? 0 : 1;
        if (IsZeroWidth(rune)) return 0;
        return value >= 0x1100 && IsWide(value) ? 2 : 1;
    }

    /// <summary>Columns of one grapheme cluster: its base's, or 2 for emoji presentation (VS16) and pairs of regional indicators.</summary>
    internal static int OfCluster(ReadOnlySpan<char> cluster)
    {
        Rune.DecodeFromUtf16(cluster, out var first, out var used);
        var width = Math.Max(1, Of(first));
        if (used == cluster.Length || width == 2) return width;
        Rune.DecodeFromUtf16(cluster[used..], out var second, out _);
        return IsRegionalIndicator(first) && IsRegionalIndicator(second) ? 2 : cluster.Contains('\uFE0F') ? 2 : 1;
    }

    private static bool IsRegionalIndicator(Rune rune) => rune.Value is >= 0x1F1E6 and <= 0x1F1FF;

    private static bool IsZeroWidth(Rune rune) =>
        // The medial vowels and final consonants of Hangul join the syllable before them.
        rune.Value is (>= 0x1160 and <= 0x11FF) or (>= 0xD7B0 and <= 0xD7FF) or 0x3164 or 0xFFA0 or 0x115F
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsWide(int value)
    {
        var ranges = WideTable.Ranges;
        int low = 0, high = (ranges.Length / 2) - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (value < ranges[2 * middle]) high = middle - 1;
            else if (value > ranges[(2 * middle) + 1]) low = middle + 1;
            else return true;
        }

        return false;
    }
}
