using NetLab.Tui.Rendering;

namespace NetLab.Tui.Terminal;

/// <summary>A program between us and the terminal.</summary>
public enum Multiplexer
{
    /// <summary>None.</summary>
    None,

    /// <summary>tmux.</summary>
    Tmux,

    /// <summary>GNU screen.</summary>
    Screen,
}

/// <summary>What the terminal can do, as far as the environment tells.</summary>
/// <param name="Colors">How many colours it is given.</param>
/// <param name="Characters">With which characters lines are drawn.</param>
/// <param name="Multiplexer">What stands between.</param>
/// <param name="OverSsh">Whether it is on another machine.</param>
public sealed record TerminalCapabilities(ColorDepth Colors, CharacterSet Characters, Multiplexer Multiplexer, bool OverSsh)
{
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];
    private static readonly string[] TrueColorTerminals = ["direct", "kitty", "alacritty", "wezterm", "ghostty", "foot", "contour"];

    /// <summary>Reads the environment.</summary>
    /// <param name="environment">Looks up a variable.</param>
    /// <returns>What it tells; the careful answer where it tells nothing.</returns>
    public static TerminalCapabilities Detect(Func<string, string?> environment)
    {
        Multiplexer between = Has(environment, "TMUX") ? Multiplexer.Tmux : Has(environment, "STY") ? Multiplexer.Screen : Multiplexer.None;
        return new TerminalCapabilities(ColorsOf(environment, between), CharactersOf(environment), between, Has(environment, "SSH_TTY"));
    }

    /// <summary>Why the interface cannot be opened here.</summary>
    /// <param name="environment">Looks up a variable.</param>
    /// <param name="inputIsTerminal">Whether keys come from a terminal.</param>
    /// <param name="outputIsTerminal">Whether the screen is one.</param>
    /// <returns>One sentence with what would help, or null if it can.</returns>
    public static string? WhyNot(Func<string, string?> environment, bool inputIsTerminal, bool outputIsTerminal)
    {
        if (!outputIsTerminal) return "The interface needs a terminal, and standard output is none; try `netlab run SCRIPT` or another command for text.";
        if (!inputIsTerminal) return "The interface needs a keyboard, and standard input is no terminal; start it without a pipe or a redirection.";
        return environment("TERM") == "dumb"
            ? "The interface cannot draw on a terminal with TERM=dumb; set TERM to what yours is (xterm-256color, say), or use a command for text."
            : null;
    }

    private static ColorDepth ColorsOf(Func<string, string?> environment, Multiplexer between)
    {
        string term = environment("TERM") ?? "";
        if (Has(environment, "NO_COLOR") || term.StartsWith("vt", StringComparison.Ordinal) || term == "dumb") return ColorDepth.None;

        // GNU screen keeps the COLORTERM of the terminal around it and yet passes no true colour on.
        if (between != Multiplexer.Screen && environment("COLORTERM") is ("truecolor" or "24bit")) return ColorDepth.TrueColor;
        if (TrueColorTerminals.Any(name => term.Contains(name, StringComparison.Ordinal))) return ColorDepth.TrueColor;
        return term.Contains("256color", StringComparison.Ordinal) ? ColorDepth.Ansi256 : ColorDepth.Ansi16;
    }

    // setlocale(3): the first of the three that is set and not empty decides.
    private static CharacterSet CharactersOf(Func<string, string?> environment)
    {
        string? locale = LocaleVariables.Select(environment).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        bool utf8 = locale is not null && locale.Replace("-", "", StringComparison.Ordinal).Contains("utf8", StringComparison.OrdinalIgnoreCase);
        return utf8 ? CharacterSet.Unicode : CharacterSet.Ascii;
    }

    private static bool Has(Func<string, string?> environment, string name) => !string.IsNullOrEmpty(environment(name));
}
