namespace NetLab.Tui.Rendering;

/// <summary>How many colours the terminal is given.</summary>
public enum ColorDepth
{
    /// <summary>No colour at all: bold, underline and reverse video carry the meaning.</summary>
    None,

    /// <summary>The sixteen colours of SGR 30–37, 90–97 and their backgrounds.</summary>
    Ansi16,

    /// <summary>The 256 colours of SGR 38;5 and 48;5.</summary>
    Ansi256,

    /// <summary>24-bit colour, SGR 38;2 and 48;2.</summary>
    TrueColor,
}
