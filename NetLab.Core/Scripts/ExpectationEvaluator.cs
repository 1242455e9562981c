using System.Collections.Immutable;
using NetLab.Core.Tcp;

namespace NetLab.Core.Scripts;

/// <summary>A socket's states in their order, as far as they were seen.</summary>
/// <param name="States">The states, each change once.</param>
/// <param name="Provenance">How they are known.</param>
public sealed record ObservedPath(ImmutableArray<TcpState> States, Provenance Provenance);

/// <summary>What an actor moved in one direction.</summary>
/// <param name="Count">How many bytes.</param>
/// <param name="Bytes">The bytes, from the first on; fewer than <paramref name="Count"/> if not all were kept.</param>
public sealed record ObservedBytes(long Count, ReadOnlyMemory<byte> Bytes);

/// <summary>A step that an actor did.</summary>
/// <param name="Actor">The actor.</param>
/// <param name="Verb">Its verb.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it was done.</param>
public sealed record ObservedStep(string Actor, string Verb, Timestamp Start, Timestamp End);

/// <summary>What was seen of a run.</summary>
public sealed record ObservedRun
{
    /// <summary>The paths by "actor.socket".</summary>
    public required IReadOnlyDictionary<string, ObservedPath> Paths { get; init; }

    /// <summary>The bytes by actor and direction; what is missing was none.</summary>
    public required IReadOnlyDictionary<(string Actor, Direction Direction), ObservedBytes> Bytes { get; init; }

    /// <summary>The TCP flags of each packet, by the actor that sent it; null if packets were not seen.</summary>
    public IReadOnlyList<(string Actor, byte Flags)>? Packets { get; init; }

    /// <summary>The steps that were done, in no order.</summary>
    public IReadOnlyCollection<ObservedStep> Steps { get; init; } = [];

    /// <summary>How long the run took.</summary>
    public Duration Duration { get; init; }
}

/// <summary>What came of an expectation.</summary>
/// <param name="Expectation">The expectation.</param>
/// <param name="Verdict">Whether it was met.</param>
/// <param name="Actual">What really happened, or why it cannot be decided.</param>
public sealed record ExpectationResult(Expectation Expectation, Verdict Verdict, string Actual);

/// <summary>Compares what a script expects with what was seen. Pure.</summary>
public static class ExpectationEvaluator
{
    /// <summary>One result an expectation, in the script's order.</summary>
    public static ImmutableArray<ExpectationResult> Evaluate(Script script, ObservedRun run)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(run);
        return [.. script.Expectations.Select(e => Evaluate(e, run))];
    }

    private static ExpectationResult Evaluate(Expectation expectation, ObservedRun run)
    {
        var (verdict, actual) = expectation switch
        {
            ExpectPath path => Path(path, run),
            ExpectBytes bytes => Bytes(bytes, run),
            ExpectPacket packet => Packets(packet, run),
            ExpectOrder order => Order(order, run),
            ExpectSpan span => Span(span, run),
            ExpectWithin within => (run.Duration <= within.Limit ? Verdict.Met : Verdict.NotMet, run.Duration.ToString()),
            _ => throw new InvalidOperationException("An expectation of no known kind."),
        };
        return new ExpectationResult(expectation, verdict, actual);
    }

    private static (Verdict, string) Path(ExpectPath wanted, ObservedRun run)
    {
        if (!run.Paths.TryGetValue(wanted.Socket.ToString(), out var seen))
            return (Verdict.Undecided, $"no state of {wanted.Socket} was seen");
        string actual = string.Join(' ', seen.States.Select(s => s.Name()));
        if (Matches(wanted.Path.AsSpan(), seen.States.AsSpan()))
            return (Verdict.Met, actual);
        if (seen.Provenance == Provenance.Sampled && IsPartOf(seen.States, wanted.Path))
            return (Verdict.Undecided, $"{actual} (sampled: states shorter than the polling interval are missed)");
        return (Verdict.NotMet, actual);
    }

    /// <summary>
    /// Whether a path is the expected one. A null element stands for any stretch, an empty one too. After an expected TIME_WAIT at the end
    /// the path may go on to CLOSED, since the time-wait timer may or may not run out before one stops looking.
    /// </summary>
    public static bool Matches(ReadOnlySpan<TcpState?> wanted, ReadOnlySpan<TcpState> seen)
    {
        if (wanted.IsEmpty)
            return seen.IsEmpty;
        if (wanted[0] is { } state)
        {
            if (seen.IsEmpty || seen[0] != state)
                return false;
            bool lingers = wanted.Length == 1 && state == TcpState.TimeWait && seen is [_, TcpState.Closed];
            return lingers || Matches(wanted[1..], seen[1..]);
        }

        for (int skipped = 0; skipped <= seen.Length; skipped++)
        {
            if (Matches(wanted[1..], seen[skipped..]))
                return true;
        }

        return false;
    }

    private static bool IsPartOf(ImmutableArray<TcpState> seen, ImmutableArray<TcpState?> wanted)
    {
        if (wanted.Contains(null))
            return true;
        int at = 0;
        foreach (var state in wanted)
        {
            if (at < seen.Length && seen[at] == state)
                at++;
        }

        return at == seen.Length;
    }

    private static (Verdict, string) Bytes(ExpectBytes wanted, ObservedRun run)
    {
        var seen = run.Bytes.GetValueOrDefault((wanted.Actor, wanted.Direction)) ?? new ObservedBytes(0, default);
        string verb = wanted.Direction == Direction.Sent ? "sent" : "received";
        if (wanted.Text is not { } text)
            return (seen.Count == wanted.Count ? Verdict.Met : Verdict.NotMet, $"{verb} {seen.Count} bytes");
        if (seen.Count == text.Length && seen.Bytes.Length < seen.Count)
            return (Verdict.Undecided, $"only {seen.Bytes.Length} of {seen.Count} bytes were kept");
        bool same = seen.Count == text.Length && seen.Bytes.Span.SequenceEqual(text.Span);
        return (same ? Verdict.Met : Verdict.NotMet, $"{verb} {Judgement.Show(seen.Bytes.Span)}");
    }

    private static (Verdict, string) Packets(ExpectPacket wanted, ObservedRun run)
    {
        if (run.Packets is null)
            return (Verdict.Undecided, "packets were not captured");
        int count = run.Packets.Count(p => p.Actor == wanted.Actor && (p.Flags & wanted.Flags) == wanted.Flags);
        bool met = wanted.Count is { } exactly ? count == exactly : count > 0;
        return (met ? Verdict.Met : Verdict.NotMet, count == 1 ? "1 packet" : $"{count} packets");
    }

    private static (Verdict, string) Order(ExpectOrder wanted, ObservedRun run)
    {
        if (Find(wanted.First, run) is not { } first)
            return (Verdict.NotMet, $"{wanted.First} was not done");
        if (Find(wanted.Second, run) is not { } second)
            return (Verdict.NotMet, $"{wanted.Second} was not done");
        return first.End <= second.End
            ? (Verdict.Met, $"{wanted.First} was done {second.End - first.End} before {wanted.Second}")
            : (Verdict.NotMet, $"{wanted.First} was done {first.End - second.End} after {wanted.Second}");
    }

    private static (Verdict, string) Span(ExpectSpan wanted, ObservedRun run)
    {
        if (Find(wanted.Step, run) is not { } step)
            return (Verdict.NotMet, $"{wanted.Step} was not done");
        var length = step.End - step.Start;
        bool met = wanted.Bound == SpanBound.AtLeast ? length >= wanted.Length : length <= wanted.Length;
        return (met ? Verdict.Met : Verdict.NotMet, $"{wanted.Step} took {length}");
    }

    // An actor does one step after the other, so the order of its steps is that of their ends.
    private static ObservedStep? Find(StepMark mark, ObservedRun run) =>
        run.Steps.Where(step => step.Actor == mark.Actor && step.Verb == mark.Verb).OrderBy(step => step.End).ElementAtOrDefault(mark.Count - 1);
}
