namespace NetLab.Core;

/// <summary>A source's pen. One thread at a time may use it.</summary>
public sealed class JournalWriter
{
    private readonly Journal _journal;
    private readonly JournalLane _lane;

    internal JournalWriter(Journal journal, JournalLane lane) => (_journal, _lane) = (journal, lane);

    /// <summary>The names that events refer to.</summary>
    public NameTable Names => _journal.Names;

    /// <summary>How many events of this source were dropped for want of room.</summary>
    public long Dropped => _lane.Dropped;

    /// <summary>Writes an event and its data, dropping the oldest where there is no room. Allocates nothing.</summary>
    /// <param name="entry">The event.</param>
    /// <param name="data">Its data; what is longer than a quarter of the lane is cut.</param>
    /// <returns>Where it lies.</returns>
    public EventReference Append(in LabEvent entry, ReadOnlySpan<byte> data = default)
    {
        long serial = _lane.Append(entry, data);
        _journal.Announce();
        return new EventReference(_lane.Index, serial);
    }

    /// <summary>
    /// Says that nothing older than <paramref name="time"/> will come from this source, so that readers need not wait for it. A source that
    /// never says so is not waited for; one that says <see cref="Timestamp.MaxValue"/> has ended.
    /// </summary>
    public void ToldUpTo(Timestamp time)
    {
        _lane.Watermark = time;
        _journal.AnnounceProgress();
    }
}
