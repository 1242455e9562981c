namespace NetLab.Core.Peers;

/// <summary>Waits for a request, answers "hello word" and closes first, as the first experiment's server does.</summary>
internal sealed class HelloServer(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log) : StreamServer(specification, recorder, log)
{
    private const int Most = 4096;
    private static readonly byte[] s_answer = "hello word"u8.ToArray();

    private protected override async ValueTask ServeAsync(StreamConnection connection)
    {
        await connection.WaitAsync().ConfigureAwait(false);
        if (await connection.ReceiveAsync(new byte[Most]).ConfigureAwait(false) == 0)
            return;
        await connection.SendAsync(s_answer).ConfigureAwait(false);
        Counting.Answered();
    }
}
