using NetLab.Core.Packets;

namespace NetLab.Core.Tcp;

/// <summary>What one end of a connection has sent, in figures.</summary>
/// <param name="Segments">Its segments.</param>
/// <param name="Octets">Octets of data, repeated ones included.</param>
/// <param name="Retransmissions">Segments that it sent again, of whichever kind.</param>
/// <param name="RoundTrips">How many round trips were measured of its segments.</param>
/// <param name="ShortestRoundTrip">The shortest of them.</param>
/// <param name="MeanRoundTrip">Their mean.</param>
/// <param name="LongestRoundTrip">The longest of them.</param>
public readonly record struct FlowFigures(
    long Segments, long Octets, long Retransmissions, long RoundTrips, Duration ShortestRoundTrip, Duration MeanRoundTrip, Duration LongestRoundTrip)
{
    /// <summary>Duplicate ACKs that it sent.</summary>
    public long DuplicateAcks { get; init; }

    /// <summary>Its segments that came out of order.</summary>
    public long OutOfOrder { get; init; }

    /// <summary>How often segments of it were missing.</summary>
    public long Gaps { get; init; }

    /// <summary>How often it closed its window.</summary>
    public long ZeroWindows { get; init; }
}

/// <summary>
/// Looks at the segments of one connection in the order of their capture, and marks what is remarkable as Wireshark does. Round trips are
/// measured by Karn's rule (RFC 6298 section 3): never from a segment that was sent twice. Bounded; allocates nothing for a segment.
/// </summary>
public sealed class StreamAnalysis
{
    private static readonly Duration s_fastRetransmission = Duration.FromMilliseconds(20);
    private static readonly Duration s_reordering = Duration.FromMilliseconds(3);
    private const TcpFlags Special = TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst;

    private readonly StreamFlow _first = new(), _second = new();
    private Duration _initialRoundTrip;
    private Timestamp? _synTime;

    /// <summary>The round trip that the last segment completed by acknowledging; null if none.</summary>
    public Duration? RoundTrip { get; private set; }

    /// <summary>Octets of the last segment's sender that were on their way, that segment's included; 0 where it has no data or they cannot be told.</summary>
    public uint BytesInFlight { get; private set; }

    /// <summary>All that is known of the last segment.</summary>
    public SegmentAnalysis Told { get; private set; }

    /// <summary>The figures of an end, 0 or 1.</summary>
    public FlowFigures Figures(int end) => (end == 0 ? _first : _second).Figures;

    /// <summary>Takes in a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="sender">The end that sent it, 0 or 1.</param>
    /// <param name="time">When it was captured.</param>
    /// <param name="options">The bytes of its TCP options: a SYN's window scale (RFC 7323 section 2.2), and what is acknowledged selectively (RFC 2018).</param>
    /// <returns>Its marks.</returns>
    public StreamMarks Take(in TcpSegment segment, int sender, Timestamp time, ReadOnlySpan<byte> options = default)
    {
        RoundTrip = null;
        StreamFlow own = sender == 0 ? _first : _second, peer = sender == 0 ? _second : _first;
        var marks = StreamMarks.None;
        if (segment.Has(TcpFlags.Syn))
            marks = Begin(segment, own, peer, time, options);
        else if (_synTime is { } syn && _initialRoundTrip == Duration.Zero && segment.Has(TcpFlags.Ack) && peer.HasInitial)
            _initialRoundTrip = time - syn;

        marks |= Judge(segment, own, peer);
        if (!marks.Has(StreamMarks.KeepAlive))
            marks |= Repeated(segment, own, peer, time);
        BytesInFlight = own.Remember(segment, marks, time);
        RoundTrip = peer.Acknowledge(segment, time);
        own.RememberAnswer(segment, marks, time, options);
        if (segment.PayloadLength == 0 || !own.HasWhole)
            BytesInFlight = 0;
        else if (BytesInFlight > 0 && segment.Has(TcpFlags.Fin))
            BytesInFlight--; // it takes a number, but is no octet
        Told = new SegmentAnalysis(marks, marks.Has(StreamMarks.DuplicateAck) ? own.DuplicateAcks : BytesInFlight, RoundTrip?.Nanoseconds ?? 0);
        return marks;
    }

    internal void Clear()
    {
        _first.Clear();
        _second.Clear();
        (_initialRoundTrip, _synTime, Told) = (Duration.Zero, null, default);
    }

    private StreamMarks Begin(in TcpSegment segment, StreamFlow own, StreamFlow peer, Timestamp time, ReadOnlySpan<byte> options)
    {
        var marks = StreamMarks.None;
        bool isAnswer = segment.Has(TcpFlags.Ack);
        if (own.HasInitial && own.Initial != segment.Sequence)
        {
            marks = StreamMarks.ReusedPorts;
            if (!isAnswer)
            {
                own.Restart();
                peer.Restart();
                _initialRoundTrip = Duration.Zero;
            }
        }

        own.Synchronize(segment, options);
        if (!isAnswer)
            _synTime = time;
        return marks;
    }

    // What the segment's own numbers tell beside the last ones of both directions.
    private static StreamMarks Judge(in TcpSegment segment, StreamFlow own, StreamFlow peer)
    {
        var marks = StreamMarks.None;
        bool plain = (segment.Flags & Special) == 0;
        int ahead = own.HasNext ? (int)(segment.Sequence - own.Next) : 0;
        bool isNext = own.HasNext && ahead == 0;
        if (segment.PayloadLength == 1 && isNext && peer.HasWindow && peer.Window == 0)
        {
            marks = StreamMarks.ZeroWindowProbe;
        }
        else
        {
            if (segment.Window == 0 && plain)
                marks |= StreamMarks.ZeroWindow;
            if (ahead > 0 && !segment.Has(TcpFlags.Rst))
                marks |= StreamMarks.LostSegment;
            if (segment.PayloadLength <= 1 && own.HasNext && ahead == -1 && plain)
                marks |= StreamMarks.KeepAlive;
            if (segment.PayloadLength > 0 && plain && peer.HasScale && peer.HasAcknowledged && segment.End == peer.Acknowledged + peer.ScaledWindow)
                marks |= StreamMarks.WindowFull;
            if (segment.PayloadLength == 0 && plain && isNext && own.HasAcknowledged && segment.Acknowledgment == own.Acknowledged)
                marks |= RepeatedAck(segment, own, peer);
        }

        if (segment.Has(TcpFlags.Ack) && peer.HasNext && (int)(segment.Acknowledgment - peer.Highest) > 0)
        {
            marks |= StreamMarks.AckedUnseenSegment;
            peer.Highest = (int)(peer.Next - peer.Highest) > 0 ? peer.Next : segment.Acknowledgment;
        }

        return marks;
    }

    private static StreamMarks RepeatedAck(in TcpSegment segment, StreamFlow own, StreamFlow peer)
    {
        if (segment.Window == 0)
            return own.Window == 0 && peer.LastMarks.Has(StreamMarks.ZeroWindowProbe) ? StreamMarks.ZeroWindowProbeAck : StreamMarks.None;
        if (segment.Window != own.Window)
            return StreamMarks.WindowUpdate;
        if (peer.LastMarks.Has(StreamMarks.KeepAlive))
            return StreamMarks.KeepAliveAck;
        own.DuplicateAcks++;
        return StreamMarks.DuplicateAck;
    }

    private StreamMarks Repeated(in TcpSegment segment, StreamFlow own, StreamFlow peer, Timestamp time)
    {
        if (segment.SequenceLength == 0)
            return StreamMarks.None;
        uint dataEnd = segment.Sequence + (uint)segment.PayloadLength;
        if (segment.PayloadLength > 0 && peer.HasAcknowledged && (int)(dataEnd - peer.Acknowledged) <= 0)
            return StreamMarks.SpuriousRetransmission;
        if (!own.HasNext || (int)(segment.Sequence - own.Next) >= 0)
            return StreamMarks.None;
        // The octet of a probe, sent again with those after it, is new for all that is known.
        if (segment.PayloadLength > 1 && own.Next - 1 == segment.Sequence)
            return StreamMarks.None;
        if (peer.DuplicateAcks >= 2 && time - peer.AcknowledgedTime < s_fastRetransmission
            && (peer.Acknowledged == segment.Sequence || peer.HasSack && !peer.IsSacked(segment.Sequence, segment.End)))
            return StreamMarks.FastRetransmission;
        var patience = _initialRoundTrip > Duration.Zero ? _initialRoundTrip : s_reordering;
        return time - own.NextTime < patience && segment.End != own.Next ? StreamMarks.OutOfOrder : StreamMarks.Retransmission;
    }
}
