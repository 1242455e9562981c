using NetLab.Core.IoModels;

namespace NetLab.Tui.Panes;

/// <summary>
/// Which column a moment of a race stands in. Even, each column is as long as the others; magnified, the moments at which messages are handled get most of
/// the columns, for they are thousands of times shorter than the waiting between them.
/// </summary>
public sealed class LaneAxis
{
    // With fewer columns for each nothing could be told apart.
    private const int LeastMagnified = 5, MostQuiet = 10;

    private readonly Stretch[] _stretches;

    private LaneAxis(Stretch[] stretches, int columns) => (_stretches, Columns) = (stretches, columns);

    /// <summary>How many columns there are.</summary>
    public int Columns { get; }

    /// <summary>Whether stretches differ in scale.</summary>
    public bool IsMagnified => _stretches.Length > 1;

    /// <summary>The same scale everywhere.</summary>
    /// <param name="from">The moment at the left edge, in nanoseconds of the race's clock.</param>
    /// <param name="to">That at the right edge.</param>
    /// <param name="columns">How many columns.</param>
    public static LaneAxis Even(long from, long to, int columns) => new([new Stretch(from, Math.Max(from + 1, to), 0, columns)], columns);

    /// <summary>Most columns for the moments at which something is handled.</summary>
    /// <param name="lanes">What was done, lane by lane.</param>
    /// <param name="end">The moment at the right edge.</param>
    /// <param name="columns">How many columns.</param>
    public static LaneAxis Magnified(IEnumerable<IReadOnlyList<LaneSpan>> lanes, long end, int columns)
    {
        var busy = BusyStretches(lanes, end);
        if (busy.Count == 0 || busy.Count * LeastMagnified > columns)
            return Even(0, end, columns);
        int quiet = Math.Clamp(columns / (4 * (busy.Count + 1)), 2, MostQuiet);
        int each = (columns - quiet * (busy.Count + 1)) / busy.Count;
        var stretches = new List<Stretch>();
        long time = 0;
        int column = 0;
        foreach (var (from, to) in busy)
        {
            // A message that comes at the very beginning has nothing before it.
            int before = from > time ? quiet : 0;
            if (before > 0)
                stretches.Add(new Stretch(time, from, column, column + before));
            stretches.Add(new Stretch(from, to, column + before, column + before + each));
            (time, column) = (to, column + before + each);
        }

        stretches.Add(new Stretch(time, Math.Max(time + 1, end), column, columns));
        return new LaneAxis([.. stretches], columns);
    }

    /// <summary>The column of a moment, from 0; moments outside give columns outside.</summary>
    public int ColumnOf(long time)
    {
        var stretch = _stretches[0];
        foreach (var next in _stretches)
        {
            if (next.From > time)
                break;
            stretch = next;
        }

        double share = (double)(time - stretch.From) / (stretch.To - stretch.From);
        double column = stretch.Left + share * (stretch.Right - stretch.Left);
        return column < -1 ? -1 : column > Columns ? Columns : (int)Math.Floor(column);
    }

    /// <summary>How much time a column stands for, in nanoseconds.</summary>
    public double ColumnLength(int column)
    {
        var stretch = _stretches[0];
        foreach (var next in _stretches)
        {
            if (next.Left > column)
                break;
            stretch = next;
        }

        return (double)(stretch.To - stretch.From) / Math.Max(1, stretch.Right - stretch.Left);
    }

    // When something is being handled, in any lane; what lies close together is one stretch.
    private static List<(long From, long To)> BusyStretches(IEnumerable<IReadOnlyList<LaneSpan>> lanes, long end)
    {
        var spans = lanes.SelectMany(lane => lane).Where(span => span.Phase is LanePhase.Ready or LanePhase.Copying or LanePhase.Processing).OrderBy(span => span.From);
        long apart = Math.Max(200_000, end / 200);
        var busy = new List<(long From, long To)>();
        foreach (var span in spans)
        {
            if (busy is [.., var last] && span.From - last.To < apart)
                busy[^1] = (last.From, Math.Max(last.To, span.To));
            else
                busy.Add((span.From, Math.Max(span.From + 1, span.To)));
        }

        // A little air at both sides, so that the waiting before and after is seen at the same scale; less than lies between two of them.
        for (int index = 0; index < busy.Count; index++)
        {
            long air = Math.Min((busy[index].To - busy[index].From) / 8 + 1, apart / 3);
            long least = index > 0 ? busy[index - 1].To : 0;
            busy[index] = (Math.Max(least, busy[index].From - air), busy[index].To + air);
        }

        return busy;
    }

    private readonly record struct Stretch(long From, long To, int Left, int Right);
}
