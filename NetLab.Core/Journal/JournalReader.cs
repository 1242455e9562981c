namespace NetLab.Core;

/// <summary>
/// Reads a journal in order of time. Sources tell of the same moment with different delay (the trace some 0.3 ms, packets less), so a reader
/// holds an event back until every source has told up to its time, but no longer than its patience. One thread at a time may use it.
/// </summary>
public sealed class JournalReader
{
    private readonly Journal _journal;
    private long[] _cursors = [];
    private Timestamp _last = Timestamp.MinValue;

    internal JournalReader(Journal journal) => _journal = journal;

    /// <summary>How long an event is held back at most for the sake of order: 50 ms.</summary>
    public static Duration Patience => Duration.FromMilliseconds(50);

    /// <summary>How many events were dropped before this reader came to them.</summary>
    public long Missed { get; private set; }

    /// <summary>How many events came after a later one had been read.</summary>
    public long Late { get; private set; }

    /// <summary>The next event in order of time, if one is ripe.</summary>
    /// <param name="now">The time now; <see cref="Timestamp.MaxValue"/> reads everything there is.</param>
    /// <param name="entry">The event.</param>
    /// <param name="reference">Where it lies, for its data: <see cref="Journal.TryGet"/>.</param>
    public bool TryRead(Timestamp now, out LabEvent entry, out EventReference reference)
    {
        if (TryReadRipe(now, out entry, out reference))
            return true;
        // Announced anew from here on; what came before that was perhaps not announced, so look once more.
        _journal.Rearm(held: NextRipe() is not null);
        return TryReadRipe(now, out entry, out reference);
    }

    /// <summary>Whether this reader has come to an event, or past it.</summary>
    public bool HasRead(EventReference reference) => reference.Lane < _cursors.Length && reference.Serial < _cursors[reference.Lane];

    /// <summary>When the next event that waits becomes ripe at the latest; null when none waits.</summary>
    public Timestamp? NextRipe() => Earliest(Lanes()) is { } next ? next.Time + Patience : null;

    private bool TryReadRipe(Timestamp now, out LabEvent entry, out EventReference reference)
    {
        var lanes = Lanes();
        while (Earliest(lanes) is { } next && next.Time <= Horizon(lanes, now))
        {
            int index = next.Index;
            reference = new EventReference(index, _cursors[index]);
            if (!lanes[index].TryRead(_cursors[index], out entry))
                continue; // overwritten meanwhile: Earliest skips to what is left
            _cursors[index]++;
            if (entry.Time < _last)
                Late++;
            else
                _last = entry.Time;
            return true;
        }

        (entry, reference) = (default, default);
        return false;
    }

    private JournalLane[] Lanes()
    {
        var lanes = _journal.Lanes;
        if (_cursors.Length < lanes.Length)
            Array.Resize(ref _cursors, lanes.Length);
        return lanes;
    }

    private (int Index, Timestamp Time)? Earliest(JournalLane[] lanes)
    {
        var best = (Index: -1, Time: Timestamp.MaxValue);
        for (int index = 0; index < lanes.Length; index++)
        {
            var lane = lanes[index];
            while (_cursors[index] < lane.Next)
            {
                long oldest = lane.Oldest;
                if (_cursors[index] < oldest)
                {
                    Missed += oldest - _cursors[index];
                    _cursors[index] = oldest;
                }

                if (!lane.TryPeekTime(_cursors[index], out var time))
                    continue;
                if (best.Index < 0 || time < best.Time)
                    best = (index, time);
                break;
            }
        }

        return best.Index < 0 ? null : best;
    }

    private static Timestamp Horizon(JournalLane[] lanes, Timestamp now)
    {
        if (now == Timestamp.MaxValue)
            return now;
        var told = Timestamp.MaxValue;
        foreach (var lane in lanes)
            told = lane.Watermark < told ? lane.Watermark : told;
        var patient = now - Patience;
        return told > patient ? told : patient;
    }
}
