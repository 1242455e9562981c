using NetLab.Core.Packets;

namespace NetLab.Core.Tcp;

/// <summary>One direction of a connection: where it stands, and which of its segments wait for their acknowledgment.</summary>
internal sealed class StreamFlow
{
    private const int MostSackBlocks = 4;
    private readonly WaitingSegments _waiting = new();
    private readonly uint[] _sack = new uint[2 * MostSackBlocks];
    private int _sackBlocks;
    private long _segments;
    private long _octets;
    private long _retransmissions;
    private long _duplicateAcks;
    private long _outOfOrder;
    private long _gaps;
    private long _zeroWindows;
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

    /// <summary>Up to where all was captured: the peer may acknowledge so far.</summary>
    internal uint Highest { get; set; }

    /// <summary>What this direction's sender acknowledged last.</summary>
    internal uint Acknowledged { get; private set; }

    internal bool HasAcknowledged { get; private set; }

    internal Timestamp AcknowledgedTime { get; private set; }

    internal ushort Window { get; private set; }

    internal bool HasWindow { get; private set; }

    internal bool HasScale { get; private set; }

    internal uint ScaledWindow => (uint)Window << (_isSynWindow ? 0 : _scale);

    internal uint DuplicateAcks { get; set; }

    /// <summary>Whether all that is on its way was captured, so that it can be counted.</summary>
    internal bool HasWhole { get; private set; } = true;

    internal StreamMarks LastMarks { get; private set; }

    internal bool HasSack => _sackBlocks > 0;

    internal FlowFigures Figures => new(_segments, _octets, _retransmissions, _roundTrips, _shortest,
        _roundTrips == 0 ? Duration.Zero : new Duration(_sum.Nanoseconds / _roundTrips), _longest)
    {
        DuplicateAcks = _duplicateAcks,
        OutOfOrder = _outOfOrder,
        Gaps = _gaps,
        ZeroWindows = _zeroWindows,
    };

    private int _scale;
    private bool _isSynWindow;

    internal void Restart()
    {
        (HasInitial, HasNext, HasAcknowledged, HasWindow, HasScale, HasWhole) = (false, false, false, false, false, true);
        (DuplicateAcks, LastMarks, _sackBlocks) = (0, StreamMarks.None, 0);
        _waiting.Clear();
    }

    internal void Clear()
    {
        Restart();
        (_segments, _octets, _retransmissions, _duplicateAcks, _outOfOrder, _gaps, _zeroWindows, _roundTrips) = (0, 0, 0, 0, 0, 0, 0, 0);
        (_shortest, _sum, _longest) = (Duration.Zero, Duration.Zero, Duration.Zero);
    }

    internal void Synchronize(in TcpSegment segment, ReadOnlySpan<byte> bytes)
    {
        (Initial, HasInitial) = (segment.Sequence, true);
        (_scale, HasScale) = (0, true);
        var options = new TcpOptions(bytes);
        while (options.MoveNext())
        {
            // RFC 7323 section 2.3: a shift count above 14 counts as 14.
            if (options.Kind == TcpOptionKind.WindowScale && options.Value.Length > 0)
                _scale = Math.Min((int)options.Value[0], 14);
        }
    }

    /// <summary>Whether the peer said that it has these octets.</summary>
    internal bool IsSacked(uint from, uint to)
    {
        for (int block = 0; block < _sackBlocks; block++)
        {
            if ((int)(from - _sack[2 * block]) >= 0 && (int)(to - _sack[2 * block + 1]) <= 0)
                return true;
        }

        return false;
    }

    /// <summary>Takes out what the peer acknowledged.</summary>
    /// <returns>The round trip of the segment that was acknowledged as it was sent, once.</returns>
    internal Duration? Acknowledge(in TcpSegment segment, Timestamp time)
    {
        if (!segment.Has(TcpFlags.Ack))
            return null;
        HasWhole = true;
        if (_waiting.Acknowledge(segment.Acknowledgment, time) is not { } measured)
            return null;
        _shortest = _roundTrips == 0 || measured < _shortest ? measured : _shortest;
        _longest = measured > _longest ? measured : _longest;
        _sum += measured;
        _roundTrips++;
        return measured;
    }

    /// <summary>Takes in what the segment sends.</summary>
    /// <returns>How many octets are on their way with it.</returns>
    internal uint Remember(in TcpSegment segment, StreamMarks marks, Timestamp time)
    {
        _octets += segment.PayloadLength;
        const StreamMarks Again = StreamMarks.Retransmission | StreamMarks.FastRetransmission | StreamMarks.SpuriousRetransmission;
        _retransmissions += marks.Has(Again) ? 1 : 0;
        _duplicateAcks += marks.Has(StreamMarks.DuplicateAck) ? 1 : 0;
        _outOfOrder += marks.Has(StreamMarks.OutOfOrder) ? 1 : 0;
        _gaps += marks.Has(StreamMarks.LostSegment) ? 1 : 0;
        _zeroWindows += marks.Has(StreamMarks.ZeroWindow) ? 1 : 0;
        if (marks.Has(StreamMarks.LostSegment))
            HasWhole = false;
        bool isProbe = marks.Has(StreamMarks.ZeroWindowProbe);
        if (segment.SequenceLength > 0)
            _waiting.Add(segment.Sequence, segment.End, marks.Has(Again | StreamMarks.KeepAlive | StreamMarks.ZeroWindowProbe) ? Timestamp.MinValue : time);
        if (!isProbe && (!HasNext || (int)(segment.End - Next) > 0))
            (Next, HasNext, NextTime) = (segment.End, true, time);
        if (!isProbe && (_segments == 0 || (int)(segment.Sequence - Highest) <= 0 && (int)(segment.End - Highest) > 0))
            Highest = segment.End;
        _segments++;
        return _waiting.Octets;
    }

    /// <summary>Takes in what the segment says of the other direction.</summary>
    internal void RememberAnswer(in TcpSegment segment, StreamMarks marks, Timestamp time, ReadOnlySpan<byte> bytes)
    {
        (Window, HasWindow, LastMarks, _isSynWindow) = (segment.Window, true, marks, segment.Has(TcpFlags.Syn));
        if (!segment.Has(TcpFlags.Ack))
            return;
        if (!HasAcknowledged || Acknowledged != segment.Acknowledgment)
            DuplicateAcks = 0;
        (Acknowledged, HasAcknowledged, AcknowledgedTime) = (segment.Acknowledgment, true, time);
        _sackBlocks = 0;
        // Timestamps, padded, have 12 bytes: what is no longer has no blocks.
        if (bytes.Length <= 10)
            return;
        var options = new TcpOptions(bytes);
        while (options.MoveNext())
        {
            for (int at = 0; options.Kind == TcpOptionKind.Sack && at + 8 <= options.Value.Length && _sackBlocks < MostSackBlocks; at += 8, _sackBlocks++)
                (_sack[2 * _sackBlocks], _sack[2 * _sackBlocks + 1]) = (options.UInt32(at), options.UInt32(at + 4));
        }
    }
}
