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
    long Segments, long Octets, long Retransmissions, long RoundTrips, Duration ShortestRoundTrip, Duration MeanRoundTrip, Duration LongestRoundTrip);

/// <summary>
/// Looks at the segments of one connection in the order of their capture, and marks what is remarkable as Wireshark does. Round trips are
/// measured by Karn's rule (RFC 6298 section 3): never from a segment that was sent twice. Of fixed size; allocates nothing for a segment.
/// </summary>
public sealed class StreamAnalysis
{
    private static readonly Duration s_fastRetransmission = Duration.FromMilliseconds(20);
    private static readonly Duration s_reordering = Duration.FromMilliseconds(3);
    private const TcpFlags Special = TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst;

    private readonly StreamFlow[] _flows = [new(), new()];
    private Duration _initialRoundTrip;
    private Timestamp? _synTime;

    /// <summary>The round trip that the last segment completed by acknowledging; null if none.</summary>
    public Duration? RoundTrip { get; private set; }

    /// <summary>Octets of the last segment's sender that were on their way, that segment's included.</summary>
    public uint BytesInFlight { get; private set; }

    /// <summary>The figures of an end, 0 or 1.</summary>
    public FlowFigures Figures(int end) => _flows[end].Figures;

    /// <summary>Takes in a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="sender">The end that sent it, 0 or 1.</param>
    /// <param name="time">When it was captured.</param>
    /// <param name="windowScale">The shift count of a SYN's window scale option (RFC 7323 section 2.2); null where there is none.</param>
    /// <returns>Its marks.</returns>
    public StreamMarks Take(in TcpSegment segment, int sender, Timestamp time, int? windowScale = null)
    {
        RoundTrip = null;
        StreamFlow own = _flows[sender], peer = _flows[1 - sender];
        var marks = StreamMarks.None;
        if (segment.Has(TcpFlags.Syn))
        {
            if (!segment.Has(TcpFlags.Ack) && own.HasInitial && own.Initial != segment.Sequence)
            {
                marks = StreamMarks.ReusedPorts;
                own.Restart();
                peer.Restart();
                _initialRoundTrip = Duration.Zero;
            }

            own.Synchronize(segment, windowScale);
            if (!segment.Has(TcpFlags.Ack))
                _synTime = time;
        }
        else if (_synTime is { } syn && _initialRoundTrip == Duration.Zero && segment.Has(TcpFlags.Ack) && peer.HasInitial)
        {
            _initialRoundTrip = time - syn;
        }

        marks |= Judge(segment, own, peer);
        if ((marks & (StreamMarks.ZeroWindowProbe | StreamMarks.KeepAlive)) == 0)
            marks |= Repeated(segment, own, peer, time);
        if (segment.Has(TcpFlags.Ack))
            RoundTrip = peer.Acknowledge(segment.Acknowledgment, time);
        own.Remember(segment, marks, time);
        BytesInFlight = own.InFlight(peer);
        return marks;
    }

    // What the segment's own numbers tell beside the last ones of both directions.
    private static StreamMarks Judge(in TcpSegment segment, StreamFlow own, StreamFlow peer)
    {
        var marks = StreamMarks.None;
        bool plain = (segment.Flags & Special) == 0;
        int ahead = own.HasNext ? (int)(segment.Sequence - own.Next) : 0;
        if (segment.PayloadLength == 1 && own.HasNext && ahead == 0 && peer.HasWindow && peer.Window == 0 && plain)
            return StreamMarks.ZeroWindowProbe;
        if (segment.Window == 0 && plain)
            marks |= StreamMarks.ZeroWindow;
        if (ahead > 0 && !segment.Has(TcpFlags.Rst))
            marks |= StreamMarks.LostSegment;
        if (segment.PayloadLength <= 1 && own.HasNext && ahead == -1 && plain)
            marks |= StreamMarks.KeepAlive;
        if (segment.PayloadLength > 0 && plain && peer.HasScale && peer.HasAcknowledged && segment.End == peer.Acknowledged + peer.ScaledWindow)
            marks |= StreamMarks.WindowFull;
        if (segment.Has(TcpFlags.Ack) && peer.HasNext && (int)(segment.Acknowledgment - peer.Highest) > 0)
        {
            marks |= StreamMarks.AckedUnseenSegment;
            peer.Highest = segment.Acknowledgment;
        }

        bool repeatsAck = segment.PayloadLength == 0 && plain && own.HasNext && ahead == 0 && own.HasAcknowledged
            && segment.Acknowledgment == own.Acknowledged && segment.Window != 0;
        return repeatsAck ? marks | RepeatedAck(segment, own, peer) : marks;
    }

    private static StreamMarks RepeatedAck(in TcpSegment segment, StreamFlow own, StreamFlow peer)
    {
        if (segment.Window != own.Window)
            return StreamMarks.WindowUpdate;
        if (peer.LastMarks.Has(StreamMarks.KeepAlive))
            return StreamMarks.KeepAliveAck;
        if (peer.LastMarks.Has(StreamMarks.ZeroWindowProbe))
            return StreamMarks.ZeroWindowProbeAck;
        own.DuplicateAcks++;
        return StreamMarks.DuplicateAck;
    }

    private StreamMarks Repeated(in TcpSegment segment, StreamFlow own, StreamFlow peer, Timestamp time)
    {
        if (segment.SequenceLength == 0 || segment.Has(TcpFlags.Rst) || !own.HasNext || (int)(segment.Sequence - own.Next) >= 0)
            return StreamMarks.None;
        if (segment.PayloadLength > 0 && peer.HasAcknowledged && (int)(segment.Sequence + (uint)segment.PayloadLength - peer.Acknowledged) <= 0)
            return StreamMarks.SpuriousRetransmission;
        if (peer.DuplicateAcks >= 2 && peer.Acknowledged == segment.Sequence && time - peer.AcknowledgedTime < s_fastRetransmission)
            return StreamMarks.FastRetransmission;
        var patience = _initialRoundTrip > Duration.Zero ? _initialRoundTrip : s_reordering;
        bool soon = time - own.NextTime < patience;
        return soon && segment.End != own.Next && own.HasGap ? StreamMarks.OutOfOrder : StreamMarks.Retransmission;
    }
}
