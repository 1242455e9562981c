using System.Text;

namespace NetLab.Tui.Terminal;

/// <summary>Which key or mouse report a finished sequence stands for: xterm's, the Linux console's and rxvt's common ground.</summary>
internal static class KeyNames
{
    /// <summary>A control byte, 0x00–0x1F or 0x7F.</summary>
    public static KeyEvent OfControl(byte value, Modifiers held) => value switch
    {
        0x00 => KeyEvent.Of(' ', held | Modifiers.Control),
        0x08 or 0x7f => KeyEvent.Of(Key.Backspace, held),
        0x09 => KeyEvent.Of(Key.Tab, held),
        0x0a or 0x0d => KeyEvent.Of(Key.Enter, held),
        <= 0x1a => KeyEvent.Of((char)(value + 0x60), held | Modifiers.Control),
        _ => KeyEvent.Of((char)(value + 0x40), held | Modifiers.Control),
    };

    /// <summary>ESC O: the keypad's and the cursor keys' application mode.</summary>
    public static KeyEvent? OfSs3(ReadOnlySpan<byte> parameters, byte final)
    {
        Span<int> numbers = stackalloc int[4];
        int count = Parse(parameters, numbers, out bool hasPrefix);
        if (hasPrefix) return null;
        Modifiers held = ModifiersOf(count == 0 ? 1 : numbers[count - 1]);
        return final switch
        {
            (byte)'M' => KeyEvent.Of(Key.Enter, held),
            (byte)'I' => KeyEvent.Of(Key.Tab, held),
            >= (byte)'j' and <= (byte)'y' => KeyEvent.Of((char)(final - 0x40), held), // the keypad's * + , - . / 0 to 9
            _ => OfLetter(final) is { } key ? KeyEvent.Of(key, held) : null,
        };
    }

    /// <summary>ESC [: everything else.</summary>
    public static TerminalEvent? OfCsi(ReadOnlySpan<byte> parameters, byte final)
    {
        Span<int> numbers = stackalloc int[4];
        if (parameters is [(byte)'<', .. var report])
        {
            return final is (byte)'M' or (byte)'m' && Parse(report, numbers, out bool odd) == 3 && !odd
                ? OfMouse(numbers[0], numbers[1], numbers[2], final) : null;
        }

        int count = Parse(parameters, numbers, out bool hasPrefix);
        if (hasPrefix) return null;
        int first = count > 0 ? numbers[0] : 1;
        Modifiers held = ModifiersOf(count > 1 ? numbers[1] : 1);
        switch (final)
        {
            case (byte)'I' when count == 0:
                return new FocusEvent(HasFocus: true);
            case (byte)'O' when count == 0:
                return new FocusEvent(HasFocus: false);
            case (byte)'Z':
                return KeyEvent.Of(Key.Tab, held | Modifiers.Shift);
            case (byte)'u' when count > 0: // CSI code ; modifiers u
                return OfCode(first, held);
            case (byte)'~' when first == 27 && count == 3: // modifyOtherKeys: CSI 27 ; modifiers ; code ~
                return OfCode(numbers[2], held);
            case (byte)'~':
                return OfNumber(first) is { } numbered ? KeyEvent.Of(numbered, held) : null;
            default:
                // A cursor report (CSI row ; column R) is no F3.
                return first == 1 && OfLetter(final) is { } key ? KeyEvent.Of(key, held) : null;
        }
    }

    private static Key? OfLetter(byte letter) => letter switch
    {
        (byte)'A' => Key.Up,
        (byte)'B' => Key.Down,
        (byte)'C' => Key.Right,
        (byte)'D' => Key.Left,
        (byte)'F' => Key.End,
        (byte)'H' => Key.Home,
        >= (byte)'P' and <= (byte)'S' => Key.F1 + (letter - 'P'),
        _ => null,
    };

    private static Key? OfNumber(int number) => number switch
    {
        1 or 7 => Key.Home,
        2 => Key.Insert,
        3 => Key.Delete,
        4 or 8 => Key.End,
        5 => Key.PageUp,
        6 => Key.PageDown,
        >= 11 and <= 15 => Key.F1 + (number - 11),
        >= 17 and <= 21 => Key.F6 + (number - 17),
        23 or 24 => Key.F11 + (number - 23),
        _ => null,
    };

    private static KeyEvent? OfCode(int code, Modifiers held)
    {
        if (code is < 0x20 and not (8 or 9 or 10 or 13 or 27) || !Rune.TryCreate(code, out Rune rune)) return null;
        switch (code)
        {
            case 27:
                return KeyEvent.Of(Key.Escape, held);
            case < 0x20 or 0x7f:
                return OfControl((byte)code, held);
            case >= 0x80 and < 0xa0 or >= 0xe000 and <= 0xf8ff:
                return null; // C1 controls, and the private codes of keys that type nothing
        }

        if (held.HasFlag(Modifiers.Control)) rune = Rune.ToLowerInvariant(rune);
        else if (held.HasFlag(Modifiers.Shift)) rune = Rune.ToUpperInvariant(rune);
        return new KeyEvent(Key.Character, rune, held & ~Modifiers.Shift);
    }

    // xterm's "Extended coordinates" (1006): bits 0–1 the button, 2–4 the modifiers, 5 motion, 6 the wheel.
    private static MouseEvent? OfMouse(int code, int column, int row, byte final)
    {
        if (column < 1 || row < 1 || code >= 128) return null;
        Modifiers held = (Modifiers)((code >> 2) & 7);
        MouseButton button = (MouseButton)(((code & 3) + 1) % 4);
        if ((code & 64) != 0)
        {
            return final == 'm' ? null : new MouseEvent(MouseAction.WheelUp + (code & 3), MouseButton.None, column - 1, row - 1, held);
        }

        MouseAction action = (code & 32) != 0 ? (button == MouseButton.None ? MouseAction.Move : MouseAction.Drag)
            : final == 'm' ? MouseAction.Release : MouseAction.Press;
        return new MouseEvent(action, button, column - 1, row - 1, held);
    }

    private static Modifiers ModifiersOf(int parameter) => (Modifiers)((parameter - 1) & 7);

    // Numbers divided by ';'. What follows a ':' refines a number and is passed over. An absent number is 1, as for keys.
    private static int Parse(ReadOnlySpan<byte> parameters, Span<int> numbers, out bool hasPrefix)
    {
        hasPrefix = false;
        if (parameters.IsEmpty) return 0;
        int count = 0;
        foreach (Range range in parameters.Split((byte)';'))
        {
            if (count == numbers.Length) return count;
            int number = 0;
            bool refined = false, any = false;
            foreach (byte value in parameters[range])
            {
                if (value == ':') refined = true;
                else if (value is < (byte)'0' or > (byte)'9') hasPrefix = true;
                else if (!refined) (number, any) = (Math.Min(number * 10 + (value - '0'), 0xffffff), true);
            }

            numbers[count++] = any ? number : 1;
        }

        return count;
    }
}
