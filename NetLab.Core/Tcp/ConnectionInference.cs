using NetLab.Core.Packets;

namespace NetLab.Core.Tcp;

/// <summary>A change of state that follows from a segment.</summary>
/// <param name="End">Which end: 0 for the connection's first, 1 for its second.</param>
/// <param name="Time">When: the segment's time; for SYN_RCVD that of the SYN, which the answering SYN,ACK proves to have been accepted.</param>
/// <param name="From">The state before.</param>
/// <param name="To">The state after.</param>
public readonly record struct InferredChange(int End, Timestamp Time, TcpState From, TcpState To);

/// <summary>
/// The states of both ends of one connection, derived from its segments alone by RFC 9293 section 3.10. A captured segment counts as sent by
/// the one end and received by the other. Fixed size, no allocation.
/// </summary>
public sealed class ConnectionInference
{
    private readonly End[] _ends = new End[2];
    private readonly Receipt[] _receipts = new Receipt[2];
    private readonly int[] _takenBack = new int[2];
    private readonly InferredChange[] _changes = new InferredChange[8];
    private int _count;

    /// <summary>What the last segment changed, in order.</summary>
    public ReadOnlySpan<InferredChange> Changes => _changes.AsSpan(0, _count);

    /// <summary>
    /// How many changes of an end that were told before <see cref="Changes"/> the last segment takes back, the latest first: where a reset crosses a FIN on the
    /// way, only what follows tells which of them came first.
    /// </summary>
    public int TakenBack(int end) => _takenBack[end];

    /// <summary>The state of an end now.</summary>
    public TcpState State(int end) => _ends[end].State;

    /// <summary>When the SYN came that an end has answered or may answer; null if none came.</summary>
    public Timestamp? SynReceived(int end) => _ends[end].SynTime;

    /// <summary>Whether the peer's FIN, and everything before it, has come: the end has acknowledged it.</summary>
    public bool PeerHasFinished(int end) => _ends[end].FinReceived && !_ends[end].FinPending && !_ends[end].FinArrives;

    /// <summary>Whether the peer has acknowledged this end's FIN.</summary>
    public bool FinIsAcknowledged(int end) => _ends[end].FinAcknowledged;

    /// <summary>Whether a segment begins a new life of the four-tuple: a SYN with another initial sequence number, and the old life is over.</summary>
    public bool BeginsAnew(in TcpSegment segment, int sender)
    {
        ref readonly var end = ref _ends[sender];
        return segment.Has(TcpFlags.Syn) && !segment.Has(TcpFlags.Ack)
            && end.State is TcpState.Closed or TcpState.TimeWait or TcpState.LastAck && segment.Sequence != end.Initial;
    }

    /// <summary>Takes in a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="sender">The end that sent it, 0 or 1.</param>
    /// <param name="time">When it was captured.</param>
    public void Take(in TcpSegment segment, int sender, Timestamp time)
    {
        _count = 0;
        _takenBack.AsSpan().Clear();
        int receiver = 1 - sender;
        if (IsJunk(segment, _ends[sender]))
            return;
        var before = _ends[receiver];
        if (_receipts[sender] is { IsReset: true } reset && segment.Has(TcpFlags.Fin) && !segment.Has(TcpFlags.Rst))
            Cross(segment, reset, sender, time);
        else
            Process(segment, sender, time);
        int made = 0;
        foreach (ref readonly var change in Changes)
            made += change.End == receiver ? 1 : 0;
        _receipts[sender] = default;
        _receipts[receiver] = new Receipt(segment, before, made, IsValid: true);
    }

    private void Process(in TcpSegment segment, int sender, Timestamp time)
    {
        if (segment.Has(TcpFlags.Rst))
        {
            bool gone = WasGone(segment, sender);
            Reset(segment, sender, time);
            if (gone)
                Change(sender, TcpState.Closed, time);
            return;
        }

        Believe(segment, sender);
        Send(segment, sender, time);
        Receive(segment, 1 - sender, time);
        PickUp(segment, sender, time);
    }

    // A FIN after a reset: it was sent before the reset came.
    private void Cross(in TcpSegment segment, in Receipt reset, int sender, Timestamp time)
    {
        TakeBack(sender, reset);
        Process(segment, sender, time);
        Reset(reset.Segment, 1 - sender, time);
    }

    // A reset without an acknowledgment answers a segment for which there is no connection (RFC 9293 section 3.5.2, group 1: <SEQ=SEG.ACK><CTL=RST>); stacks that
    // abort acknowledge. So the end was gone before that segment came, unless data in it was the reason (section 3.6.1). And one whose acknowledgment does not
    // cover what came last had not seen it.
    private bool WasGone(in TcpSegment segment, int sender)
    {
        if (_receipts[sender] is not { IsEffective: true } last)
            return false;
        bool answers = !segment.Has(TcpFlags.Ack) && last.Segment.Has(TcpFlags.Ack) && last.Segment.PayloadLength == 0 && segment.Sequence == last.Segment.Acknowledgment;
        bool unseen = segment.Has(TcpFlags.Ack) && (int)(segment.Acknowledgment - last.Segment.End) < 0;
        if (!answers && !unseen)
            return false;
        TakeBack(sender, last);
        return true;
    }

    private void TakeBack(int end, in Receipt receipt) => (_ends[end], _takenBack[end]) = (receipt.Before, receipt.Made);

    // No window is larger than 2^30 (RFC 7323 section 2.3): what is further away never came from this connection.
    private static bool IsJunk(in TcpSegment segment, in End sender) =>
        sender.SendKnown && !segment.Has(TcpFlags.Syn) && Math.Abs((long)(int)(segment.Sequence - sender.Next)) > 1 << 30;

    // A FIN on the wire has not reached its receiver yet. What the receiver acknowledges next tells whether it came before or after the receiver's own
    // FIN: the difference between LAST_ACK and CLOSING.
    private void Believe(in TcpSegment segment, int sender)
    {
        ref var end = ref _ends[sender];
        if (!end.FinArrives)
            return;
        if (segment.Has(TcpFlags.Ack) && (int)(segment.Acknowledgment - end.FinReceivedEnd) >= 0)
            Arrive(sender);
    }

    private void Arrive(int receiver)
    {
        _ends[receiver].FinArrives = false;
        Finish(receiver, _ends[receiver].FinTime);
    }

    // RFC 9293 section 3.10.7 and RFC 5961: only a reset that the receiver would believe ends it.
    private void Reset(in TcpSegment segment, int sender, Timestamp time)
    {
        ref var receiver = ref _ends[1 - sender];
        bool believed = receiver.State == TcpState.SynSent
            ? segment.Has(TcpFlags.Ack) && segment.Acknowledgment == receiver.Next
            : !receiver.ReceiveKnown || segment.Sequence == receiver.Expected || segment.Sequence == _ends[sender].Next
                || segment.Sequence == receiver.Expected - 1 && receiver.State is TcpState.CloseWait or TcpState.LastAck or TcpState.Closing;
        if (!believed)
            return;
        // Its acknowledgment still tells that the receiver's FIN had come; that the receiver's own FIN is acknowledged by it counts for nothing.
        Believe(segment, sender);
        // A reset is believed at RCV.NXT (RFC 5961 section 3.2): with one that follows the FIN, the FIN had come too.
        if (receiver.FinArrives && (int)(segment.Sequence - receiver.FinReceivedEnd) >= 0)
            Arrive(1 - sender);
        Change(1 - sender, TcpState.Closed, time);
        // Who answers a SYN with a reset never was in a state of this connection; who resets what is left of an old one stays in SYN_SENT (section 3.5.1).
        if (_ends[sender].State is not (TcpState.Unknown or TcpState.SynSent))
            Change(sender, TcpState.Closed, time);
    }

    private void Send(in TcpSegment segment, int sender, Timestamp time)
    {
        ref var end = ref _ends[sender];
        bool acknowledges = segment.Has(TcpFlags.Ack);
        if (segment.Has(TcpFlags.Syn))
        {
            end.Initial = segment.Sequence;
            if (!end.SendKnown)
                (end.Next, end.SendKnown) = (segment.Sequence, true);
            if (!acknowledges && end.State is TcpState.Unknown or TcpState.Closed)
                Open(sender, time);
            else if (acknowledges && end.State is TcpState.Unknown or TcpState.Closed or TcpState.Listen or TcpState.SynSent)
                Change(sender, TcpState.SynRcvd, end.SynTime ?? time);
        }

        if (!end.SendKnown || (int)(segment.End - end.Next) > 0)
            (end.Next, end.SendKnown) = (segment.End, true);
        if (!segment.Has(TcpFlags.Fin) || end.FinSent)
            return;
        (end.FinSent, end.FinEnd) = (true, segment.End);
        if (end.State is TcpState.Established or TcpState.SynRcvd or TcpState.Unknown)
            Change(sender, TcpState.FinWait1, time);
        else if (end.State == TcpState.CloseWait)
            Change(sender, TcpState.LastAck, time);
    }

    private void Open(int sender, Timestamp time)
    {
        Change(sender, TcpState.SynSent, time);
        // Had the peer's SYN come first, a SYN,ACK would have answered it; so it comes now: simultaneous open, RFC 9293 figure 8.
        if (_ends[1 - sender].State == TcpState.SynSent && _ends[sender].SynTime is not null)
            Change(sender, TcpState.SynRcvd, time);
    }

    private void Receive(in TcpSegment segment, int receiver, Timestamp time)
    {
        ref var end = ref _ends[receiver];
        bool synchronizes = segment.Has(TcpFlags.Syn);
        if (synchronizes)
        {
            end.SynTime ??= time;
            (end.Expected, end.ReceiveKnown) = (segment.Sequence, true);
        }

        // What the peer sent after its FIN comes after it.
        if (end.FinArrives && !segment.Has(TcpFlags.Fin) && (int)(segment.Sequence - end.FinReceivedEnd) >= 0)
            Arrive(receiver);
        if (segment.Has(TcpFlags.Ack) && end.SendKnown && (int)(segment.Acknowledgment - end.Next) <= 0)
            Acknowledge(segment, receiver, time);
        // Simultaneous open, RFC 9293 figure 8.
        else if (synchronizes && end.State == TcpState.SynSent)
            Change(receiver, TcpState.SynRcvd, time);
        Advance(segment, ref end);
        if (end.FinPending && end.ReceiveKnown && (int)(end.Expected - end.FinReceivedEnd) >= 0)
        {
            (end.FinPending, end.FinArrives, end.FinTime) = (false, true, time);
        }
    }

    private void Acknowledge(in TcpSegment segment, int receiver, Timestamp time)
    {
        ref var end = ref _ends[receiver];
        bool ofSyn = (int)(segment.Acknowledgment - end.Initial) > 0;
        if (end.State == TcpState.SynRcvd && ofSyn || end.State == TcpState.SynSent && ofSyn && segment.Has(TcpFlags.Syn))
            Change(receiver, TcpState.Established, time);
        if (!end.FinSent || (int)(segment.Acknowledgment - end.FinEnd) < 0)
            return;
        end.FinAcknowledged = true;
        switch (end.State)
        {
            case TcpState.FinWait1: Change(receiver, TcpState.FinWait2, time); break;
            case TcpState.Closing: Change(receiver, TcpState.TimeWait, time); break;
            case TcpState.LastAck: Change(receiver, TcpState.Closed, time); break;
        }
    }

    // What has come without a gap; a FIN beyond a gap waits until the gap is filled.
    private static void Advance(in TcpSegment segment, ref End end)
    {
        if (!end.ReceiveKnown)
            (end.Expected, end.ReceiveKnown) = (segment.Sequence, true);
        if (segment.Has(TcpFlags.Fin) && !end.FinReceived)
            (end.FinPending, end.FinReceived, end.FinReceivedEnd) = (true, true, segment.End);
        if ((int)(segment.Sequence - end.Expected) > 0)
        {
            // One gap is remembered by its end; a second one only delays the FIN.
            end.Beyond = (int)(segment.End - end.Beyond) > 0 || !end.HasBeyond ? segment.End : end.Beyond;
            end.HasBeyond = true;
            return;
        }

        if ((int)(segment.End - end.Expected) > 0)
            end.Expected = segment.End;
        if (end.HasBeyond && segment.SequenceLength > 0)
        {
            end.Expected = (int)(end.Beyond - end.Expected) > 0 ? end.Beyond : end.Expected;
            end.HasBeyond = false;
        }
    }

    private void Finish(int receiver, Timestamp time)
    {
        switch (_ends[receiver].State)
        {
            case TcpState.Established or TcpState.SynRcvd or TcpState.Unknown: Change(receiver, TcpState.CloseWait, time); break;
            case TcpState.FinWait1: Change(receiver, TcpState.Closing, time); break;
            case TcpState.FinWait2: Change(receiver, TcpState.TimeWait, time); break;
        }
    }

    // The capture began in the middle: data flows, so both ends are past their handshake.
    private void PickUp(in TcpSegment segment, int sender, Timestamp time)
    {
        if ((segment.Flags & (TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst)) != 0)
            return;
        if (_ends[sender].State == TcpState.Unknown && _ends[1 - sender].State is TcpState.Unknown or TcpState.Established)
            Change(sender, TcpState.Established, time);
        if (_ends[1 - sender].State == TcpState.Unknown && _ends[sender].State == TcpState.Established)
            Change(1 - sender, TcpState.Established, time);
    }

    private void Change(int end, TcpState to, Timestamp time)
    {
        var from = _ends[end].State;
        if (from == to)
            return;
        _ends[end].State = to;
        _changes[_count++] = new InferredChange(end, time, from, to);
    }

    // The segment that an end received last, as long as it has sent nothing since; how it was before, and how many of its changes that segment made.
    private readonly record struct Receipt(TcpSegment Segment, End Before, int Made, bool IsValid)
    {
        internal bool IsEffective => IsValid && Made > 0;

        internal bool IsReset => IsEffective && Segment.Has(TcpFlags.Rst);
    }

    private struct End
    {
        internal TcpState State;
        internal Timestamp? SynTime;
        internal uint Initial;
        internal uint Next;             // SND.NXT
        internal uint Expected;         // RCV.NXT
        internal uint FinEnd;
        internal uint FinReceivedEnd;
        internal uint Beyond;
        internal bool SendKnown;
        internal bool ReceiveKnown;
        internal bool FinSent;
        internal bool FinAcknowledged;
        internal bool FinReceived;
        internal bool FinPending;
        internal bool FinArrives;
        internal Timestamp FinTime;
        internal bool HasBeyond;
    }
}
