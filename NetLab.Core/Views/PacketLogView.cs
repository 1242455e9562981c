using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>A packet in the log. Its line is written when it is looked at.</summary>
/// <param name="Reference">Where its bytes lie in the journal.</param>
/// <param name="Time">The capture's time.</param>
/// <param name="Number">Its number in the capture, from 1.</param>
/// <param name="SequenceBase">What its sequence number counts from.</param>
/// <param name="AcknowledgmentBase">What its acknowledgment number counts from.</param>
/// <param name="Stream">The number of its TCP or UDP conversation, from 0; -1 for none.</param>
/// <param name="WindowShift">How far TCP's window is to be shifted (RFC 7323).</param>
public readonly record struct PacketRow(
    EventReference Reference, Timestamp Time, long Number, uint SequenceBase, uint AcknowledgmentBase, int Stream = -1, byte WindowShift = 0)
{
    /// <summary>What the segments of its TCP stream before it say of it.</summary>
    public SegmentAnalysis Analysis { get; init; }
}

/// <summary>The packets, in the order of their times.</summary>
/// <param name="journal">Where their bytes lie.</param>
public sealed class PacketLogView(Journal journal) : IPacketLog
{
    private FrameHistory _history = new(new CaptureAnalysis());
    private byte[] _buffer = new byte[2048];

    /// <summary>How many packets are kept.</summary>
    public const int Bound = 65_536;

    /// <summary>The newest packets.</summary>
    public RowRing<PacketRow> Rows { get; } = new(Bound);

    /// <summary>The time of the first packet since the log was cleared: what the log's times count from.</summary>
    public Timestamp? First { get; private set; }

    /// <summary>Takes in an event of kind packet.</summary>
    public void Fold(in LabEvent entry, EventReference reference, ReadOnlySpan<byte> data)
    {
        First ??= entry.Time;
        var known = _history.Take(new Frame((LinkType)entry.Detail.Packet.LinkType, data, entry.Detail.Packet.OriginalLength) { Time = entry.Time });
        Rows.Add(new PacketRow(reference, entry.Time, entry.Detail.Packet.Number, known.SequenceBase, known.AcknowledgmentBase, known.Stream, (byte)known.WindowShift)
        {
            Analysis = known.Analysis,
        });
    }

    /// <summary>Forgets every packet.</summary>
    public void Clear()
    {
        Rows.Clear();
        _history = new FrameHistory(new CaptureAnalysis());
        First = null;
    }

    /// <summary>Gives a packet's bytes; valid until the next call.</summary>
    /// <returns>False when the journal has dropped them.</returns>
    public bool TryGet(in PacketRow row, out Frame frame)
    {
        frame = default;
        if (!journal.TryGet(row.Reference, ref _buffer, out var entry, out var data))
            return false;
        frame = new Frame((LinkType)entry.Detail.Packet.LinkType, data, entry.Detail.Packet.OriginalLength)
        {
            Number = row.Number,
            Time = row.Time,
        };
        return true;
    }

    /// <summary>Reads a packet's headers again.</summary>
    /// <returns>False when the journal has dropped it, or it has none.</returns>
    public bool TryParse(in PacketRow row, out PacketHeaders headers)
    {
        headers = default;
        return TryGet(row, out var frame) && PacketHeaders.Parse(frame.LinkType, frame.Bytes, out headers);
    }

    /// <summary>Writes a packet's line as tcpdump prints it, without the time, with numbers that count from the SYN.</summary>
    public void WriteLine(in PacketRow row, ref Utf8Line line) => PacketLines.WriteLine(TryGet(row, out var frame), frame, row, ref line);

    /// <summary>Writes a packet's short form, for narrow panes.</summary>
    public void WriteShort(in PacketRow row, ref Utf8Line line) => PacketLines.WriteShort(TryGet(row, out var frame), frame, row, ref line);

    long IPacketLog.First => Rows.First;

    long IPacketLog.End => Rows.End;

    Timestamp? IPacketLog.Origin => First;

    PacketRow IPacketLog.Row(long place) => Rows[(int)(place - Rows.First)];

    bool IPacketLog.TryGet(long place, out Frame frame) => TryGet(Rows[(int)(place - Rows.First)], out frame);
}
