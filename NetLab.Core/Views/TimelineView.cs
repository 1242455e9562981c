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
/// <param name="Time">When.</param>
/// <param name="Actor">Whose, where that is known.</param>
/// <param name="Reference">The event in the journal; for a change of state the packet that caused it, if one did.</param>
/// <param name="Change">The change of state.</param>
/// <param name="PacketPlace">The packet's number in the packet log's ring.</param>
public readonly record struct TimelineRow(
    TimelineKind Kind, Timestamp Time, NameId Actor, EventReference Reference, StateChange? Change = null, long PacketPlace = -1);

/// <summary>Calls, packets and changes of state in one order of time.</summary>
public sealed class TimelineView
{
    /// <summary>The newest 16,384 rows.</summary>
    public RowRing<TimelineRow> Rows { get; } = new(16_384);

    /// <summary>Adds a row at its place in time: what was learned late (a SYN_RCVD that the kernel tells of at the last ACK) moves up.</summary>
    public void Add(in TimelineRow row)
    {
        Rows.Add(row);
        for (int place = Rows.Count - 1; place > 0 && Rows[place - 1].Time > Rows[place].Time; place--)
            Rows.Swap(place - 1, place);
    }
}
