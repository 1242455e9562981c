using NetLab.Core.Tcp;

namespace NetLab.Core.Kernel;

/// <summary>
/// Every change of state of every TCP socket, as the kernel's tracepoint sock:inet_sock_set_state tells it: <see cref="EventKind.State"/>, observed.
/// FIN_WAIT_2 → CLOSED is written as the kernel says it, although the connection then lives on in TIME_WAIT.
/// </summary>
public sealed class StateTraceSource : IDisposable
{
    private const string Event = "sock/inet_sock_set_state";
    private const int KibibytesForAll = 32_768, FewestKibibytes = 512, MostKibibytes = 8_192;
    /// <summary>What the journal's lane holds when the caller names no size: 16 MiB, some 32,000 changes, which have no data beside them.</summary>
    public const long DefaultLaneCapacity = 16 << 20;

    private readonly TraceInstance _instance;
    private readonly TraceReader _reader;

    private StateTraceSource(TraceInstance instance, TraceReader reader) => (_instance, _reader) = (instance, reader);

    /// <summary>How many events the kernel has lost because its buffers were full; each loss is also in the journal (<see cref="EventKind.Dropped"/>).</summary>
    public long Lost => _reader.LostEvents;

    /// <summary>Begins to write state changes into the journal; what killed runs left behind is swept first.</summary>
    /// <param name="journal">Where to.</param>
    /// <param name="ports">Which connections.</param>
    /// <param name="obstacle">Why not, when the answer is null.</param>
    /// <param name="laneCapacity">The size of the journal's lane in bytes.</param>
    public static StateTraceSource? Start(Journal journal, PortFilter ports, out Obstacle? obstacle, long laneCapacity = DefaultLaneCapacity)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(ports);
        TraceInstance.Sweep();
        int size = Math.Clamp(KibibytesForAll / Environment.ProcessorCount, FewestKibibytes, MostKibibytes);
        if (TraceInstance.Create(size, out obstacle) is not { } instance)
            return null;
        if (instance.Format(Event) is not { } format || StateEventLayout.From(format) is not { } layout)
        {
            instance.Dispose();
            obstacle = new Obstacle("This kernel has no tracepoint sock:inet_sock_set_state (it came with Linux 4.16).");
            return null;
        }

        string tcp = "protocol == 6";
        obstacle = instance.Enable(Event, ports.Expression("sport", "dport") is { } some ? $"{tcp} && ({some})" : tcp);
        if (obstacle is not null)
        {
            instance.Dispose();
            return null;
        }

        var sink = new Sink(journal.OpenWriter("states", laneCapacity), layout, ports);
        return new StateTraceSource(instance, new TraceReader(instance, sink, "netlab-states"));
    }

    /// <summary>Returns when every change that happened before the call is in the journal.</summary>
    public void Flush() => _reader.Flush();

    /// <summary>Writes what has happened so far, and removes everything from the kernel.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _instance.Dispose();
    }

    private sealed class Sink(JournalWriter writer, StateEventLayout layout, PortFilter ports) : ITraceSink
    {
        private const int MostSockets = 65_536;
        private readonly ProcessNames _processes = new(writer.Names);
        private readonly Dictionary<ulong, (int ProcessId, NameId Name)> _owners = [];
        private readonly NameId _name = writer.Names.Intern("states");

        public void Read(Timestamp time, ReadOnlySpan<byte> record)
        {
            if (!layout.TryRead(record, out var entry) || !ports.Matches(entry.Tuple.Local.Port, entry.Tuple.Remote.Port))
                return;
            entry.Time = time;
            (entry.ProcessId, entry.Process) = Owner(entry);
            writer.Append(entry);
        }

        public Timestamp ToldUpTo(Timestamp time)
        {
            writer.ToldUpTo(time);
            return time;
        }

        public void Lost(Timestamp time, long count)
        {
            var entry = new LabEvent { Time = time, Kind = EventKind.Dropped, Provenance = Provenance.Observed };
            entry.Detail.Dropped = new DroppedDetail { Source = _name, Count = count };
            writer.Append(entry);
        }

        // In a soft interrupt the thread is a bystander: there the owner is who touched the socket before.
        private (int ProcessId, NameId Name) Owner(in LabEvent entry)
        {
            var owner = entry.Detail.State.Context == ExecutionContext.Process
                ? _processes.Find(entry.ThreadId, entry.Time)
                : _owners.GetValueOrDefault(entry.Socket);
            if (entry.Detail.State.To == TcpState.Closed)
                _owners.Remove(entry.Socket);
            else if (owner.ProcessId != 0)
            {
                if (_owners.Count >= MostSockets)
                    _owners.Clear();
                _owners[entry.Socket] = owner;
            }

            return owner;
        }
    }
}
