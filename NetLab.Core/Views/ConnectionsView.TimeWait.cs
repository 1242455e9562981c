using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <content>
/// The life of a connection in a small time-wait socket, of which the trace tells only the beginning, as FIN_WAIT_2 → CLOSE or CLOSING → CLOSE. Whether
/// that was TIME_WAIT, FIN_WAIT_2 going on without a process, or the end by a reset, is told by the packets, and where they are not captured by the socket
/// table, which knows the two states of a time-wait socket apart. Until one of them has told, the end stays in its state.
/// </content>
public sealed partial class ConnectionsView
{
    // TCP_TIMEWAIT_LEN of Linux.
    private static readonly Duration s_timeWait = Duration.FromSeconds(60);
    // The socket table is sampled every 2 s at the least: what it has not told by then it does not see (another network namespace, no table at all).
    private static readonly Duration s_undecided = Duration.FromSeconds(3);

    private readonly List<ConnectionEnd> _timeWaiting = [];
    private readonly List<ConnectionEnd> _undecided = [];

    /// <summary>
    /// Lets time pass: TIME_WAIT ends; and of a connection that neither the packets nor the socket table know, a state that the kernel ended 3 s ago is
    /// taken for the beginning of TIME_WAIT, as it is with nearly all of them.
    /// </summary>
    /// <returns>Whether an end changed.</returns>
    public bool Advance(Timestamp now)
    {
        bool changed = false;
        for (int index = _undecided.Count - 1; index >= 0; index--)
        {
            var end = _undecided[index];
            if (end.IsUndecided && now - end.HandedOver!.Value < s_undecided)
                continue;
            _undecided.RemoveAt(index);
            if (!end.IsUndecided || InferenceOf(end) is { } known && known.Inference.State(known.Index) != TcpState.Unknown)
                continue;
            Enter(end, TcpState.TimeWait, end.HandedOver!.Value, Provenance.Inferred, LastSegment(end.State), null, default);
            changed = true;
        }

        for (int index = _timeWaiting.Count - 1; index >= 0; index--)
        {
            var end = _timeWaiting[index];
            if (end.State == TcpState.TimeWait && end.TimeWaitEnds > now)
                continue;
            _timeWaiting.RemoveAt(index);
            if (end.State != TcpState.TimeWait)
                continue;
            Enter(end, TcpState.Closed, end.TimeWaitEnds!.Value, Provenance.Inferred, Causes.TimeWaitOver, null, default);
            changed = true;
        }

        return changed;
    }

    // What came first counts first: an end is in TIME_WAIT also if a reset was close behind.
    private TcpState HandOver(ConnectionEnd end, in LabEvent entry, ConnectionInference? inference, int index)
    {
        bool closing = entry.Detail.State.From == TcpState.Closing;
        bool isOver = closing ? inference?.FinIsAcknowledged(index) == true : inference?.PeerHasFinished(index) == true;
        if (!isOver && (end.LastPacket.Flags.HasFlag(TcpFlags.Rst) || inference?.State(index) == TcpState.Closed))
            return TcpState.Closed;
        end.HandedOver = entry.Time;
        if (isOver)
            return TcpState.TimeWait;
        _undecided.Add(end);
        return entry.Detail.State.From;
    }

    private void EndIfReset(ConnectionEnd end)
    {
        if (end.State == TcpState.TimeWait && InferenceOf(end) is { } known && known.Inference.State(known.Index) == TcpState.Closed)
            Enter(end, TcpState.Closed, end.Since, Provenance.Observed, null, end.LastPacket.Reference, end.LastPacket.Flags);
    }

    // The capture may be later than the trace: then what the packets tell had happened when the kernel said CLOSE. The FIN that they took for the peer's first
    // (CLOSE_WAIT) or for one that crossed this end's (CLOSING) is the one that FIN_WAIT_2 waited for: they do not know how the connection began.
    private void FoldTimeWaitSocket(ConnectionEnd end, in InferredChange change, string? call, ConnectionEnd.PacketToward cause)
    {
        var time = change.Time > end.Since ? change.Time : end.Since;
        switch (end.State, change.To)
        {
            case (TcpState.FinWait2, TcpState.TimeWait or TcpState.CloseWait or TcpState.Closing) or (TcpState.Closing, TcpState.TimeWait):
                time = change.Time > end.HandedOver!.Value ? change.Time : end.HandedOver.Value;
                var segment = end.State == TcpState.Closing || end.Fin.Flags == default ? cause : end.Fin;
                Enter(end, TcpState.TimeWait, time, Provenance.Observed, null, segment.Reference, segment.Flags);
                break;
            case (TcpState.FinWait2 or TcpState.Closing or TcpState.TimeWait, TcpState.Closed):
                Enter(end, TcpState.Closed, time, Provenance.Observed, call, cause.Reference, cause.Flags);
                break;
        }
    }

    // The table gives TIME_WAIT its timer and its end, and where no packet tells it its beginning: 60 s before the timer fires.
    private void FoldTimeWaitRow(ConnectionEnd end, in LabEvent entry)
    {
        ref readonly var detail = ref entry.Detail.Socket;
        bool isTimeWaitSocket = detail.Timer == SocketTimer.TimeWait;
        if (detail.Change == RowChange.Gone)
        {
            // Abandoned in FIN_WAIT_2 until that timed out without the peer's FIN, or over.
            if (detail.State == end.State && (isTimeWaitSocket || end.State == TcpState.TimeWait))
                Enter(end, TcpState.Closed, entry.Time, Provenance.Sampled, end.State == TcpState.TimeWait ? Causes.TimeWaitOver : "timeout", null, default);
            return;
        }

        if (detail.State == TcpState.FinWait2 && isTimeWaitSocket)
            _undecided.Remove(end);
        if (detail.State != TcpState.TimeWait)
            return;
        var ends = entry.Time + (isTimeWaitSocket ? detail.TimerRemaining : s_timeWait);
        if (end.IsUndecided)
        {
            var began = ends - s_timeWait;
            Enter(end, TcpState.TimeWait, began < end.HandedOver!.Value ? end.HandedOver.Value : began, Provenance.Sampled, LastSegment(end.State), null, default);
        }

        if (isTimeWaitSocket)
            end.TimeWaitEnds = ends;
    }

    // What leads to TIME_WAIT, where it was not seen.
    private static string LastSegment(TcpState from) => Causes.Received(from == TcpState.Closing ? TcpFlags.Ack : TcpFlags.Fin);

    private void AwaitEnd(ConnectionEnd end, Timestamp began)
    {
        end.TimeWaitEnds = began + s_timeWait;
        _timeWaiting.Add(end);
    }

    private (ConnectionInference Inference, int Index)? InferenceOf(ConnectionEnd end) =>
        _byTuple.TryGetValue(Canonical(end.Tuple), out var connection) && connection.End(connection.IndexOf(end.Tuple)) == end
            ? (connection.Inference, connection.IndexOf(end.Tuple)) : null;
}
