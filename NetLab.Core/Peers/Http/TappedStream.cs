using System.Net.Sockets;

namespace NetLab.Core.Peers;

/// <summary>Who listens to what goes through a <see cref="TappedStream"/>.</summary>
internal interface IStreamTap
{
    void Goes(ReadOnlySpan<byte> bytes);

    void Gone();

    void Came(ReadOnlySpan<byte> bytes);

    void Closing(Socket socket);

    void Closed();
}

/// <summary>A client's stream, of which somebody hears every byte, as it goes and as it came.</summary>
/// <param name="inner">The stream: the socket's own, or TLS upon it.</param>
/// <param name="socket">The socket below.</param>
/// <param name="tap">Who listens.</param>
internal sealed class TappedStream(Stream inner, Socket socket, IStreamTap tap) : Stream
{
    private bool _isClosed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        tap.Came(buffer[..count]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // A read of nothing asks whether something is there.
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (!buffer.IsEmpty)
            tap.Came(buffer.Span[..count]);
        return count;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        tap.Goes(buffer);
        inner.Write(buffer);
        tap.Gone();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        tap.Goes(buffer.Span);
        await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        tap.Gone();
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !Interlocked.Exchange(ref _isClosed, true))
        {
            tap.Closing(socket);
            inner.Dispose();
            tap.Closed();
        }

        base.Dispose(disposing);
    }
}
