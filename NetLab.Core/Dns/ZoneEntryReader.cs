using System.Text;

namespace NetLab.Core.Dns;

/// <summary>One entry of a zone file: a record or a directive, perhaps over several lines in parentheses.</summary>
/// <param name="Line">The line it begins on, from 1.</param>
/// <param name="IsIndented">Whether it begins with a blank, so that it has the owner of the record before it.</param>
/// <param name="Tokens">Its words.</param>
public sealed record ZoneEntry(int Line, bool IsIndented, IReadOnlyList<DnsToken> Tokens);

/// <summary>Splits the text of a zone file into entries (RFC 1035 section 5.1): quotes, parentheses, comments behind a semicolon.</summary>
/// <param name="text">The file, each of its octets one character.</param>
public sealed class ZoneEntryReader(string text)
{
    private int _at;
    private int _line = 1;
    private int _lineStart;

    /// <summary>The line where reading stands, from 1.</summary>
    public int Line => _line;

    /// <summary>The column where reading stands, from 1.</summary>
    public int Column => _at - _lineStart + 1;

    /// <summary>Reads the next entry that is not empty; false at the end.</summary>
    /// <exception cref="DnsTextException">A quote or a parenthesis is not closed, or closed twice.</exception>
    public bool TryRead(out ZoneEntry entry)
    {
        var tokens = new List<DnsToken>();
        int line = _line, depth = 0;
        bool indented = false, begins = true;
        while (_at < text.Length)
        {
            char c = text[_at];
            switch (c)
            {
                case '\n':
                    _lineStart = ++_at;
                    _line++;
                    if (depth > 0)
                        break;
                    if (tokens.Count > 0)
                    {
                        entry = new ZoneEntry(line, indented, tokens);
                        return true;
                    }

                    line = _line;
                    indented = false;
                    begins = true;
                    continue;
                case ' ' or '\t' or '\r':
                    indented |= begins;
                    _at++;
                    break;
                case ';':
                    int end = text.IndexOf('\n', _at);
                    _at = end < 0 ? text.Length : end;
                    break;
                case '(':
                    depth++;
                    _at++;
                    break;
                case ')':
                    if (--depth < 0)
                        throw new DnsTextException("a parenthesis is closed that was not opened");
                    _at++;
                    break;
                case '"':
                    tokens.Add(Quoted());
                    break;
                default:
                    tokens.Add(Word());
                    break;
            }

            begins = false;
        }

        if (depth > 0)
            throw new DnsTextException("a parenthesis is not closed");
        entry = new ZoneEntry(line, indented, tokens);
        return tokens.Count > 0;
    }

    private DnsToken Quoted()
    {
        int column = Column, start = ++_at;
        for (; _at < text.Length && text[_at] != '"'; _at++)
        {
            if (text[_at] == '\\' && _at + 1 < text.Length)
                _at++;
            if (text[_at] == '\n')
                throw new DnsTextException("a quote is not closed on its line");
        }

        if (_at >= text.Length)
            throw new DnsTextException("a quote is not closed");
        return new DnsToken(text[start.._at++], true, _line, column);
    }

    // A word may hold a quoted part, as in alpn="h2,h3": its quotes go, what stands in them stays.
    private DnsToken Word()
    {
        var word = new StringBuilder();
        int column = Column;
        while (_at < text.Length && text[_at] is not (' ' or '\t' or '\r' or '\n' or ';' or '(' or ')'))
        {
            if (text[_at] == '"')
            {
                word.Append(Quoted().Text);
                continue;
            }

            if (text[_at] == '\\' && _at + 1 < text.Length && text[_at + 1] != '\n')
                word.Append(text[_at++]);
            word.Append(text[_at++]);
        }

        return new DnsToken(word.ToString(), false, _line, column);
    }
}
