using NetLab.Core.Capture;
using NetLab.Core.Kernel;

namespace NetLab.Core.Session;

/// <summary>
/// The sources beside the script itself: packets, the kernel's state trace, the socket table. Each that cannot be had here says why; the others work on.
/// </summary>
public sealed class Instruments : IDisposable
{
    private readonly Journal _journal;
    private readonly Duration _interval;
    private SocketTableSource? _sockets;
    private PacketSource? _packets;
    private StateTraceSource? _states;
    private SocketProbe? _probe;
    private (byte Protocol, FourTuple Tuple)? _probed;
    private string? _filter;

    /// <summary>Instruments that are switched on by <see cref="Watch"/>.</summary>
    /// <param name="journal">What they write into.</param>
    /// <param name="interval">How often the socket table is sampled.</param>
    public Instruments(Journal journal, Duration interval) => (_journal, _interval) = (journal, interval);

    /// <summary>Whether packets are captured.</summary>
    public bool HasPackets => _packets is not null;

    /// <summary>Whether the kernel tells the state changes.</summary>
    public bool HasStates => _states is not null;

    /// <summary>How state changes are known now.</summary>
    public Provenance StateProvenance => HasStates ? Provenance.Observed : HasPackets ? Provenance.Inferred : Provenance.Sampled;

    /// <summary>Why there are no packets; null if there are, or before <see cref="Watch"/>.</summary>
    public Obstacle? PacketObstacle { get; private set; }

    /// <summary>Why the kernel does not tell the states; null if it does, or before <see cref="Watch"/>.</summary>
    public Obstacle? StateObstacle { get; private set; }

    /// <summary>Why the socket table says less than it could.</summary>
    public Obstacle? SocketObstacle => _sockets?.Obstacle;

    /// <summary>How many packets were captured since <see cref="Watch"/>.</summary>
    public long Captured => _packets?.Captured ?? 0;

    /// <summary>How many packets the kernel dropped since <see cref="Watch"/>, because nobody took them in time.</summary>
    public long LostPackets => _packets?.DroppedByKernel ?? 0;

    /// <summary>How many events of the kernel's trace of states were lost since <see cref="Watch"/>.</summary>
    public long LostStates => _states?.Lost ?? 0;

    /// <summary>Watches these ports on <c>lo</c>; all of them where none is named. What watches them already goes on.</summary>
    public void Watch(IReadOnlyCollection<ushort> ports)
    {
        _sockets?.Hurry();
        string filter = string.Join(" or ", ports.Order().Select(Filter));
        if (filter == _filter)
            return;
        _filter = filter;
        _sockets ??= SocketTableSource.Start(_journal, SocketKinds.All, PortFilter.All, _interval);
        _packets?.Dispose();
        _states?.Dispose();
        _packets = PacketSource.Start(_journal, new PacketRequest(Filter: filter) { Delivery = PacketDelivery.InBlocks, BlockMilliseconds = 4 }, out var packetObstacle);
        PacketObstacle = packetObstacle;
        _states = StateTraceSource.Start(_journal, new PortFilter(ports), out var stateObstacle);
        StateObstacle = stateObstacle;
    }

    // What comes to a port and from it, and the ICMP messages that say that one is unreachable: they quote the datagram's headers.
    private static string Filter(ushort port) =>
        $"port {port} or (icmp[0] = 3 and (icmp[28:2] = {port} or icmp[30:2] = {port})) or (icmp6 and ip6[40] = 1 and (ip6[88:2] = {port} or ip6[90:2] = {port}))";

    /// <summary>Returns when everything that happened before the call is in the journal.</summary>
    public void Flush()
    {
        _states?.Flush();
        _packets?.Flush();
        if (!HasStates)
            SampleSockets();
    }

    /// <summary>Looks at one socket closely from now on, or at none.</summary>
    /// <param name="socket">Its protocol and addresses; null for none.</param>
    public void Inspect((byte Protocol, FourTuple Tuple)? socket)
    {
        if (socket == _probed)
            return;
        _probe?.Dispose();
        _probed = socket;
        _probe = socket is { } wanted ? SocketProbe.Start(_journal, wanted.Protocol, wanted.Tuple, _interval) : null;
    }

    /// <summary>Samples the socket table now.</summary>
    public void SampleSockets() => _sockets?.Sample();

    /// <summary>Stops all of them; nothing of them is left in the kernel.</summary>
    public void Dispose()
    {
        _packets?.Dispose();
        _states?.Dispose();
        _sockets?.Dispose();
        _probe?.Dispose();
    }
}
