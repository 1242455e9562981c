using System.Globalization;
using System.Text;

namespace NetLab.Tui.Rendering;

/// <summary>What one step of a <see cref="GlyphReader"/> found.</summary>
internal enum GlyphKind
{
    /// <summary>One code point.</summary>
    Rune,

    /// <summary>A grapheme cluster of several code points.</summary>
    Cluster,

    /// <summary>A code point that must not reach a terminal: <see cref="VisibleText"/> stands for it.</summary>
    Escape,
}

/// <summary>
/// Takes text apart into what a terminal shows in one place. The only judge of what is safe to write: control characters,
/// C1, bidirectional controls and lone zero-width characters come out as <see cref="GlyphKind.Escape"/>. Allocates nothing.
/// </summary>
internal ref struct GlyphReader(ReadOnlySpan<char> text, CharacterSet characters)
{
    /// <summary>More marks on one base than any script needs.</summary>
    private const int MostCharacters = 24;

    private readonly ReadOnlySpan<char> text = text;
    private int position;

    public int Start { get; private set; }

    public readonly int End => position;

    public GlyphKind Kind { get; private set; }

    public Rune Rune { get; private set; }

    public int Width { get; private set; }

    public readonly ReadOnlySpan<char> Text => text[Start..position];

    public bool Next()
    {
        if (position >= text.Length) return false;
        Start = position;
        var first = text[position];
        // The common case without any look-up: printable ASCII before ASCII.
        if (first is >= ' ' and < '\x7F' && (position + 1 >= text.Length || text[position + 1] < '\x80'))
        {
            position++;
            return Found(GlyphKind.Rune, new Rune(first), 1);
        }

        if (first < ' ' || first == '\x7F')
        {
            position++;
            return Escaped(new Rune(first));
        }

        var status = Rune.DecodeFromUtf16(text[position..], out var rune, out var used);
        if (status != System.Buffers.OperationStatus.Done)
        {
            position++;
            return characters == CharacterSet.Ascii ? Escaped(Rune.ReplacementChar) : Found(GlyphKind.Rune, Rune.ReplacementChar, 1);
        }

        if (MustEscape(rune))
        {
            position += used;
            return Escaped(rune);
        }

        if (characters == CharacterSet.Ascii && !rune.IsAscii)
        {
            position += used;
            return AsciiGlyphs.TryGet(rune, out var ascii) ? Found(GlyphKind.Rune, new Rune(ascii), 1) : Escaped(rune);
        }

        var length = StringInfo.GetNextTextElementLength(text[position..]);
        var hidden = length > used ? FirstForbidden(text.Slice(position + used, length - used)) : -1;
        if (hidden >= 0) length = used + hidden;
        if (length == used || characters == CharacterSet.Ascii)
        {
            position += used;
            return Found(GlyphKind.Rune, rune, TextWidth.Of(rune));
        }

        position += Math.Min(length, MostCharacters);
        if (length > MostCharacters && char.IsHighSurrogate(text[position - 1])) position--;
        return Found(GlyphKind.Cluster, rune, TextWidth.OfCluster(Text));
    }

    private bool Found(GlyphKind kind, Rune rune, int width)
    {
        (Kind, Rune, Width) = (kind, rune, width);
        return true;
    }

    private bool Escaped(Rune rune) => Found(GlyphKind.Escape, rune, VisibleText.Width(rune, characters));

    private static bool MustEscape(Rune rune) =>
        TextWidth.Of(rune) == 0 || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned;

    // Within a cluster only marks, emoji joiners, variation selectors and tags are at home; bidirectional controls never.
    private static int FirstForbidden(ReadOnlySpan<char> tail)
    {
        var index = 0;
        while (index < tail.Length)
        {
            if (Rune.DecodeFromUtf16(tail[index..], out var rune, out var used) != System.Buffers.OperationStatus.Done) return index;
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator) return index;
            if (category == UnicodeCategory.Format && rune.Value != 0x200D && (rune.Value is < 0xE0020 or > 0xE007F)) return index;
            index += used;
        }

        return -1;
    }
}
