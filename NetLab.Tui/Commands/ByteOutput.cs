namespace NetLab.Tui.Commands;

/// <summary>Text as UTF-8 bytes in a large buffer that goes to a stream when it is full: writing a line allocates nothing.</summary>
/// <param name="stream">Where the bytes go; null for a buffer that only keeps them and grows.</param>
internal sealed class ByteOutput(Stream? stream)
{
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(256 << 10);
    private int _used;

    /// <summary>What was written and not flushed.</summary>
    public ReadOnlySpan<byte> Kept => _buffer.AsSpan(0, _used);

    /// <summary>Forgets what was written and not flushed.</summary>
    public void Clear() => _used = 0;

    /// <summary>Where the next bytes go: at least <paramref name="least"/> of them have room. Tell <see cref="Advance"/> how many there were.</summary>
    public Span<byte> Room(int least)
    {
        if (_buffer.Length - _used < least)
            Make(least);
        return _buffer.AsSpan(_used);
    }

    /// <summary>Keeps what was written into <see cref="Room"/>.</summary>
    public void Advance(int count) => _used += count;

    /// <summary>Writes bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>Hands over what is kept, and then bytes without a copy.</summary>
    public void WriteThrough(ReadOnlySpan<byte> bytes)
    {
        Flush();
        stream?.Write(bytes);
    }

    /// <summary>Hands everything over to the stream.</summary>
    public void Flush()
    {
        int used = _used;
        // What the stream does not take is not offered again.
        _used = 0;
        stream?.Write(_buffer, 0, used);
        stream?.Flush();
    }

    private void Make(int least)
    {
        if (stream is not null)
            Flush();
        if (_buffer.Length - _used < least)
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _used + least));
    }
}

/// <summary>A source that may make one wait: what was written so far is shown before it is asked for more.</summary>
internal sealed class FlushingInput(Stream source, ByteOutput output) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        output.Flush();
        return source.Read(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
