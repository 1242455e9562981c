namespace NetLab.Core.Peers;

/// <summary>What a line of a peer's log tells.</summary>
public enum PeerLogKind
{
    /// <summary>A connection was opened.</summary>
    Opened,

    /// <summary>A connection was closed; the text says how where it was not by a FIN.</summary>
    Closed,

    /// <summary>A connection was closed at once, because too many are open.</summary>
    Refused,

    /// <summary>A request was answered. HTTP: the text is its request line, the status what it got. DNS: the text is the query and its answer.</summary>
    Request,

    /// <summary>An HTTP request was refused: the text is the reason, the status the code. The request's own entry follows.</summary>
    RequestError,

    /// <summary>An exchange of another protocol ended; the text says how.</summary>
    Exchange,

    /// <summary>Something that the user should know of the peer itself.</summary>
    Notice,
}

/// <summary>One line of a peer's log. Its text may come from the network: print it as text.</summary>
/// <param name="Time">When.</param>
/// <param name="Kind">What it tells.</param>
/// <param name="Tuple">Which connection, from the peer's side.</param>
/// <param name="Text">Its text; may be empty.</param>
/// <param name="Status">The HTTP status, or 0.</param>
/// <param name="Received">Bytes that came over the connection, for <see cref="PeerLogKind.Closed"/>.</param>
/// <param name="Sent">Bytes that went over the connection, for <see cref="PeerLogKind.Closed"/>.</param>
public readonly record struct PeerLogEntry(Timestamp Time, PeerLogKind Kind, FourTuple Tuple, string Text = "", int Status = 0, long Received = 0, long Sent = 0);

/// <summary>Whoever wants to read a peer's log. It is called on the peer's threads, several at a time, and must be quick.</summary>
public interface IPeerLog
{
    /// <summary>Whether lines are lost for now because nobody takes them, so that the work of making one may be saved; <see cref="Lose"/> counts it.</summary>
    bool IsFull => false;

    /// <summary>Counts lines that were not made because the log is full.</summary>
    void Lose(int lines)
    {
    }

    /// <summary>Takes a line.</summary>
    void Write(in PeerLogEntry entry);
}
