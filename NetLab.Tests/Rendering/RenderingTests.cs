using System.Text;
using NetLab.Tests.Support;
using NetLab.Tui.Rendering;

namespace NetLab.Tests.Rendering;

public class RenderingTests
{
    private static readonly string[] Pieces =
    [
        "a", " ", "hello ", "世界", "é", "e\u0301", "👩‍👩‍👧", "🇩🇪", "\e[2J", "\u009b31m", "\u202e", "\u200b", "\ud800", "\udc00", "\t", "\n", "\0",
        "❤\uFE0F", "\u0301", "│", "▶", "\u0915\u094D\u0937", "\uFEFF", "\U000E0001", "a" + new string('\u0301', 60),
    ];

    [Theory]
    [InlineData(ColorDepth.None)]
    [InlineData(ColorDepth.Ansi16)]
    [InlineData(ColorDepth.Ansi256)]
    [InlineData(ColorDepth.TrueColor)]
    public void What_the_encoder_writes_makes_the_terminal_equal_the_back_buffer(ColorDepth depth)
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            int width = random.Next(1, 40), height = random.Next(1, 8);
            var characters = (CharacterSet)(seed % 2);
            var screen = new Screen(width, height, characters);
            var encoder = new FrameEncoder(depth);
            var terminal = new AnsiScreen(width, height);
            for (var frame = 0; frame < 12; frame++)
            {
                var canvas = screen.Begin();
                var drawing = new Random(seed + (frame / 2));
                for (var i = drawing.Next(8) + (frame % 2); i >= 0; i--)
                {
                    canvas.Write(drawing.Next(-5, width + 2), drawing.Next(-1, height + 1), AnyStyle(drawing), AnyText(drawing));
                }

                terminal.Apply(encoder.Encode(screen));
                for (var y = 0; y < height; y++)
                {
                    for (var x = 0; x < width; x++)
                    {
                        var cell = screen.Back[x, y];
                        var glyph = cell.Width == 0 ? "" : cell.IsCluster
                            ? Encoding.UTF8.GetString(screen.Back.Pool[cell.Symbol]) : new Rune(cell.Symbol).ToString();
                        var want = (glyph, AnsiScreen.Describe(cell.Style.Degrade(depth)));
                        Assert.True(want == terminal.At(x, y), $"seed {seed} frame {frame} at {x},{y}: {want} but {terminal.At(x, y)}");
                    }
                }

                Assert.Equal(0, encoder.Encode(screen).Length);
            }
        }
    }

    [Fact]
    public void Nothing_is_drawn_outside_the_canvas()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var buffer = new CellBuffer(20, 5);
            buffer.Canvas.Fill(buffer.Bounds, '#', default);
            var part = new Rectangle(random.Next(-3, 22), random.Next(-2, 6), random.Next(0, 12), random.Next(0, 4));
            var canvas = buffer.Canvas.Slice(part);
            canvas.Write(random.Next(-6, 14), random.Next(-1, 5), default, AnyText(random));
            canvas.Write(random.Next(-6, 14), random.Next(-1, 5), default, Encoding.UTF8.GetBytes(AnyText(random)));
            for (var y = 0; y < 5; y++)
            {
                for (var x = 0; x < 20; x++)
                {
                    Assert.True(part.Contains(x, y) || buffer[x, y].Symbol == '#', $"seed {seed} at {x},{y}");
                }
            }
        }
    }

    [Theory]
    [InlineData("a\e[2J", CharacterSet.Unicode, "a␛[2J")]
    [InlineData("a\e[2J", CharacterSet.Ascii, "a\\x1b[2J")]
    [InlineData("GET\r\n\tx", CharacterSet.Unicode, "GET\\r\\n\\tx")]
    [InlineData("\u202eevil\u009b", CharacterSet.Unicode, "\\u202eevil\\x9b")]
    [InlineData("┌─▶✓…é", CharacterSet.Ascii, "+->+~\\u00e9")]
    public void Control_characters_become_visible_text(string text, CharacterSet characters, string expected)
    {
        var buffer = new CellBuffer(30, 1, characters);
        buffer.Canvas.Write(0, 0, default, text);
        Assert.Equal([expected], ScreenDump.Lines(buffer));
    }

    [Fact]
    public void A_frame_of_which_a_tenth_changes_allocates_nothing_and_writes_under_three_kilobytes()
    {
        var screen = new Screen(120, 40);
        var encoder = new FrameEncoder(ColorDepth.TrueColor);
        // The least of the frames: a collection by another thread may add the unused rest of an allocation context to one.
        long allocated = long.MaxValue;
        var written = 0;
        for (var frame = 0; frame < 50; frame++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var canvas = screen.Begin();
            for (var y = 0; y < 40; y++)
            {
                var end = canvas.Write(0, y, new Style(Color.Rgb(0x808080)), $"{y,4} {frame * 7919 % 1000000,12} ");
                canvas.Write(end, y, default, "GET / HTTP/1.1 is still the same line as in the frame before");
            }

            written = encoder.Encode(screen).Length;
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, allocated);
        Assert.InRange(written, 1, 3072);
    }

    [Fact]
    public void Widths_are_those_of_a_terminal()
    {
        Assert.Equal(4, TextWidth.Of("世界"));
        Assert.Equal(1, TextWidth.Of("e\u0301"));
        Assert.Equal(2, TextWidth.Of("👩‍👩‍👧"));
        Assert.Equal(2, TextWidth.Of("🇩🇪"));
        Assert.Equal(2, TextWidth.Of("❤\uFE0F"));
    }

    private static string AnyText(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static Style AnyStyle(Random random) => new(AnyColor(random), AnyColor(random), (TextAttributes)random.Next(32));

    private static Color AnyColor(Random random) => random.Next(4) switch
    {
        0 => Color.Default,
        1 => Color.Palette(random.Next(16)),
        2 => Color.Indexed(random.Next(256)),
        _ => Color.Rgb(random.Next(0x1000000)),
    };
}
