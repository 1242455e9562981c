using System.Text;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.Terminal;

public class ClipboardTests
{
    private const string Bare = "\e]52;c;aMOp\a"; // h, é

    [Theory]
    [InlineData(Multiplexer.None, Bare)]
    [InlineData(Multiplexer.Tmux, Bare + "\ePtmux;\e" + Bare + "\e\\")]
    [InlineData(Multiplexer.Screen, "\eP" + Bare + "\e\\")]
    public void The_request_reaches_the_terminal_through_what_stands_between(Multiplexer between, string expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetString(Clipboard.Encode("hé", between)!));

    [Fact]
    public void No_byte_of_the_text_reaches_the_terminal_raw() =>
        Assert.DoesNotContain((byte)'\e', Clipboard.Encode("\e]0;title\a\e[2J", Multiplexer.None)!.Skip(1));

    [Fact]
    public void Text_that_terminals_would_cut_is_refused()
    {
        Assert.NotNull(Clipboard.Encode(new string('x', Clipboard.LongestText), Multiplexer.None));
        Assert.Null(Clipboard.Encode(new string('x', Clipboard.LongestText + 1), Multiplexer.None));
        Assert.Null(Clipboard.Encode(new string('é', Clipboard.LongestText / 2 + 1), Multiplexer.None));
    }
}
