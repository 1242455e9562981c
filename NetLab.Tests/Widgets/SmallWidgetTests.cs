using System.Xml.Linq;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tests.Widgets;

public class SmallWidgetTests
{
    private static readonly string[] Names = ["Lab", "Bytes", "Sockets", "Packets", "States", "Timeline", "DNS", "HTTP", "I/O"];

    private static readonly string Hostile = "\e[2J世界 \u202e👩‍👩‍👧\n" + new string('x', 300) + "\0\ud800";

    public static TheoryData<string> Widgets => [.. All.Keys];

    private static Dictionary<string, Action<Canvas>> All => new()
    {
        ["tabs"] = canvas => Tabs.Draw(canvas, default, default, default, [Hostile, "b", Hostile, "d"], 2),
        ["status line"] = canvas => StatusLine.Draw(canvas, default, default, [new("q", Hostile), new("", "x")], [new("", Hostile), new("lo", "root")]),
        ["popup"] = canvas => Popup.Draw(canvas, default, default, default, Hostile, Hostile, 3),
        ["paragraph"] = canvas => Paragraph.Draw(canvas, default, Hostile),
        ["input"] = canvas => Input(Hostile.Replace("\n", "", StringComparison.Ordinal)).Draw(canvas, default, default),
        ["hex"] = canvas => HexView.Draw(canvas, new byte[300], 1, default, default, default, [new(-3, int.MaxValue, default), new(20, 3, default)], 25),
        ["scrollbar"] = canvas => Scrollbar.Draw(canvas, default, default, int.MaxValue, int.MaxValue),
        ["diagram"] = canvas => TcpStateDiagram.Compact.Draw(canvas, _ => new DiagramLook(default, default, Hostile), edge => (edge.To == "CLOSED", default, default)),
        ["gauge"] = canvas => Gauge.Draw(canvas, default, default, double.NaN),
        ["sparkline"] = canvas => Sparkline.Draw(canvas, default, [1, double.NaN, double.PositiveInfinity, -4, 3]),
        ["ladder"] = canvas => Ladder.Draw(canvas, Hostile, Hostile, 20, new ListState(), row => new LadderRow(Hostile)
        {
            LeftText = Hostile,
            LeftState = Hostile,
            Arrow = (LadderArrow)(row % 3),
            Label = Hostile,
            RightState = Hostile,
            RightText = Hostile,
            RightTail = Hostile,
            Gap = row % 4 == 0 ? Hostile : null,
            IsLinked = row % 5 == 0,
        }, default),
    };

    [Theory]
    [MemberData(nameof(Widgets))]
    public void A_widget_bears_any_size_and_place_and_draws_only_inside_it(string widget)
    {
        foreach (var characters in new[] { CharacterSet.Unicode, CharacterSet.Ascii })
        {
            for (var width = -1; width < 90; width += width < 6 ? 1 : 17)
            {
                for (var height = -1; height < 12; height += height < 4 ? 1 : 5)
                {
                    var buffer = new CellBuffer(100, 16, characters);
                    buffer.Canvas.Fill(buffer.Bounds, '#', default);
                    foreach (var (x, y) in new[] { (4, 2), (-3, -2), (98, 15), (500, 500) })
                    {
                        var place = new Rectangle(x, y, width, height);
                        All[widget](buffer.Canvas.Slice(place));
                        for (var row = 0; row < buffer.Height; row++)
                        {
                            for (var column = 0; column < buffer.Width; column++)
                            {
                                if (place.Contains(column, row)) continue;
                                Assert.True(buffer[column, row].Symbol == '#', $"{widget} in {place} drew at {column},{row}");
                            }
                        }

                        buffer.Canvas.Fill(buffer.Bounds, '#', default);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(100, 5, " 1 Lab │ 2 Bytes │ 3 Sockets │ 4 Packets │ 5 States │ 6 Timeline │ 7 DNS │ 8 HTTP │ 9 I/O")]
    [InlineData(80, 5, "1 Lab│2 Bytes│3 Sockets│4 Packets│5 States│6 Timeline│7 DNS│8 HTTP│9 I/O")]
    [InlineData(40, 0, "1 Lab│2 Bytes│3 Sockets│4 Packets›")]
    [InlineData(40, 8, "‹5 States│6 Timeline│7 DNS│8 HTTP│9 I/O")]
    public void The_active_tab_always_shows(int width, int active, string picture)
    {
        var buffer = new CellBuffer(width, 1);
        Tabs.Draw(buffer.Canvas, default, default, default, Names, active);
        Assert.Equal(picture, ScreenDump.Lines(buffer)[0]);
    }

    [Theory]
    [InlineData(60, " Space next step  Enter run  / filter  ? help       ● lo root")]
    [InlineData(40, " Space next step  Enter run  ● lo root")]
    public void The_status_line_leaves_out_keys_whole_from_the_right(int width, string picture)
    {
        var buffer = new CellBuffer(width, 1);
        StatusLine.Draw(
            buffer.Canvas, default, default, [new("Space", "next step"), new("Enter", "run"), new("/", "filter"), new("?", "help")], [new("", "● lo root")]);
        Assert.Equal(picture.Replace(" ", "", StringComparison.Ordinal), ScreenDump.Lines(buffer)[0].Replace(" ", "", StringComparison.Ordinal));
        Assert.EndsWith("root", ScreenDump.Lines(buffer)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Text_wraps_between_words_by_columns_and_breaks_what_is_too_long()
    {
        static string[] Wrap(string text, int width) => [.. Paragraph.Wrap(text, width).Select(line => text[line])];
        Assert.Equal(["The server", "answers", "once"], Wrap("The server answers once", 10));
        Assert.Equal(["世界", "世界", "a"], Wrap("世界世界 a", 5));
        Assert.Equal(["abcd", "efgh", "i j"], Wrap("abcdefghi j", 4));
        Assert.Equal(["a", "", "b"], Wrap("a\r\n\nb", 4));
        Assert.Equal([""], Wrap("", 4));
        Assert.Equal(3, Wrap("世界世", 1).Length);
    }

    [Fact]
    public void A_popup_is_as_small_as_its_text()
    {
        var buffer = new CellBuffer(20, 6);
        Assert.Equal(0, Popup.Draw(buffer.Canvas, default, default, default, "why", "rcv SYN\nnow"));
        Assert.Equal(["", "    ┌ why ────┐", "    │ rcv SYN │", "    │ now     │", "    └─────────┘", ""], ScreenDump.Lines(buffer));
        Assert.Equal(2, Popup.Draw(buffer.Canvas, default, default, default, "why", "1\n2\n3\n4\n5\n6"));
    }

    [Fact]
    public void Editing_takes_a_glyph_at_a_time()
    {
        var input = Input("a👩‍👩‍👧e\u0301");
        input.Backspace();
        Assert.Equal("a👩‍👩‍👧", input.Text);
        input.MoveLeft();
        Assert.Equal(1, input.Cursor);
        input.Delete();
        Assert.Equal("a", input.Text);
        input.Insert("b c-d\nsecond line");
        Assert.Equal("ab c-d", input.Text);
        input.DeleteWord();
        Assert.Equal("ab c-", input.Text);
        input.MoveWordLeft();
        input.MoveWordLeft();
        Assert.Equal(0, input.Cursor);
        input.MoveWordRight();
        input.DeleteToEnd();
        Assert.Equal("ab", input.Text);
        input.Insert(new string('x', 9999));
        Assert.Equal(TextInput.MaximumLength, input.Text.Length);
    }

    [Fact]
    public void Any_editing_leaves_the_cursor_between_glyphs_and_in_view()
    {
        string[] pieces = ["a", "世", "👩‍👩‍👧", "\u0301", "🇩", "🇪", "\r", "\u200d", " ", "\ud800"];
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var input = new TextInput();
            var buffer = new CellBuffer(random.Next(1, 12), 1);
            Action[] edits =
            [
                () => input.Insert(pieces[random.Next(pieces.Length)]), () => input.Insert(pieces[random.Next(pieces.Length)]), input.Backspace,
                input.Delete, input.MoveLeft, input.MoveRight, input.MoveHome, input.MoveEnd, input.DeleteWord, input.MoveWordLeft, input.MoveWordRight,
            ];
            for (var step = 0; step < 60; step++)
            {
                edits[random.Next(edits.Length)]();
                var starts = System.Globalization.StringInfo.ParseCombiningCharacters(input.Text);
                Assert.True(input.Cursor == input.Text.Length || starts.Contains(input.Cursor), $"seed {seed} step {step}");
                Assert.InRange(input.Draw(buffer.Canvas, default, default), 0, buffer.Width - 1);
            }
        }
    }

    [Fact]
    public void A_long_line_scrolls_with_its_cursor()
    {
        var buffer = new CellBuffer(8, 1);
        var input = Input("0123456789abcdef");
        Assert.Equal((7, "‹abcdef"), (input.Draw(buffer.Canvas, default, default), ScreenDump.Lines(buffer)[0]));
        input.MoveHome();
        Assert.Equal((0, "0123456›"), (input.Draw(buffer.Canvas, default, default), ScreenDump.Lines(buffer)[0]));
    }

    [Fact]
    public void Bytes_show_as_offset_pairs_and_ascii()
    {
        var buffer = new CellBuffer(63, 2);
        HexView.Draw(buffer.Canvas, "GET / HTTP/1.1\r\nHost"u8, 0, default, default, default, [new(0, 5, default)]);
        Assert.Equal(
            [
                "0000  4745 5420 2f20 4854 5450 2f31 2e31 0d0a  GET / HTTP/1.1..",
                "0010  486f 7374                                Host",
            ], ScreenDump.Lines(buffer));
        Assert.Equal(1, HexView.Reveal(0, 40, 63, 2));
    }

    [Fact]
    public void Bars_tell_their_part()
    {
        static string Draw(int width, int height, Action<Canvas> draw)
        {
            var buffer = new CellBuffer(width, height);
            draw(buffer.Canvas);
            return string.Join('\n', ScreenDump.Lines(buffer));
        }

        Assert.Equal("██▌░░", Draw(5, 1, canvas => Gauge.Draw(canvas, default, default, 0.5)));
        Assert.Equal(" ▁▄ █", Draw(5, 1, canvas => Sparkline.Draw(canvas, default, [1, 4, 0, 8])));
        Assert.Equal("█\n│\n│", Draw(1, 3, canvas => Scrollbar.Draw(canvas, default, default, 0, 100)));
        Assert.Equal("│\n█\n│", Draw(1, 3, canvas => Scrollbar.Draw(canvas, default, default, 1, 100)));
        Assert.Equal("│\n│\n█", Draw(1, 3, canvas => Scrollbar.Draw(canvas, default, default, 97, 100)));
        Assert.Equal("\n\n", Draw(1, 3, canvas => Scrollbar.Draw(canvas, default, default, 0, 3)));
    }

    [Fact]
    public void The_svg_of_a_screen_is_well_formed_and_always_the_same()
    {
        static string Picture()
        {
            var buffer = new CellBuffer(40, 5);
            var inside = Frame.Draw(buffer.Canvas, new Style(Color.Palette(4)), default, "a<b>&", "▶");
            inside.Write(0, 0, new Style(Color.Rgb(0x112233)).Bold, Hostile);
            return ScreenSvg.Render(buffer);
        }

        var svg = Picture();
        Assert.Equal(svg, Picture());
        var texts = XDocument.Parse(svg).Descendants("{http://www.w3.org/2000/svg}text").Select(text => text.Value).ToArray();
        Assert.Contains("a<b>&", texts);
        Assert.Contains("世", texts);
        Assert.DoesNotContain("─", svg, StringComparison.Ordinal);
    }

    private static TextInput Input(string text)
    {
        var input = new TextInput();
        input.Set(text);
        return input;
    }
}
