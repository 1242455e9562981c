using System.Runtime.InteropServices;
using NetLab.Core.Tcp;

namespace NetLab.Core.Packets;

/// <summary>
/// Keeps what a field needs of the packets before: the numbers of TCP's and UDP's conversations, each sender's first sequence number, the times.
/// Give it every packet of a capture in order, also those that nobody prints. Bounded: with too many conversations it forgets the known ones, and
/// numbers go on.
/// </summary>
/// <param name="analysis">Analyses the TCP streams as well (<see cref="FrameContext.Analysis"/>); null where nobody asks for that.</param>
public sealed class FrameHistory(CaptureAnalysis? analysis = null)
{
    private const int Bound = 1 << 17;
    private readonly Dictionary<FourTuple, Conversation> _tcp = [];
    private readonly Dictionary<FourTuple, int> _udp = [];
    private int _tcpStreams;
    private int _udpStreams;
    private Timestamp? _first;
    private Timestamp _previous;

    /// <summary>Takes in the next packet.</summary>
    /// <returns>What those before it say of it.</returns>
    public FrameContext Take(in Frame frame)
    {
        _first ??= frame.Time;
        var context = new FrameContext(-1, -1, 0, 0, 0, frame.Number <= 1 ? Duration.Zero : frame.Time - _previous, frame.Time - _first.Value);
        _previous = frame.Time;
        if (!PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers))
            return context;
        context = context with { TransportAt = headers.TransportOffset };
        return headers.IsTcp ? Tcp(context, headers, frame.Time, frame.Bytes) : context with { Stream = Udp(headers) };
    }

    private FrameContext Tcp(FrameContext context, in PacketHeaders headers, Timestamp time, ReadOnlySpan<byte> bytes)
    {
        var tuple = headers.FourTuple;
        bool isForward = IsForward(headers);
        if (_tcp.Count >= Bound)
            _tcp.Clear();
        ref var conversation = ref CollectionsMarshal.GetValueRefOrAddDefault(_tcp, isForward ? tuple : tuple.Reversed, out bool known);
        bool hasSyn = headers.TcpFlags.HasFlag(TcpFlags.Syn), hasAck = headers.TcpFlags.HasFlag(TcpFlags.Ack);
        ref var own = ref isForward ? ref conversation.Forward : ref conversation.Backward;
        ref var peer = ref isForward ? ref conversation.Backward : ref conversation.Forward;
        // A SYN with another number is a new conversation of the same ports.
        var begins = hasSyn && own.IsKnown && own.Initial != headers.SequenceNumber ? StreamMarks.ReusedPorts : StreamMarks.None;
        if (!known || begins != StreamMarks.None && !hasAck)
            conversation = new Conversation { Stream = _tcpStreams++ };

        if (hasSyn)
            own = new Sender { IsKnown = true, Initial = headers.SequenceNumber, HasSyn = true, Shift = WindowShift(headers, bytes) };
        // Without its SYN a sender's first octet seen counts as 1, as if the SYN had come just before.
        else if (!own.IsKnown)
            own = new Sender { IsKnown = true, Initial = headers.SequenceNumber - 1 };
        if (hasAck && !peer.IsKnown)
            peer = new Sender { IsKnown = true, Initial = headers.AcknowledgmentNumber - 1 };
        // RFC 7323 section 2.2: nothing is scaled unless both SYNs have the option; a SYN's own window never is.
        bool scales = !hasSyn && own.HasSyn && peer.HasSyn && own.Shift >= 0 && peer.Shift >= 0;
        return context with
        {
            Stream = conversation.Stream,
            SequenceBase = own.Initial,
            AcknowledgmentBase = hasAck ? peer.Initial : 0,
            WindowShift = scales ? Math.Min((int)own.Shift, 14) : 0,
            Analysis = analysis is null ? default : Analyse(analysis, conversation.Stream, headers, isForward ? 0 : 1, time, bytes, begins),
        };
    }

    private static SegmentAnalysis Analyse(
        CaptureAnalysis analysis, int stream, in PacketHeaders headers, int sender, Timestamp time, ReadOnlySpan<byte> bytes, StreamMarks begins)
    {
        var (offset, length) = headers.TcpOptions;
        var options = offset < bytes.Length ? bytes.Slice(offset, Math.Min(length, bytes.Length - offset)) : default;
        return analysis.Take(stream, TcpSegment.Of(headers), sender, time, options, begins);
    }

    private static sbyte WindowShift(in PacketHeaders headers, ReadOnlySpan<byte> bytes)
    {
        var (offset, length) = headers.TcpOptions;
        if (offset >= bytes.Length)
            return -1;
        var options = new TcpOptions(bytes.Slice(offset, Math.Min(length, bytes.Length - offset)));
        while (options.MoveNext())
        {
            if (options.Kind == TcpOptionKind.WindowScale && options.Value.Length > 0)
                return (sbyte)Math.Min(options.Value[0], (byte)14);
        }

        return -1;
    }

    private int Udp(in PacketHeaders headers)
    {
        if (_udp.Count >= Bound)
            _udp.Clear();
        var tuple = headers.FourTuple;
        ref int stream = ref CollectionsMarshal.GetValueRefOrAddDefault(_udp, IsForward(headers) ? tuple : tuple.Reversed, out bool known);
        if (!known)
            stream = _udpStreams++;
        return stream;
    }

    // Which of the two ends is written first does not matter, as long as it is always the same one.
    private static bool IsForward(in PacketHeaders headers)
    {
        if (headers.SourcePort != headers.DestinationPort)
            return headers.SourcePort < headers.DestinationPort;
        Span<byte> source = stackalloc byte[16], destination = stackalloc byte[16];
        headers.Source.WriteMapped(source);
        headers.Destination.WriteMapped(destination);
        return source.SequenceCompareTo(destination) <= 0;
    }

    private struct Conversation
    {
        public int Stream;
        public Sender Forward;
        public Sender Backward;
    }

    private struct Sender
    {
        public bool IsKnown;
        public bool HasSyn;
        public sbyte Shift;
        public uint Initial;
    }
}
