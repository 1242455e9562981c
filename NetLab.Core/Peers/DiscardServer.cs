using System.Buffers;

namespace NetLab.Core.Peers;

/// <summary>Throws away what it gets (RFC 863). Of each piece the journal keeps the beginning.</summary>
internal sealed class DiscardServer(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log) : StreamServer(specification, recorder, log)
{
    private const int Size = 256 * 1024, Beginning = 1024;

    private protected override int Kept => Beginning;

    private protected override async ValueTask ServeAsync(StreamConnection connection)
    {
        while (true)
        {
            await connection.WaitAsync().ConfigureAwait(false);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(Size);
            try
            {
                if (await connection.ReceiveAsync(buffer).ConfigureAwait(false) == 0)
                    return;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
