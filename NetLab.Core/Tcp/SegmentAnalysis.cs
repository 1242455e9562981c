namespace NetLab.Core.Tcp;

/// <summary>What the segments before one say of it, under Wireshark's names (tcp.analysis.*). Small: an index keeps one for every packet.</summary>
public readonly struct SegmentAnalysis
{
    // Bytes in flight of a segment with data, the number of a duplicate ACK, which has none.
    private readonly uint _figure;
    private readonly long _roundTrip;

    internal SegmentAnalysis(StreamMarks marks, uint figure, long roundTrip) => (Marks, _figure, _roundTrip) = (marks, figure, roundTrip);

    /// <summary>What is remarkable about it.</summary>
    public StreamMarks Marks { get; }

    /// <summary>Octets of its sender on their way with it; 0 where it has no data, or they cannot be told.</summary>
    public uint BytesInFlight => Marks.Has(StreamMarks.DuplicateAck) ? 0 : _figure;

    /// <summary>The how-manieth duplicate of an ACK it is, from 1; 0 for none.</summary>
    public uint DuplicateAck => Marks.Has(StreamMarks.DuplicateAck) ? _figure : 0;

    /// <summary>The round trip that it completes by acknowledging; null for none.</summary>
    public Duration? RoundTrip => _roundTrip > 0 ? new Duration(_roundTrip) : null;

    /// <summary>Whether there is anything to tell.</summary>
    public bool IsEmpty => Marks == StreamMarks.None && _figure == 0 && _roundTrip <= 0;

    internal (uint Figure, long RoundTrip) Figures => (_figure, _roundTrip);
}
