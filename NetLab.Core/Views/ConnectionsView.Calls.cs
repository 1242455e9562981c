using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

// Where the kernel does not tell: what follows from the calls that an actor reports of itself.
public sealed partial class ConnectionsView
{
    // RFC 9293, 3.10.1 and 3.10.4: a passive OPEN enters LISTEN, and CLOSE in LISTEN enters CLOSED, without a packet.
    private void FoldCall(in LabEvent entry)
    {
        if (entry.Detail.Syscall.Result < 0 || _owners.Tuple(entry.ProcessId, entry.Detail.Syscall.Descriptor) is not { } tuple)
            return;
        var end = _listeners.Find(listener => listener.Tuple == tuple && !listener.IsOver);
        switch (_owners.Verb(entry.ThreadId))
        {
            case "listen" when end is null:
                end = new ConnectionEnd(tuple);
                _listeners.Add(end);
                _owners.Name(end);
                Enter(end, TcpState.Listen, entry.Time, Provenance.Inferred, "listen", null, default);
                break;
            case "close" when end is not null:
                Enter(end, TcpState.Closed, entry.Time, Provenance.Inferred, "close", null, default);
                break;
        }
    }
}
