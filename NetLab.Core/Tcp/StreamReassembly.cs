using NetLab.Core.Packets;

namespace NetLab.Core.Tcp;

/// <summary>
/// Puts the octets of one connection back in order, both directions, as their receivers read them (RFC 9293 section 3.10.7.4): out of order,
/// sent twice and overlapping segments come out once, and what was not captured comes out as a gap. Octets that came early wait in bounded
/// memory; if it is full, what they wait for is given up as missing.
/// </summary>
public sealed class StreamReassembly
{
    private readonly StreamChunkHandler _handler;
    private readonly StreamDirection[] _directions;

    /// <summary>Begins with nothing known of either direction.</summary>
    /// <param name="handler">Takes the pieces, in the order in which they became readable.</param>
    /// <param name="bound">How many octets of one direction may wait for earlier ones.</param>
    public StreamReassembly(StreamChunkHandler handler, int bound = 1 << 20)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentOutOfRangeException.ThrowIfNegative(bound);
        _handler = handler;
        _directions = [new StreamDirection(0, handler, bound), new StreamDirection(1, handler, bound)];
    }

    /// <summary>What a direction came to.</summary>
    /// <param name="sender">The end that sends in it, 0 or 1.</param>
    public ReassemblyFigures Figures(int sender) => _directions[sender].Figures;

    /// <summary>How many octets wait for earlier ones, of both directions.</summary>
    public int Waiting => _directions[0].Waiting + _directions[1].Waiting;

    /// <summary>Takes in a segment.</summary>
    /// <param name="segment">The segment; its length is that on the wire.</param>
    /// <param name="sender">The end that sent it, 0 or 1.</param>
    /// <param name="payload">As much of its octets as was captured.</param>
    /// <param name="packet">The number of its packet.</param>
    /// <param name="time">When it was captured.</param>
    public void Take(in TcpSegment segment, int sender, ReadOnlySpan<byte> payload, long packet, Timestamp time)
    {
        StreamDirection own = _directions[sender], peer = _directions[1 - sender];
        var origin = new StreamChunk(StreamChunkKind.Data, sender, 0, 0, packet, time);
        bool opens = segment.Has(TcpFlags.Syn) && !segment.Has(TcpFlags.Ack);
        if (opens && own.IsKnown && own.Initial != segment.Sequence)
        {
            own.Finish(origin);
            peer.Finish(origin);
            own.Restart();
            peer.Restart();
            _handler(origin with { Kind = StreamChunkKind.Restart }, []);
        }

        if (!segment.Has(TcpFlags.Rst) && segment.PayloadLength < payload.Length)
            payload = payload[..segment.PayloadLength]; // the rest is padding of the link
        own.Take(segment, segment.Has(TcpFlags.Rst) ? [] : payload, origin);
        if (segment.Has(TcpFlags.Ack) && !segment.Has(TcpFlags.Rst))
            peer.Acknowledge(segment.Acknowledgment, origin);
        if (segment.Has(TcpFlags.Rst))
            own.Reset(origin);
    }

    /// <summary>Hands over what still waits, with the gaps before it: after the last packet.</summary>
    /// <param name="packet">The number of the last packet.</param>
    /// <param name="time">When it was captured.</param>
    public void Finish(long packet, Timestamp time)
    {
        foreach (var direction in _directions)
            direction.Finish(new StreamChunk(StreamChunkKind.Data, 0, 0, 0, packet, time));
    }
}
