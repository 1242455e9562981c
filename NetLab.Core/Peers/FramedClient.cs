namespace NetLab.Core.Peers;

/// <summary>The client of the sixteen-octet exchange: it sends 16 octets and receives until the server closes.</summary>
internal sealed class FramedClient(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log) : StreamClient(specification, recorder, log)
{
    private const int Most = 4096;

    private protected override async ValueTask TalkAsync(StreamConnection connection)
    {
        await connection.SendAsync(FramedExchange.Request.ToArray()).ConfigureAwait(false);
        byte[] answer = new byte[Most];
        int length = await FramedExchange.ReceiveAsync(connection, answer).ConfigureAwait(false);
        Counting.Answered();
        Tell(PeerLogKind.Exchange, connection.Tuple, $"the server said {FramedExchange.Quoted(answer.AsSpan(0, length))}");
        Reader?.Received(answer.AsSpan(0, length));
        Reader?.Ended();
    }
}
