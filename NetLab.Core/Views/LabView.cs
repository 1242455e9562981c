using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>All views of one journal, folded together in one pass over its events. Panes and commands read from here.</summary>
public sealed class LabView
{
    private readonly Journal _journal;
    private JournalReader _reader;
    private JournalReader? _before;
    private long _missedBefore;
    private byte[] _buffer = new byte[4096];

    /// <summary>Views of a journal that show nothing yet.</summary>
    public LabView(Journal journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        (_journal, _reader) = (journal, journal.OpenReader());
        Packets = new PacketLogView(journal);
        Moments = new MomentFinder(Timeline);
        Connections.Changed = OnChanged;
    }

    /// <summary>The script's steps.</summary>
    public StepsView Steps { get; } = new();

    /// <summary>What the programs sent and received.</summary>
    public BytesView Bytes { get; } = new();

    /// <summary>The packets.</summary>
    public PacketLogView Packets { get; }

    /// <summary>The socket table.</summary>
    public SocketsView Sockets { get; } = new();

    /// <summary>The one socket that is looked at closely.</summary>
    public SocketFiguresView Figures { get; } = new();

    /// <summary>The connections and their states.</summary>
    public ConnectionsView Connections { get; } = new();

    /// <summary>All in order of time.</summary>
    public TimelineView Timeline { get; } = new();

    /// <summary>What belongs together of it.</summary>
    public MomentFinder Moments { get; }

    /// <summary>How many events the sources lost, and how many the journal had dropped before they were read.</summary>
    public long Lost { get; private set; }

    /// <summary>How many events the journal dropped before the views came to them.</summary>
    public long Missed => _reader.Missed - _missedBefore;

    /// <summary>Which connections are shown; those of every port unless somebody chose.</summary>
    public PortSelection Ports { get; private set; } = PortSelection.All;

    /// <summary>Called with each event after the views have taken it in, and with its data.</summary>
    public JournalEventHandler? Folded { get; set; }

    /// <summary>Called with each change of a state.</summary>
    public Action<StateChange>? StateChanged { get; set; }

    /// <summary>Takes in what the journal has.</summary>
    /// <param name="now">The time now; <see cref="Timestamp.MaxValue"/> takes in everything without waiting for the sources.</param>
    /// <param name="most">How many events at most, so that a flood does not stop the drawing.</param>
    /// <returns>How many events were taken in.</returns>
    public int Fold(Timestamp now, int most = int.MaxValue)
    {
        int count = 0;
        while (count < most && _reader.TryRead(now, out _, out var reference))
        {
            count++;
            if (_journal.TryGet(reference, ref _buffer, out var entry, out var data))
                Fold(entry, reference, data);
        }

        return count;
    }

    /// <summary>When something becomes ripe to be folded; null when nothing waits.</summary>
    public Timestamp? NextRipe() => _reader.NextRipe();

    /// <summary>Lets time pass.</summary>
    /// <returns>Whether something that is shown changed.</returns>
    public bool Advance(Timestamp now) => Connections.Advance(now) | Sockets.Advance(now);

    /// <summary>Forgets everything but the socket table, for a new run.</summary>
    public void Clear()
    {
        // The socket table is told by what changes in it, so nothing may be skipped.
        Fold(Timestamp.MaxValue);
        Bytes.Rows.Clear();
        Packets.Clear();
        Connections.Clear();
        Timeline.Clear();
        Lost = 0;
    }

    /// <summary>Shows the connections of these ports from now on, and nothing of what was before.</summary>
    public void Follow(PortSelection ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        Clear();
        Ports = ports;
    }

    /// <summary>Shows the connections of one port: what the journal still has of them, then what comes.</summary>
    public void Replay(ushort port)
    {
        Follow(PortSelection.Only(port));
        long missed = Missed;
        (_before, _reader) = (_reader, _journal.OpenReader());
        // Looking once takes the new reader past what the journal has dropped; that was not missed by anybody.
        _reader.NextRipe();
        _missedBefore = _reader.Missed - missed;
    }

    private void Fold(in LabEvent entry, EventReference reference, ReadOnlySpan<byte> data)
    {
        bool isReplayed = _before?.HasRead(reference) ?? false;
        // The table is the whole machine's, and told by what changes in it: each change is to be taken in once.
        if (entry.Kind == EventKind.Socket && !isReplayed)
            Sockets.Fold(entry);
        if (IsShown(entry))
            FoldShown(entry, reference, data);
        if (!isReplayed)
            Folded?.Invoke(entry, reference, data);
    }

    // A packet's ends are known once it is parsed; what has no ends yet, its socket will tell. An experiment's steps are no one port's.
    private bool IsShown(in LabEvent entry) => entry.Kind switch
    {
        EventKind.Bytes or EventKind.Socket => Ports.Takes(entry.Tuple),
        EventKind.State or EventKind.Ownership => entry.Tuple.IsUnknown || Ports.Takes(entry.Tuple),
        EventKind.Step or EventKind.Expectation or EventKind.Syscall => Ports.Port is null,
        _ => true,
    };

    private void FoldShown(in LabEvent entry, EventReference reference, ReadOnlySpan<byte> data)
    {
        switch (entry.Kind)
        {
            case EventKind.Packet:
                FoldPacket(entry, reference, data);
                break;
            case EventKind.State or EventKind.Ownership or EventKind.Socket:
                Connections.Fold(entry, data);
                break;
            case EventKind.SocketFigures:
                Figures.Fold(entry, data);
                break;
            case EventKind.Step:
                Steps.Fold(entry, data);
                Connections.Fold(entry, data);
                if (entry.Detail.Step.Status == StepStatus.Failed)
                    Timeline.Add(new TimelineRow(TimelineKind.Failure, entry.Time, entry.Actor, reference));
                break;
            case EventKind.Expectation:
                Steps.Fold(entry, data);
                break;
            case EventKind.Bytes:
                Bytes.Fold(entry, reference);
                break;
            case EventKind.Syscall when entry.Detail.Syscall.Phase == SyscallPhase.Returned:
                Connections.Fold(entry, data);
                FoldCall(entry, reference);
                break;
            case EventKind.Dropped:
                Lost += entry.Detail.Dropped.Count;
                break;
        }
    }

    private void FoldPacket(in LabEvent entry, EventReference reference, ReadOnlySpan<byte> data)
    {
        PacketHeaders.Parse((LinkType)entry.Detail.Packet.LinkType, data, out var headers);
        if (!Ports.Takes(headers.FourTuple))
            return;
        long place = Packets.Rows.End;
        Packets.Fold(entry, reference, data);
        Timeline.Add(new TimelineRow(TimelineKind.Packet, entry.Time, default, reference, PacketPlace: place)
        {
            Tuple = headers.FourTuple,
            Flags = headers.TcpFlags,
            Length = headers.PayloadLength,
        });
        if (headers.IsTcp)
            Connections.Fold(entry, reference, new TcpSegment(headers.FourTuple, headers.TcpFlags, headers.SequenceNumber,
                headers.AcknowledgmentNumber, headers.Window, headers.PayloadLength));
    }

    private void FoldCall(in LabEvent entry, EventReference reference)
    {
        ref readonly var call = ref entry.Detail.Syscall;
        var kind = CallKinds.Of(_journal.Names[call.Name]);
        // An accept is about the connection that it gives.
        int descriptor = kind == CallKind.Accepts && call.Result >= 0 ? (int)call.Result : call.Descriptor;
        var tuple = entry.Tuple.IsComplete || kind == CallKind.Accepts ? entry.Tuple : Connections.TupleOf(entry.ProcessId, descriptor) ?? entry.Tuple;
        Timeline.Add(new TimelineRow(TimelineKind.Call, entry.Time, entry.Actor, reference)
        {
            Began = entry.Time - call.Duration,
            Call = kind,
            ProcessId = entry.ProcessId,
            Descriptor = descriptor,
            Length = call.Result,
            Tuple = tuple,
        });
    }

    private void OnChanged(StateChange change)
    {
        Timeline.Add(new TimelineRow(TimelineKind.State, change.Time, change.End.Actor, change.Packet ?? default, change));
        StateChanged?.Invoke(change);
    }
}

/// <summary>Hears of an event and its data; the data is valid only during the call.</summary>
public delegate void JournalEventHandler(in LabEvent entry, EventReference reference, ReadOnlySpan<byte> data);
