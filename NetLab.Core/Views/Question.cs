using NetLab.Core.Packets;
using NetLab.Core.Scripts;
using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>What a question asks about.</summary>
public enum QuestionKind
{
    /// <summary>The next state of the step's socket.</summary>
    State,

    /// <summary>The flags of the first packet that it sends.</summary>
    Flags,

    /// <summary>What the call returns, or whether it sleeps.</summary>
    Result,
}

/// <summary>
/// A question about a step that waits at the gate. The choices come from RFC 9293's transitions and from the verb's entry; which one is true, only what
/// happens tells.
/// </summary>
/// <param name="Kind">What it asks about.</param>
/// <param name="Text">The question.</param>
/// <param name="Choices">Up to four answers, of which the last may be "something else".</param>
public sealed record Question(QuestionKind Kind, string Text, IReadOnlyList<string> Choices)
{
    /// <summary>The answer that is true where none of the others is.</summary>
    public const string Else = "something else";

    private const string NoPacket = "no packet", AtOnce = "returns at once", Sleeps = "sleeps first", End = "0: the end", Fails = "an error", Succeeds = "succeeds";

    // A call that takes so long has slept.
    private static readonly Duration s_asleep = Duration.FromMilliseconds(20);

    /// <summary>The question that a step is good for; null for none.</summary>
    /// <param name="step">The step.</param>
    /// <param name="state">The state of its socket.</param>
    public static Question? About(StepContext step, TcpState state)
    {
        string what = $"{step.Actor.Name}: {step.Step.Verb.Name}";
        if (step.Socket is { IsTcp: true } socket && Explanation.EventOf(step) is { } happening && Explanation.Find(state, happening) is { } change)
        {
            // A socket that has no peer sends nothing, so only its state is worth a question.
            bool asksState = change.To == TcpState.Listen || state == TcpState.Listen || step.StepIndex % 2 == 0;
            return asksState
                ? new Question(QuestionKind.State, $"{what}: which state does {socket.Name} ({state.Name()}) enter first?", States(change, step.Step.Line))
                : new Question(QuestionKind.Flags, $"{what}: which flags has the first packet that {socket.Name} ({state.Name()}) now sends?", Flags(change, step.Step.Line));
        }

        return step.Step.Verb switch
        {
            { Waits: Waits.ForData } => new Question(QuestionKind.Result, $"{what}: what becomes of the call?", [AtOnce, Sleeps, End, Fails]),
            { Waits: Waits.ForPeer } => new Question(QuestionKind.Result, $"{what}: what becomes of the call?", [AtOnce, Sleeps, Fails]),
            { Waits: Waits.No, Errors: { Count: >= 3 } errors } => new Question(QuestionKind.Result, $"{what}: what does the call return?",
                [Succeeds, .. errors.Take(2).Select(error => Interop.ErrnoNames.Name(error)), Else]),
            _ => null,
        };
    }

    /// <summary>What was true, by what the views hold of the time since the step was let through; null while that is not known yet.</summary>
    /// <param name="view">The views.</param>
    /// <param name="names">Names.</param>
    /// <param name="step">The step.</param>
    /// <param name="since">When it was let through.</param>
    /// <param name="isOver">Whether no more is to be waited for.</param>
    public string? Truth(LabView view, NameTable names, StepContext step, Timestamp since, bool isOver)
    {
        ArgumentNullException.ThrowIfNull(view);
        return Kind switch
        {
            QuestionKind.State => StateSince(NextStep.EndOf(view, names, step), since) ?? (isOver ? Else : null),
            QuestionKind.Flags => FlagsSince(view, NextStep.EndOf(view, names, step), since) ?? (isOver ? NoPacket : null),
            _ => ResultOf(NextStep.RowOf(view, step), step.Step.Verb.Waits, since, isOver),
        };
    }

    /// <summary>The place of the choice that a truth makes right.</summary>
    public int PlaceOf(string truth)
    {
        int place = Choices.ToList().IndexOf(truth);
        return place >= 0 ? place : Choices.ToList().IndexOf(Else);
    }

    // The state that follows, and those that the same state or the one after could be taken for.
    private static List<string> States(Transition change, int turn)
    {
        var others = TransitionTable.All.ToArray().Where(other => other.From == change.From || other.From == change.To || other.Event == change.Event)
            .Select(other => other.To).Concat([change.From]).Distinct().Where(state => state != change.To).Take(2);
        return Turn([change.To.Name(), .. others.Select(state => state.Name())], turn);
    }

    private static List<string> Flags(Transition change, int turn)
    {
        string right = Sent(change) ?? NoPacket;
        var others = TransitionTable.All.ToArray().Select(Sent).Append(NoPacket).OfType<string>().Distinct().Where(flags => flags != right);
        return Turn([right, .. others.Skip(turn % 3).Take(2)], turn);
    }

    private static string? Sent(Transition change) => change.Action.StartsWith("snd ", StringComparison.Ordinal) ? change.Action[4..] : null;

    // The right one stands in another place each time.
    private static List<string> Turn(List<string> choices, int turn) =>
        [.. choices.Skip(turn % choices.Count), .. choices.Take(turn % choices.Count), Else];

    private static string? StateSince(ConnectionEnd? end, Timestamp since) => end?.Path.FirstOrDefault(change => change.Time >= since)?.To.Name();

    private static string? FlagsSince(LabView view, ConnectionEnd? end, Timestamp since)
    {
        if (end is not { Tuple.IsComplete: true })
            return null;
        var rows = view.Packets.Rows;
        for (int index = 0; index < rows.Count; index++)
        {
            if (rows[index].Time >= since && view.Packets.TryParse(rows[index], out var headers) && headers.IsTcp && headers.FourTuple == end.Tuple)
                return Name(headers.TcpFlags);
        }

        return null;
    }

    // As RFC 9293 names what is sent: the ACK that every later segment carries goes without saying.
    private static string Name(TcpFlags flags) =>
        flags.HasFlag(TcpFlags.Rst) ? "RST" : flags.HasFlag(TcpFlags.Syn) ? flags.HasFlag(TcpFlags.Ack) ? "SYN,ACK" : "SYN" : flags.HasFlag(TcpFlags.Fin) ? "FIN" : "ACK";

    private static string? ResultOf(StepRow row, Waits waits, Timestamp since, bool isOver)
    {
        // In a repeat the row tells of the round before until the step begins anew.
        bool done = row.Status is (StepStatus.Done or StepStatus.Failed) && row.Start >= since;
        if (!done)
            return isOver ? Sleeps : null;
        if (waits == Waits.No)
            return row.Error == 0 ? Succeeds : Interop.ErrnoNames.Name((Interop.Errno)row.Error);
        if (row.Duration >= s_asleep)
            return Sleeps;
        return row.Error != 0 ? Fails : waits == Waits.ForData && row.Detail == "= 0" ? End : AtOnce;
    }
}
