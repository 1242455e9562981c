using System.Collections.Immutable;
using System.Text;

namespace NetLab.Core.Scripts;

/// <summary>What reading a script gave: the script, or its mistakes.</summary>
/// <param name="Script">The script; null if there are mistakes.</param>
/// <param name="Errors">At most one a line, in the order of the file.</param>
public sealed record ScriptParse(Script? Script, ImmutableArray<ScriptError> Errors);

/// <summary>Reads the script language, line by line. Pure: no text makes it throw.</summary>
public sealed class ScriptParser
{
    /// <summary>A longer script is refused.</summary>
    public const int MaxBytes = 1 << 20;

    private const string TopLevel = "title, about, needs, let, serve, actor or expect";

    private readonly string _file;
    private readonly List<ScriptError> _errors = [];
    private readonly List<ActorDraft> _actors = [];
    private readonly List<Expectation> _expectations = [];
    private readonly List<(int Line, int Actor, Token Token, string? ActorName, string? Socket)> _references = [];
    private readonly List<ServerDraft> _servers = [];
    private ActorDraft? _current;
    private readonly Variables _variables = new();
    private readonly HashSet<Requirement> _needs = [];
    private string? _title;
    private string _about = "";

    private ScriptParser(string file) => _file = file;

    private sealed record ActorDraft(string Name, int Line)
    {
        public List<Step> Steps { get; } = [];

        public Stack<int> Loops { get; } = [];
    }

    /// <summary>Reads a script from the bytes of its file.</summary>
    public static ScriptParse Parse(ReadOnlySpan<byte> utf8, string file)
    {
        if (utf8.Length > MaxBytes)
            return new(null, [new ScriptError(file, 1, 1, $"{utf8.Length} bytes", $"at most {MaxBytes}")]);
        var text = Encoding.UTF8.GetString(utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[3..] : utf8);
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
        {
            int at = text.IndexOf('\uFFFD');
            int line = 1 + text.AsSpan(0, at).Count('\n');
            return new(null, [new ScriptError(file, line, at - text.LastIndexOf('\n', Math.Max(at - 1, 0)), "a byte that is no UTF-8", "a text in UTF-8")]);
        }

        return Parse(text, file);
    }

    /// <summary>Reads a script from its text.</summary>
    /// <param name="text">The text; lines end with LF or CR LF.</param>
    /// <param name="file">The name under which errors speak of it.</param>
    public static ScriptParse Parse(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new ScriptParser(file);
        int number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
            parser.ReadLine(line.ToString(), ++number);
        return parser.Finish(number);
    }

    private void ReadLine(string text, int line)
    {
        try
        {
            var tokens = LineReader.Read(text, _variables);
            if (tokens[0].IsEnd)
                return;
            var parser = new LineParser(tokens);
            ReadStatement(parser, line, _variables.Fill(Source(text)));
            foreach (var (token, actor, socket) in parser.References)
                _references.Add((line, _actors.Count - 1, token, actor, socket));
        }
        catch (LineMistake mistake)
        {
            _errors.Add(new ScriptError(_file, line, mistake.Column, mistake.Found, mistake.Expected));
        }
    }

    private void ReadStatement(LineParser line, int number, string source)
    {
        switch (line.Head.IsWord ? line.Head.Text : "")
        {
            case "title":
                _title = ReadText(line);
                break;
            case "about":
                _about = _about.Length == 0 ? ReadText(line) : $"{_about} {ReadText(line)}";
                break;
            case "needs":
                ReadNeeds(line);
                break;
            case "let":
                _variables.Define(line);
                break;
            case "serve":
                CloseActor(line.Head);
                _servers.Add(ServerDraft.Read(line, number, _servers));
                break;
            case "file" when _current is null && _servers.Count > 0:
                _servers[^1].ReadFile(line);
                break;
            case "actor":
                ReadActor(line, number);
                break;
            case "expect":
                CloseActor(line.Head);
                _expectations.Add(ExpectationParser.Read(line, number, source));
                break;
            default:
                ReadStep(line, number, source);
                break;
        }
    }

    private static string ReadText(LineParser line)
    {
        var token = line.Take();
        if (token.Bytes is null)
            throw LineMistake.At(token, Grammar.Describe("TEXT"));
        line.End();
        return Encoding.UTF8.GetString(token.Bytes);
    }

    private void ReadNeeds(LineParser line)
    {
        var token = line.Take();
        _needs.Add(Requirement.All.FirstOrDefault(r => token.IsWord && r.Name == token.Text) ?? throw LineMistake.At(token, Grammar.Describe("CAPABILITY")));
        line.End();
    }

    private void ReadActor(LineParser line, int number)
    {
        CloseActor(line.Head);
        var token = line.Peek;
        var actor = new ActorDraft((string)line.Read("NAME"), number);
        _current = actor;
        if (_actors.Any(a => a.Name == actor.Name))
            throw LineMistake.At(token, "a name that no other actor has");
        _actors.Add(actor);
        line.End();
    }

    private void CloseActor(Token at)
    {
        bool open = _current is { Loops.Count: > 0 };
        _current = null;
        if (open)
            throw LineMistake.At(at, "end, for the repeat that is still open");
    }

    private void ReadStep(LineParser line, int number, string source)
    {
        var head = line.Head;
        var verb = head.IsWord ? VerbTable.Find(head.Text) : null;
        if (_current is null)
            throw LineMistake.At(head, verb is null ? TopLevel : TopLevel + " (a verb belongs under an actor)");
        if (verb is null)
            throw LineMistake.At(head, Nearest(head.Text) ?? "a verb: " + Grammar.Or(VerbTable.All.Select(v => v.Name)));
        var arguments = line.Match(verb.Parts);
        var operation = verb.Build(arguments) with { On = arguments.Get<string?>("SOCKET", null) };
        int index = _current.Steps.Count;
        if (operation is Repeat)
        {
            _current.Loops.Push(index);
        }
        else if (operation is EndRepeat)
        {
            if (!_current.Loops.TryPop(out int repeat))
                throw LineMistake.At(head, "repeat before it");
            operation = new EndRepeat(repeat);
            var opening = _current.Steps[repeat];
            _current.Steps[repeat] = opening with { Operation = (Repeat)opening.Operation with { EndIndex = index } };
        }
        else if (operation.TakesSocket && !_current.Steps.Any(s => s.Operation is OpenSocket))
        {
            throw LineMistake.At(head, $"socket before it, since {_current.Name} has none yet");
        }

        _current.Steps.Add(new Step(number, head.Column, verb, operation, source, arguments.Get<Outcome?>("OUTCOME", null)) { Words = arguments.Words });
        if (verb.Needs is { } need)
            _needs.Add(need);
    }

    // The family that it is the beginning of ("epoll"), or else the verb that it is most like.
    private static string? Nearest(string word) =>
        VerbTable.All.Select(v => v.Name).Where(name => name.StartsWith(word + "_", StringComparison.Ordinal)).ToArray() is { Length: > 0 } family ? Grammar.Or(family)
        : VerbTable.All.Select(v => v.Name).Where(name => Distance(word, name) <= 2 && word.Length > 2).MinBy(name => Distance(word, name));

    // Levenshtein's distance; the words are short.
    private static int Distance(string left, string right)
    {
        if (left.Length > 16)
            return int.MaxValue;
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }

    private static string Source(string line)
    {
        bool quoted = false;
        for (int at = 0; at < line.Length; at++)
        {
            if (quoted && line[at] == '\\')
                at++;
            else if (line[at] == '"')
                quoted = !quoted;
            else if (!quoted && line[at] == '#' && (at == 0 || line[at - 1] is ' ' or '\t' or '"'))
                return line[..at].Trim();
        }

        return line.Trim();
    }

    private ScriptParse Finish(int lines)
    {
        if (_current is { Loops.Count: > 0 })
            _errors.Add(new ScriptError(_file, lines, 1, "the end of the file", "end, for the repeat that is still open"));
        if (_actors.Count == 0 && _errors.Count == 0)
            _errors.Add(new ScriptError(_file, Math.Max(lines, 1), 1, "the end of the file", "at least one actor"));
        foreach (var reference in _references)
            Resolve(reference.Line, reference.Actor, reference.Token, reference.ActorName, reference.Socket);
        if (_errors.Count > 0)
            return new(null, [.. _errors.OrderBy(e => e.Line).ThenBy(e => e.Column).DistinctBy(e => e.Line)]);
        var steps = _actors.Select(a => a.Steps.ToImmutableArray()).ToArray();
        var names = _actors.Select(a => a.Name).ToArray();
        var actors = _actors.Select((a, index) => new Actor(a.Name, a.Line, steps[index], StartOrder.Find(index, names, steps)));
        return new(new Script(_file, _title ?? Path.GetFileNameWithoutExtension(_file), _about, [.. actors], [.. _expectations])
        {
            Needs = [.. _needs],
            Servers = [.. _servers.Select(server => server.Finish())],
        }, []);
    }

    // A name may be used before its actor or socket is written, so it is looked for at the end.
    private void Resolve(int line, int ownActor, Token token, string? actorName, string? socket)
    {
        var actor = actorName is null ? _actors.ElementAtOrDefault(ownActor) : _actors.FirstOrDefault(a => a.Name == actorName);
        if (actor is null)
        {
            Miss($"the name of an actor: {Grammar.Or(_actors.Select(a => a.Name))}");
            return;
        }

        if (socket is null)
            return;
        var known = actor.Steps.Select(s => s.Operation is OpenSocket o ? o.Name : s.Operation is Accept a ? a.Name : null).OfType<string>().Distinct().ToArray();
        if (!known.Contains(socket.Split('.')[0]))
            Miss(known.Length == 0 ? $"a socket, but {actor.Name} makes none" : $"a socket of {actor.Name}: {Grammar.Or(known)}");

        void Miss(string expected) => _errors.Add(new ScriptError(_file, line, token.Column, token.Shown, expected));
    }
}
