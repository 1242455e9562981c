using System.Text;

namespace NetLab.Tui.Rendering;

/// <summary>The visible text that stands for a character which must not reach a terminal: \t, ␛ (\x1b in ASCII), \x9b, \u202e.</summary>
public static class VisibleText
{
    /// <summary>No form is longer: \U0010ffff.</summary>
    public const int MaximumLength = 10;

    /// <summary>Columns (and characters) of the form.</summary>
    public static int Width(Rune rune, CharacterSet characters)
    {
        Span<char> form = stackalloc char[MaximumLength];
        return Format(rune, characters, form);
    }

    /// <summary>Writes the form, each character one column wide, and returns its length.</summary>
    public static int Format(Rune rune, CharacterSet characters, Span<char> into)
    {
        var value = rune.Value;
        var letter = value switch { '\t' => 't', '\n' => 'n', '\r' => 'r', _ => '\0' };
        if (letter != '\0')
        {
            (into[0], into[1]) = ('\\', letter);
            return 2;
        }

        if (characters == CharacterSet.Unicode && (value is < 0x20 or 0x7F))
        {
            into[0] = value == 0x7F ? '\u2421' : (char)(0x2400 + value);
            return 1;
        }

        var (mark, digits) = value < 0xA0 ? ('x', 2) : value < 0x10000 ? ('u', 4) : ('U', 8);
        (into[0], into[1]) = ('\\', mark);
        for (var i = digits - 1; i >= 0; i--, value >>= 4) into[2 + i] = "0123456789abcdef"[value & 15];
        return digits + 2;
    }

    /// <summary>Writes the form of a byte that is no UTF-8: \xff.</summary>
    public static int Format(byte invalid, Span<char> into)
    {
        into[0] = '\\';
        into[1] = 'x';
        into[2] = "0123456789abcdef"[invalid >> 4];
        into[3] = "0123456789abcdef"[invalid & 15];
        return 4;
    }
}
