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

    internal GrammarPart[] Parts { get; } = Scripts.Grammar.Compile(Grammar);

    /// <inheritdoc/>
    public bool Equals(Verb? other) => other?.Name == Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>What a line gave for the parts of its verb's grammar: placeholders by their name, choices by their first word.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, object> _values = [];

    public void Set(string key, object value) => _values[key] = value;

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

    public Readiness Readiness => Get<string>("readable") == "readable" ? Readiness.Readable : Readiness.Writable;
}
