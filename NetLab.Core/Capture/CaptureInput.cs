using System.IO.Compression;

namespace NetLab.Core.Capture;

/// <summary>Large buffered reads of a stream, of which a part can be looked at in one piece.</summary>
internal sealed class CaptureInput : IDisposable
{
    private const int InitialSize = 256 << 10;
    private readonly Stream _source;
    private Stream _stream;
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(InitialSize);
    private int _begin, _end;

    internal CaptureInput(Stream stream) => _stream = _source = stream;

    /// <summary>Where the next byte lies, counted after decompression.</summary>
    internal long Position { get; private set; }

    /// <summary>Why the stream could not be read to its end; null when it could.</summary>
    internal string? Damage { get; private set; }

    /// <summary>How much of the source was read, from 0 to 1; null where it has no length.</summary>
    internal double? Progress => _source.CanSeek && _source.Length > 0 ? (double)_source.Position / _source.Length : null;

    internal ReadOnlySpan<byte> Available => _buffer.AsSpan(_begin, _end - _begin);

    /// <summary>Whether what was read is gzip; from here on its content is read instead.</summary>
    internal bool Unzip()
    {
        if (!TryEnsure(3) || Available is not [0x1F, 0x8B, 8, ..])
            return false;
        _stream = new GZipStream(new Replay(Available.ToArray(), _source), CompressionMode.Decompress);
        (_begin, _end) = (0, 0);
        return true;
    }

    /// <summary>Makes the next <paramref name="count"/> bytes available in one piece.</summary>
    /// <returns>False when the stream ends before.</returns>
    internal bool TryEnsure(int count)
    {
        while (_end - _begin < count)
        {
            if (!Fill())
                return false;
        }

        return true;
    }

    internal void Advance(int count)
    {
        _begin += count;
        Position += count;
    }

    /// <summary>Passes over bytes without keeping them.</summary>
    /// <returns>False when the stream ends before.</returns>
    internal bool TrySkip(long count)
    {
        while (count > 0)
        {
            if (_begin == _end && !Fill())
                return false;
            int part = (int)Math.Min(count, _end - _begin);
            Advance(part);
            count -= part;
        }

        return true;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _source.Dispose();
    }

    // The buffer grows only as bytes really come, so that a length that lies costs nothing.
    private bool Fill()
    {
        if (_begin > 0)
        {
            Available.CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        try
        {
            int count = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += count;
            return count > 0;
        }
        catch (Exception damage) when (damage is InvalidDataException or IOException)
        {
            Damage = damage is InvalidDataException ? "its gzip data is damaged or cut off" : damage.Message.TrimEnd('.');
            return false;
        }
    }

    // What was already read of a stream that cannot be turned back, and then the stream.
    private sealed class Replay(byte[] head, Stream rest) : ForwardStream
    {
        private int _position;

        public override int Read(Span<byte> buffer)
        {
            if (_position == head.Length)
                return rest.Read(buffer);
            int count = Math.Min(buffer.Length, head.Length - _position);
            head.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }
    }
}
