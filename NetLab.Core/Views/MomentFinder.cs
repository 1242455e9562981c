using NetLab.Core.Packets;

namespace NetLab.Core.Views;

/// <summary>
/// Joins calls, packets and changes of state: a call made what its end did while it ran, a packet made the changes that name it, and the first call
/// that returned with its data got it.
/// </summary>
/// <param name="timeline">All in order of time.</param>
public sealed class MomentFinder(TimelineView timeline)
{
    // What belongs together lies close together in time; a call that waited long is found from its return.
    private const int Reach = 512;

    // The stamps of a call are taken outside of it and those of a packet inside, by the same clock.
    private static readonly Duration s_slack = Duration.FromMicroseconds(20);

    /// <summary>The moment that a row of the timeline belongs to.</summary>
    /// <param name="place">The row's place among those that are kept.</param>
    public Moment At(int place)
    {
        var links = new Links();
        ref readonly var row = ref timeline.Rows[place];
        Take(ref links, place);
        // A packet joins both ends: so does everything that is joined to one.
        if (row.Kind != TimelineKind.Packet && links.Packets is [var first, ..] && Find(row.Time, TimelineKind.Packet, first, null) is { } packet)
            Take(ref links, packet);
        var tuple = links.Tuple.IsComplete ? links.Tuple : TupleAt(place);
        return new Moment(row.Time) { Tuple = tuple, Calls = links.Calls, Packets = links.Packets, Changes = links.Changes };
    }

    /// <summary>The moment of a packet; null where the timeline no longer has it.</summary>
    public Moment? OfPacket(Timestamp time, EventReference packet) => Find(time, TimelineKind.Packet, packet, null) is { } place ? At(place) : null;

    /// <summary>The moment of a change of state; null where the timeline no longer has it.</summary>
    public Moment? Of(StateChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Find(change.Time, TimelineKind.State, default, change) is { } place ? At(place) : null;
    }

    /// <summary>The moment of the call that sent or received bytes; null where the timeline no longer has it.</summary>
    public Moment? Of(in BytesRow bytes)
    {
        var kind = bytes.Direction == Direction.Sent ? CallKind.Sends : CallKind.Receives;
        int from = timeline.PlaceOf(bytes.Time - s_slack);
        for (int place = from; place < Math.Min(timeline.Rows.Count, from + Reach); place++)
        {
            ref readonly var row = ref timeline.Rows[place];
            if (row.Kind == TimelineKind.Call && row.Call == kind && row.Actor == bytes.Actor && row.Began - s_slack <= bytes.Time && bytes.Time <= row.Time + s_slack)
                return At(place);
        }

        return null;
    }

    /// <summary>The connection of a row. A call that gave a socket its addresses has them from the next call on the same descriptor.</summary>
    public FourTuple TupleAt(int place)
    {
        ref readonly var row = ref timeline.Rows[place];
        if (row.Tuple.IsComplete || row.Kind != TimelineKind.Call || row.Descriptor < 0)
            return row.Tuple;
        for (int next = place + 1; next < Math.Min(timeline.Rows.Count, place + Reach); next++)
        {
            ref readonly var later = ref timeline.Rows[next];
            if (later.Kind == TimelineKind.Call && later.ProcessId == row.ProcessId && later.Descriptor == row.Descriptor && later.Actor == row.Actor)
                return later.Tuple;
        }

        return row.Tuple;
    }

    private void Take(ref Links links, int place)
    {
        ref readonly var row = ref timeline.Rows[place];
        links.Add(row);
        switch (row.Kind)
        {
            case TimelineKind.Call or TimelineKind.Failure: FromCall(ref links, place); break;
            case TimelineKind.Packet: FromPacket(ref links, place); break;
            case TimelineKind.State: FromChange(ref links, place); break;
        }
    }

    private void FromCall(ref Links links, int place)
    {
        var call = timeline.Rows[place];
        var tuple = TupleAt(place);
        bool found = false;
        for (int other = place - 1; other >= Math.Max(0, place - Reach); other--)
        {
            ref readonly var row = ref timeline.Rows[other];
            if (row.Kind == TimelineKind.Packet && (Sends(call, tuple, row) || !found && Gets(call, tuple, row)))
            {
                found = true;
                links.Add(row);
            }
            else if (row.Kind == TimelineKind.State && Makes(call, tuple, row))
            {
                links.Add(row);
            }
        }

        for (int other = place + 1; other < timeline.Rows.Count && timeline.Rows[other].Time <= call.Time + s_slack; other++)
        {
            ref readonly var row = ref timeline.Rows[other];
            if (row.Kind == TimelineKind.Packet ? Sends(call, tuple, row) : row.Kind == TimelineKind.State && Makes(call, tuple, row))
                links.Add(row);
        }
    }

    private void FromPacket(ref Links links, int place)
    {
        var packet = timeline.Rows[place];
        bool got = false;
        for (int other = Math.Max(0, place - Reach); other < Math.Min(timeline.Rows.Count, place + Reach); other++)
        {
            ref readonly var row = ref timeline.Rows[other];
            if (row.Kind == TimelineKind.State && row.Change!.Packet == packet.Reference)
            {
                links.Add(row);
            }
            else if (row.Kind == TimelineKind.Call && row.Time >= packet.Time - s_slack)
            {
                var tuple = TupleAt(other);
                bool sends = Sends(row, tuple, packet), gets = !got && Gets(row, tuple, packet);
                got |= gets;
                if (sends || gets)
                    links.Add(row);
                if (sends)
                    MadeBy(ref links, row, tuple, other);
            }
        }
    }

    private void FromChange(ref Links links, int place)
    {
        var change = timeline.Rows[place];
        if (change.Change!.Packet is { } cause)
        {
            if (Find(change.Time, TimelineKind.Packet, cause, null) is { } packet)
                links.Add(timeline.Rows[packet]);
            return;
        }

        for (int other = Math.Max(0, place - 8); other < Math.Min(timeline.Rows.Count, place + Reach); other++)
        {
            ref readonly var row = ref timeline.Rows[other];
            if (row.Kind != TimelineKind.Call || !Makes(row, TupleAt(other), change))
                continue;
            FromCall(ref links, other);
            links.Add(row);
            return;
        }
    }

    private void MadeBy(ref Links links, in TimelineRow call, FourTuple tuple, int place)
    {
        for (int other = place; other >= Math.Max(0, place - Reach) && timeline.Rows[other].Time >= call.Began - s_slack; other--)
        {
            ref readonly var row = ref timeline.Rows[other];
            if (row.Kind == TimelineKind.State && Makes(call, tuple, row))
                links.Add(row);
        }
    }

    // The segment left while the call ran, and is what such a call sends.
    internal static bool Sends(in TimelineRow call, FourTuple tuple, in TimelineRow packet) =>
        tuple.IsComplete && packet.Tuple == tuple && Encloses(call, packet.Time) && call.Call switch
        {
            CallKind.Connects => packet.Flags == TcpFlags.Syn,
            CallKind.Sends => packet.Length > 0,
            CallKind.Closes => (packet.Flags & (TcpFlags.Fin | TcpFlags.Rst)) != 0,
            _ => false,
        };

    // The last segment that came before the call returned with data, or with the end of it.
    internal static bool Gets(in TimelineRow call, FourTuple tuple, in TimelineRow packet) =>
        tuple.IsComplete && packet.Tuple == tuple.Reversed && packet.Time <= call.Time + s_slack && call.Call switch
        {
            CallKind.Receives => call.Length > 0 ? packet.Length > 0 : call.Length == 0 && packet.Flags.HasFlag(TcpFlags.Fin),
            CallKind.Accepts => packet is { Flags: TcpFlags.Ack, Length: 0 },
            _ => false,
        };

    // A change without a packet is the work of the call that ran on its end.
    internal static bool Makes(in TimelineRow call, FourTuple tuple, in TimelineRow change) =>
        change.Change!.Packet is null && Encloses(call, change.Time) && change.Actor == call.Actor && change.Change.To switch
        {
            Tcp.TcpState.Listen => call.Call == CallKind.Listens,
            Tcp.TcpState.SynSent => call.Call == CallKind.Connects,
            _ => call.Call == CallKind.Closes && (tuple == change.Tuple || !tuple.IsComplete && tuple.Local == change.Tuple.Local),
        };

    private static bool Encloses(in TimelineRow call, Timestamp time) => time >= call.Began - s_slack && time <= call.Time + s_slack;

    private int? Find(Timestamp time, TimelineKind kind, EventReference reference, StateChange? change)
    {
        // A change's packet may carry a later stamp than the change itself: the clocks differ by some microseconds.
        int from = Math.Max(0, timeline.PlaceOf(time) - Reach);
        for (int place = from; place < Math.Min(timeline.Rows.Count, from + 2 * Reach); place++)
        {
            ref readonly var row = ref timeline.Rows[place];
            if (row.Kind == kind && (change is null ? row.Reference == reference : ReferenceEquals(row.Change, change)))
                return place;
        }

        return null;
    }

    private struct Links
    {
        private List<EventReference>? _calls, _packets;
        private List<StateChange>? _changes;

        public FourTuple Tuple { get; private set; }

        public readonly IReadOnlyList<EventReference> Calls => _calls ?? [];

        public readonly IReadOnlyList<EventReference> Packets => _packets ?? [];

        public readonly IReadOnlyList<StateChange> Changes => _changes ?? [];

        public void Add(in TimelineRow row)
        {
            if (row.Tuple.IsComplete && !Tuple.IsComplete)
                Tuple = row.Tuple;
            if (row.Kind == TimelineKind.State)
            {
                if (!(_changes ??= []).Contains(row.Change!))
                    _changes.Add(row.Change!);
                return;
            }

            ref var list = ref row.Kind == TimelineKind.Packet ? ref _packets : ref _calls;
            if (!(list ??= []).Contains(row.Reference))
                list.Add(row.Reference);
        }
    }
}
