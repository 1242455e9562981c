namespace NetLab.Core.Tcp;

/// <summary>What is remarkable about a segment beside the others of its connection, under Wireshark's names (tcp.analysis.*).</summary>
[Flags]
public enum StreamMarks : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It was sent before.</summary>
    Retransmission = 0x0001,

    /// <summary>It was sent before, and anew upon two or more duplicate ACKs (RFC 5681 section 3.2).</summary>
    FastRetransmission = 0x0002,

    /// <summary>It was sent before although the peer had acknowledged it.</summary>
    SpuriousRetransmission = 0x0004,

    /// <summary>It fills a gap too soon to be a retransmission: the network changed the order.</summary>
    OutOfOrder = 0x0008,

    /// <summary>It acknowledges the same octet again, with the same window and no data.</summary>
    DuplicateAck = 0x0010,

    /// <summary>Segments before it were not captured.</summary>
    LostSegment = 0x0020,

    /// <summary>It acknowledges octets that were not captured.</summary>
    AckedUnseenSegment = 0x0040,

    /// <summary>It repeats the last octet so that the peer answers (RFC 9293 section 3.8.4).</summary>
    KeepAlive = 0x0080,

    /// <summary>It answers a keep-alive.</summary>
    KeepAliveAck = 0x0100,

    /// <summary>Its sender takes no more data now.</summary>
    ZeroWindow = 0x0200,

    /// <summary>One octet, to ask whether the peer's closed window is open again (RFC 9293 section 3.8.6.1).</summary>
    ZeroWindowProbe = 0x0400,

    /// <summary>It answers such a probe.</summary>
    ZeroWindowProbeAck = 0x0800,

    /// <summary>It fills the window that the peer offered.</summary>
    WindowFull = 0x1000,

    /// <summary>It only tells of a new window.</summary>
    WindowUpdate = 0x2000,

    /// <summary>Its SYN begins a new life of the four-tuple.</summary>
    ReusedPorts = 0x4000,
}

/// <summary>The marks' names.</summary>
public static class StreamMarkNames
{
    private static readonly string[] s_names =
    [
        "retransmission", "fast retransmission", "spurious retransmission", "out of order", "duplicate ACK", "previous segment not captured",
        "ACKed unseen segment", "keep-alive", "keep-alive ACK", "zero window", "zero window probe", "zero window probe ACK", "window full",
        "window update", "port reused",
    ];

    private static readonly string[] s_titles =
    [
        "Retransmission", "Fast Retransmission", "Spurious Retransmission", "Out-Of-Order", "Dup ACK", "Previous segment not captured",
        "ACKed unseen segment", "Keep-Alive", "Keep-Alive ACK", "ZeroWindow", "ZeroWindowProbe", "ZeroWindowProbeAck", "Window Full",
        "Window Update", "Port numbers reused",
    ];

    private static readonly string[] s_words =
    [
        "resent", "fast resent", "needlessly resent", "reordered", "dup ACK", "gap before", "acks unseen", "keep-alive", "keep-alive ACK",
        "zero window", "window probe", "probe ACK", "window full", "window update", "port reused",
    ];

    /// <summary>Whether one of these marks is set.</summary>
    public static bool Has(this StreamMarks marks, StreamMarks looked) => (marks & looked) != 0;

    /// <summary>The title of the lowest mark that is set, as Wireshark's list has it; empty for none.</summary>
    public static string Title(this StreamMarks marks) =>
        marks == StreamMarks.None ? "" : s_titles[System.Numerics.BitOperations.TrailingZeroCount((uint)marks)];

    /// <summary>A short word for the lowest mark that is set, for narrow places; empty for none.</summary>
    public static string Word(this StreamMarks marks) =>
        marks == StreamMarks.None ? "" : s_words[System.Numerics.BitOperations.TrailingZeroCount((uint)marks)];

    /// <summary>Whether a mark tells of loss, of delay or of a receiver that takes nothing: what one looks for.</summary>
    public static bool IsTrouble(this StreamMarks marks) =>
        (marks & ~(StreamMarks.KeepAlive | StreamMarks.KeepAliveAck | StreamMarks.WindowUpdate | StreamMarks.ReusedPorts)) != 0;

    /// <summary>The name of the lowest mark that is set; empty for none.</summary>
    public static string Name(this StreamMarks marks) =>
        marks == StreamMarks.None ? "" : s_names[System.Numerics.BitOperations.TrailingZeroCount((uint)marks)];
}
