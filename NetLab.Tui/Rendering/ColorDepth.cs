namespace NetLab.Tui.Rendering;

/// <summary>How many colours the terminal shows.</summary>
public enum ColorDepth
{
    /// <summary>No colour at all (NO_COLOR): attributes only.</summary>
    None,

    /// <summary>The sixteen colours of ECMA-48 and aixterm.</summary>
    Ansi16,

    /// <summary>xterm's palette of 256.</summary>
    Ansi256,

    /// <summary>24 bits: red, green, blue.</summary>
    TrueColor,
}
