using System.Text;

namespace NetLab.Tui.Terminal;

/// <summary>Something that the terminal, the keyboard, the mouse or a signal has told.</summary>
public abstract record TerminalEvent;

/// <summary>A key was pressed.</summary>
/// <param name="Key">Which one; <see cref="Key.Character"/> for everything that types something.</param>
/// <param name="Rune">The character where <paramref name="Key"/> is <see cref="Key.Character"/>, else NUL. With Ctrl, the lower-case letter.</param>
/// <param name="Modifiers">What was held down. Shift is not told for characters: the character itself shows it.</param>
public sealed record KeyEvent(Key Key, Rune Rune, Modifiers Modifiers) : TerminalEvent
{
    /// <summary>A character key.</summary>
    /// <param name="character">What it types.</param>
    /// <param name="modifiers">What was held down.</param>
    /// <returns>The event.</returns>
    public static KeyEvent Of(char character, Modifiers modifiers = Modifiers.None) => new(Key.Character, new Rune(character), modifiers);

    /// <summary>A key that types nothing.</summary>
    /// <param name="key">Which one.</param>
    /// <param name="modifiers">What was held down.</param>
    /// <returns>The event.</returns>
    public static KeyEvent Of(Key key, Modifiers modifiers = Modifiers.None) => new(key, default, modifiers);

    /// <summary>Whether this is that character, with just these modifiers.</summary>
    /// <param name="character">What it types.</param>
    /// <param name="modifiers">What must have been held down.</param>
    /// <returns>True if so.</returns>
    public bool Is(char character, Modifiers modifiers = Modifiers.None) =>
        Key == Key.Character && Rune.Value == character && Modifiers == modifiers;

    /// <summary>The key as help texts name it: <c>Ctrl+c</c>, <c>Shift+Tab</c>, <c>F5</c>, <c>Space</c>.</summary>
    /// <returns>The name.</returns>
    public override string ToString()
    {
        string name = Key != Key.Character ? Key.ToString() : Rune.Value == ' ' ? "Space" : Rune.ToString();
        if (Modifiers.HasFlag(Modifiers.Shift)) name = "Shift+" + name;
        if (Modifiers.HasFlag(Modifiers.Alt)) name = "Alt+" + name;
        return Modifiers.HasFlag(Modifiers.Control) ? "Ctrl+" + name : name;
    }
}

/// <summary>The mouse did something.</summary>
/// <param name="Action">What.</param>
/// <param name="Button">With which button; <see cref="MouseButton.None"/> for the wheel.</param>
/// <param name="Column">The cell, counted from 0 at the left.</param>
/// <param name="Row">The cell, counted from 0 at the top.</param>
/// <param name="Modifiers">What was held down.</param>
public sealed record MouseEvent(MouseAction Action, MouseButton Button, int Column, int Row, Modifiers Modifiers) : TerminalEvent;

/// <summary>Text was pasted. It is data of unknown origin: it may hold control characters, and newlines are line feeds.</summary>
/// <param name="Text">The text, at most <see cref="KeyDecoder.LongestPaste"/> bytes of it.</param>
/// <param name="DroppedBytes">How many bytes more there were.</param>
public sealed record PasteEvent(string Text, long DroppedBytes) : TerminalEvent;

/// <summary>The terminal's window gained or lost the keyboard.</summary>
/// <param name="HasFocus">True if it gained it.</param>
public sealed record FocusEvent(bool HasFocus) : TerminalEvent;

/// <summary>The terminal has another size.</summary>
/// <param name="Size">The new one.</param>
public sealed record ResizeEvent(TerminalSize Size) : TerminalEvent;

/// <summary>The screen was left and entered again (Ctrl+Z and fg): what stood on it is gone, draw it whole.</summary>
/// <param name="Size">The size, which may have changed meanwhile.</param>
public sealed record RepaintEvent(TerminalSize Size) : TerminalEvent;

/// <summary>Another thread called <see cref="TerminalInput.Wake"/>.</summary>
public sealed record WakeEvent : TerminalEvent
{
    /// <summary>The only one.</summary>
    public static WakeEvent Instance { get; } = new();
}

/// <summary>
/// A signal or a hang-up asks the program to end. The terminal is already as it was; tidy up the rest, then return
/// <paramref name="ExitCode"/> from Main.
/// </summary>
/// <param name="ExitCode">128 and the signal's number; 129 (SIGHUP) for a terminal that is gone.</param>
public sealed record EndEvent(int ExitCode) : TerminalEvent;

/// <summary>Keys, by what they are for.</summary>
public enum Key
{
    /// <summary>A key that types the event's character.</summary>
    Character,

    /// <summary>Return.</summary>
    Enter,

    /// <summary>Tab.</summary>
    Tab,

    /// <summary>Backspace.</summary>
    Backspace,

    /// <summary>Escape, alone.</summary>
    Escape,

    /// <summary>Arrow up.</summary>
    Up,

    /// <summary>Arrow down.</summary>
    Down,

    /// <summary>Arrow right.</summary>
    Right,

    /// <summary>Arrow left.</summary>
    Left,

    /// <summary>Home.</summary>
    Home,

    /// <summary>End.</summary>
    End,

    /// <summary>Page up.</summary>
    PageUp,

    /// <summary>Page down.</summary>
    PageDown,

    /// <summary>Insert.</summary>
    Insert,

    /// <summary>Delete.</summary>
    Delete,

    /// <summary>Function key 1; the others follow in order.</summary>
    F1,

    /// <summary>Function key 2.</summary>
    F2,

    /// <summary>Function key 3.</summary>
    F3,

    /// <summary>Function key 4.</summary>
    F4,

    /// <summary>Function key 5.</summary>
    F5,

    /// <summary>Function key 6.</summary>
    F6,

    /// <summary>Function key 7.</summary>
    F7,

    /// <summary>Function key 8.</summary>
    F8,

    /// <summary>Function key 9.</summary>
    F9,

    /// <summary>Function key 10.</summary>
    F10,

    /// <summary>Function key 11.</summary>
    F11,

    /// <summary>Function key 12.</summary>
    F12,
}

/// <summary>Keys held down with another, in the bits of xterm's modifier parameter less one.</summary>
[Flags]
public enum Modifiers
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Shift.</summary>
    Shift = 1,

    /// <summary>Alt (Meta).</summary>
    Alt = 2,

    /// <summary>Ctrl.</summary>
    Control = 4,
}

/// <summary>What the mouse did.</summary>
public enum MouseAction
{
    /// <summary>A button went down.</summary>
    Press,

    /// <summary>A button came up.</summary>
    Release,

    /// <summary>The mouse moved with a button down.</summary>
    Drag,

    /// <summary>The mouse moved with no button down.</summary>
    Move,

    /// <summary>One notch of the wheel, away from the user.</summary>
    WheelUp,

    /// <summary>One notch of the wheel, toward the user.</summary>
    WheelDown,

    /// <summary>One notch to the left.</summary>
    WheelLeft,

    /// <summary>One notch to the right.</summary>
    WheelRight,
}

/// <summary>Buttons of the mouse.</summary>
public enum MouseButton
{
    /// <summary>None.</summary>
    None,

    /// <summary>Left.</summary>
    Left,

    /// <summary>Middle.</summary>
    Middle,

    /// <summary>Right.</summary>
    Right,
}

/// <summary>The size of the terminal in character cells.</summary>
/// <param name="Columns">Cells in a row.</param>
/// <param name="Rows">Rows.</param>
public readonly record struct TerminalSize(int Columns, int Rows);
