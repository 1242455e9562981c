using System.Globalization;
using System.Text;

namespace NetLab.Core.Peers;

/// <summary>Text that stands for bytes: UTF-8, with \r, \n, \t, \0, \\ and \xHH for bytes that cannot be typed.</summary>
public static class PeerText
{
    /// <summary>The bytes of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="mistake">What is wrong, when the answer is false: a sentence.</param>
    public static bool TryRead(string text, out byte[] bytes, out string mistake)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var result = new MemoryStream(text.Length);
        (bytes, mistake) = ([], "");
        for (int index = 0; index < text.Length;)
        {
            if (text[index] != '\\')
            {
                int end = text.IndexOf('\\', index) is >= 0 and var next ? next : text.Length;
                result.Write(Encoding.UTF8.GetBytes(text[index..end]));
                index = end;
                continue;
            }

            if (!TryEscape(text.AsSpan(index), out byte value, out int length))
            {
                mistake = $"'{text[index..Math.Min(text.Length, index + 4)]}' means nothing: \\r, \\n, \\t, \\0, \\\\ and \\xHH do.";
                return false;
            }

            result.WriteByte(value);
            index += length;
        }

        bytes = result.ToArray();
        return true;
    }

    private static bool TryEscape(ReadOnlySpan<char> text, out byte value, out int length)
    {
        (value, length) = (0, 2);
        switch (text.Length < 2 ? '\0' : text[1])
        {
            case 'r': value = (byte)'\r'; return true;
            case 'n': value = (byte)'\n'; return true;
            case 't': value = (byte)'\t'; return true;
            case '0': return true;
            case '\\': value = (byte)'\\'; return true;
            case 'x' when text.Length >= 4:
                length = 4;
                return byte.TryParse(text[2..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
            default: return false;
        }
    }
}
