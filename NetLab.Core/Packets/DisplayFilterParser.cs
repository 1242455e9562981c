using System.Text;

namespace NetLab.Core.Packets;

/// <summary>Reads a display filter by recursive descent; the first mistake ends it.</summary>
internal sealed class DisplayFilterParser(string text)
{
    /// <summary>How deep parentheses and negations may nest.</summary>
    private const int MaxDepth = 64;

    private int _at;
    private int _depth;

    public DisplayFilterError? Error { get; private set; }

    /// <summary>The fields that the filter asks for.</summary>
    public List<FieldDefinition> Fields { get; } = [];

    public FilterNode? Parse()
    {
        SkipSpace();
        if (_at == text.Length)
            return new EverythingNode();
        var root = Or();
        if (root is null)
            return null;
        SkipSpace();
        return _at == text.Length ? root : Fail(_at, $"'{Rest()}' stands where && or || or the end was expected");
    }

    private FilterNode? Fail(int at, string message)
    {
        Error ??= new DisplayFilterError(at + 1, message);
        return null;
    }

    private string Rest() => text.Length - _at > 20 ? string.Concat(text.AsSpan(_at, 20), "…") : text[_at..];

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
    }

    private bool Take(string sign)
    {
        SkipSpace();
        if (!text.AsSpan(_at).StartsWith(sign, StringComparison.Ordinal))
            return false;
        int end = _at + sign.Length;
        // A word ends where it ends: "order" is not "or".
        if (char.IsLetter(sign[0]) && end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '.' or '_'))
            return false;
        _at = end;
        return true;
    }

    private FilterNode? Or()
    {
        var left = And();
        while (left is not null && (Take("||") || Take("or")))
            left = And() is { } right ? new OrNode(left, right) : null;
        return left;
    }

    private FilterNode? And()
    {
        var left = Not();
        while (left is not null && (Take("&&") || Take("and")))
            left = Not() is { } right ? new AndNode(left, right) : null;
        return left;
    }

    private FilterNode? Not()
    {
        SkipSpace();
        int start = _at;
        if (++_depth > MaxDepth)
            return Fail(start, $"the filter nests deeper than {MaxDepth}");
        FilterNode? node;
        if (!text.AsSpan(_at).StartsWith("!=", StringComparison.Ordinal) && (Take("!") || Take("not")))
            node = Not() is { } inner ? new NotNode(inner) : null;
        else if (Take("("))
            node = Parenthesis(start);
        else
            node = Test();
        _depth--;
        return node;
    }

    private FilterNode? Parenthesis(int start)
    {
        var inner = Or();
        if (inner is null || Take(")"))
            return inner;
        return Fail(start, "this ( has no )");
    }

    private FilterNode? Test()
    {
        SkipSpace();
        int start = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '.' or '_' or '-'))
            _at++;
        string name = text[start.._at];
        if (name.Length == 0)
            return Fail(start, start == text.Length ? "the filter ends where a protocol or field was expected" : $"'{Rest()}' stands where a protocol or field was expected");
        if (!FieldRegistry.TryFind(name, out var found))
            return Fail(start, $"'{name}' is no protocol or field that NetLab knows{Suggestion(name)}");
        var fields = found.ToArray();
        Fields.AddRange(fields);
        return TakeComparison() is { } comparison ? Compare(fields, comparison) : new PresenceNode(fields);
    }

    private static string Suggestion(string name)
    {
        string? near = FieldRegistry.AllNames.FirstOrDefault(known => known.StartsWith(name, StringComparison.Ordinal))
            ?? FieldRegistry.AllNames.FirstOrDefault(known => known.EndsWith("." + name, StringComparison.Ordinal));
        return near is null ? "" : $"; {near} is one";
    }

    private Comparison? TakeComparison()
    {
        if (Take("==") || Take("eq"))
            return Comparison.Equal;
        if (Take("!=") || Take("ne"))
            return Comparison.NotEqual;
        if (Take("<=") || Take("le"))
            return Comparison.LessOrEqual;
        if (Take(">=") || Take("ge"))
            return Comparison.GreaterOrEqual;
        if (Take("<") || Take("lt"))
            return Comparison.Less;
        if (Take(">") || Take("gt"))
            return Comparison.Greater;
        if (Take("contains"))
            return Comparison.Contains;
        return Take("in") ? Comparison.In : null;
    }

    private FilterNode? Compare(FieldDefinition[] fields, Comparison comparison)
    {
        if (fields[0].Kind == FieldKind.None && (comparison != Comparison.Contains || !fields[0].IsPresence))
            return Fail(_at, $"{fields[0].Name} is a protocol: it is present or not, or contains text");
        if (comparison == Comparison.In)
            return Set(fields);
        return Value(fields[0], comparison) is { } value ? new ComparisonNode(fields, comparison, [value]) : null;
    }

    private FilterNode? Set(FieldDefinition[] fields)
    {
        SkipSpace();
        int start = _at;
        if (!Take("{"))
            return Fail(_at, "a set in { } was expected after in");
        var values = new List<FilterValue>();
        while (!Take("}"))
        {
            SkipSpace();
            if (_at == text.Length)
                return Fail(start, "this { has no }");
            if (Value(fields[0], Comparison.In) is not { } value)
                return null;
            values.Add(value);
            Take(",");
        }

        return values.Count > 0 ? new ComparisonNode(fields, Comparison.In, [.. values]) : Fail(start, "the set is empty");
    }

    private FilterValue? Value(FieldDefinition field, Comparison comparison)
    {
        SkipSpace();
        int start = _at;
        string? word = _at < text.Length && text[_at] == '"' ? Quoted() : Bare();
        if (word is null)
            return null;
        if (word.Length == 0 && _at == start)
        {
            Fail(start, $"{FilterValue.Wanted(field.Kind)} was expected here");
            return null;
        }

        if (FilterValue.Read(field.Kind, word, comparison) is { } value)
            return value;
        Fail(start, $"'{word}' is not {FilterValue.Wanted(field.Kind)}, which {field.Name} is compared with");
        return null;
    }

    private string Bare()
    {
        int start = _at;
        while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && text[_at] is not (')' or '}' or ',' or '&' or '|' or '"' or '(' or '{'))
            _at++;
        return text[start.._at];
    }

    private string? Quoted()
    {
        int start = _at++;
        var word = new StringBuilder();
        while (_at < text.Length && text[_at] != '"')
        {
            char character = text[_at++];
            if (character != '\\' || _at == text.Length)
            {
                word.Append(character);
                continue;
            }

            char escaped = text[_at++];
            word.Append(escaped switch { 'n' => '\n', 'r' => '\r', 't' => '\t', '0' => '\0', _ => escaped });
        }

        if (_at == text.Length)
        {
            Fail(start, "this \" has no second one");
            return null;
        }

        _at++;
        return word.ToString();
    }
}
