using System.Buffers;

namespace NetLab.Core.Peers;

/// <summary>Sends back what it gets (RFC 862). A client that does not read is not read from either.</summary>
internal sealed class EchoServer(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log) : StreamServer(specification, recorder, log)
{
    private const int Size = 16 * 1024;

    private protected override async ValueTask ServeAsync(StreamConnection connection)
    {
        while (true)
        {
            // A connection that is idle holds no buffer.
            await connection.WaitAsync().ConfigureAwait(false);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(Size);
            try
            {
                int count = await connection.ReceiveAsync(buffer).ConfigureAwait(false);
                if (count == 0)
                    return;
                await connection.SendAsync(buffer.AsMemory(0, count)).ConfigureAwait(false);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
