using System.Globalization;
using System.Text;

namespace NetLab.Tui.Rendering;

/// <summary>
/// A buffer as an SVG picture, the same bytes for the same cells. Lines and blocks are drawn as paths, so that they join whatever font the
/// viewer has; text stands at places of its own, so that columns keep theirs.
/// </summary>
public static class ScreenSvg
{
    private const int CellWidth = 9, CellHeight = 19, Baseline = 14, Margin = 14, Ground = 0x12161C, Ink = 0xC8D0DA;

    /// <summary>The picture.</summary>
    public static string Render(CellBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        int width = (buffer.Width * CellWidth) + (2 * Margin), height = (buffer.Height * CellHeight) + (2 * Margin);
        var svg = new StringBuilder();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">""");
        Add(svg, $"<style>text{{font:15px 'DejaVu Sans Mono','JetBrains Mono',Menlo,Consolas,monospace;white-space:pre}}</style>");
        Add(svg, $"""<rect width="{width}" height="{height}" rx="9" fill="{Hex(Ground)}"/>""");
        Add(svg, $"""<g transform="translate({Margin} {Margin})">""");
        for (var y = 0; y < buffer.Height; y++) Backgrounds(svg, buffer, y);
        Lines(svg, buffer);
        for (var y = 0; y < buffer.Height; y++) Texts(svg, buffer, y);
        return svg.Append("</g>\n</svg>\n").ToString();
    }

    private static void Backgrounds(StringBuilder svg, CellBuffer buffer, int y)
    {
        for (var x = 0; x < buffer.Width;)
        {
            var start = x;
            var color = Colors(buffer[x, y].Style).Background;
            while (x < buffer.Width && Colors(buffer[x, y].Style).Background == color) x++;
            if (color == Ground) continue;
            Add(svg, $"""<rect x="{start * CellWidth}" y="{y * CellHeight}" width="{(x - start) * CellWidth}" height="{CellHeight}" fill="{Hex(color)}"/>""");
        }
    }

    // One path a colour: sorted, so that the order of drawing does not matter.
    private static void Lines(StringBuilder svg, CellBuffer buffer)
    {
        var paths = new SortedDictionary<int, StringBuilder>();
        for (var y = 0; y < buffer.Height; y++)
        {
            for (var x = 0; x < buffer.Width; x++)
            {
                var cell = buffer[x, y];
                var arms = cell.IsCluster ? LineArms.None : BoxGlyph.ArmsOf(cell.Symbol);
                if (arms == LineArms.None) continue;
                var color = Colors(cell.Style).Foreground;
                if (!paths.TryGetValue(color, out var path)) paths[color] = path = new StringBuilder();
                int left = x * CellWidth, top = y * CellHeight;
                const int middleX = CellWidth / 2, middleY = CellHeight / 2;
                int from = arms.HasFlag(LineArms.Left) ? left : left + middleX, to = arms.HasFlag(LineArms.Right) ? left + CellWidth : left + middleX;
                // A run of whole horizontal lines is one stroke.
                while (arms == (LineArms.Left | LineArms.Right) && x + 1 < buffer.Width && buffer[x + 1, y] == cell)
                {
                    x++;
                    to += CellWidth;
                }

                if (to > from) path.Append(CultureInfo.InvariantCulture, $"M{from}.5 {top + middleY}.5H{to}.5");
                from = arms.HasFlag(LineArms.Up) ? top : top + middleY;
                to = arms.HasFlag(LineArms.Down) ? top + CellHeight : top + middleY;
                if (to > from) path.Append(CultureInfo.InvariantCulture, $"M{left + middleX}.5 {from}.5V{to}.5");
            }
        }

        foreach (var (color, path) in paths) Add(svg, $"""<path fill="none" stroke="{Hex(color)}" stroke-width="1.2" stroke-linecap="square" d="{path}"/>""");
    }

    private static void Texts(StringBuilder svg, CellBuffer buffer, int y)
    {
        var text = new StringBuilder();
        for (var x = 0; x < buffer.Width;)
        {
            var cell = buffer[x, y];
            if (cell.Width == 0 || cell.IsBlank || (!cell.IsCluster && BoxGlyph.ArmsOf(cell.Symbol) != LineArms.None))
            {
                x++;
                continue;
            }

            if (Shape(svg, cell, x, y))
            {
                x++;
                continue;
            }

            var start = x;
            var style = cell.Style;
            text.Clear();
            // A run is ASCII of one style; whatever a font may draw wider or narrower stands alone.
            while (x < buffer.Width && buffer[x, y] is var next && next.Style == style && !next.IsCluster && next.Symbol is > ' ' and < 0x7F)
            {
                text.Append((char)next.Symbol);
                x++;
            }

            if (x == start)
            {
                text.Append(cell.IsCluster ? Encoding.UTF8.GetString(buffer.Pool[cell.Symbol]) : new Rune(cell.Symbol).ToString());
                x += Math.Max(1, cell.Width);
            }

            Run(svg, text.ToString(), style, start, x - start, y);
        }
    }

    private static void Run(StringBuilder svg, string text, Style style, int x, int columns, int y)
    {
        var look = new StringBuilder();
        if (style.Attributes.HasFlag(TextAttributes.Bold)) look.Append(" font-weight=\"bold\"");
        if (style.Attributes.HasFlag(TextAttributes.Italic)) look.Append(" font-style=\"italic\"");
        if (style.Attributes.HasFlag(TextAttributes.Underline)) look.Append(" text-decoration=\"underline\"");
        var escaped = text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
        Add(svg, $"""<text x="{x * CellWidth}" y="{(y * CellHeight) + Baseline}" textLength="{columns * CellWidth}" lengthAdjust="spacingAndGlyphs" fill="{Hex(Colors(style).Foreground)}"{look}>{escaped}</text>""");
    }

    // Blocks and arrowheads, which fonts rarely fit to the cell.
    private static bool Shape(StringBuilder svg, Cell cell, int x, int y)
    {
        if (cell.IsCluster) return false;
        int left = x * CellWidth, top = y * CellHeight, bottom = top + CellHeight, right = left + CellWidth, middle = top + (CellHeight / 2);
        var fill = Hex(Colors(cell.Style).Foreground);
        string? shape = cell.Symbol switch
        {
            >= 0x2581 and <= 0x2588 => Invariant($"M{left} {bottom}V{bottom - ((cell.Symbol - 0x2580) * CellHeight / 8.0)}H{right}V{bottom}Z"),
            >= 0x2589 and <= 0x258F => Invariant($"M{left} {top}H{left + ((0x2590 - cell.Symbol) * CellWidth / 8.0)}V{bottom}H{left}Z"),
            >= 0x2591 and <= 0x2593 => Invariant($"M{left} {top}H{right}V{bottom}H{left}Z"),
            '▶' => Invariant($"M{left} {middle - 4}L{right} {middle + 0.5}L{left} {middle + 5}Z"),
            '◀' => Invariant($"M{right} {middle - 4}L{left} {middle + 0.5}L{right} {middle + 5}Z"),
            '▼' => Invariant($"M{left} {middle - 4}H{right}L{left + 4.5} {middle + 5}Z"),
            '▲' => Invariant($"M{left} {middle + 5}H{right}L{left + 4.5} {middle - 4}Z"),
            _ => null,
        };
        if (shape is null) return false;
        var opacity = cell.Symbol switch { 0x2591 => " fill-opacity=\"0.25\"", 0x2592 => " fill-opacity=\"0.5\"", 0x2593 => " fill-opacity=\"0.75\"", _ => "" };
        Add(svg, $"""<path fill="{fill}"{opacity} d="{shape}"/>""");
        return true;
    }

    private static (int Foreground, int Background) Colors(Style style)
    {
        int foreground = style.Foreground.ToRgb(Ink), background = style.Background.ToRgb(Ground);
        if (style.Attributes.HasFlag(TextAttributes.Reverse)) (foreground, background) = (background, foreground);
        if (style.Attributes.HasFlag(TextAttributes.Dim)) foreground = Mix(foreground, background);
        return (foreground, background);
    }

    private static int Mix(int a, int b) => (((a & 0xFEFEFE) >> 1) + ((b & 0xFEFEFE) >> 1)) & 0xFFFFFF;

    private static string Hex(int rgb) => Invariant($"#{rgb:x6}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static void Add(StringBuilder svg, FormattableString line) => svg.Append(Invariant(line)).Append('\n');
}
