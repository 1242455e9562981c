namespace NetLab.Core.Peers;

/// <summary>What a peer has done since it was started, as a screen samples it. The numbers may be some microseconds apart.</summary>
/// <param name="Open">Connections that are open; for UDP, 0.</param>
/// <param name="Total">Connections that were opened; for UDP, datagrams that came.</param>
/// <param name="Refused">Connections that were closed at once because too many were open.</param>
/// <param name="Requests">Requests or exchanges that were answered; 0 for kinds that have none.</param>
/// <param name="BytesReceived">Bytes that came.</param>
/// <param name="BytesSent">Bytes that went.</param>
public readonly record struct PeerCounters(long Open, long Total, long Refused, long Requests, long BytesReceived, long BytesSent);

/// <summary>The numbers as a peer's threads keep them.</summary>
internal sealed class PeerCounting
{
    private long _open, _total, _refused, _requests, _received, _sent;

    public PeerCounters Now => new(Volatile.Read(ref _open), Volatile.Read(ref _total), Volatile.Read(ref _refused),
        Volatile.Read(ref _requests), Volatile.Read(ref _received), Volatile.Read(ref _sent));

    public long Opened()
    {
        Interlocked.Increment(ref _total);
        return Interlocked.Increment(ref _open);
    }

    public void Datagram() => Interlocked.Increment(ref _total);

    public void Closed() => Interlocked.Decrement(ref _open);

    public void Refused() => Interlocked.Increment(ref _refused);

    public void Answered() => Interlocked.Increment(ref _requests);

    public void Moved(Direction direction, int count) => Interlocked.Add(ref direction == Direction.Received ? ref _received : ref _sent, count);
}
