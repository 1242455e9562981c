using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>What shares a line of the ladder.</summary>
public enum TimelineGrain
{
    /// <summary>What belongs to one moment: the call, the packet that it sent, the states that changed by them, the call that got it.</summary>
    Moments,

    /// <summary>Nothing: every event has a line of its own.</summary>
    Events,
}

/// <summary>What one side of a line tells: places of the timeline's rows, -1 for nothing.</summary>
/// <param name="Call">A call, from its beginning; with its result unless that is told further down.</param>
/// <param name="Return">A call that began further up and returns here.</param>
/// <param name="State">A change of state.</param>
public record struct TimelineHalf(int Call, int Return, int State)
{
    /// <summary>Nothing.</summary>
    public static TimelineHalf Empty => new(-1, -1, -1);

    /// <summary>Whether the call's result is told on a line further down.</summary>
    public bool IsOpen { get; set; }
}

/// <summary>A line of the ladder.</summary>
public record struct TimelineLine(Timestamp Time, int Main)
{
    /// <summary>The packet that crosses; -1 for none.</summary>
    public int Packet { get; set; } = -1;

    /// <summary>Whether the packet comes from the left.</summary>
    public bool FromLeft { get; set; }

    /// <summary>The left side.</summary>
    public TimelineHalf Left { get; set; } = TimelineHalf.Empty;

    /// <summary>The right side.</summary>
    public TimelineHalf Right { get; set; } = TimelineHalf.Empty;

    /// <summary>Whether this line stands for time in which nothing happened; then it has no <see cref="Main"/>.</summary>
    public readonly bool IsGap => Main < 0;

    /// <summary>How much time passes between its neighbours; told once in a gap, else zero.</summary>
    public Duration Gap { get; set; }

    /// <summary>The rows that it tells, -1 for none.</summary>
    public readonly IEnumerable<int> Places => [Packet, Left.Call, Left.Return, Left.State, Right.Call, Right.Return, Right.State];
}

/// <summary>
/// Folds the timeline into lines of a ladder. Order holds on each side: what joins an earlier line (a recv its packet) never passes what its own actor did
/// meanwhile.
/// </summary>
public static class TimelineFold
{
    private const int Reach = 64;

    // A gap of more empty lines than this is drawn with three.
    private const int LongestGap = 5;

    /// <summary>The lines.</summary>
    /// <param name="timeline">The rows.</param>
    /// <param name="moments">What belongs together of them.</param>
    /// <param name="sides">Who stands where.</param>
    /// <param name="grain">What shares a line.</param>
    /// <param name="scale">How much time an empty line stands for; zero draws none.</param>
    public static List<TimelineLine> Lines(TimelineView timeline, MomentFinder moments, TimelineSides sides, TimelineGrain grain, Duration scale)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        ArgumentNullException.ThrowIfNull(moments);
        ArgumentNullException.ThrowIfNull(sides);
        var fold = new Folding(timeline.Rows, moments, sides);
        var lines = fold.Lines(grain);
        return scale == Duration.Zero ? lines : WithGaps(lines, scale);
    }

    private static List<TimelineLine> WithGaps(List<TimelineLine> lines, Duration scale)
    {
        var spaced = new List<TimelineLine>(lines.Count * 2);
        for (int index = 0; index < lines.Count; index++)
        {
            if (index > 0 && lines[index].Time - lines[index - 1].Time is var gap && gap >= scale)
            {
                long count = Math.Min(gap.Nanoseconds / scale.Nanoseconds, LongestGap + 1);
                int rows = count > LongestGap ? 3 : (int)count;
                for (int row = 0; row < rows; row++)
                    spaced.Add(new TimelineLine(lines[index - 1].Time, -1) { Gap = row == rows / 2 ? gap : Duration.Zero });
            }

            spaced.Add(lines[index]);
        }

        return spaced;
    }

    private sealed class Folding(RowRing<TimelineRow> rows, MomentFinder moments, TimelineSides sides)
    {
        private readonly int[] _anchors = new int[rows.Count];
        private readonly TimelineSide[] _sides = new TimelineSide[rows.Count];
        private readonly FourTuple[] _tuples = new FourTuple[rows.Count];
        private readonly Dictionary<EventReference, int> _packets = [];
        private readonly Dictionary<int, int> _returns = [];

        public List<TimelineLine> Lines(TimelineGrain grain)
        {
            for (int place = 0; place < rows.Count; place++)
            {
                _tuples[place] = moments.TupleAt(place);
                _sides[place] = sides.Of(rows[place], _tuples[place]);
                _anchors[place] = place;
                if (rows[place].Kind == TimelineKind.Packet)
                    _packets[rows[place].Reference] = place;
            }

            if (grain == TimelineGrain.Moments)
                Anchor();
            return Place();
        }

        private void Anchor()
        {
            for (int place = 0; place < rows.Count; place++)
            {
                if (rows[place].Kind == TimelineKind.Call)
                    _anchors[place] = OfCall(place);
            }

            for (int place = 0; place < rows.Count; place++)
            {
                if (rows[place].Kind == TimelineKind.State)
                    _anchors[place] = OfChange(place);
            }

            // A call that waited for the peer began on one line and returns on another: that of the last state its end came to in it.
            for (int place = 0; place < rows.Count; place++)
            {
                if (rows[place].Call == CallKind.Connects && _anchors[place] != place)
                    _returns[place] = LastChange(place) is { } change ? _anchors[change] : place;
            }
        }

        private int OfCall(int place)
        {
            ref readonly var call = ref rows[place];
            int anchor = place;
            for (int other = place - 1; other >= Math.Max(0, place - Reach); other--)
            {
                ref readonly var row = ref rows[other];
                if (row.Kind == TimelineKind.Call && row.Actor == call.Actor && _sides[other] == _sides[place])
                    break;
                if (row.Kind != TimelineKind.Packet)
                    continue;
                // The first of the segments that it sent, the last of those that it got.
                if (MomentFinder.Sends(call, _tuples[place], row))
                    anchor = other;
                else if (anchor == place && MomentFinder.Gets(call, _tuples[place], row))
                    return other;
            }

            return anchor;
        }

        private int OfChange(int place)
        {
            ref readonly var change = ref rows[place];
            if (change.Change!.Packet is { } cause)
                return _packets.TryGetValue(cause, out int packet) ? packet : place;
            for (int other = place + 1; other < Math.Min(rows.Count, place + Reach); other++)
            {
                ref readonly var row = ref rows[other];
                if (row.Kind == TimelineKind.Packet && row.Tuple == change.Tuple && (row.Flags & (TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst)) != 0)
                    return other;
                if (row.Kind == TimelineKind.Call && MomentFinder.Makes(row, _tuples[other], change))
                    return _anchors[other];
                if (row.Kind == TimelineKind.State && ReferenceEquals(row.Change!.End, change.Change.End))
                    return place;
            }

            return place;
        }

        private int? LastChange(int place)
        {
            for (int other = place - 1; other > Math.Max(_anchors[place], place - Reach); other--)
            {
                if (rows[other] is { Kind: TimelineKind.State, Change: { To: not TcpState.SynSent } change } && change.End.Tuple == _tuples[place])
                    return other;
            }

            return null;
        }

        private List<TimelineLine> Place()
        {
            var order = new List<(int Anchor, int Place, bool Returns)>(rows.Count);
            for (int place = 0; place < rows.Count; place++)
            {
                if (_sides[place] == TimelineSide.None)
                    continue;
                order.Add((_anchors[place], place, false));
                if (_returns.TryGetValue(place, out int anchor))
                    order.Add((anchor, place, true));
            }

            order.Sort();
            var lines = new List<TimelineLine>(order.Count);
            int current = -1;
            foreach (var (anchor, place, returns) in order)
            {
                if (anchor != current || !TryAdd(lines, place, returns))
                {
                    lines.Add(new TimelineLine(rows[anchor].Time, place));
                    TryAdd(lines, place, returns);
                }

                current = anchor;
            }

            return lines;
        }

        // False where the line has something there already.
        private bool TryAdd(List<TimelineLine> lines, int place, bool returns)
        {
            var line = lines[^1];
            var kind = rows[place].Kind;
            bool left = _sides[place] == TimelineSide.Left;
            var half = left ? line.Left : line.Right;
            bool taken = kind switch
            {
                TimelineKind.Packet => line.Packet >= 0,
                TimelineKind.State => half.State >= 0,
                _ => half.Call >= 0 || half.Return >= 0,
            };
            if (taken)
                return false;
            switch (kind)
            {
                case TimelineKind.Packet: (line.Packet, line.FromLeft, line.Main) = (place, left, place); break;
                case TimelineKind.State: half.State = place; break;
                case var _ when returns: half.Return = place; break;
                default: (half.Call, half.IsOpen) = (place, _returns.ContainsKey(place)); break;
            }

            if (kind != TimelineKind.Packet && left)
                line.Left = half;
            else if (kind != TimelineKind.Packet)
                line.Right = half;
            lines[^1] = line;
            return true;
        }
    }
}
