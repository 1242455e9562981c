using System.Globalization;
using NetLab.Core;

namespace NetLab.Tui.Commands;

/// <summary>Reads a <see cref="StateFilter"/>. <c>or</c> binds weakest, then <c>and</c>, then <c>not</c>.</summary>
internal sealed class StateFilterParser
{
    private readonly List<string> _words = [];
    private readonly INameLookup _names;
    private int _place;
    private string? _mistake;

    private StateFilterParser(string text, INameLookup names)
    {
        _names = names;
        foreach (string word in text.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal)
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            // "!tcp" as libpcap has it, and C's operators.
            if (word is ['!', _, ..])
                _words.AddRange("not", word[1..]);
            else
                _words.Add(word switch { "!" => "not", "&&" => "and", "||" => "or", _ => word });
        }
    }

    /// <summary>Reads a filter.</summary>
    /// <param name="text">The filter; empty for everything.</param>
    /// <param name="names">Finds ports and addresses by their names.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="mistake">A sentence that says what is wrong, when the answer is false.</param>
    public static bool TryParse(string text, INameLookup names, out StateFilter filter, out string mistake)
    {
        var parser = new StateFilterParser(text, names);
        filter = parser._words.Count == 0 ? StateFilter.All : parser.Or();
        if (parser._mistake is null && parser._place < parser._words.Count)
            parser.Refuse($"'{parser._words[parser._place]}' cannot follow '{parser._words[parser._place - 1]}': and, or, or the end");
        mistake = parser._mistake is { } what ? $"In the filter, {what}." : "";
        return parser._mistake is null;
    }

    private string? Peek => _place < _words.Count ? _words[_place] : null;

    private StateFilter Or()
    {
        var left = And();
        while (_mistake is null && Take("or"))
            left = new StateFilter.One(left, And());
        return left;
    }

    private StateFilter And()
    {
        var left = Not();
        while (_mistake is null && Take("and"))
            left = new StateFilter.Both(left, Not());
        return left;
    }

    private StateFilter Not()
    {
        if (Take("not"))
            return new StateFilter.Not(Not());
        if (!Take("("))
            return Primitive();
        var inner = Or();
        if (!Take(")"))
            Refuse("a ) is missing");
        return inner;
    }

    private StateFilter Primitive()
    {
        var sides = Take("local") || Take("src") ? StateFilter.Sides.Local : Take("remote") || Take("dst") ? StateFilter.Sides.Remote : StateFilter.Sides.Any;
        bool isSided = sides != StateFilter.Sides.Any;
        switch (Peek)
        {
            case null:
                return Refuse(_place == 0 ? "there is nothing" : $"something is missing after '{_words[_place - 1]}'");
            case "port":
                return Argument("8000") is { } ports ? At(sides, null, ports) : StateFilter.All;
            case "host":
                return Argument("127.0.0.1") is { } host ? At(sides, host, null) : StateFilter.All;
            case "pid" when !isSided:
                if (Argument("4711") is not { } number)
                    return StateFilter.All;
                return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? new StateFilter.OfProcess(id) : Refuse($"'{number}' is no process id");
            case "process" when !isSided:
                return Argument("python3") is { } name ? new StateFilter.Named(name) : StateFilter.All;
            case "state" when !isSided:
                if (Argument("TIME_WAIT") is not { } word)
                    return StateFilter.All;
                return StateWords.TryParse(word, out var state) ? new StateFilter.Through(state) : Refuse($"'{word}' is no state: {StateWords.All}");
            default:
                return EndpointOrMistake(sides, _words[_place++]);
        }
    }

    // ":8000", "8000", "127.0.0.1", "127.0.0.1:8000", "[::1]:8000", "::1"; a state's name alone is that state.
    private StateFilter EndpointOrMistake(StateFilter.Sides sides, string word)
    {
        if (word[0] == ':' && word is not [':', ':', ..])
            return At(sides, null, word[1..]);
        if (word.All(c => char.IsAsciiDigit(c) || c is '-' or ','))
            return At(sides, null, word);
        if (IpAddress.TryParse(word, out _))
            return At(sides, word, null);
        int colon = word.LastIndexOf(':');
        if (colon > 0 && (word[0] == '[' ? word[colon - 1] == ']' : word.IndexOf(':') == colon))
            return At(sides, word[0] == '[' ? word[1..(colon - 1)] : word[..colon], word[(colon + 1)..]);
        if (sides == StateFilter.Sides.Any && StateWords.TryParse(word, out var state))
            return new StateFilter.Through(state);
        return Refuse($"'{word}' is not known here: port N, host A, A:N, :N, pid N, process NAME, state NAME, with and, or, not, local, remote");
    }

    private StateFilter At(StateFilter.Sides sides, string? host, string? ports)
    {
        PortSet? set = null;
        if (ports is not null && !PortSet.TryParse(ports, _names.Port, out set, out string wrong))
            return Refuse(wrong);
        var hosts = host is null ? null : _names.Addresses(host);
        return hosts is { Length: 0 } ? Refuse($"no address is known for the host '{host}'") : new StateFilter.At(sides, hosts, set);
    }

    private string? Argument(string example)
    {
        string word = _words[_place++];
        if (Peek is not { } argument || argument is ")" or "and" or "or")
        {
            Refuse($"after '{word}' something like {example} is missing");
            return null;
        }

        _place++;
        return argument;
    }

    private bool Take(string word)
    {
        if (Peek != word)
            return false;
        _place++;
        return true;
    }

    private StateFilter Refuse(string what)
    {
        _mistake ??= what;
        return StateFilter.All;
    }
}
