namespace NetLab.Core.Tcp;

/// <summary>
/// The segments of one direction that wait for their acknowledgment, in the order in which they were sent. Bounded: beyond 512 the further ones are
/// counted among the octets on their way, but not measured.
/// </summary>
internal sealed class WaitingSegments
{
    private const int Bound = 512;
    private Waiting[] _segments = [];
    private int _first;
    private int _count;
    private uint _highest;
    private bool _isMixed;

    /// <summary>From the first octet that waits to the last one sent.</summary>
    internal uint Octets
    {
        get
        {
            if (_count == 0)
                return 0;
            uint lowest = At(0).Start;
            for (int index = 1; _isMixed && index < _count; index++)
            {
                if ((int)(At(index).Start - lowest) < 0)
                    lowest = At(index).Start;
            }

            // RFC 7323 section 2.3: no window is larger; more is what does not belong together.
            return _highest - lowest is <= 1 << 30 and var octets ? octets : 0;
        }
    }

    internal void Clear() => (_first, _count, _isMixed) = (0, 0, false);

    /// <summary>A segment was sent. What is sent again is never measured (RFC 6298 section 3, Karn's rule).</summary>
    internal void Add(uint start, uint end, Timestamp time)
    {
        bool isAhead = _count == 0 || (int)(start - _highest) >= 0;
        if (!isAhead && Repeat(start, end))
        {
            if ((int)(end - _highest) <= 0)
                return;
            time = Timestamp.MinValue;
        }

        if (_count == 0 || (int)(end - _highest) > 0)
            _highest = end;
        if (_count == Bound)
            return;
        if (_count == _segments.Length)
            Grow();
        _isMixed |= !isAhead;
        At(_count++) = new Waiting { Start = start, End = end, Time = time };
    }

    /// <summary>Takes out what is acknowledged.</summary>
    /// <returns>How long ago the segment was sent that ends there.</returns>
    internal Duration? Acknowledge(uint acknowledgment, Timestamp time)
    {
        Duration? roundTrip = null;
        for (; !_isMixed && _count > 0 && (int)(acknowledgment - At(0).End) >= 0; _first++, _count--)
            roundTrip = At(0).Since(acknowledgment, time) ?? roundTrip;
        if (_isMixed)
            roundTrip = Sift(acknowledgment, time);
        if (_count > 0 && (int)(acknowledgment - At(0).Start) > 0)
            At(0).Start = acknowledgment;
        _isMixed &= _count > 0;
        return roundTrip;
    }

    // Out of order it takes a look at each of them.
    private Duration? Sift(uint acknowledgment, Timestamp time)
    {
        Duration? roundTrip = null;
        int kept = 0;
        for (int index = 0; index < _count; index++)
        {
            var waiting = At(index);
            if ((int)(acknowledgment - waiting.End) >= 0)
                roundTrip = waiting.Since(acknowledgment, time) ?? roundTrip;
            else
                At(kept++) = waiting;
        }

        _count = kept;
        return roundTrip;
    }

    private bool Repeat(uint start, uint end)
    {
        bool isAgain = false;
        for (int index = 0; index < _count; index++)
        {
            ref var waiting = ref At(index);
            if ((int)(waiting.End - start) <= 0 || (int)(waiting.Start - end) >= 0)
                continue;
            waiting.Time = Timestamp.MinValue;
            isAgain = true;
        }

        return isAgain;
    }

    private ref Waiting At(int index) => ref _segments[(_first + index) & (_segments.Length - 1)];

    private void Grow()
    {
        var longer = new Waiting[Math.Max(4, 2 * _segments.Length)];
        for (int index = 0; index < _count; index++)
            longer[index] = At(index);
        (_segments, _first) = (longer, 0);
    }

    private struct Waiting
    {
        internal uint Start;
        internal uint End;
        internal Timestamp Time;

        internal readonly Duration? Since(uint acknowledgment, Timestamp now) =>
            End == acknowledgment && Time != Timestamp.MinValue && now >= Time ? now - Time : null;
    }
}
