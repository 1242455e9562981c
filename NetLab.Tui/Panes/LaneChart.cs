using NetLab.Core.IoModels;

namespace NetLab.Tui.Panes;

/// <summary>A lane as a row of cells: what the model did at each column's time.</summary>
public static class LaneChart
{
    // What is shorter than a column is drawn in the next free one, but no further from its place than this.
    private const int MostShift = 4;

    /// <summary>The phases, in the order in which a message goes through them.</summary>
    public static IReadOnlyList<LanePhase> Phases { get; } =
        [LanePhase.Waiting, LanePhase.Spinning, LanePhase.Free, LanePhase.Ready, LanePhase.Copying, LanePhase.Processing];

    /// <summary>The sign of a phase: each has a shape of its own, so that nothing is told by colour alone.</summary>
    public static char Sign(LanePhase? phase) => phase switch
    {
        LanePhase.Waiting => '░',
        LanePhase.Spinning => '×',
        LanePhase.Free => '·',
        LanePhase.Ready => '!',
        LanePhase.Copying => '█',
        LanePhase.Processing => '▒',
        _ => ' ',
    };

    /// <summary>What a phase is, in a few words.</summary>
    public static string Words(LanePhase phase) => phase switch
    {
        LanePhase.Waiting => "asleep in the kernel",
        LanePhase.Spinning => "asks in vain (EWOULDBLOCK)",
        LanePhase.Free => "free for other work",
        LanePhase.Ready => "ready",
        LanePhase.Copying => "copying",
        _ => "works on it",
    };

    /// <summary>The same in a word or two.</summary>
    public static string Brief(LanePhase phase) => phase switch
    {
        LanePhase.Waiting => "asleep",
        LanePhase.Spinning => "asks in vain",
        LanePhase.Free => "free",
        _ => Words(phase),
    };

    /// <summary>Draws a lane.</summary>
    /// <param name="spans">What it did, in order of time.</param>
    /// <param name="now">What it does now and since when; null when it has ended.</param>
    /// <param name="until">The race's clock, up to which that is drawn.</param>
    /// <param name="axis">Where moments stand.</param>
    /// <param name="cells">The phase at each column; null for nothing.</param>
    public static void Draw(IReadOnlyList<LaneSpan> spans, (LanePhase Phase, long Since)? now, long until, LaneAxis axis, Span<LanePhase?> cells)
    {
        ArgumentNullException.ThrowIfNull(spans);
        ArgumentNullException.ThrowIfNull(axis);
        cells.Clear();
        int free = 0;
        for (int index = 0; index < spans.Count; index++)
        {
            var span = spans[index];
            int from = axis.ColumnOf(span.From), to = axis.ColumnOf(span.To);
            if (to < 0)
                continue;
            if (IsLong(span.Phase))
            {
                // Between two stretches of waiting lies what was handled; up to there it is one and the same.
                Fill(cells, Math.Max(from, free), to + 1, span.Phase);
                continue;
            }

            int start = Math.Max(from, free), end = Math.Max(start + 1, to);
            if (start - from > MostShift || start >= cells.Length || end <= 0)
                continue;
            // Two of a kind that share a column stay one: many small copies are no long one.
            if (start > 0 && start > from && start <= cells.Length && cells[start - 1] == span.Phase && to <= start)
                continue;
            Fill(cells, start, end, span.Phase);
            free = end;
        }

        if (now is { } open)
            Fill(cells, Math.Max(axis.ColumnOf(open.Since), free), axis.ColumnOf(until) + 1, open.Phase);
    }

    /// <summary>Where calls begin.</summary>
    /// <param name="spans">What the lane did.</param>
    /// <param name="axis">Where moments stand.</param>
    /// <param name="counts">How many calls begin in each column.</param>
    public static void Ticks(IReadOnlyList<LaneSpan> spans, LaneAxis axis, Span<long> counts)
    {
        ArgumentNullException.ThrowIfNull(spans);
        ArgumentNullException.ThrowIfNull(axis);
        counts.Clear();
        bool isBegun = false;
        foreach (var span in spans)
        {
            if (span.Phase == LanePhase.Processing)
                continue;
            int from = axis.ColumnOf(span.From), to = axis.ColumnOf(span.To);
            // The second part of a call is no call of its own.
            if (!isBegun && span.Calls <= 1 && from >= 0 && from < counts.Length)
                counts[from]++;
            if (span.Calls > 1)
                Spread(span, axis, counts);
            isBegun = span.Calls == 0;
        }
    }

    // Calls in vain follow each other evenly: each column has those of its time.
    private static void Spread(LaneSpan span, LaneAxis axis, Span<long> counts)
    {
        double rate = (double)span.Calls / Math.Max(1, span.To - span.From), calls = 0;
        int to = axis.ColumnOf(span.To);
        for (int column = Math.Max(0, axis.ColumnOf(span.From)); column <= to && column < counts.Length; column++)
        {
            double more = calls + rate * axis.ColumnLength(column);
            counts[column] += (long)more - (long)calls;
            calls = more;
        }
    }

    private static bool IsLong(LanePhase phase) => phase is LanePhase.Waiting or LanePhase.Spinning or LanePhase.Free;

    private static void Fill(Span<LanePhase?> cells, int from, int to, LanePhase phase)
    {
        for (int column = Math.Max(0, from); column < to && column < cells.Length; column++)
            cells[column] = phase;
    }
}
