using System.Buffers;
using NetLab.Core.Packets;

namespace NetLab.Core.Tcp;

/// <summary>One direction of a <see cref="StreamReassembly"/>: how far it is readable, and which pieces came before their turn.</summary>
internal sealed class StreamDirection(int sender, StreamChunkHandler handler, int bound)
{
    // RFC 7323 section 2.3: no window is larger, so nothing further off belongs to this stream.
    private const long LargestWindow = 1 << 30;

    // Single octets out of order cost more than their octets.
    private const int MostPieces = 4_096;

    // In order of their offsets, without overlaps; all of them begin after _next.
    private readonly List<Piece> _pieces = [];
    private uint _nextSequence;
    private long _next;
    private long? _end;
    private bool _isEnded;
    private long _missing;
    private long _delivered;
    private long _repeated;
    private long _conflicting;
    private long _reordered;

    internal bool IsKnown { get; private set; }

    internal uint Initial { get; private set; }

    internal int Waiting { get; private set; }

    internal ReassemblyFigures Figures => new(_delivered, _missing, _repeated, _conflicting, _reordered);

    internal void Restart()
    {
        Release();
        (IsKnown, Initial, _nextSequence, _next, _end, _isEnded) = (false, 0, 0, 0, null, false);
    }

    internal void Take(in TcpSegment segment, ReadOnlySpan<byte> payload, StreamChunk origin)
    {
        uint first = segment.Sequence + (segment.Has(TcpFlags.Syn) ? 1u : 0);
        if (!IsKnown)
        {
            if (segment.Has(TcpFlags.Rst))
                return;
            // A capture that began later begins with what it saw first.
            (IsKnown, Initial, _nextSequence) = (true, segment.Sequence, first);
        }

        long offset = _next + (int)(first - _nextSequence);
        if (Math.Abs(offset - _next) > LargestWindow)
            return;
        if (!payload.IsEmpty)
            Insert(offset, payload, origin);
        if (segment.Has(TcpFlags.Fin) && offset + segment.PayloadLength >= _next)
            _end ??= offset + segment.PayloadLength;
        EndIfReached(origin);
    }

    // What the peer has acknowledged it has read: what of it was not captured will not come.
    internal void Acknowledge(uint acknowledgment, StreamChunk origin)
    {
        if (!IsKnown)
            return;
        long acknowledged = _next + (int)(acknowledgment - _nextSequence);
        if (acknowledged - _next > LargestWindow)
            return;
        if (_end is { } end)
            acknowledged = Math.Min(acknowledged, end);
        while (_next < acknowledged)
            Skip(_pieces.Count > 0 ? Math.Min(_pieces[0].Offset, acknowledged) : acknowledged, origin);
        EndIfReached(origin);
    }

    internal void Reset(StreamChunk origin)
    {
        if (IsKnown)
            handler(origin with { Kind = StreamChunkKind.Reset, Offset = _next }, []);
    }

    internal void Finish(StreamChunk origin)
    {
        while (_pieces.Count > 0)
            Skip(_pieces[0].Offset, origin);
        EndIfReached(origin);
    }

    private void Insert(long offset, ReadOnlySpan<byte> data, StreamChunk origin)
    {
        while (!data.IsEmpty)
        {
            int known = (int)Math.Clamp(_next - offset, 0, data.Length);
            _repeated += known;
            offset += known;
            data = data[known..];
            if (data.IsEmpty)
                return;
            int index = FirstEndingAfter(offset);
            if (index < _pieces.Count && _pieces[index].Offset <= offset)
            {
                int covered = (int)Math.Min(data.Length, _pieces[index].End - offset);
                Compare(_pieces[index], offset, data[..covered]);
                offset += covered;
                data = data[covered..];
                continue;
            }

            int room = (int)(index < _pieces.Count ? Math.Min(data.Length, _pieces[index].Offset - offset) : data.Length);
            if (offset == _next)
                Deliver(data[..room], origin);
            else
                Hold(index, offset, data[..room], origin);
            offset += room;
            data = data[room..];
        }
    }

    private void Hold(int index, long offset, ReadOnlySpan<byte> data, StreamChunk origin)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(copy);
        _pieces.Insert(index, new Piece(offset, data.Length, copy, origin.Packet, origin.Time));
        Waiting += data.Length;
        _reordered += data.Length;
        while (Waiting > bound || _pieces.Count > MostPieces)
            Skip(_pieces[0].Offset, origin);
    }

    private void Compare(Piece piece, long offset, ReadOnlySpan<byte> data)
    {
        _repeated += data.Length;
        var first = piece.Data.AsSpan((int)(offset - piece.Offset), data.Length);
        if (data.SequenceEqual(first))
            return;
        for (int index = 0; index < data.Length; index++)
            _conflicting += data[index] != first[index] ? 1 : 0;
    }

    private void Deliver(ReadOnlySpan<byte> data, StreamChunk origin)
    {
        handler(origin with { Kind = StreamChunkKind.Data, Sender = sender, Offset = _next, Length = data.Length }, data);
        _delivered += data.Length;
        Advance(data.Length);
        DeliverWaiting();
    }

    private void DeliverWaiting()
    {
        int count = 0;
        while (count < _pieces.Count && _pieces[count].Offset == _next)
        {
            var piece = _pieces[count++];
            handler(new StreamChunk(StreamChunkKind.Data, sender, _next, piece.Length, piece.Packet, piece.Time), piece.Data.AsSpan(0, piece.Length));
            _delivered += piece.Length;
            Waiting -= piece.Length;
            ArrayPool<byte>.Shared.Return(piece.Data);
            Advance(piece.Length);
        }

        _pieces.RemoveRange(0, count);
    }

    // Gives up what lies before an offset.
    private void Skip(long to, StreamChunk origin)
    {
        handler(origin with { Kind = StreamChunkKind.Missing, Sender = sender, Offset = _next, Length = to - _next }, []);
        _missing += to - _next;
        Advance(to - _next);
        DeliverWaiting();
    }

    private void EndIfReached(StreamChunk origin)
    {
        if (_isEnded || _end is not { } end || _next < end)
            return;
        _isEnded = true;
        handler(origin with { Kind = StreamChunkKind.End, Sender = sender, Offset = _next }, []);
    }

    private void Advance(long octets)
    {
        _next += octets;
        _nextSequence += (uint)octets;
    }

    private int FirstEndingAfter(long offset)
    {
        int low = 0, high = _pieces.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_pieces[middle].End > offset)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private void Release()
    {
        foreach (var piece in _pieces)
            ArrayPool<byte>.Shared.Return(piece.Data);
        _pieces.Clear();
        Waiting = 0;
    }

    private readonly record struct Piece(long Offset, int Length, byte[] Data, long Packet, Timestamp Time)
    {
        internal long End => Offset + Length;
    }
}
