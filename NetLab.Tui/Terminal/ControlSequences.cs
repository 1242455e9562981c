namespace NetLab.Tui.Terminal;

/// <summary>What is said to the terminal when the screen is entered and left.</summary>
internal static class ControlSequences
{
    /// <summary>Alternate screen, cleared; cursor hidden; autowrap off; bracketed paste and focus reports on.</summary>
    public static ReadOnlySpan<byte> Enter => "\e[?1049h\e[?25l\e[?7l\e[?2004h\e[?1004h\e[0m\e[2J"u8;

    /// <summary>Buttons and drags, in SGR form.</summary>
    public static ReadOnlySpan<byte> MouseOn => "\e[?1000h\e[?1002h\e[?1006h"u8;

    /// <summary>No reports of the mouse.</summary>
    public static ReadOnlySpan<byte> MouseOff => "\e[?1006l\e[?1002l\e[?1000l"u8;

    /// <summary>Everything undone. It begins with ST, because a frame may have been cut in the middle of a string.</summary>
    public static ReadOnlySpan<byte> Leave =>
        "\e\\\e[?2026l\e[?1006l\e[?1002l\e[?1000l\e[?1004l\e[?2004l\e[0m\e[?7h\e[?25h\e[?1049l"u8;
}
