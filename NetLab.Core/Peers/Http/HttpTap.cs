using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace NetLab.Core.Peers;

/// <summary>Listens to the bytes of one of Kestrel's connections, both ways, as they go between it and the socket.</summary>
internal sealed class HttpTap : IDuplexPipe, IDisposable
{
    private const int Smallest = 4096, Most = 64 * 1024;
    private readonly PeerRecorder _recorder;
    private readonly PeerCounting _counting;
    private readonly NameId _peer;
    private readonly int _descriptor;
    private byte[]? _leaving;
    private int _length;
    private readonly CancellationTokenSource _broken = new();
    private long _received, _sent;

    public HttpTap(IDuplexPipe transport, PeerRecorder recorder, PeerCounting counting, NameId peer, FourTuple tuple, int descriptor)
    {
        (_recorder, _counting, _peer, Tuple, _descriptor) = (recorder, counting, peer, tuple, descriptor);
        (Input, Output) = (new Reader(transport.Input, this), new Writer(transport.Output, this));
    }

    /// <inheritdoc/>
    public PipeReader Input { get; }

    /// <inheritdoc/>
    public PipeWriter Output { get; }

    /// <summary>Both ends, from the server's side.</summary>
    public FourTuple Tuple { get; }

    /// <summary>Bytes that came.</summary>
    public long Received => _received;

    /// <summary>Bytes that went.</summary>
    public long Sent => _sent;

    /// <summary>
    /// Cancelled when the connection breaks. Kestrel's own token is cancelled by a FIN, too, and then a client that closes its sending side after its request,
    /// as <c>printf … | ncat</c> does, would get no answer.
    /// </summary>
    public CancellationToken Broken => _broken.Token;

    /// <summary>Nobody waits for <see cref="Broken"/> any more.</summary>
    public void Dispose() => _broken.Dispose();

    private void Break()
    {
        try
        {
            _broken.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }

    private void Came(ReadOnlySequence<byte> bytes)
    {
        foreach (var piece in bytes)
        {
            _received += piece.Length;
            _counting.Moved(Direction.Received, piece.Length);
            _recorder.Bytes(_recorder.Now, _peer, Tuple, _descriptor, Direction.Received, piece.Span);
        }
    }

    // What is written in small pieces is one event, as it is one send; a connection that is idle holds no buffer.
    private void Goes(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_leaving is null || (_length == _leaving.Length && _length < Most))
                Grow();
            int count = Math.Min(bytes.Length, _leaving!.Length - _length);
            bytes[..count].CopyTo(_leaving.AsSpan(_length));
            _length += count;
            bytes = bytes[count..];
            if (_length >= Most)
                Gone();
        }
    }

    private void Gone()
    {
        if (_leaving is null)
            return;
        _sent += _length;
        _counting.Moved(Direction.Sent, _length);
        _recorder.Bytes(_recorder.Now, _peer, Tuple, _descriptor, Direction.Sent, _leaving.AsSpan(0, _length));
        ArrayPool<byte>.Shared.Return(_leaving);
        (_leaving, _length) = (null, 0);
    }

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(_leaving is null ? Smallest : Math.Min(Most, 2 * _leaving.Length));
        if (_leaving is not null)
        {
            _leaving.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_leaving);
        }

        _leaving = larger;
    }

    private sealed class Reader(PipeReader inner, HttpTap tap) : PipeReader
    {
        private ReadOnlySequence<byte> _buffer;
        private long _told; // how many bytes from the buffer's beginning were told

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return Look(await inner.ReadAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (ConnectionResetException)
            {
                tap.Break();
                throw;
            }
        }

        public override bool TryRead(out ReadResult result)
        {
            if (!inner.TryRead(out result))
                return false;
            Look(result);
            return true;
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            _told -= _buffer.Slice(0, consumed).Length;
            _buffer = default;
            inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        private ReadResult Look(ReadResult result)
        {
            _buffer = result.Buffer;
            if (_buffer.Length > _told)
            {
                tap.Came(_buffer.Slice(_told));
                _told = _buffer.Length;
            }

            return result;
        }
    }

    private sealed class Writer(PipeWriter inner, HttpTap tap) : PipeWriter
    {
        private Memory<byte> _memory;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _memory = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            tap.Goes(_memory.Span[..bytes]);
            _memory = _memory[bytes..];
            inner.Advance(bytes);
        }

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            tap.Goes(source.Span);
            tap.Gone();
            return Watched(inner.WriteAsync(source, cancellationToken));
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            tap.Gone();
            return Watched(inner.FlushAsync(cancellationToken));
        }

        // A flush that is complete has nobody left who would send.
        private ValueTask<FlushResult> Watched(ValueTask<FlushResult> flush)
        {
            if (!flush.IsCompletedSuccessfully)
                return WatchedAsync(flush);
            var result = flush.Result;
            if (result.IsCompleted)
                tap.Break();
            return new ValueTask<FlushResult>(result);
        }

        private async ValueTask<FlushResult> WatchedAsync(ValueTask<FlushResult> flush)
        {
            var result = await flush.ConfigureAwait(false);
            if (result.IsCompleted)
                tap.Break();
            return result;
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null)
        {
            tap.Gone();
            inner.Complete(exception);
        }
    }
}
