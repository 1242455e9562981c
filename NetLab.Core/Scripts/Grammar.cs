namespace NetLab.Core.Scripts;

/// <summary>A part of a verb's grammar: words to choose from, a placeholder, or a group that may be left out.</summary>
/// <param name="Words">The words, of which one stands there; empty for the other kinds.</param>
/// <param name="Placeholder">The placeholder, in capitals; else null.</param>
/// <param name="Optional">The parts that may be left out together; empty for the other kinds.</param>
internal sealed record GrammarPart(string[] Words, string? Placeholder, GrammarPart[] Optional)
{
    /// <summary>What could stand there, for an error's message.</summary>
    public string Shown => Optional.Length > 0 ? Optional[0].Shown : Placeholder is not null ? Grammar.Describe(Placeholder) : Grammar.Or(Words);
}

/// <summary>Reads the grammars of the verb table, "socket inet|inet6|unix stream|dgram [as NAME]".</summary>
internal static class Grammar
{
    public static GrammarPart[] Compile(string grammar)
    {
        var parts = new List<GrammarPart>();
        List<GrammarPart>? group = null;
        foreach (string word in grammar.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            if (word[0] == '[')
                group = [];
            string bare = word.Trim('[', ']');
            var part = char.IsAsciiLetterUpper(bare[0]) ? new GrammarPart([], bare, []) : new GrammarPart(bare.Split('|'), null, []);
            (group ?? parts).Add(part);
            if (word[^1] != ']' || group is null)
                continue;
            parts.Add(new GrammarPart([], null, [.. group]));
            group = null;
        }

        return [.. parts];
    }

    /// <summary>What a placeholder stands for.</summary>
    public static string Describe(string placeholder) => placeholder switch
    {
        "NAME" => "a name (letters, digits, _ and -)",
        "SOCKET" => "the name of a socket",
        "ADDRESS" => "an address such as 127.0.0.1:8000, [::1]:8000, unix:/tmp/name, unix:@name or server.listener",
        "BYTES" => "a number of bytes from 1 to 16777216",
        "BACKLOG" => "a number from 0 to 65535",
        "COUNT" => "a number from 1 to 1000000",
        "VALUE" => "a number, on or off",
        "DURATION" => "a time such as 200ms, 50us or 2s",
        "TEXT" => "a text in quotation marks",
        "OUTCOME" => "eof, error ENAME, error \"text\", a text or a number",
        "OPTION" => "an option: " + Or(SocketOption.All.Select(o => o.Name)),
        "CAPABILITY" => "what the script needs: " + Or(Requirement.All.Select(r => r.Name)),
        "ACTOR" => "the name of an actor",
        "VERB" => "a verb",
        "STATE" => "a state: " + Or(StateNames),
        _ => "the name of a socket such as server.listener",
    };

    public static string[] StateNames { get; } =
        [.. Enum.GetValues<Tcp.TcpState>().Where(s => s != Tcp.TcpState.Unknown).Select(Tcp.TcpStateNames.Name)];

    /// <summary>"a, b or c".</summary>
    public static string Or(IEnumerable<string> words)
    {
        string[] all = [.. words];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }
}
