namespace NetLab.Core.Views;

/// <summary>
/// One thing that happened, as every instrument tells it: the call that did it, the packets that it sent, the states that changed by them, and the call
/// that got them. What the instruments' shared cursor stands on.
/// </summary>
/// <param name="Time">When the event that was chosen happened.</param>
public sealed record Moment(Timestamp Time)
{
    /// <summary>The connection; incomplete where it is not known.</summary>
    public FourTuple Tuple { get; init; }

    /// <summary>The calls: what did it, and what got it.</summary>
    public IReadOnlyList<EventReference> Calls { get; init; } = [];

    /// <summary>The packets.</summary>
    public IReadOnlyList<EventReference> Packets { get; init; } = [];

    /// <summary>The changes of state.</summary>
    public IReadOnlyList<StateChange> Changes { get; init; } = [];

    /// <summary>Whether a packet belongs to it.</summary>
    public bool HoldsPacket(EventReference packet) => Packets.Contains(packet);

    /// <summary>Whether a call belongs to it.</summary>
    public bool HoldsCall(EventReference call) => Calls.Contains(call);

    /// <summary>Whether a change of state belongs to it.</summary>
    public bool Holds(StateChange change) => Changes.Any(held => ReferenceEquals(held, change));

    /// <summary>Whether a row of the timeline belongs to it.</summary>
    public bool Holds(in TimelineRow row) => row.Kind switch
    {
        TimelineKind.Packet => HoldsPacket(row.Reference),
        TimelineKind.State => Holds(row.Change!),
        _ => HoldsCall(row.Reference),
    };

    /// <summary>Whether it belongs to this connection, seen from either end.</summary>
    public bool IsOf(FourTuple tuple) => Tuple.IsComplete && (tuple == Tuple || tuple.Reversed == Tuple);
}
