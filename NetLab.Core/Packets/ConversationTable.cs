using NetLab.Core.Tcp;

namespace NetLab.Core.Packets;

/// <summary>One TCP or UDP conversation of a capture, as far as it was seen.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="Stream">Its number among those of its protocol, from 0 (tcp.stream, udp.stream).</param>
/// <param name="Tuple">Its ends: local sent the first packet that was seen.</param>
/// <param name="First">When its first packet was captured.</param>
public sealed record Conversation(IpProtocol Protocol, int Stream, FourTuple Tuple, Timestamp First)
{
    internal StreamAnalysis? Analysis { get; init; }

    /// <summary>When its last packet was captured.</summary>
    public Timestamp Last { get; internal set; }

    /// <summary>Packets from the local end.</summary>
    public long PacketsSent { get; internal set; }

    /// <summary>Bytes of frames from the local end.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Packets to the local end.</summary>
    public long PacketsReceived { get; internal set; }

    /// <summary>Bytes of frames to the local end.</summary>
    public long BytesReceived { get; internal set; }

    /// <summary>Bytes of frames, both ways.</summary>
    public long Bytes => BytesSent + BytesReceived;

    /// <summary>From its first to its last packet.</summary>
    public Duration Length => Last - First;

    /// <summary>TCP: segments that were sent again, both ways; null where that was not looked at.</summary>
    public long? Retransmissions => Both(figures => figures.Retransmissions);

    /// <summary>TCP: duplicate ACKs, both ways; null where that was not looked at.</summary>
    public long? DuplicateAcks => Both(figures => figures.DuplicateAcks);

    /// <summary>TCP: segments out of order, both ways; null where that was not looked at.</summary>
    public long? OutOfOrder => Both(figures => figures.OutOfOrder);

    /// <summary>TCP: how often segments were missing, both ways; null where that was not looked at.</summary>
    public long? Gaps => Both(figures => figures.Gaps);

    /// <summary>TCP: how often a window was closed, both ways; null where that was not looked at.</summary>
    public long? ZeroWindows => Both(figures => figures.ZeroWindows);

    /// <summary>TCP: the mean round trip by capture times and Karn's rule, of the end that had more of them measured; null where none was.</summary>
    public Duration? RoundTrip
    {
        get
        {
            if (Analysis is not { } analysis)
                return null;
            var (one, other) = (analysis.Figures(0), analysis.Figures(1));
            var more = one.RoundTrips >= other.RoundTrips ? one : other;
            return more.RoundTrips > 0 ? more.MeanRoundTrip : null;
        }
    }

    private long? Both(Func<FlowFigures, long> figure) => Analysis is { } analysis ? figure(analysis.Figures(0)) + figure(analysis.Figures(1)) : null;
}

/// <summary>
/// The TCP and UDP conversations of a capture, in figures. Bounded: conversations above 200,000 are only counted, and of TCP's the first 8,192 are
/// measured for retransmissions and round trips.
/// </summary>
public sealed class ConversationTable
{
    private const int MostConversations = 200_000, MostMeasured = 8_192;
    private readonly Dictionary<(IpProtocol Protocol, int Stream), Conversation> _byStream = [];
    private readonly List<Conversation> _conversations = [];
    private int _left;
    private int _measured;

    /// <summary>The conversations, in the order in which they began.</summary>
    public IReadOnlyList<Conversation> Conversations => _conversations;

    /// <summary>How many packets belonged to conversations for which there was no room.</summary>
    public int PacketsLeftOut => _left;

    /// <summary>Takes in the next packet.</summary>
    /// <param name="frame">The packet, with its <see cref="Frame.Context"/>.</param>
    public void Take(in Frame frame)
    {
        if (frame.Context is not { Stream: >= 0 } context || !PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers))
            return;
        var key = (headers.Transport, context.Stream);
        if (!_byStream.TryGetValue(key, out var conversation))
        {
            if (_conversations.Count == MostConversations)
            {
                _left++;
                return;
            }

            conversation = new Conversation(headers.Transport, context.Stream, headers.FourTuple, frame.Time)
            {
                Analysis = headers.IsTcp && _measured++ < MostMeasured ? new StreamAnalysis() : null,
            };
            _byStream[key] = conversation;
            _conversations.Add(conversation);
        }

        bool isLocal = headers.FourTuple == conversation.Tuple;
        conversation.PacketsSent += isLocal ? 1 : 0;
        conversation.BytesSent += isLocal ? frame.WireLength : 0;
        conversation.PacketsReceived += isLocal ? 0 : 1;
        conversation.BytesReceived += isLocal ? 0 : frame.WireLength;
        conversation.Last = frame.Time;
        if (conversation.Analysis is not { } analysis)
            return;
        var (offset, length) = headers.TcpOptions;
        var options = offset < frame.Bytes.Length ? frame.Bytes.Slice(offset, Math.Min(length, frame.Bytes.Length - offset)) : default;
        analysis.Take(TcpSegment.Of(headers), isLocal ? 0 : 1, frame.Time, options);
    }
}
