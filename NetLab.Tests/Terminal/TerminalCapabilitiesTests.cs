using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.Terminal;

public class TerminalCapabilitiesTests
{
    [Theory]
    [InlineData("TERM=xterm", ColorDepth.Ansi16)]
    [InlineData("TERM=xterm-256color", ColorDepth.Ansi256)]
    [InlineData("TERM=xterm-kitty", ColorDepth.TrueColor)]
    [InlineData("TERM=xterm COLORTERM=truecolor", ColorDepth.TrueColor)]
    [InlineData("TERM=xterm COLORTERM=24bit", ColorDepth.TrueColor)]
    [InlineData("TERM=screen-256color COLORTERM=truecolor STY=1.pts", ColorDepth.Ansi256)]
    [InlineData("TERM=vt100", ColorDepth.None)]
    [InlineData("TERM=xterm COLORTERM=truecolor NO_COLOR=1", ColorDepth.None)]
    [InlineData("TERM=xterm-256color NO_COLOR=", ColorDepth.Ansi256)]
    [InlineData("", ColorDepth.Ansi16)]
    public void Colours_follow_the_environment(string environment, ColorDepth expected) => Assert.Equal(expected, Detect(environment).Colors);

    [Theory]
    [InlineData("LANG=en_US.UTF-8", CharacterSet.Unicode)]
    [InlineData("LANG=C.utf8", CharacterSet.Unicode)]
    [InlineData("LANG=en_US.UTF-8 LC_ALL=C", CharacterSet.Ascii)]
    [InlineData("LANG=en_US.UTF-8 LC_ALL=", CharacterSet.Unicode)]
    [InlineData("LANG=C LC_CTYPE=de_DE.UTF-8", CharacterSet.Unicode)]
    [InlineData("LANG=de_DE.ISO-8859-1", CharacterSet.Ascii)]
    [InlineData("", CharacterSet.Ascii)]
    public void Characters_follow_the_first_locale_variable_that_is_not_empty(string environment, CharacterSet expected) =>
        Assert.Equal(expected, Detect(environment).Characters);

    [Theory]
    [InlineData("", Multiplexer.None, false)]
    [InlineData("TMUX=/tmp/tmux,1,0", Multiplexer.Tmux, false)]
    [InlineData("STY=1.pts SSH_TTY=/dev/pts/1", Multiplexer.Screen, true)]
    public void What_stands_between_is_seen(string environment, Multiplexer between, bool overSsh)
    {
        TerminalCapabilities found = Detect(environment);
        Assert.Equal((between, overSsh), (found.Multiplexer, found.OverSsh));
    }

    [Theory]
    [InlineData("TERM=xterm", true, true, null)]
    [InlineData("", true, true, null)]
    [InlineData("TERM=dumb", true, true, "TERM=dumb")]
    [InlineData("TERM=xterm", false, true, "standard input")]
    [InlineData("TERM=xterm", true, false, "standard output")]
    public void The_refusal_names_the_cause(string environment, bool input, bool output, string? cause)
    {
        string? refusal = TerminalCapabilities.WhyNot(Lookup(environment), input, output);
        if (cause is null) Assert.Null(refusal);
        else Assert.Contains(cause, refusal, StringComparison.Ordinal);
    }

    private static TerminalCapabilities Detect(string environment) => TerminalCapabilities.Detect(Lookup(environment));

    private static Func<string, string?> Lookup(string environment) => environment
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=', 2)).ToDictionary(one => one[0], one => one[1])
        .GetValueOrDefault;
}
