using System.Runtime.InteropServices;
using System.Text;

namespace NetLab.Tui.Rendering;

/// <summary>
/// One place of the screen, 16 bytes without padding so that rows compare as bytes: a code point or the number of a cluster in the
/// <see cref="GraphemePool"/>, its width, and its style. The second column of a wide glyph is a cell of width 0.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Cell
{
    private const int WidthShift = 24, ClusterFlag = 1 << 28, SymbolMask = 0x1FFFFF;
    private readonly int symbol;

    private Cell(int symbol, Style style)
    {
        this.symbol = symbol;
        Style = style;
    }

    /// <summary>How it looks.</summary>
    public Style Style { get; }

    /// <summary>Columns that the glyph takes: 1 or 2, and 0 for the second column of a wide one.</summary>
    public int Width => (symbol >> WidthShift) & 3;

    /// <summary>True when <see cref="Symbol"/> numbers a cluster of the pool.</summary>
    public bool IsCluster => (symbol & ClusterFlag) != 0;

    /// <summary>The code point, or the cluster's number.</summary>
    public int Symbol => symbol & SymbolMask;

    /// <summary>True for a space.</summary>
    public bool IsBlank => symbol == (' ' | (1 << WidthShift));

    /// <summary>A space.</summary>
    public static Cell Blank(Style style) => new(' ' | (1 << WidthShift), style);

    internal static Cell Of(Rune rune, int width, Style style) => new(rune.Value | (width << WidthShift), style);

    internal static Cell OfCluster(int number, int width, Style style) => new(number | ClusterFlag | (width << WidthShift), style);

    internal static Cell Continuation(Style style) => new(0, style);

    internal Cell With(Style style) => new(symbol, style);
}
