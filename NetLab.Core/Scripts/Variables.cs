using System.Text;

namespace NetLab.Core.Scripts;

/// <summary>What <c>let</c> has named so far. A name stands for its value in every later line: <c>$port</c>, or <c>${port}</c> before a letter.</summary>
internal sealed class Variables
{
    /// <summary>What the line looks like.</summary>
    public const string Form = "let NAME = VALUE";

    private readonly Dictionary<string, Token> _values = [];

    /// <summary>Takes a line that begins with let.</summary>
    public void Define(LineParser line)
    {
        var token = line.Peek;
        string name = (string)line.Read("NAME");
        if (_values.ContainsKey(name))
            throw LineMistake.At(token, "a name that no other variable has");
        if (line.Take() is var sign && sign is not { IsWord: true, Text: "=" })
            throw LineMistake.At(sign, "= and a value");
        var value = line.Take();
        if (value.IsEnd)
            throw LineMistake.At(value, "a word, a number or a text in quotation marks");
        line.End();
        _values.Add(name, value with { Text = Fill(value.Text) });
    }

    /// <summary>Whether a name begins at the place of a $: a letter or a brace follows it.</summary>
    public static bool Begins(string line, int at) => line[at] == '$' && at + 1 < line.Length && (char.IsAsciiLetter(line[at + 1]) || line[at + 1] == '{');

    /// <summary>The value of the name that begins at a $; moves past it.</summary>
    public Token Take(string line, ref int at)
    {
        int start = at++;
        bool braced = line[at] == '{';
        int from = braced ? at + 1 : at;
        int to = from;
        while (to < line.Length && (char.IsAsciiLetterOrDigit(line[to]) || line[to] is '_' or '-'))
            to++;
        at = braced ? to + 1 : to;
        if (braced && (to >= line.Length || line[to] != '}'))
            throw new LineMistake(LineReader.Column(line, start), $"'{Token.Printable(line[start..to])}'", "a name and a closing }");
        return _values.TryGetValue(line[from..to], out var value) ? value
            : throw new LineMistake(LineReader.Column(line, start), $"'{Token.Printable(line[start..at])}'",
                _values.Count == 0 ? $"a variable, but none is named yet ({Form})" : $"a variable named before: {Grammar.Or(_values.Keys.Select(name => "$" + name))}");
    }

    /// <summary>A line with the values in the places of their names, as a person reads it.</summary>
    public string Fill(string line)
    {
        if (!line.Contains('$', StringComparison.Ordinal))
            return line;
        var filled = new StringBuilder();
        bool quoted = false;
        for (int at = 0; at < line.Length;)
        {
            if (quoted && line[at] == '\\' && at + 1 < line.Length)
            {
                filled.Append(line, at, 2);
                at += 2;
            }
            else if (Begins(line, at))
            {
                string text = Take(line, ref at).Text;
                filled.Append(quoted ? text.Trim('"') : text);
            }
            else
            {
                quoted ^= line[at] == '"';
                filled.Append(line[at++]);
            }
        }

        return filled.ToString();
    }

    /// <summary>A value as the bytes of a text.</summary>
    public static byte[] Bytes(Token value) => value.Bytes ?? Encoding.UTF8.GetBytes(value.Text);

    /// <summary>A value as a part of a word.</summary>
    public static string Word(Token value) => value.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes) : value.Text;
}
