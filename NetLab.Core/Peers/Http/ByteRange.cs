using System.Globalization;

namespace NetLab.Core.Peers;

/// <summary>What of a file a request asks for.</summary>
/// <param name="Kind">Whether it asks for a part.</param>
/// <param name="Start">The part's first byte.</param>
/// <param name="Length">How many bytes.</param>
internal readonly record struct ByteRange(ByteRangeKind Kind, long Start, long Length)
{
    /// <summary>Reads a Range header (RFC 9110 section 14.2). What is no single range of bytes asks for the whole: a server may ignore it.</summary>
    /// <param name="header">"bytes=0-499", "bytes=500-", "bytes=-500".</param>
    /// <param name="size">The file's size in bytes.</param>
    public static ByteRange Parse(ReadOnlySpan<char> header, long size)
    {
        var whole = new ByteRange(ByteRangeKind.Whole, 0, size);
        if (!header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
            return whole;
        var text = header["bytes=".Length..].Trim();
        int dash = text.IndexOf('-');
        if (dash < 0 || text.Contains(','))
            return whole;
        var from = text[..dash];
        var to = text[(dash + 1)..];
        if (from.IsEmpty)
        {
            if (!TryNumber(to, out long suffix))
                return whole;
            suffix = Math.Min(suffix, size);
            return suffix == 0 ? new ByteRange(ByteRangeKind.Unsatisfiable, 0, 0) : new ByteRange(ByteRangeKind.Part, size - suffix, suffix);
        }

        long last = long.MaxValue;
        if (!TryNumber(from, out long first) || (!to.IsEmpty && !TryNumber(to, out last)) || last < first)
            return whole;
        return first >= size
            ? new ByteRange(ByteRangeKind.Unsatisfiable, 0, 0)
            : new ByteRange(ByteRangeKind.Part, first, Math.Min(last, size - 1) - first + 1);
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>Whether a request asks for a part.</summary>
internal enum ByteRangeKind
{
    /// <summary>For everything.</summary>
    Whole,

    /// <summary>For a part: 206.</summary>
    Part,

    /// <summary>For what the file does not have: 416.</summary>
    Unsatisfiable,
}
