using System.Globalization;
using System.Text;

namespace NetLab.Core.Http;

/// <summary>Percent-encoding (RFC 3986 section 2): bytes of UTF-8 as %XX.</summary>
public static class PercentEncoding
{
    private const string Unreserved = "-._~", Delimiters = "!$&'()*+,;=";

    /// <summary>What may go over the network as it is; all else becomes %XX. What is encoded already stays; a '%' that encodes nothing becomes %25.</summary>
    /// <param name="text">The text.</param>
    /// <param name="also">Characters that are allowed besides those that every piece allows.</param>
    public static string Encode(string text, string also)
    {
        var sent = new StringBuilder(text.Length + 8);
        Span<byte> bytes = stackalloc byte[4];
        int at = 0;
        while (at < text.Length)
        {
            char one = text[at];
            if (char.IsAsciiLetterOrDigit(one) || Unreserved.Contains(one) || Delimiters.Contains(one) || also.Contains(one) || (one == '%' && IsTriplet(text, at)))
            {
                sent.Append(one);
                at++;
                continue;
            }

            // Half a surrogate pair becomes U+FFFD.
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out int length);
            foreach (byte octet in bytes[..rune.EncodeToUtf8(bytes)])
                sent.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            at += length;
        }

        return sent.ToString();
    }

    /// <summary>What is meant by a text that was encoded; bytes that are no UTF-8 become U+FFFD.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%'))
            return text;
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = 0, at = 0;
        while (at < text.Length)
        {
            if (text[at] == '%' && IsTriplet(text, at))
            {
                bytes[length++] = byte.Parse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                at += 3;
                continue;
            }

            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out int taken);
            length += rune.EncodeToUtf8(bytes.AsSpan(length));
            at += taken;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static bool IsTriplet(string text, int at) => at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]);
}
