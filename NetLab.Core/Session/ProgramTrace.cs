using NetLab.Core.Capture;
using NetLab.Core.Kernel;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;
using NetLab.Core.Views;

namespace NetLab.Core.Session;

/// <summary>
/// The socket calls of programs, with the changes of state and the packets of their connections, on one line of time. It belongs to the thread that made it,
/// which calls <see cref="Update"/> in its loop.
/// </summary>
public sealed class ProgramTrace : IDisposable
{
    // Headers and the beginning of the data are enough for a line, and the kernel's buffer holds the more packets.
    private const int SnapLength = 256;

    private readonly JournalReader _reader;
    private readonly SyscallTraceSource _calls;
    private readonly StateTraceSource? _states;
    private readonly PacketSource? _packets;
    private readonly SocketTableSource _sockets;
    private readonly ProgramSockets _ours = new();
    private readonly HashSet<int> _processes = [];
    private readonly PortFilter _ports;
    private byte[] _buffer = new byte[512];

    private ProgramTrace(Journal journal, SyscallTraceSource calls, string device, IReadOnlyCollection<ushort> ports)
    {
        (Journal, _calls, _ports) = (journal, calls, new PortFilter(ports));
        _reader = journal.OpenReader();
        Packets = new PacketLogView(journal);
        _states = StateTraceSource.Start(journal, _ports, out var stateObstacle);
        string filter = string.Join(" or ", ports.Order().Select(port => $"port {port}"));
        _packets = PacketSource.Start(journal, new PacketRequest(device, filter) { SnapLength = SnapLength, Delivery = PacketDelivery.InBlocks }, out var packetObstacle);
        (StateObstacle, PacketObstacle) = (stateObstacle, packetObstacle);
        Connections.Sources(_states is not null, _packets is not null);
        Connections.Changed = change => StateChanged?.Invoke(change);
        _sockets = SocketTableSource.Start(journal, new SocketQuery
        {
            Kinds = SocketKinds.Tcp,
            Ports = _ports,
            Facts = SocketFacts.Plain,
            States = TcpStateSet.Of(TcpState.TimeWait).With(TcpState.FinWait2),
        }, SocketTableSource.DefaultInterval);
    }

    /// <summary>The record that the sources write into.</summary>
    public Journal Journal { get; }

    /// <summary>The packets.</summary>
    public PacketLogView Packets { get; }

    /// <summary>The connections with their states.</summary>
    public ConnectionsView Connections { get; } = new();

    /// <summary>Why the kernel does not tell the states; null if it does.</summary>
    public Obstacle? StateObstacle { get; }

    /// <summary>Why there are no packets; null if there are.</summary>
    public Obstacle? PacketObstacle { get; }

    /// <summary>Events that the journal had dropped before they were read.</summary>
    public long Missed => _reader.Missed;

    /// <summary>Called with each system call as it begins and as it returns, with each packet and with each loss, in order of time.</summary>
    public Action<LabEvent>? Happened { get; set; }

    /// <summary>Called with each change of state as it becomes known.</summary>
    public Action<StateChange>? StateChanged { get; set; }

    /// <summary>Begins to trace; nobody is followed yet.</summary>
    /// <param name="device">The interface whose packets are captured; "any" for all.</param>
    /// <param name="ports">Only sockets with one of these ports; all where none is named.</param>
    /// <param name="obstacle">Why not, when the answer is null.</param>
    public static ProgramTrace? Start(string device, IReadOnlyCollection<ushort> ports, out Obstacle? obstacle)
    {
        ArgumentNullException.ThrowIfNull(ports);
        var journal = new Journal();
        return SyscallTraceSource.Start(journal, out obstacle) is { } calls ? new ProgramTrace(journal, calls, device, ports) : null;
    }

    /// <summary>Follows the programs that <paramref name="start"/> starts, from their first instruction on.</summary>
    /// <returns>Null, or why not; then nothing was started.</returns>
    public Obstacle? Launch(Action start) => _calls.Launch(start);

    /// <summary>Follows a process that runs, and what it starts from now on.</summary>
    /// <returns>Null, or why not.</returns>
    public Obstacle? Follow(int process) => _calls.FollowProcess(process);

    /// <summary>Whether a connection, or a socket that listens, is a traced program's.</summary>
    public bool Concerns(in FourTuple tuple) => _ours.Has(tuple) && _ports.Matches(tuple.Local.Port, tuple.Remote.Port);

    /// <summary>Whether a call is about a socket that was asked for; one that has no port yet may become one.</summary>
    public bool Concerns(in LabEvent call) => call.Tuple.Local.Port == 0 || _ports.Matches(call.Tuple.Local.Port, call.Tuple.Remote.Port);

    /// <summary>Takes in everything that happened before <paramref name="now"/>.</summary>
    public void Update(Timestamp now)
    {
        // The sources are asked to hand over what they have: then what is read below is in order, and nothing older can follow.
        _calls.Flush();
        _states?.Flush();
        _packets?.Flush();
        while (_reader.TryRead(now, out _, out var reference))
        {
            if (!Journal.TryGet(reference, ref _buffer, out var entry, out var data))
                continue;
            if (entry.Kind == EventKind.Packet)
            {
                Fold(entry, reference, data);
            }
            else
            {
                Learn(entry);
                if (entry.Kind == EventKind.Syscall)
                    Connections.FoldCause(entry, entry.Detail.Syscall.Phase == SyscallPhase.Entered ? Journal.Names[entry.Detail.Syscall.Name] : "");
                else
                    Connections.Fold(entry, data);
            }

            if (entry.Kind is EventKind.Packet or EventKind.Syscall or EventKind.Dropped)
                Happened?.Invoke(entry);
        }

        if (now != Timestamp.MaxValue)
            Connections.Advance(now);
    }

    /// <summary>Stops; nothing is left in the kernel.</summary>
    public void Dispose()
    {
        _packets?.Dispose();
        _states?.Dispose();
        _calls.Dispose();
        _sockets.Dispose();
    }

    private void Learn(in LabEvent entry)
    {
        if (entry.Kind == EventKind.Syscall)
            _processes.Add(entry.ProcessId);
        else if (entry.Kind != EventKind.State || !_processes.Contains(entry.ProcessId))
            return;
        _ours.Add(entry.Tuple.Local);
    }

    private void Fold(in LabEvent entry, EventReference reference, ReadOnlySpan<byte> data)
    {
        PacketHeaders.Parse((LinkType)entry.Detail.Packet.LinkType, data, out var headers);
        Packets.Fold(entry, reference, data);
        if (headers.IsTcp)
            Connections.Fold(entry, reference, new TcpSegment(headers.FourTuple, headers.TcpFlags, headers.SequenceNumber,
                headers.AcknowledgmentNumber, headers.Window, headers.PayloadLength));
    }
}
