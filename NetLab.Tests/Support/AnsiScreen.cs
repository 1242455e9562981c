using System.Globalization;
using System.Text;
using NetLab.Tui.Rendering;

namespace NetLab.Tests.Support;

/// <summary>A terminal just large enough for what FrameEncoder writes; anything else fails the test.</summary>
public sealed class AnsiScreen(int width, int height)
{
    private readonly string[,] glyphs = new string[height, width];
    private readonly string[,] styles = new string[height, width];
    private readonly SortedSet<string> attributes = [];
    private string foreground = "", background = "";
    private int x, y;

    private string Pen => $"{string.Join('+', attributes)}|{foreground}|{background}";

    public (string Glyph, string Style) At(int column, int row) => (glyphs[row, column], styles[row, column]);

    public void Apply(ReadOnlySpan<byte> bytes)
    {
        var text = new UTF8Encoding(false, true).GetString(bytes);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '\e')
            {
                Assert.Equal('[', text[i + 1]);
                var end = i + 2;
                while (!char.IsAsciiLetter(text[end])) end++;
                Control(text[(i + 2)..end], text[end]);
                i = end + 1;
                continue;
            }

            var cluster = StringInfo.GetNextTextElement(text, i);
            Assert.DoesNotContain(cluster, c => char.IsControl(c));
            Draw(cluster);
            i += cluster.Length;
        }
    }

    public static string Describe(Style style)
    {
        var names = new SortedSet<string>();
        foreach (var (flag, name) in new[]
        {
            (TextAttributes.Bold, "1"), (TextAttributes.Dim, "2"), (TextAttributes.Italic, "3"),
            (TextAttributes.Underline, "4"), (TextAttributes.Reverse, "7"),
        })
        {
            if (style.Attributes.HasFlag(flag)) names.Add(name);
        }

        return $"{string.Join('+', names)}|{Name(style.Foreground)}|{Name(style.Background)}";

        static string Name(Color c) => c.IsDefault ? "" : c.IsPalette ? $"p{c.Index}" : c.IsIndexed ? $"i{c.Index}" : $"#{c.ToRgb(0):x6}";
    }

    private void Draw(string cluster)
    {
        var columns = Math.Max(1, TextWidth.Of(cluster));
        Assert.InRange(x, 0, width - columns);
        for (var i = 0; i < columns; i++) (glyphs[y, x + i], styles[y, x + i]) = (i == 0 ? cluster : "", Pen);
        // With autowrap off a terminal stays at the last column: the encoder may not count on it.
        x = Math.Min(x + columns, width - 1);
    }

    private void Control(string parameters, char final)
    {
        if (parameters.StartsWith('?'))
        {
            Assert.Contains(parameters + final, (string[])["?2026h", "?2026l", "?25h", "?25l"]);
            return;
        }

        var numbers = parameters.Length == 0 ? [] : parameters.Split(';').Select(int.Parse).ToArray();
        switch (final)
        {
            case 'H': (y, x) = numbers.Length == 0 ? (0, 0) : (numbers[0] - 1, numbers[1] - 1); break;
            case 'C': x += numbers.Length == 0 ? 1 : numbers[0]; break;
            case 'J': for (var row = 0; row < height; row++) Blank(row, 0); break;
            case 'K': Blank(y, x); break;
            case 'm': Sgr(numbers); break;
            default: Assert.Fail($"unknown control {parameters}{final}"); break;
        }
    }

    private void Blank(int row, int from)
    {
        for (var column = from; column < width; column++) (glyphs[row, column], styles[row, column]) = (" ", Pen);
    }

    private void Sgr(int[] numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            var n = numbers[i];
            if (n == 0) { attributes.Clear(); (foreground, background) = ("", ""); }
            else if (n < 10) attributes.Add($"{n}");
            else if (n is 38 or 48)
            {
                var rgb = numbers[i + 1] == 2;
                var name = rgb ? $"#{(numbers[i + 2] << 16) | (numbers[i + 3] << 8) | numbers[i + 4]:x6}" : $"i{numbers[i + 2]}";
                i += rgb ? 4 : 2;
                if (n == 38) foreground = name; else background = name;
            }
            else if (n is 39) foreground = "";
            else if (n is 49) background = "";
            else if (n is < 38 or (>= 90 and < 98)) foreground = $"p{(n < 38 ? n - 30 : n - 82)}";
            else background = $"p{(n < 48 ? n - 40 : n - 92)}";
        }
    }
}
