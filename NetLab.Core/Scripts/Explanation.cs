using System.Text;
using System.Text.RegularExpressions;
using NetLab.Core.Interop;
using NetLab.Core.Tcp;

namespace NetLab.Core.Scripts;

/// <summary>What a step is about to do, told before it does it.</summary>
/// <param name="Call">The call: "bind 127.0.0.1:8000".</param>
/// <param name="Text">What it does, with its arguments and what they mean.</param>
/// <param name="States">The states that should follow by RFC 9293; empty where it changes none.</param>
public sealed partial record Explanation(string Call, string Text, string States)
{
    /// <summary>Explains a step.</summary>
    /// <param name="context">The step, as it came to the gate.</param>
    /// <param name="state">The state of its socket now; CLOSED for one that has no connection.</param>
    public static Explanation Of(StepContext context, TcpState state)
    {
        var step = context.Step;
        var text = new StringBuilder(Fill(step.Verb.Explains, step.Words));
        foreach (var (word, meaning) in step.Verb.Words)
        {
            if (step.Words.Values.Contains(word))
                text.Append($" {word}: {meaning}.");
        }

        if (step.Operation is SetOption { Option: var set })
            text.Append($" {set.Constant}: {set.Does}");
        else if (step.Operation is GetOption { Option: var got })
            text.Append($" {got.Constant}: {got.Does}");
        if (Expected(step.Expected) is { } outcome)
            text.Append($" The script expects {outcome}.");
        return new Explanation(Token.Printable(step.Source), text.ToString(), StatesOf(context, state));
    }

    /// <summary>The event of RFC 9293 figure 5 that a step is for its socket; null where it is none.</summary>
    public static string? EventOf(StepContext context)
    {
        var step = context.Step;
        return step.Operation is Close && context.Socket is { Resets: true } ? "abort" : step.Verb.Event(step.Operation);
    }

    // "client.socket: CLOSED → SYN_SENT (active open / snd SYN); then rcv SYN,ACK → ESTABLISHED or rcv RST → CLOSED"
    private static string StatesOf(StepContext context, TcpState state)
    {
        if (context.Socket is not { IsTcp: true } socket)
            return "";
        string name = $"{context.Actor.Name}.{socket.Name}";
        if (context.Step.Verb.Arrives is { Count: > 0 } arrives)
            return Arrival(arrives);
        if (context.Step.Operation is Vanish)
            return $"{name}: {state.Name()} → {TcpState.Closed.Name()} without a packet; its peer stays as it is";
        if (EventOf(context) is not { } happening)
            return state == TcpState.Closed ? "" : $"{name} stays in {state.Name()}";
        if (Find(state, happening) is not { } change)
            return state == TcpState.Closed ? $"{name} has no connection: nothing goes out" : $"{name} is in {state.Name()}, where {happening} changes nothing";
        string first = $"{name}: {change.From.Name()} → {change.To.Name()} ({change.Label})";
        var then = change.To is TcpState.Listen or TcpState.Closed ? [] : Followers(change.To);
        return then.Length == 0 ? first : $"{first}; then {string.Join(" or ", then.Select(next => $"{next.Event} → {next.To.Name()}"))}";
    }

    /// <summary>The change of state that an event makes in a state; null where it makes none.</summary>
    public static Transition? Find(TcpState state, string happening)
    {
        foreach (var change in TransitionTable.All)
        {
            if (change.From == state && change.Event == happening)
                return change;
        }

        return null;
    }

    private static string Arrival(IReadOnlyList<string> events)
    {
        var path = new StringBuilder("its connection has come from ").Append(TcpState.Listen.Name());
        var state = TcpState.Listen;
        foreach (string happening in events)
        {
            state = Find(state, happening)?.To ?? state;
            path.Append($" by {happening} to {state.Name()}");
        }

        return path.ToString();
    }

    private static Transition[] Followers(TcpState state) =>
        [.. TransitionTable.All.ToArray().Where(next => next.From == state && next.Event.StartsWith("rcv ", StringComparison.Ordinal)
            && (next.Origin == TransitionOrigin.Figure || state == TcpState.SynSent)).DistinctBy(next => next.To)];

    private static string? Expected(Outcome? outcome) => outcome switch
    {
        Fails fails => $"{fails.Error.Name()} ({fails.Error.Words()})",
        EndOfFile => "the end of the stream (0)",
        Yields yields => Judgement.Show(yields.Text.Span),
        Returns returns => $"{returns.Number}",
        FailsSaying => "a failure",
        _ => null,
    };

    // Puts the arguments where the capitals stand; a part in [ ] goes where it has none.
    private static string Fill(string text, IReadOnlyDictionary<string, string> words)
    {
        string whole = Group().Replace(text, group => Capitals().Matches(group.Value).All(word => words.ContainsKey(word.Value)) ? group.Groups[1].Value : "");
        return Capitals().Replace(whole, word => words.TryGetValue(word.Value, out string? value) ? Token.Printable(value) : word.Value);
    }

    [GeneratedRegex(@"\[([^\]]*)\]")]
    private static partial Regex Group();

    [GeneratedRegex(@"\b[A-Z]{3,}(\.[A-Z]+)?\b")]
    private static partial Regex Capitals();
}
