using NetLab.Core.Packets;

namespace NetLab.Core.Views;

/// <summary>
/// Packets in a row, each at a place that it keeps: those that a journal still has, or those of a file. Lists, trees, filters and streams read
/// packets through this and need not know where they lie. An object of it belongs to one thread.
/// </summary>
public interface IPacketLog
{
    /// <summary>The place of the oldest packet that is there.</summary>
    long First { get; }

    /// <summary>The place that the next packet will have.</summary>
    long End { get; }

    /// <summary>What the log's times count from: the time of its first packet; null before there is one.</summary>
    Timestamp? Origin { get; }

    /// <summary>What is known of the packet at a place without its bytes.</summary>
    /// <param name="place">From <see cref="First"/> up to before <see cref="End"/>.</param>
    PacketRow Row(long place);

    /// <summary>Gives a packet with its bytes; they are valid until the next call.</summary>
    /// <returns>False when it is gone.</returns>
    bool TryGet(long place, out Frame frame);
}

/// <summary>How a packet of a log is written, and what those before it say of it.</summary>
public static class PacketLines
{
    private static ReadOnlySpan<byte> Gone => "(dropped from the journal)"u8;

    /// <summary>A packet with what those before it say of it, for the fields that need it (<c>tcp.stream</c>, <c>tcp.seq</c>).</summary>
    public static Frame WithHistory(this IPacketLog log, long place, Frame frame)
    {
        ArgumentNullException.ThrowIfNull(log);
        var row = log.Row(place);
        PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers);
        return frame.With(new FrameContext(row.Stream, headers.TransportOffset, row.SequenceBase, row.AcknowledgmentBase, row.WindowShift,
            place == log.First ? Duration.Zero : row.Time - log.Row(place - 1).Time, row.Time - (log.Origin ?? row.Time))
        {
            Analysis = row.Analysis,
        });
    }

    /// <summary>Writes a packet's line as tcpdump prints it, without the time, with numbers that count from the SYN.</summary>
    public static void WriteLine(this IPacketLog log, long place, ref Utf8Line line)
    {
        ArgumentNullException.ThrowIfNull(log);
        WriteLine(log.TryGet(place, out var frame), frame, log.Row(place), ref line);
    }

    /// <summary>Writes a packet's short form, for narrow panes.</summary>
    public static void WriteShort(this IPacketLog log, long place, ref Utf8Line line)
    {
        ArgumentNullException.ThrowIfNull(log);
        WriteShort(log.TryGet(place, out var frame), frame, log.Row(place), ref line);
    }

    internal static void WriteLine(bool isThere, scoped Frame frame, in PacketRow row, ref Utf8Line line)
    {
        Span<byte> text = stackalloc byte[1024];
        line.Text(isThere ? text[..TcpdumpLine.Write(frame, row.SequenceBase, row.AcknowledgmentBase, text)] : Gone);
    }

    internal static void WriteShort(bool isThere, scoped Frame frame, in PacketRow row, ref Utf8Line line)
    {
        if (!isThere)
        {
            line.Text(Gone);
            return;
        }

        PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers);
        // What makes a socket say ECONNREFUSED is told by its name; RFC 792 and RFC 4443 section 3.1.
        if (headers.Transport is IpProtocol.Icmp or IpProtocol.Icmpv6 && headers.TransportOffset > 0 && headers.TransportOffset + 2 <= frame.Bytes.Length
            && (headers.Transport, frame.Bytes[headers.TransportOffset], frame.Bytes[headers.TransportOffset + 1]) is (IpProtocol.Icmp, 3, 3) or (IpProtocol.Icmpv6, 1, 4))
        {
            line.Text("ICMP port unreachable from "u8);
            line.Address(headers.Source);
            return;
        }

        ShortLine.Write(ref line, headers, row.SequenceBase, row.AcknowledgmentBase);
    }
}
