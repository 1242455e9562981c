using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <content>What the socket table says of connections.</content>
public sealed partial class ConnectionsView
{
    // The table gives TIME_WAIT its timer and its end; without trace and packets it gives the states themselves.
    private void FoldSocket(in LabEvent entry)
    {
        ref readonly var detail = ref entry.Detail.Socket;
        if (detail.Protocol != 6)
            return;
        var end = entry.Tuple.IsComplete && _byTuple.TryGetValue(Canonical(entry.Tuple), out var connection)
            ? connection.End(connection.IndexOf(entry.Tuple)) : null;
        if (end is { State: TcpState.TimeWait } or { IsUndecided: true })
        {
            FoldTimeWaitRow(end, entry);
            return;
        }

        if (end is { ProcessId: 0 } && entry.ProcessId != 0)
            (end.ProcessId, end.Process) = (entry.ProcessId, entry.Process);
        if (_kernelTells || _packetsTell)
            return;
        var to = detail.Change == RowChange.Gone ? TcpState.Closed : detail.State;
        var local = entry.Tuple.Local;
        if (detail.State == TcpState.Listen)
            end = _listeners.Find(listener => listener.Tuple.Local == local && !listener.IsOver);
        // What was sampled of others, or of a run before, is the socket table's to show.
        if (end is null && (to == TcpState.Closed || (sampled == SampledStates.OfActors && !_owners.Knows(entry.Tuple))))
            return;
        end ??= SampledEnd(entry);
        if (entry.ProcessId != 0)
            (end.ProcessId, end.Process) = (entry.ProcessId, entry.Process);
        _owners.Name(end);
        if (end.State != to)
            Enter(end, to, entry.Time, Provenance.Sampled, "", null, default);
    }

    private ConnectionEnd SampledEnd(in LabEvent entry)
    {
        if (entry.Detail.Socket.State == TcpState.Listen)
        {
            var listener = new ConnectionEnd(new FourTuple(entry.Tuple.Local, default));
            _listeners.Add(listener);
            return listener;
        }

        var connection = Begin(entry.Tuple, Canonical(entry.Tuple));
        return connection.First;
    }
}
