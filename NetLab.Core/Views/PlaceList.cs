namespace NetLab.Core.Views;

/// <summary>
/// Places of packets in ascending order, added at the end and dropped at the beginning. One thread adds; others may read meanwhile what they
/// saw in <see cref="End"/> before. An entry keeps its number while it is there.
/// </summary>
public sealed class PlaceList
{
    private long[] _ring = new long[1024];
    private long _first;
    private long _end;

    /// <summary>The number of the oldest entry.</summary>
    public long First => Volatile.Read(ref _first);

    /// <summary>The number that the next entry will have.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>How many entries there are.</summary>
    public int Count => (int)(End - First);

    /// <summary>The place at a number from <see cref="First"/> up to before <see cref="End"/>.</summary>
    public long this[long number]
    {
        get
        {
            var ring = Volatile.Read(ref _ring);
            return ring[number & (ring.Length - 1)];
        }
    }

    /// <summary>Adds a place; it must be larger than those before.</summary>
    public void Add(long place)
    {
        if (_end - _first == _ring.Length)
            Grow();
        _ring[_end & (_ring.Length - 1)] = place;
        Volatile.Write(ref _end, _end + 1);
    }

    /// <summary>Drops the entries whose place lies before another.</summary>
    public void DropBefore(long place)
    {
        long first = _first;
        while (first < _end && this[first] < place)
            first++;
        Volatile.Write(ref _first, first);
    }

    /// <summary>The number of the first entry whose place is not before this one; <see cref="End"/> when there is none.</summary>
    public long Find(long place)
    {
        long low = First, high = End;
        while (low < high)
        {
            long middle = low + (high - low) / 2;
            if (this[middle] < place)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Grow()
    {
        var larger = new long[2 * _ring.Length];
        for (long number = _first; number < _end; number++)
            larger[number & (larger.Length - 1)] = this[number];
        Volatile.Write(ref _ring, larger);
    }
}
