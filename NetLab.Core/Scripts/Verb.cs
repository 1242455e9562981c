using NetLab.Core.Interop;

namespace NetLab.Core.Scripts;

/// <summary>An entry of the verb table, from which lines are read, errors are worded and the reference page is made.</summary>
/// <param name="Name">The verb.</param>
/// <param name="Grammar">What a line of it looks like: a|b is a choice, [x] may be left out, capitals stand for what Grammar.Describe says.</param>
/// <param name="Does">What it does, in a sentence.</param>
/// <param name="SystemCall">The system call it makes; "" if none.</param>
/// <param name="Example">A line of it.</param>
public sealed record Verb(string Name, string Grammar, string Does, string SystemCall, string Example)
{
    internal Func<Arguments, Operation> Build { get; init; } = _ => throw new InvalidOperationException("A verb without a builder.");

    /// <summary>What happens, in a sentence or two. Capitals stand for the arguments as in the grammar; what stands in [ ] is said where they are given.</summary>
    public string Explains { get; init; } = "";

    /// <summary>What the words mean between which a line chooses.</summary>
    public Dictionary<string, string> Words { get; init; } = [];

    /// <summary>The event of RFC 9293 figure 5 that the call is ("active open", "close"), by what the line says; null where it changes no state.</summary>
    public Func<Operation, string?> Event { get; init; } = _ => null;

    /// <summary>The events through which a new connection has come when the call gives it.</summary>
    public IReadOnlyList<string> Arrives { get; init; } = [];

    /// <summary>The errors that a learner meets.</summary>
    public IReadOnlyList<Errno> Errors { get; init; } = [];

    /// <summary>The C library's function that it is, where that is not one system call; else null.</summary>
    public string? LibraryFunction { get; init; }

    /// <summary>Why it may sleep.</summary>
    public Waits Waits { get; init; }

    /// <summary>What the user must be allowed; null for nothing.</summary>
    public Requirement? Needs { get; init; }

    internal GrammarPart[] Parts { get; } = Scripts.Grammar.Compile(Grammar);

    /// <inheritdoc/>
    public bool Equals(Verb? other) => other?.Name == Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>Why a call may sleep.</summary>
public enum Waits
{
    /// <summary>It returns at once.</summary>
    No,

    /// <summary>Until the peer does something.</summary>
    ForPeer,

    /// <summary>Until data comes, or the end of it.</summary>
    ForData,

    /// <summary>As the script says.</summary>
    ForTime,
}

/// <summary>What a line gave for the parts of its verb's grammar: placeholders by their name, choices by their first word.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, object> _values = [];
    private readonly Dictionary<string, string> _words = [];

    /// <summary>The same as the line has them, variables filled in.</summary>
    public IReadOnlyDictionary<string, string> Words => _words;

    public void Set(string key, object value, string word) => (_values[key], _words[key]) = (value, word);

    public bool Has(string key) => _values.ContainsKey(key);

    public T Get<T>(string key) => (T)_values[key];

    public T Get<T>(string key, T otherwise) => _values.TryGetValue(key, out object? value) ? (T)value : otherwise;

    public Duration? Timeout => Has("DURATION") ? Get<Duration>("DURATION") : null;

    public ReceiveMode Mode => Get("exactly", Get("peek", "")) switch
    {
        "exactly" => ReceiveMode.Exactly,
        "peek" => ReceiveMode.Peek,
        "trunc" => ReceiveMode.Truncate,
        _ => ReceiveMode.Once,
    };

    public Watched Watched => Has("all") ? Watched.All : Watched.One;

    public Readiness Readiness => Get<string>("readable") == "readable" ? Readiness.Readable : Readiness.Writable;
}
