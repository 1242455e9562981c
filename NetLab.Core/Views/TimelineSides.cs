using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>A side of the ladder.</summary>
public enum TimelineSide : byte
{
    /// <summary>Neither: it does not belong to what is shown.</summary>
    None,

    /// <summary>The actor that the script names first.</summary>
    Left,

    /// <summary>The other.</summary>
    Right,
}

/// <summary>
/// Who stands on which side: the actor that the script names first left, everybody else right. With a connection chosen only its two ends are shown, and
/// what their actors did without a connection.
/// </summary>
public sealed class TimelineSides
{
    private readonly NameId _first;
    private readonly ConnectionEnd? _left, _right;
    private readonly Dictionary<FourTuple, TimelineSide> _byTuple = [];

    /// <summary>The sides of everything, or of one connection.</summary>
    /// <param name="connections">The connections.</param>
    /// <param name="first">The actor that the script names first.</param>
    /// <param name="chosen">The connection to which the ladder is confined; null for none.</param>
    public TimelineSides(ConnectionsView connections, NameId first, Connection? chosen)
    {
        ArgumentNullException.ThrowIfNull(connections);
        _first = first;
        if (chosen is not null)
        {
            // Where no actor is known the end that was opened passively stands left, as servers do.
            int Rank(ConnectionEnd end) => !first.IsNone && end.Actor == first ? 0 : end.Path is [{ To: TcpState.SynRcvd }, ..] ? 1 : 2;
            (_left, _right) = Rank(chosen.First) <= Rank(chosen.Second) ? (chosen.First, chosen.Second) : (chosen.Second, chosen.First);
            (_byTuple[_left.Tuple], _byTuple[_right.Tuple]) = (TimelineSide.Left, TimelineSide.Right);
            return;
        }

        foreach (var end in connections.Ends)
        {
            if (end.Actor.IsNone || !end.Tuple.IsComplete)
                continue;
            var side = end.Actor == first ? TimelineSide.Left : TimelineSide.Right;
            _byTuple[end.Tuple] = side;
            _byTuple.TryAdd(end.Tuple.Reversed, side == TimelineSide.Left ? TimelineSide.Right : TimelineSide.Left);
        }
    }

    /// <summary>The end that stands left; null where no connection was chosen.</summary>
    public ConnectionEnd? Left => _left;

    /// <summary>The end that stands right; null where no connection was chosen.</summary>
    public ConnectionEnd? Right => _right;

    /// <summary>The side of a row; of a packet the one that it comes from.</summary>
    /// <param name="row">The row.</param>
    /// <param name="tuple">Its connection, as <see cref="MomentFinder.TupleAt"/> tells it.</param>
    public TimelineSide Of(in TimelineRow row, FourTuple tuple)
    {
        if (row.Kind == TimelineKind.Packet)
        {
            // The listener's port is the server's; before more is known, the smaller one.
            return _byTuple.TryGetValue(row.Tuple, out var side) ? side
                : _left is not null ? TimelineSide.None : row.Tuple.Local.Port < row.Tuple.Remote.Port ? TimelineSide.Left : TimelineSide.Right;
        }

        if (_left is null)
        {
            return row.Actor.IsNone && _byTuple.TryGetValue(tuple, out var side) ? side
                : row.Actor == _first ? TimelineSide.Left : TimelineSide.Right;
        }

        if (row.Change is { } change)
        {
            return ReferenceEquals(change.End, _left) ? TimelineSide.Left : ReferenceEquals(change.End, _right) ? TimelineSide.Right
                : tuple.IsComplete ? TimelineSide.None : ByActor(row.Actor);
        }

        return tuple.IsComplete ? _byTuple.GetValueOrDefault(tuple) : ByActor(row.Actor);
    }

    private TimelineSide ByActor(NameId actor) => actor.IsNone ? TimelineSide.None
        : actor == _left!.Actor ? TimelineSide.Left : actor == _right!.Actor ? TimelineSide.Right : TimelineSide.None;
}
