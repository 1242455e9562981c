using System.Globalization;

namespace NetLab.Core.Dns;

/// <summary>One word of a zone file.</summary>
/// <param name="Text">The word with its escapes, without its quotes.</param>
/// <param name="IsQuoted">Whether it stood in quotes.</param>
/// <param name="Line">The line it stands on, from 1.</param>
/// <param name="Column">The column it begins at, from 1.</param>
public readonly record struct DnsToken(string Text, bool IsQuoted, int Line = 1, int Column = 1);

/// <summary>The words of one record's data, read one after another.</summary>
/// <param name="tokens">The words.</param>
/// <param name="start">Which comes first.</param>
/// <param name="origin">What relative names are relative to.</param>
public sealed class DnsTokens(IReadOnlyList<DnsToken> tokens, int start, DnsName origin)
{
    private int _next = start;

    /// <summary>What relative names are relative to.</summary>
    public DnsName Origin => origin;

    /// <summary>Whether every word has been read.</summary>
    public bool IsAtEnd => _next >= tokens.Count;

    /// <summary>The next word without reading it; empty at the end.</summary>
    public DnsToken Peek => IsAtEnd ? new DnsToken("", false) : tokens[_next];

    /// <summary>The word that was read last; the first before one was read.</summary>
    public DnsToken Last => tokens.Count == 0 ? default : tokens[Math.Clamp(_next - 1, 0, tokens.Count - 1)];

    /// <summary>Reads the next word.</summary>
    /// <exception cref="DnsTextException">There is none.</exception>
    public DnsToken Next(string what) => IsAtEnd ? throw new DnsTextException($"the {what} is missing") : tokens[_next++];

    /// <summary>Reads an unsigned number.</summary>
    /// <exception cref="DnsTextException">The word is none, or greater than <paramref name="most"/>.</exception>
    public uint Number(string what, uint most)
    {
        string word = Next(what).Text;
        return uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number <= most
            ? number
            : throw new DnsTextException($"the {what} {DnsText.Shown(word)} is no number from 0 to {most}");
    }

    /// <summary>All words that are left, without what separates them: how hexadecimal and base64 data may be written.</summary>
    public string Rest(string what)
    {
        string text = Next(what).Text;
        while (!IsAtEnd)
            text += Next(what).Text;
        return text;
    }

    /// <summary>Splits one line into its words.</summary>
    public static DnsTokens Split(string text, DnsName? origin = null)
    {
        var reader = new ZoneEntryReader(text);
        return reader.TryRead(out var entry) ? new DnsTokens(entry.Tokens, 0, origin ?? DnsName.Root) : new DnsTokens([], 0, origin ?? DnsName.Root);
    }
}
