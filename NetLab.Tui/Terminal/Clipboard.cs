using System.Text;

namespace NetLab.Tui.Terminal;

/// <summary>Copies through the terminal (OSC 52), so that it works over SSH.</summary>
public static class Clipboard
{
    /// <summary>The most bytes of UTF-8 that are copied: xterm takes 74,994 bytes of base64.</summary>
    public const int LongestText = 56_244;

    /// <summary>The bytes that ask the terminal to copy; pass them to <see cref="TerminalSession.Write"/>.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="between">What stands between us and the terminal.</param>
    /// <returns>The bytes, or null if the text is longer than <see cref="LongestText"/>.</returns>
    public static byte[]? Encode(string text, Multiplexer between)
    {
        if (Encoding.UTF8.GetByteCount(text) > LongestText) return null;
        string request = $"\e]52;c;{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}\a";
        return Encoding.ASCII.GetBytes(between switch
        {
            // tmux takes the bare form with set-clipboard on, and passes the wrapped one with allow-passthrough on.
            Multiplexer.Tmux => request + "\ePtmux;\e" + request + "\e\\",
            Multiplexer.Screen => "\eP" + request + "\e\\",
            _ => request,
        });
    }
}
