namespace NetLab.Core;

/// <summary>
/// The record that every view reads: bounded in bytes, in order of time across its sources. Each source writes to a lane of its own through a
/// <see cref="JournalWriter"/>; any number of <see cref="JournalReader"/>s merge the lanes. A full lane drops its oldest events and counts them.
/// </summary>
public sealed class Journal
{
    private readonly Lock _gate = new();
    private JournalLane[] _lanes = [];
    private Action? _changed;
    private int _announced;
    private volatile bool _held;

    /// <summary>What a lane holds when its source names no size: 8 MiB.</summary>
    public const long DefaultLaneCapacity = 8 << 20;

    /// <summary>The names that events refer to.</summary>
    public NameTable Names { get; } = new();

    /// <summary>Bytes that the journal may hold, all lanes together.</summary>
    public long Capacity => Lanes.Sum(lane => lane.Capacity);

    /// <summary>How many events were dropped for want of room, all lanes together.</summary>
    public long Dropped => Lanes.Sum(lane => lane.Dropped);

    /// <summary>How many events were written, all lanes together.</summary>
    public long Written => Lanes.Sum(lane => lane.Next);

    /// <summary>
    /// Called once, on the writer's thread, when there is something to read; not again before <see cref="JournalReader.TryRead"/> has found
    /// nothing more. It must not block.
    /// </summary>
    public Action? Changed
    {
        get => Volatile.Read(ref _changed);
        set => Volatile.Write(ref _changed, value);
    }

    internal JournalLane[] Lanes => Volatile.Read(ref _lanes);

    /// <summary>
    /// Opens the lane of a source. A source that comes back under its name writes on in its old lane, so that the journal does not grow with
    /// the number of runs.
    /// </summary>
    /// <param name="source">The source's name.</param>
    /// <param name="capacity">The lane's size in bytes.</param>
    public JournalWriter OpenWriter(string source, long capacity = DefaultLaneCapacity)
    {
        lock (_gate)
        {
            var lane = Array.Find(_lanes, lane => lane.Source == source);
            if (lane is null)
            {
                lane = new JournalLane(source, _lanes.Length, capacity);
                Volatile.Write(ref _lanes, [.. _lanes, lane]);
            }

            return new JournalWriter(this, lane);
        }
    }

    /// <summary>A reader that begins at the oldest event.</summary>
    public JournalReader OpenReader() => new(this);

    /// <summary>Reads one event again with its data.</summary>
    /// <param name="reference">Which.</param>
    /// <param name="buffer">Where its data is copied to; replaced by a larger one when it is too small.</param>
    /// <param name="entry">The event.</param>
    /// <param name="data">Its data, in <paramref name="buffer"/>.</param>
    /// <returns>False when it has been dropped.</returns>
    public bool TryGet(EventReference reference, ref byte[] buffer, out LabEvent entry, out ReadOnlySpan<byte> data)
    {
        var lanes = Lanes;
        data = default;
        entry = default;
        if ((uint)reference.Lane >= (uint)lanes.Length || !lanes[reference.Lane].TryRead(reference.Serial, ref buffer, out entry, out int length))
            return false;
        data = buffer.AsSpan(0, length);
        return true;
    }

    internal void Announce()
    {
        if (Volatile.Read(ref _announced) == 0 && Interlocked.Exchange(ref _announced, 1) == 0)
            Changed?.Invoke();
    }

    // Tells on only where a reader holds an event back for the sake of order; else an idle source would wake everybody for nothing.
    internal void AnnounceProgress()
    {
        if (_held)
            Announce();
    }

    internal void Rearm(bool held)
    {
        _held = held;
        Volatile.Write(ref _announced, 0);
    }
}
