using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>A piece of a followed stream: octets that came one after the other from one end, or what stands in their stead.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sender">The end that sent it: 0 the one that opened the connection, as far as is known, 1 the other.</param>
/// <param name="Start">Where its octets begin in <see cref="FollowedStream.Octets"/>.</param>
/// <param name="Length">How many octets it has, or lack where they were not captured.</param>
/// <param name="Place">The place of its first packet in the log.</param>
/// <param name="Number">That packet's number.</param>
/// <param name="Time">When that was captured.</param>
public readonly record struct StreamPiece(StreamChunkKind Kind, int Sender, int Start, long Length, long Place, long Number, Timestamp Time);

/// <summary>
/// What the two ends of one connection said to each other, as they read it: TCP in order of its octets, UDP as its datagrams came. It is fed with
/// the packets of a log, on one thread; another may look at it, each inside <see cref="Gate"/>. What passes the bound is counted, not kept.
/// </summary>
public sealed class FollowedStream
{
    // Endless small talk is bounded, too.
    private const int MostPieces = 1 << 20, LongPiece = 1 << 16;

    private readonly List<StreamPiece> _pieces = [];
    private readonly List<(int Start, long Place)> _origins = [];
    private readonly StreamReassembly _reassembly;
    private readonly int _bound;
    private readonly FourTuple _tuple;
    private readonly bool _isTcp;
    private byte[] _octets = new byte[4096];
    private int _used;
    private long _place;
    private long _number;
    private bool _isOriented;

    /// <summary>A stream of which nothing is known yet.</summary>
    /// <param name="headers">A packet of it.</param>
    /// <param name="bound">How many octets are kept.</param>
    public FollowedStream(in PacketHeaders headers, int bound = 8 << 20)
    {
        (_tuple, _isTcp, _bound) = (headers.FourTuple, headers.IsTcp, bound);
        Ends = headers.FourTuple;
        _reassembly = new StreamReassembly(Take);
    }

    /// <summary>Held while it is fed, and by who looks at it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The ends: local is end 0, remote end 1.</summary>
    public FourTuple Ends { get; private set; }

    /// <summary>Whether it is TCP; else UDP.</summary>
    public bool IsTcp => _isTcp;

    /// <summary>Its pieces, in the order in which they could be read.</summary>
    public IReadOnlyList<StreamPiece> Pieces => _pieces;

    /// <summary>The octets that are kept, of both directions.</summary>
    public ReadOnlySpan<byte> Octets => _octets.AsSpan(0, _used);

    /// <summary>How many octets each end has said, and how many more than are kept.</summary>
    public (long First, long Second, long Left) Total { get; private set; }

    /// <summary>Octets that were not captured.</summary>
    public long Missing { get; private set; }

    /// <summary>Counts the changes.</summary>
    public int Version { get; private set; }

    /// <summary>Takes in a packet, if it is of this stream; packets come in their order.</summary>
    /// <returns>Whether it is.</returns>
    public bool Take(long place, Frame frame)
    {
        if (!PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers) || headers.IsTcp != _isTcp || headers.IsUdp == _isTcp)
            return false;
        var tuple = headers.FourTuple;
        if (tuple != _tuple && tuple.Reversed != _tuple)
            return false;
        lock (Gate)
        {
            Orient(tuple, headers);
            int sender = tuple == Ends ? 0 : 1;
            var payload = frame.Bytes.Slice(headers.PayloadOffset, headers.CapturedPayloadLength);
            (_place, _number) = (place, frame.Number);
            if (_isTcp)
                _reassembly.Take(new TcpSegment(tuple, headers.TcpFlags, headers.SequenceNumber, headers.AcknowledgmentNumber, headers.Window,
                    headers.PayloadLength), sender, payload, place, frame.Time);
            else
                Datagram(sender, headers, payload, place, frame.Time);
        }

        return true;
    }

    /// <summary>The place of the packet that brought an octet.</summary>
    /// <param name="octet">Its place in <see cref="Octets"/>.</param>
    public long PlaceOf(int octet)
    {
        int low = 0, high = _origins.Count;
        while (high - low > 1)
        {
            int middle = (low + high) >> 1;
            if (_origins[middle].Start <= octet)
                low = middle;
            else
                high = middle;
        }

        return _origins.Count == 0 ? -1 : _origins[low].Place;
    }

    // Who sends a SYN is the one who opened; without one, who was seen first.
    private void Orient(FourTuple tuple, in PacketHeaders headers)
    {
        if (_isOriented)
            return;
        _isOriented = true;
        Ends = headers.IsTcp && (headers.TcpFlags & (TcpFlags.Syn | TcpFlags.Ack)) == (TcpFlags.Syn | TcpFlags.Ack) ? tuple.Reversed : tuple;
    }

    private void Datagram(int sender, in PacketHeaders headers, ReadOnlySpan<byte> payload, long place, Timestamp time)
    {
        Take(new StreamChunk(StreamChunkKind.Data, sender, 0, payload.Length, place, time), payload);
        if (headers.PayloadLength > payload.Length)
            Take(new StreamChunk(StreamChunkKind.Missing, sender, 0, headers.PayloadLength - payload.Length, place, time), []);
    }

    private void Take(in StreamChunk chunk, ReadOnlySpan<byte> data)
    {
        Version++;
        if (chunk.Kind == StreamChunkKind.Missing)
            Missing += chunk.Length;
        if (chunk.Kind != StreamChunkKind.Data)
        {
            if (_pieces.Count < MostPieces)
                _pieces.Add(new StreamPiece(chunk.Kind, chunk.Sender, _used, chunk.Length, _place, _number, chunk.Time));
            return;
        }

        int kept = _origins.Count < MostPieces ? Math.Min(data.Length, _bound - _used) : 0;
        var total = Total;
        Total = chunk.Sender == 0
            ? (total.First + data.Length, total.Second, total.Left + data.Length - kept)
            : (total.First, total.Second + data.Length, total.Left + data.Length - kept);
        if (kept == 0)
            return;
        _origins.Add((_used, chunk.Packet));
        Keep(data[..kept]);
        // One end's octets of several packets are one piece, up to a size; a datagram is always one of its own.
        if (_isTcp && _pieces is [.., { Kind: StreamChunkKind.Data, Length: < LongPiece } last] && last.Sender == chunk.Sender)
            _pieces[^1] = last with { Length = last.Length + kept };
        else
            _pieces.Add(new StreamPiece(StreamChunkKind.Data, chunk.Sender, _used - kept, kept, _place, _number, chunk.Time));
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        if (_used + data.Length > _octets.Length)
            Array.Resize(ref _octets, Math.Min(_bound, Math.Max(2 * _octets.Length, _used + data.Length)));
        data.CopyTo(_octets.AsSpan(_used));
        _used += data.Length;
    }
}
