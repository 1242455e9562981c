namespace NetLab.Core.IoModels;

/// <summary>
/// What was sent to one lane, and what of it the lane has got: the sender's thread writes the one, the lane's the other. Each descriptor carries a stream
/// of bytes whose values are known (<see cref="Byte"/>), so that a message that is missed or doubled shows.
/// </summary>
internal sealed class LaneMail
{
    private readonly Lock _lock = new();
    private readonly ArrivalScript _script;
    private readonly List<Piece> _pieces = [];
    private readonly long[] _received;
    private readonly Queue<(int Message, long End)>[] _expected;
    private readonly long[] _sentAt, _inHandAt;
    private int _firstWaiting, _begins = -1;

    public LaneMail(ArrivalScript script, int descriptors)
    {
        _script = script;
        _received = new long[descriptors];
        _expected = new Queue<(int, long)>[descriptors];
        for (int place = 0; place < descriptors; place++)
            _expected[place] = new();
        var ends = new long[descriptors];
        (_sentAt, _inHandAt) = (new long[script.Arrivals.Count], new long[script.Arrivals.Count]);
        Array.Fill(_sentAt, -1);
        Array.Fill(_inHandAt, -1);
        for (int message = 0; message < script.Arrivals.Count; message++)
        {
            int place = PlaceOf(message);
            ends[place] += script.Arrivals[message].Bytes;
            _expected[place].Enqueue((message, ends[place]));
        }
    }

    /// <summary>Bytes that the lane has got.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Messages that the lane has got whole.</summary>
    public int MessagesReceived { get; private set; }

    /// <summary>Whether something is still to come.</summary>
    public bool IsIncomplete => BytesReceived < _script.TotalBytes;

    /// <summary>How often something arrived: one for each send.</summary>
    public int PieceCount
    {
        get
        {
            lock (_lock)
                return _pieces.Count;
        }
    }

    /// <summary>The value of a stream's byte.</summary>
    public static byte Byte(int place, long offset) => (byte)(offset * 31 + (offset >> 8) + place * 17 + 7);

    /// <summary>Which descriptor a message comes on.</summary>
    public int PlaceOf(int message) => _script.Arrivals[message].Place % _received.Length;

    /// <summary>The sender is about to send a part of a message; it becomes readable from now on.</summary>
    /// <param name="message">Which message.</param>
    /// <param name="place">Which descriptor.</param>
    /// <param name="at">When, on the race's clock.</param>
    public void Sending(int message, int place, long at)
    {
        lock (_lock)
        {
            _begins = _sentAt[message] < 0 ? message : -1;
            if (_begins >= 0)
                _sentAt[message] = at;
            _pieces.Add(new Piece(place, long.MaxValue, at));
        }
    }

    /// <summary>The part that was announced last has gone.</summary>
    /// <param name="end">Where the descriptor's stream stands now; as before when nothing could be sent.</param>
    public void Sent(long end)
    {
        lock (_lock)
            _pieces[^1] = _pieces[^1] with { End = end };
    }

    /// <summary>The part that was announced last could not go: the buffer is full.</summary>
    public void NotSent()
    {
        lock (_lock)
        {
            _pieces.RemoveAt(_pieces.Count - 1);
            if (_begins >= 0)
                _sentAt[_begins] = -1;
        }
    }

    /// <summary>Since when something has been readable, on the race's clock; -1 when nothing is.</summary>
    public long ReadableSince()
    {
        lock (_lock)
        {
            while (_firstWaiting < _pieces.Count && _pieces[_firstWaiting].End <= _received[_pieces[_firstWaiting].Place])
                _firstWaiting++;
            return _firstWaiting < _pieces.Count ? _pieces[_firstWaiting].At : -1;
        }
    }

    /// <summary>The lane has got bytes.</summary>
    /// <param name="place">On which descriptor.</param>
    /// <param name="bytes">They themselves.</param>
    /// <param name="at">When the call that brought them returned.</param>
    /// <returns>What is wrong with them; null when they are those that were sent.</returns>
    public string? Take(int place, ReadOnlySpan<byte> bytes, long at)
    {
        long offset = _received[place];
        for (int index = 0; index < bytes.Length; index++)
        {
            if (bytes[index] != Byte(place, offset + index))
                return $"byte {offset + index} of descriptor {place} is not the one that was sent";
        }

        lock (_lock)
        {
            _received[place] = offset + bytes.Length;
            BytesReceived += bytes.Length;
            while (_expected[place].TryPeek(out var next) && next.End <= _received[place])
            {
                _inHandAt[next.Message] = at;
                MessagesReceived++;
                _expected[place].Dequeue();
            }
        }

        return BytesReceived > _script.TotalBytes ? $"{BytesReceived - _script.TotalBytes} bytes more came than were sent" : null;
    }

    /// <summary>Of each message when it was sent and when the lane had it whole, on the race's clock; -1 for not yet.</summary>
    public IReadOnlyList<MessageTimes> Times()
    {
        lock (_lock)
        {
            var times = new MessageTimes[_sentAt.Length];
            for (int message = 0; message < times.Length; message++)
                times[message] = new MessageTimes(_sentAt[message], _inHandAt[message]);
            return times;
        }
    }

    // What one send put into a descriptor's stream: up to where, and when. Until the send has returned the end is not known.
    private readonly record struct Piece(int Place, long End, long At);
}

/// <summary>When a message was sent to a lane and when the lane had all of it; nanoseconds of the race's clock, -1 for not yet.</summary>
/// <param name="Arrived">The moment right before the sender's call that put its first byte into the lane's socket.</param>
/// <param name="InHand">The moment at which the call returned that brought its last byte.</param>
public readonly record struct MessageTimes(long Arrived, long InHand)
{
    /// <summary>From its arrival until it was in hand; null when it was not.</summary>
    public Duration? Latency => Arrived >= 0 && InHand >= 0 ? new Duration(InHand - Arrived) : null;
}
