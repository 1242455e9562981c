using System.Text;

namespace NetLab.Core.Dns;

/// <summary>A text that is not what a zone file may say.</summary>
/// <param name="message">What is wrong, a clause without its full stop.</param>
public sealed class DnsTextException(string message) : FormatException(message);

/// <summary>How zone files write octets (RFC 1035 section 5.1): printable ASCII as it is, the rest as <c>\DDD</c>.</summary>
internal static class DnsText
{
    /// <summary>Reads one octet of the text, escaped or not, and goes past it.</summary>
    public static byte Octet(ReadOnlySpan<char> text, ref int at)
    {
        char c = text[at++];
        if (c > 255)
            throw new DnsTextException($"the character U+{(int)c:X4} is no octet");
        if (c != '\\')
            return (byte)c;
        if (at >= text.Length)
            throw new DnsTextException("a backslash ends the text");
        if (!char.IsAsciiDigit(text[at]))
            return text[at] <= 255 ? (byte)text[at++] : throw new DnsTextException($"the character U+{(int)text[at]:X4} is no octet");
        if (at + 3 > text.Length || !byte.TryParse(text.Slice(at, 3), System.Globalization.NumberStyles.None, null, out byte octet))
            throw new DnsTextException("after a backslash stand three digits of at most 255, or one other character");
        at += 3;
        return octet;
    }

    /// <summary>All octets of the text.</summary>
    public static byte[] Octets(ReadOnlySpan<char> text)
    {
        byte[] octets = new byte[text.Length];
        int length = 0;
        for (int at = 0; at < text.Length;)
            octets[length++] = Octet(text, ref at);
        return octets[..length];
    }

    /// <summary>Writes one octet so that <see cref="Octet"/> reads it again.</summary>
    public static void AppendOctet(StringBuilder text, byte octet, string special)
    {
        if (octet == ' ' && special.Contains(' ', StringComparison.Ordinal) || octet is < 0x20 or >= 0x7F)
            text.Append('\\').Append((char)('0' + octet / 100)).Append((char)('0' + octet / 10 % 10)).Append((char)('0' + octet % 10));
        else if (special.Contains((char)octet, StringComparison.Ordinal))
            text.Append('\\').Append((char)octet);
        else
            text.Append((char)octet);
    }

    /// <summary>Writes a text in quotes.</summary>
    public static void AppendQuoted(StringBuilder text, ReadOnlySpan<byte> octets)
    {
        text.Append('"');
        foreach (byte octet in octets)
            AppendOctet(text, octet, "\"\\");
        text.Append('"');
    }

    /// <summary>A word of the user's or of a file, for a message: at most 60 characters, none of them a control character.</summary>
    public static string Shown(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder();
        foreach (char c in text.Length > 60 ? text[..60] : text)
        {
            if (char.IsControl(c))
                shown.Append($"\\{(int)c:D3}");
            else
                shown.Append(c);
        }

        return shown.ToString();
    }
}
