using System.Net.Sockets;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>One TCP connection of a peer: what goes over it is counted and written into the journal.</summary>
internal sealed class StreamConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly PeerRecorder _recorder;
    private readonly PeerCounting _counting;
    private readonly NameId _peer;
    private readonly int _descriptor;
    private long _received, _sent;

    public StreamConnection(Socket socket, PeerRecorder recorder, PeerCounting counting, NameId peer)
    {
        (_socket, _recorder, _counting, _peer) = (socket, recorder, counting, peer);
        _descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        Tuple = new FourTuple(PeerSockets.EndpointOf(socket.LocalEndPoint), PeerSockets.EndpointOf(socket.RemoteEndPoint));
    }

    /// <summary>Both its ends, from the peer's side.</summary>
    public FourTuple Tuple { get; }

    /// <summary>Bytes that came over it.</summary>
    public long Received => _received;

    /// <summary>Bytes that went over it.</summary>
    public long Sent => _sent;

    /// <summary>How many bytes of each call the journal keeps; for peers that move bytes by the gigabyte.</summary>
    public int Kept { get; init; } = int.MaxValue;

    /// <summary>Tells the journal whose socket it is.</summary>
    public void Announce(NameId socketName) =>
        _recorder.Owns(_peer, socketName, Tuple, _descriptor, SocketCalls.SocketInode(_descriptor), SocketConstants.IPPROTO_TCP);

    /// <summary>Waits until there is something to receive, without holding a buffer meanwhile.</summary>
    public async ValueTask WaitAsync() => await _socket.ReceiveAsync(Memory<byte>.Empty).ConfigureAwait(false);

    /// <summary>recv(2).</summary>
    /// <returns>How many bytes; 0 when the other side has closed.</returns>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        int count = await _socket.ReceiveAsync(buffer).ConfigureAwait(false);
        if (count > 0)
            Note(_recorder.Now, Direction.Received, buffer.Span[..count], ref _received);
        return count;
    }

    /// <summary>send(2) until everything went.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var time = _recorder.Now;
            int count = await _socket.SendAsync(bytes).ConfigureAwait(false);
            Note(time, Direction.Sent, bytes.Span[..count], ref _sent);
            bytes = bytes[count..];
        }
    }

    /// <summary>shutdown(2) of the sending side: the other one sees the end.</summary>
    public void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Says good-bye: both directions end, and what waits on it with them. (Closing it while something waits would reset it.)</summary>
    public void Shutdown()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Closes it, from whatever thread.</summary>
    public void Dispose() => _socket.Dispose();

    private void Note(Timestamp time, Direction direction, ReadOnlySpan<byte> bytes, ref long total)
    {
        total += bytes.Length;
        _counting.Moved(direction, bytes.Length);
        _recorder.Bytes(time, _peer, Tuple, _descriptor, direction, bytes[..Math.Min(Kept, bytes.Length)], bytes.Length);
    }
}
