namespace NetLab.Core.Peers;

/// <summary>
/// Writes what peers send and receive into one lane of the journal. Any number of peers and their threads may share it; peers that should not push
/// each other's bytes out of the journal get recorders with lanes of their own.
/// </summary>
public sealed class PeerRecorder
{
    private readonly Lock _gate = new();
    private readonly JournalWriter _writer;
    private readonly Func<Timestamp> _clock;
    private readonly NameId _process;
    private Timestamp _last = Timestamp.MinValue;

    /// <summary>A recorder on a lane that no other recorder writes to.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="clock">The kernel's clock.</param>
    /// <param name="lane">The lane's name.</param>
    /// <param name="capacity">The lane's size in bytes.</param>
    public PeerRecorder(Journal journal, Func<Timestamp> clock, string lane = "peers", long capacity = Journal.DefaultLaneCapacity)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(clock);
        (_writer, _clock, _process) = (journal.OpenWriter(lane, capacity), clock, journal.Names.Intern("netlab"));
    }

    /// <summary>The time now.</summary>
    public Timestamp Now => _clock();

    /// <summary>The number of a peer's name.</summary>
    internal NameId Intern(string name) => _writer.Names.Intern(name);

    /// <summary>Bytes that a peer sent or received; all of them are kept in the journal up to the lane's own bound.</summary>
    /// <param name="time">When: as the call began that sent them, or as the call returned that got them. It is told as no earlier than what the lane has already.</param>
    /// <param name="peer">Whose.</param>
    /// <param name="tuple">On which connection, from the peer's side.</param>
    /// <param name="descriptor">The socket's descriptor, or -1.</param>
    /// <param name="direction">Which way.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="length">How many they were, where not all are given; else 0.</param>
    internal void Bytes(Timestamp time, NameId peer, in FourTuple tuple, int descriptor, Direction direction, ReadOnlySpan<byte> bytes, int length = 0)
    {
        var entry = new LabEvent
        {
            Kind = EventKind.Bytes,
            Provenance = Provenance.Observed,
            Actor = peer,
            Process = _process,
            ProcessId = Environment.ProcessId,
            Tuple = tuple,
        };
        entry.Detail.Bytes.Direction = direction;
        entry.Detail.Bytes.Descriptor = descriptor;
        entry.Detail.Bytes.Length = Math.Max(length, bytes.Length);
        Append(time, ref entry, bytes);
    }

    /// <summary>A socket that a peer opened, so that what the kernel tells of it is known to be the peer's.</summary>
    internal void Owns(NameId peer, NameId socketName, in FourTuple tuple, int descriptor, ulong inode, byte protocol)
    {
        var entry = new LabEvent
        {
            Kind = EventKind.Ownership,
            Provenance = Provenance.Observed,
            Actor = peer,
            Process = _process,
            ProcessId = Environment.ProcessId,
            Tuple = tuple,
        };
        entry.Detail.Ownership.SocketName = socketName;
        entry.Detail.Ownership.Descriptor = descriptor;
        entry.Detail.Ownership.Inode = inode;
        entry.Detail.Ownership.Protocol = protocol;
        Append(Now, ref entry, default);
    }

    // A lane is in order of time, whoever writes to it first.
    private void Append(Timestamp time, ref LabEvent entry, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            entry.Time = _last = time > _last ? time : _last;
            _writer.Append(entry, bytes);
        }
    }
}
