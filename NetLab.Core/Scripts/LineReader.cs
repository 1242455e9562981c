using System.Text;

namespace NetLab.Core.Scripts;

/// <summary>A word or a quoted text of a line.</summary>
/// <param name="Text">The word, or the text as written with its quotes; "" at the end of the line.</param>
/// <param name="Bytes">What a quoted text stands for; null for a word.</param>
/// <param name="Column">Its column, from 1, in characters.</param>
internal sealed record Token(string Text, byte[]? Bytes, int Column)
{
    public bool IsEnd => Text.Length == 0;

    public bool IsWord => Bytes is null && !IsEnd;

    /// <summary>As an error shows it: printable, and no longer than a line bears.</summary>
    public string Shown => IsEnd ? "the end of the line" : IsWord ? $"'{Printable(Text)}'" : Printable(Text);

    internal static string Printable(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length > 40)
                return shown.Append('…').ToString();
            var category = Rune.GetUnicodeCategory(rune);
            if (category is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator)
                shown.Append($"\\u{rune.Value:x4}");
            else
                shown.Append(rune);
        }

        return shown.ToString();
    }
}

/// <summary>A mistake in the line that is being read; it never leaves the parser.</summary>
internal sealed class LineMistake(int column, string found, string expected) : Exception
{
    public int Column => column;

    public string Found => found;

    public string Expected => expected;

    public static LineMistake At(Token token, string expected) => new(token.Column, token.Shown, expected);
}

/// <summary>Takes a line apart into words and quoted texts.</summary>
internal static class LineReader
{
    public static List<Token> Read(string line, Variables variables)
    {
        var tokens = new List<Token>();
        int at = 0;
        while (true)
        {
            while (at < line.Length && line[at] is ' ' or '\t')
                at++;
            if (at >= line.Length || line[at] == '#')
                break;
            int start = at;
            if (line[at] == '"')
            {
                byte[] bytes = ReadText(line, ref at, variables);
                tokens.Add(new Token(line[start..at], bytes, Column(line, start)));
            }
            else
            {
                tokens.Add(ReadWord(line, ref at, variables));
            }
        }

        tokens.Add(new Token("", null, Column(line, line.AsSpan(0, Math.Min(at, line.Length)).TrimEnd().Length)));
        return tokens;
    }

    // A variable that is the whole word gives what it stands for, be it a text; else it is a part of the word.
    private static Token ReadWord(string line, ref int at, Variables variables)
    {
        int start = at;
        var word = new StringBuilder();
        Token? whole = null;
        while (at < line.Length && line[at] is not (' ' or '\t' or '"'))
        {
            if (Variables.Begins(line, at))
            {
                whole = at == start ? variables.Take(line, ref at) : null;
                word.Append(Variables.Word(whole ?? variables.Take(line, ref at)));
            }
            else
            {
                whole = null;
                word.Append(line[at++]);
            }
        }

        return whole is null ? new Token(word.ToString(), null, Column(line, start)) : whole with { Column = Column(line, start) };
    }

    internal static int Column(string line, int index) => 1 + line.AsSpan(0, index).ToString().EnumerateRunes().Count();

    private static byte[] ReadText(string line, ref int at, Variables variables)
    {
        var bytes = new List<byte>();
        Span<byte> utf8 = stackalloc byte[4];
        int start = at++;
        while (at < line.Length && line[at] != '"')
        {
            if (line[at] == '\\')
            {
                bytes.Add(ReadEscape(line, ref at));
                continue;
            }

            if (Variables.Begins(line, at))
            {
                bytes.AddRange(Variables.Bytes(variables.Take(line, ref at)));
                continue;
            }

            Rune.DecodeFromUtf16(line.AsSpan(at), out var rune, out int used);
            bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
            at += used;
        }

        if (at >= line.Length)
            throw new LineMistake(Column(line, start), "a text without an end", "a closing \"");
        at++;
        return [.. bytes];
    }

    private static byte ReadEscape(string line, ref int at)
    {
        int start = at;
        char kind = at + 1 < line.Length ? line[at + 1] : '\0';
        at += 2;
        switch (kind)
        {
            case 'r': return (byte)'\r';
            case 'n': return (byte)'\n';
            case 't': return (byte)'\t';
            case '"' or '\\' or '$': return (byte)kind;
            case 'x' when at + 2 <= line.Length && byte.TryParse(line.AsSpan(at, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out byte value):
                at += 2;
                return value;
            default:
                throw new LineMistake(Column(line, start), $"'{Token.Printable(line[start..Math.Min(at, line.Length)])}'", "\\r, \\n, \\t, \\\", \\$, \\\\ or \\xNN");
        }
    }
}
