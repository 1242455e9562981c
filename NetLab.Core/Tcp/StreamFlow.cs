using NetLab.Core.Packets;

namespace NetLab.Core.Tcp;

/// <summary>One direction of a connection: where it stands, and which of its segments wait for their acknowledgment.</summary>
internal sealed class StreamFlow
{
    // A connection with more segments on their way than this is measured by some of them only.
    private const int Bound = 64;
    private readonly (uint End, Timestamp Time)[] _waiting = new (uint, Timestamp)[Bound];
    private int _first;
    private int _count;
    private long _segments;
    private long _octets;
    private long _retransmissions;
    private long _roundTrips;
    private Duration _shortest;
    private Duration _sum;
    private Duration _longest;

    internal uint Initial { get; private set; }

    internal bool HasInitial { get; private set; }

    /// <summary>The sequence number after the furthest segment.</summary>
    internal uint Next { get; private set; }

    internal bool HasNext { get; private set; }

    /// <summary>When <see cref="Next"/> moved last.</summary>
    internal Timestamp NextTime { get; private set; }

    /// <summary>Up to where the peer may acknowledge without acknowledging what was not captured.</summary>
    internal uint Highest { get; set; }

    /// <summary>What this direction's sender acknowledged last.</summary>
    internal uint Acknowledged { get; private set; }

    internal bool HasAcknowledged { get; private set; }

    internal Timestamp AcknowledgedTime { get; private set; }

    internal ushort Window { get; private set; }

    internal bool HasWindow { get; private set; }

    internal bool HasScale { get; private set; }

    internal uint ScaledWindow => (uint)Window << Scale;

    internal int DuplicateAcks { get; set; }

    /// <summary>Whether segments before the furthest one are missing.</summary>
    internal bool HasGap { get; private set; }

    internal StreamMarks LastMarks { get; private set; }

    internal FlowFigures Figures => new(_segments, _octets, _retransmissions, _roundTrips, _shortest,
        _roundTrips == 0 ? Duration.Zero : new Duration(_sum.Nanoseconds / _roundTrips), _longest);

    private int Scale { get; set; }

    internal void Restart()
    {
        (HasInitial, HasNext, HasAcknowledged, HasWindow, HasScale, HasGap) = (false, false, false, false, false, false);
        (_count, DuplicateAcks, LastMarks) = (0, 0, StreamMarks.None);
    }

    internal void Synchronize(in TcpSegment segment, int? windowScale)
    {
        (Initial, HasInitial) = (segment.Sequence, true);
        // RFC 7323 section 2.3: a shift count above 14 counts as 14. Without the option from both ends nothing is scaled.
        (Scale, HasScale) = (Math.Clamp(windowScale ?? 0, 0, 14), true);
    }

    internal Duration? Acknowledge(uint acknowledgment, Timestamp time)
    {
        Duration? roundTrip = null;
        while (_count > 0 && (int)(acknowledgment - _waiting[_first].End) >= 0)
        {
            if (_waiting[_first].End == acknowledgment && _waiting[_first].Time != Timestamp.MinValue && time >= _waiting[_first].Time)
                roundTrip = time - _waiting[_first].Time;
            _first = (_first + 1) % Bound;
            _count--;
        }

        if (roundTrip is { } measured)
            Measure(measured);
        return roundTrip;
    }

    internal void Remember(in TcpSegment segment, StreamMarks marks, Timestamp time)
    {
        _segments++;
        _octets += segment.PayloadLength;
        const StreamMarks Again = StreamMarks.Retransmission | StreamMarks.FastRetransmission | StreamMarks.SpuriousRetransmission;
        if ((marks & Again) != 0)
        {
            _retransmissions++;
            Forget(segment);
        }
        else if (segment.SequenceLength > 0 && (marks & (StreamMarks.KeepAlive | StreamMarks.ZeroWindowProbe)) == 0)
        {
            Await(segment.End, time);
        }

        if (marks.Has(StreamMarks.LostSegment))
            HasGap = true;
        if (!marks.Has(StreamMarks.ZeroWindowProbe) && !segment.Has(TcpFlags.Rst)
            && (!HasNext || (int)(segment.End - Next) > 0))
        {
            (Next, HasNext, NextTime) = (segment.End, true, time);
            if ((int)(Next - Highest) > 0 || _segments == 1)
                Highest = Next;
        }

        (Window, HasWindow, LastMarks) = (segment.Window, true, marks);
        if (!segment.Has(TcpFlags.Ack))
            return;
        if (!HasAcknowledged || Acknowledged != segment.Acknowledgment)
            DuplicateAcks = 0;
        (Acknowledged, HasAcknowledged, AcknowledgedTime) = (segment.Acknowledgment, true, time);
    }

    internal uint InFlight(StreamFlow peer)
    {
        if (!HasNext || !peer.HasAcknowledged)
            return 0;
        int octets = (int)(Next - peer.Acknowledged);
        return octets > 0 ? (uint)octets : 0;
    }

    private void Await(uint end, Timestamp time)
    {
        if (_count == Bound)
            return;
        _waiting[(_first + _count++) % Bound] = (end, time);
    }

    // Karn's rule: which of the two was acknowledged cannot be told.
    private void Forget(in TcpSegment segment)
    {
        for (int index = 0; index < _count; index++)
        {
            ref var waiting = ref _waiting[(_first + index) % Bound];
            if ((int)(waiting.End - segment.Sequence) > 0 && (int)(waiting.End - segment.End) <= 0)
                waiting.Time = Timestamp.MinValue;
        }
    }

    private void Measure(Duration roundTrip)
    {
        _shortest = _roundTrips == 0 || roundTrip < _shortest ? roundTrip : _shortest;
        _longest = roundTrip > _longest ? roundTrip : _longest;
        _sum += roundTrip;
        _roundTrips++;
    }
}
