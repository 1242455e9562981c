using System.Text;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>
/// Every connection with the states of its two ends. The kernel's trace is believed first; what it does not say (when the SYN came, that the
/// connection lives on in TIME_WAIT) is read from the packets; where there is no trace the states follow from the packets; where there are no
/// packets either, from the socket table as sampled. A listener sends no packets: without the trace it follows from its actor's calls.
/// </summary>
/// <param name="sampled">Whose states are taken from the socket table where nothing better tells them.</param>
public sealed partial class ConnectionsView(SampledStates sampled = SampledStates.OfActors)
{
    private static readonly Duration s_clocksDiffer = Duration.FromMilliseconds(1);
    // RFC 6298 section 2: the first retransmission of a SYN comes after a second.
    private static readonly Duration s_shortestTimeout = Duration.FromSeconds(1);
    private const int MostConnections = 16_384;

    private readonly Dictionary<FourTuple, Connection> _byTuple = [];
    private readonly Dictionary<ulong, ConnectionEnd> _bySocket = [];
    private readonly List<ConnectionEnd> _halfNamed = [];
    private readonly SocketOwners _owners = new();
    private readonly List<Connection> _connections = [];
    private readonly List<ConnectionEnd> _listeners = [];
    private int _numbers;
    private bool _kernelTells;
    private bool _packetsTell;

    /// <summary>The connections, oldest first.</summary>
    public IReadOnlyList<Connection> Connections => _connections;

    /// <summary>The sockets that listen or listened.</summary>
    public IReadOnlyList<ConnectionEnd> Listeners => _listeners;

    /// <summary>Connections that were forgotten to stay at the bound of 16,384.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Called with each change as it becomes known.</summary>
    public Action<StateChange>? Changed { get; set; }

    /// <summary>Every end: the listeners, then both of each connection that went through a state.</summary>
    public IEnumerable<ConnectionEnd> Ends =>
        _listeners.Concat(_halfNamed).Concat(_connections.SelectMany(connection => new[] { connection.First, connection.Second })).Where(end => end.Path.Count > 0);

    /// <summary>Says which sources are at work; what a better one tells is not shown twice.</summary>
    public void Sources(bool trace, bool packets) => (_kernelTells, _packetsTell) = (trace, packets);

    /// <summary>The addresses of a process's descriptor as they were told last; null where they are not known.</summary>
    public FourTuple? TupleOf(int processId, int descriptor) => _owners.Tuple(processId, descriptor);

    /// <summary>Takes in an event that is no packet.</summary>
    public void Fold(in LabEvent entry, ReadOnlySpan<byte> data)
    {
        switch (entry.Kind)
        {
            case EventKind.State: FoldState(entry); break;
            case EventKind.Ownership: FoldOwnership(entry); break;
            case EventKind.Socket: FoldSocket(entry); break;
            case EventKind.Syscall when !_kernelTells: FoldCall(entry); break;
            case EventKind.Step when entry.Detail.Step.Status == StepStatus.Running: _owners.Begin(entry, Encoding.UTF8.GetString(data)); break;
        }
    }

    /// <summary>A thread makes this call now, or none any more: it is what its sockets' changes of state are caused by.</summary>
    /// <param name="entry">An event of kind system call.</param>
    /// <param name="name">The call's name; empty when it has returned.</param>
    public void FoldCause(in LabEvent entry, string name) => _owners.Begin(entry, name);

    /// <summary>Takes in a captured TCP segment.</summary>
    public void Fold(in LabEvent entry, EventReference reference, in TcpSegment segment)
    {
        var connection = Find(segment);
        int sender = connection.IndexOf(segment.Tuple);
        var (from, to) = (connection.End(sender), connection.End(1 - sender));
        from.PacketsSent++;
        from.BytesSent += segment.PayloadLength;
        to.LastPacket = new ConnectionEnd.PacketToward(reference, segment.Flags);
        if (segment.Has(TcpFlags.Syn))
            to.Syn = to.LastPacket;
        if (segment.Has(TcpFlags.Fin))
            to.Fin = to.LastPacket;
        Explain(to, entry.Time, reference, segment.Flags);
        if (segment.Has(TcpFlags.Rst))
            ExplainByReset(from, entry.Time);
        connection.Inference.Take(segment, sender, entry.Time);
        TakeBack(connection.First, connection.Inference.TakenBack(0));
        TakeBack(connection.Second, connection.Inference.TakenBack(1));
        foreach (ref readonly var change in connection.Inference.Changes)
        {
            var end = connection.End(change.End);
            // That a SYN or a FIN has arrived is sometimes known only by a later segment.
            var cause = change.To switch
            {
                TcpState.SynRcvd => end.Syn,
                TcpState.CloseWait or TcpState.Closing => end.Fin,
                TcpState.TimeWait when change.From == TcpState.FinWait2 => end.Fin,
                _ => new ConnectionEnd.PacketToward(reference, segment.Flags),
            };
            bool resets = change.End == sender && segment.Has(TcpFlags.Rst) && change.To == TcpState.Closed;
            string? call = resets ? Causes.End(change.From) : Causes.Call(change.From, change.To);
            if (!end.IsObserved && !_kernelTells)
                Enter(end, change.To, change.Time, Provenance.Inferred, call, cause.Reference, cause.Flags);
            else if (end.IsTimeWaitSocket)
                FoldTimeWaitSocket(end, change, call, cause);
        }
    }

    // The trace's clock and the packets' differ by some microseconds, so a change may have been taken in before the packet that caused it.
    private static void Explain(ConnectionEnd end, Timestamp time, EventReference reference, TcpFlags flags)
    {
        if (end.Path is not [.., { Cause: "" } last] || !Causes.Fits(last.From, last.To, flags) || time - last.Time > s_clocksDiffer)
            return;
        (last.Cause, last.Packet) = (Causes.Received(flags), reference);
    }

    // Of what the kernel tells of, only what followed from the packets: that a time-wait socket was in TIME_WAIT.
    private void TakeBack(ConnectionEnd end, int count)
    {
        if (!end.IsObserved && !_kernelTells)
            end.TakeBack(count);
        else if (count > 0 && end is { IsTimeWaitSocket: true, State: TcpState.TimeWait })
            end.TakeBack(1);
    }

    // An end that resets the connection is in CLOSED before its RST is on the wire.
    private static void ExplainByReset(ConnectionEnd end, Timestamp time)
    {
        if (end.Path is [.., { Cause: "", To: TcpState.Closed } last] && time - last.Time <= s_clocksDiffer)
            last.Cause = end.EndingCall ?? Causes.End(last.From);
    }

    /// <summary>Forgets every connection.</summary>
    public void Clear()
    {
        _byTuple.Clear();
        _bySocket.Clear();
        _halfNamed.Clear();
        _connections.Clear();
        _listeners.Clear();
        _timeWaiting.Clear();
        _undecided.Clear();
        _owners.Clear();
        _numbers = 0;
    }

    private void FoldState(in LabEvent entry)
    {
        ref readonly var detail = ref entry.Detail.State;
        var end = detail.To switch
        {
            TcpState.Listen => BeginListener(entry),
            TcpState.SynSent => BeginActive(entry),
            TcpState.SynRcvd when detail.From == TcpState.Listen => BeginPassive(entry),
            _ => Known(entry),
        };
        if (entry.ProcessId != 0)
            (end.ProcessId, end.Process) = (entry.ProcessId, entry.Process);
        if (end.Actor.IsNone && detail.Context == ExecutionContext.Process)
            end.Actor = _owners.Actor(entry.ThreadId);
        if (detail is { To: TcpState.SynSent, Context: ExecutionContext.Process })
            end.SocketName = _owners.Connecting(entry.ThreadId);
        if (!IsTwin(end))
            _owners.Name(end);
        var (to, time) = Truth(end, entry);
        string? call = to == TcpState.Closed ? EndingCall(end, entry) : CallOf(entry);
        var packet = to == TcpState.SynRcvd ? end.Syn : end.LastPacket;
        if (to != end.State)
            Enter(end, to, time, Provenance.Observed, call, packet.Reference, packet.Flags);
        if (detail.To != TcpState.Closed)
            return;
        EndIfReset(end);
        _bySocket.Remove(entry.Socket);
    }

    private string? CallOf(in LabEvent entry)
    {
        ref readonly var detail = ref entry.Detail.State;
        if (detail.Context == ExecutionContext.SoftInterrupt && detail.To is not (TcpState.FinWait1 or TcpState.LastAck))
            return null;
        return Causes.Call(detail.From, detail.To) is { } typical ? _owners.Verb(entry.ThreadId) ?? typical : null;
    }

    // What came while a call held the socket is processed by the calling thread as it lets go, so that "in process context" does not yet mean "by the call":
    // only an own RST on the wire does, and in LISTEN and SYN_SENT, where none is sent, the call's name.
    private string? EndingCall(ConnectionEnd end, in LabEvent entry)
    {
        ref readonly var detail = ref entry.Detail.State;
        if (end.LastPacket.Flags.HasFlag(TcpFlags.Rst) || detail.From is TcpState.LastAck or TcpState.Closing)
            return null;
        string? verb = _owners.Verb(entry.ThreadId);
        // The one call that ends a connection and sends nothing.
        if (verb == "vanish")
            return verb;
        if (detail.Context != ExecutionContext.Process)
        {
            // Keep-alive that gives up sends an RST, which only then tells it from an RST that came.
            end.EndingCall = detail.From is TcpState.Established or TcpState.CloseWait ? Causes.UserTimeout : null;
            return detail.From == TcpState.SynSent && entry.Time - end.Since >= s_shortestTimeout ? Causes.UserTimeout : null;
        }

        if (detail.From == TcpState.SynSent)
            return verb is "close" or "abort" or "shutdown" ? verb : null;
        if (detail.From == TcpState.Listen || !_packetsTell)
            return verb ?? Causes.End(detail.From);
        end.EndingCall = verb is "close" or "abort" or "shutdown" ? verb : null;
        return null;
    }

    // What the kernel calls SYN_RECV began when the SYN came, as a request that is no socket yet. And what it calls CLOSE after FIN_WAIT2 or CLOSING may be
    // a time-wait socket taking over.
    private (TcpState To, Timestamp Time) Truth(ConnectionEnd end, in LabEvent entry)
    {
        ref readonly var detail = ref entry.Detail.State;
        var connection = _byTuple.GetValueOrDefault(Canonical(end.Tuple));
        int index = connection?.IndexOf(end.Tuple) ?? 0;
        if (detail.To == TcpState.SynRcvd && connection?.Inference.SynReceived(index) is { } arrived && arrived <= entry.Time)
            return (detail.To, arrived);
        return detail is { To: TcpState.Closed, From: TcpState.FinWait2 or TcpState.Closing }
            ? (HandOver(end, entry, connection?.Inference, index), entry.Time) : (detail.To, entry.Time);
    }

    private ConnectionEnd BeginListener(in LabEvent entry)
    {
        var end = new ConnectionEnd(new FourTuple(entry.Tuple.Local, default)) { KernelSocket = entry.Socket, IsObserved = true };
        _listeners.Add(end);
        return _bySocket[entry.Socket] = end;
    }

    // connect() has not chosen a port yet: the end is known by its socket alone until a packet or the next change brings the port.
    private ConnectionEnd BeginActive(in LabEvent entry)
    {
        var end = new ConnectionEnd(entry.Tuple) { KernelSocket = entry.Socket, IsObserved = true };
        _bySocket[entry.Socket] = end;
        if (entry.Tuple.IsComplete)
            Attach(end);
        else
            _halfNamed.Add(end);
        return end;
    }

    private ConnectionEnd BeginPassive(in LabEvent entry)
    {
        var end = new ConnectionEnd(entry.Tuple) { KernelSocket = entry.Socket, IsObserved = true };
        Attach(end);
        return _bySocket[entry.Socket] = end;
    }

    private ConnectionEnd Known(in LabEvent entry)
    {
        if (_bySocket.TryGetValue(entry.Socket, out var end))
        {
            if (!end.Tuple.IsComplete && entry.Tuple.IsComplete && _halfNamed.Remove(end))
            {
                end.Tuple = entry.Tuple;
                Attach(end);
            }

            return end;
        }

        // It was there before the trace began.
        end = new ConnectionEnd(entry.Tuple) { KernelSocket = entry.Socket, IsObserved = true };
        end.WasIn(entry.Detail.State.From);
        _bySocket[entry.Socket] = end;
        if (entry.Tuple.IsComplete)
            Attach(end);
        else if (entry.Detail.State.From == TcpState.Listen)
            _listeners.Add(end);
        return end;
    }

    // Puts an end that the kernel told of in the place of the one that the packets made.
    private void Attach(ConnectionEnd end)
    {
        var key = Canonical(end.Tuple);
        // connect() tries a four-tuple that a living connection has: EADDRNOTAVAIL will follow, and no packet.
        if (_byTuple.TryGetValue(key, out var living) && living.End(living.IndexOf(end.Tuple)) is { IsObserved: true, IsOver: false, IsTimeWaitSocket: false, State: not TcpState.TimeWait })
        {
            _connections.Add(new Connection(end.Tuple, ++_numbers) { First = end });
            return;
        }

        if (!_byTuple.TryGetValue(key, out var connection) || connection.End(connection.IndexOf(end.Tuple)) is { IsObserved: true, Path.Count: > 0 })
            connection = Begin(end.Tuple, key);
        var old = connection.End(connection.IndexOf(end.Tuple));
        (end.LastPacket, end.Syn, end.Fin) = (old.LastPacket, old.Syn, old.Fin);
        (end.PacketsSent, end.BytesSent) = (old.PacketsSent, old.BytesSent);
        if (connection.IndexOf(end.Tuple) == 0)
            connection.First = end;
        else
            connection.Second = end;
    }

    private bool IsTwin(ConnectionEnd end) =>
        _byTuple.TryGetValue(Canonical(end.Tuple), out var connection) && connection.End(connection.IndexOf(end.Tuple)) != end;

    private Connection Find(in TcpSegment segment)
    {
        var key = Canonical(segment.Tuple);
        if (!_byTuple.TryGetValue(key, out var connection) || connection.Inference.BeginsAnew(segment, connection.IndexOf(segment.Tuple)))
        {
            connection = Begin(segment.Tuple, key);
            Adopt(segment);
        }

        return connection;
    }

    // A SYN shows which port connect() chose, if only one end waits for one.
    private void Adopt(in TcpSegment segment)
    {
        if (segment.Flags != TcpFlags.Syn)
            return;
        var remote = segment.Tuple.Remote;
        var waiting = _halfNamed.Where(end => end.Tuple.Remote == remote).Take(2).ToList();
        if (waiting.Count != 1)
            return;
        _halfNamed.Remove(waiting[0]);
        waiting[0].Tuple = segment.Tuple;
        Attach(waiting[0]);
    }

    private Connection Begin(FourTuple tuple, FourTuple key)
    {
        if (_connections.Count >= MostConnections)
            Forget();
        var connection = new Connection(tuple, ++_numbers);
        _connections.Add(connection);
        _byTuple[key] = connection;
        _owners.Name(connection.First);
        _owners.Name(connection.Second);
        return connection;
    }

    // The oldest quarter goes at once, those that are over first.
    private void Forget()
    {
        var going = _connections.OrderBy(connection => !connection.IsOver).ThenBy(connection => connection.Number).Take(MostConnections / 4).ToHashSet();
        Forgotten += going.Count;
        _connections.RemoveAll(going.Contains);
        foreach (var connection in going)
        {
            if (_byTuple.TryGetValue(Canonical(connection.First.Tuple), out var current) && current == connection)
                _byTuple.Remove(Canonical(connection.First.Tuple));
            _bySocket.Remove(connection.First.KernelSocket);
            _bySocket.Remove(connection.Second.KernelSocket);
        }

        _listeners.RemoveAll(end => end.IsOver);
    }

    private void FoldOwnership(in LabEvent entry)
    {
        _owners.Own(entry);
        foreach (var end in _listeners)
        {
            if (end.Tuple == entry.Tuple && !end.IsOver)
                _owners.Name(end);
        }

        if (entry.Tuple.IsComplete && _byTuple.TryGetValue(Canonical(entry.Tuple), out var connection))
            _owners.Name(connection.End(connection.IndexOf(entry.Tuple)));
    }

    private void Enter(ConnectionEnd end, TcpState to, Timestamp time, Provenance provenance, string? cause, EventReference? packet, TcpFlags flags)
    {
        if (cause is null && packet is not null && Causes.Fits(end.State, to, flags))
            cause = Causes.Received(flags);
        else
            packet = null;
        if (to == TcpState.TimeWait)
            AwaitEnd(end, time);
        var change = end.Enter(to, time, provenance, cause ?? "", packet);
        Changed?.Invoke(change);
    }

    // Both directions of a connection under one key: the smaller endpoint first.
    private static FourTuple Canonical(FourTuple tuple)
    {
        Span<byte> local = stackalloc byte[18], remote = stackalloc byte[18];
        Write(tuple.Local, local);
        Write(tuple.Remote, remote);
        return local.SequenceCompareTo(remote) <= 0 ? tuple : tuple.Reversed;

        static void Write(Endpoint endpoint, Span<byte> bytes)
        {
            endpoint.Address.WriteMapped(bytes);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes[16..], endpoint.Port);
        }
    }
}
