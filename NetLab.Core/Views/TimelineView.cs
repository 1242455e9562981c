using NetLab.Core.Packets;

namespace NetLab.Core.Views;

/// <summary>What a row of the timeline tells of.</summary>
public enum TimelineKind : byte
{
    /// <summary>A call that an actor's step made, or a traced program.</summary>
    Call,

    /// <summary>A packet.</summary>
    Packet,

    /// <summary>A change of state.</summary>
    State,

    /// <summary>A step that failed.</summary>
    Failure,
}

/// <summary>A row of the timeline.</summary>
/// <param name="Kind">What it tells of.</param>
/// <param name="Time">When; of a call its return.</param>
/// <param name="Actor">Whose, where that is known.</param>
/// <param name="Reference">The event in the journal; for a change of state the packet that caused it, if one did.</param>
/// <param name="Change">The change of state.</param>
/// <param name="PacketPlace">The packet's number in the packet log's ring.</param>
public readonly record struct TimelineRow(
    TimelineKind Kind, Timestamp Time, NameId Actor, EventReference Reference, StateChange? Change = null, long PacketPlace = -1)
{
    private readonly FourTuple _tuple;

    /// <summary>When a call began; of anything else its time.</summary>
    public Timestamp Began { get; init; } = Time;

    /// <summary>Its connection as its end sees it (a packet: from its source to its destination); incomplete where it has none or it is not known yet.</summary>
    public FourTuple Tuple
    {
        get => Change is { } change ? change.End.Tuple : _tuple;
        init => _tuple = value;
    }

    /// <summary>Which call.</summary>
    public CallKind Call { get; init; }

    /// <summary>The process of a call, or 0.</summary>
    public int ProcessId { get; init; }

    /// <summary>The descriptor that a call is about; of an accept the one it gave; -1 for none.</summary>
    public int Descriptor { get; init; } = -1;

    /// <summary>What a call returned; a packet's octets of data.</summary>
    public long Length { get; init; }

    /// <summary>A segment's flags.</summary>
    public TcpFlags Flags { get; init; }
}

/// <summary>Calls, packets and changes of state in one order of time.</summary>
public sealed class TimelineView
{
    /// <summary>The newest 16,384 rows.</summary>
    public RowRing<TimelineRow> Rows { get; } = new(16_384);

    /// <summary>Counts the changes of the rows: what was folded from them is to be folded again when it differs.</summary>
    public long Version { get; private set; }

    /// <summary>Adds a row at its place in time: what was learned late (a SYN_RCVD that the kernel tells of at the last ACK) moves up.</summary>
    public void Add(in TimelineRow row)
    {
        Version++;
        Rows.Add(row);
        for (int place = Rows.Count - 1; place > 0 && Rows[place - 1].Time > Rows[place].Time; place--)
            Rows.Swap(place - 1, place);
    }

    /// <summary>Forgets every row.</summary>
    public void Clear()
    {
        Version++;
        Rows.Clear();
    }

    /// <summary>The place of the first row that is not before a moment.</summary>
    public int PlaceOf(Timestamp time)
    {
        int low = 0, high = Rows.Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (Rows[middle].Time < time)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
