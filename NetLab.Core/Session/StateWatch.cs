using NetLab.Core.Capture;
using NetLab.Core.Kernel;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;
using NetLab.Core.Views;

namespace NetLab.Core.Session;

/// <summary>
/// The changes of state of every TCP socket of the machine from now on, by the best way that this user has: the kernel's trace (with the packets beside it, which tell
/// causes and TIME_WAIT), else the packets, else the socket table. It belongs to the thread that made it, which calls <see cref="Update"/> in its loop.
/// </summary>
public sealed class StateWatch : IDisposable
{
    private const int MostPorts = 64;
    // Headers are enough: Ethernet or the cooked header, IPv6 with extensions, TCP with its options.
    private const int SnapLength = 192;
    // A second of the most that a machine does: what is printed may have to wait for its reader. Memory is taken only as far as it is filled.
    private const long StateCapacity = 64 << 20, PacketCapacity = 128 << 20;
    private readonly JournalReader _reader;
    private readonly StateTraceSource? _states;
    private readonly PacketSource? _packets;
    private readonly SocketTableSource _sockets;
    private readonly Dictionary<FourTuple, (int ProcessId, NameId Process)> _ownersBefore = [];
    private readonly Dictionary<ushort, (int ProcessId, NameId Process)> _listeners = [];
    private byte[] _buffer = new byte[512];
    private long _lost;

    /// <summary>Begins to watch.</summary>
    /// <param name="ports">Only connections with one of these ports; all of them where none is named, or more than 64.</param>
    public StateWatch(IReadOnlyList<ushort> ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        var filter = ports.Count > MostPorts ? PortFilter.All : new PortFilter(ports);
        _reader = Journal.OpenReader();
        _states = StateTraceSource.Start(Journal, filter, out var stateObstacle, StateCapacity);
        string packets = filter.IsAll ? "tcp" : $"tcp and ({string.Join(" or ", ports.Select(port => $"port {port}"))})";
        _packets = PacketSource.Start(Journal, new PacketRequest("any", packets) { SnapLength = SnapLength, LaneCapacity = PacketCapacity }, out var packetObstacle);
        (StateObstacle, PacketObstacle) = (stateObstacle, packetObstacle);
        Connections.Sources(_states is not null, _packets is not null);
        _sockets = Provenance == Provenance.Sampled
            ? SocketTableSource.Start(Journal, Query(filter), SamplingAlone, SamplingPace.Steady)
            : SocketTableSource.Start(Journal, Query(filter), SocketTableSource.DefaultInterval);
        _sockets.Sample();
        LearnOwners(filter);
        // What the table holds already is no change.
        if (Provenance == Provenance.Sampled)
            Update(Timestamp.MaxValue);
        Connections.Changed = Tell;
    }

    /// <summary>Called with each change as it becomes known.</summary>
    public Action<StateChange>? Changed { get; set; }

    /// <summary>How often the socket table is sampled where it alone tells the states: every 20 ms.</summary>
    public static Duration SamplingAlone => Duration.FromMilliseconds(20);

    /// <summary>The record that the sources write into.</summary>
    public Journal Journal { get; } = new();

    /// <summary>The connections with their states.</summary>
    public ConnectionsView Connections { get; } = new(SampledStates.OfEverybody);

    /// <summary>How the states are known.</summary>
    public Provenance Provenance => _states is not null ? Provenance.Observed : _packets is not null ? Provenance.Inferred : Provenance.Sampled;

    /// <summary>Why the kernel does not tell the states; null if it does.</summary>
    public Obstacle? StateObstacle { get; }

    /// <summary>Why there are no packets; null if there are.</summary>
    public Obstacle? PacketObstacle { get; }

    /// <summary>Why the socket table says less than it could.</summary>
    public Obstacle? SocketObstacle => _sockets.Obstacle;

    /// <summary>Changes that were lost: by the kernel, or because nobody read them in time.</summary>
    public long Lost => _lost + _reader.Missed;

    /// <summary>Takes in what has happened.</summary>
    /// <param name="now">The time now; <see cref="Timestamp.MaxValue"/> takes in everything without waiting for the sources.</param>
    public void Update(Timestamp now)
    {
        while (_reader.TryRead(now, out var entry, out var reference))
        {
            if (!Journal.TryGet(reference, ref _buffer, out entry, out var data))
                continue;
            if (entry.Kind == EventKind.Packet)
                Fold(entry, reference, data);
            else if (entry.Kind == EventKind.Dropped)
                Count(entry);
            else
                Connections.Fold(entry, data);
        }

        if (now != Timestamp.MaxValue)
            Connections.Advance(now);
    }

    /// <summary>Returns when every change that happened before the call has been taken in.</summary>
    public void Flush()
    {
        _states?.Flush();
        _packets?.Flush();
        _sockets.Sample();
        Update(Timestamp.MaxValue);
    }

    /// <summary>
    /// Whose an end is. In a soft interrupt the kernel names no process; then it is the one that had the socket when the watch began, or that listens on its port.
    /// </summary>
    public (int ProcessId, NameId Process) Owner(ConnectionEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        if (end.ProcessId != 0)
            return (end.ProcessId, end.Process);
        return _ownersBefore.TryGetValue(end.Tuple, out var owner) ? owner : ListenerOn(end.Tuple.Local.Port);
    }

    /// <summary>Stops; nothing is left in the kernel.</summary>
    public void Dispose()
    {
        _packets?.Dispose();
        _states?.Dispose();
        _sockets.Dispose();
    }

    // Beside a better source the table is there for the timers of TIME_WAIT, and for FIN_WAIT_2 without a process.
    private SocketQuery Query(PortFilter ports) => new()
    {
        Kinds = SocketKinds.Tcp,
        Ports = ports,
        Facts = SocketFacts.Plain,
        States = _states is null ? TcpStateSet.All : TcpStateSet.Of(TcpState.TimeWait).With(TcpState.FinWait2),
    };

    // Of a connection that was there before, the first packet only shows that it is established; what comes next is the first change.
    private void Tell(StateChange change)
    {
        bool isMetMidway = change is { Provenance: Provenance.Inferred, From: TcpState.Closed, To: not (TcpState.Listen or TcpState.SynSent or TcpState.SynRcvd) }
            && change.End.Path.Count == 1;
        if (!isMetMidway)
            Changed?.Invoke(change);
        else if (change.To != TcpState.Established)
            Changed?.Invoke(change with { From = TcpState.Established });
    }

    private void Fold(in LabEvent entry, EventReference reference, ReadOnlySpan<byte> data)
    {
        PacketHeaders.Parse((LinkType)entry.Detail.Packet.LinkType, data, out var headers);
        if (headers.IsTcp)
            Connections.Fold(entry, reference, new TcpSegment(headers.FourTuple, headers.TcpFlags, headers.SequenceNumber,
                headers.AcknowledgmentNumber, headers.Window, headers.PayloadLength));
    }

    // Lost packets lose causes, and states only where the packets tell them.
    private void Count(in LabEvent entry)
    {
        if (_states is null || Journal.Names[entry.Detail.Dropped.Source] == "states")
            _lost += entry.Detail.Dropped.Count;
    }

    private void LearnOwners(PortFilter ports)
    {
        using var table = new SocketTable(Journal.Names, new SocketQuery { Kinds = SocketKinds.Tcp, Ports = ports, Facts = SocketFacts.Plain });
        table.Refresh();
        foreach (ref readonly var row in table.Rows)
        {
            if (row.ProcessId == 0)
                continue;
            if (row.Detail.State == TcpState.Listen)
                _listeners[row.Tuple.Local.Port] = (row.ProcessId, row.Process);
            else
                _ownersBefore[row.Tuple] = (row.ProcessId, row.Process);
        }
    }

    private (int ProcessId, NameId Process) ListenerOn(ushort port)
    {
        var listeners = Connections.Listeners;
        for (int index = listeners.Count - 1; index >= 0; index--)
        {
            if (listeners[index].Tuple.Local.Port == port && listeners[index].ProcessId != 0)
                return (listeners[index].ProcessId, listeners[index].Process);
        }

        return port == 0 ? default : _listeners.GetValueOrDefault(port);
    }
}
