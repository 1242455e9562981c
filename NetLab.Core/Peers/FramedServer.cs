using System.Text;

namespace NetLab.Core.Peers;

/// <summary>The sixteen-octet exchange: a client sends 16 octets, the server answers 15 and closes. A stream has no messages, so both agree on lengths.</summary>
internal static class FramedExchange
{
    /// <summary>How long a request is.</summary>
    public const int RequestLength = 16;

    /// <summary>What the client sends.</summary>
    public static ReadOnlySpan<byte> Request => "Hi there, server"u8;

    /// <summary>What the server answers.</summary>
    public static ReadOnlySpan<byte> Answer => "farewell,client"u8;

    /// <summary>Receives until the buffer is full or the other side closes.</summary>
    /// <returns>How many bytes came.</returns>
    public static async ValueTask<int> ReceiveAsync(StreamConnection connection, Memory<byte> buffer)
    {
        int length = 0;
        while (length < buffer.Length && await connection.ReceiveAsync(buffer[length..]).ConfigureAwait(false) is > 0 and var count)
            length += count;
        return length;
    }

    /// <summary>Bytes as a sentence quotes them.</summary>
    public static string Quoted(ReadOnlySpan<byte> bytes) => $"\"{Encoding.UTF8.GetString(bytes)}\"";
}

/// <summary>The server of the sixteen-octet exchange.</summary>
internal sealed class FramedServer(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log) : StreamServer(specification, recorder, log)
{
    private protected override async ValueTask ServeAsync(StreamConnection connection)
    {
        byte[] request = new byte[FramedExchange.RequestLength];
        int length = await FramedExchange.ReceiveAsync(connection, request).ConfigureAwait(false);
        if (length < request.Length)
        {
            Tell(PeerLogKind.Exchange, connection.Tuple, $"the client closed after {length} of {request.Length} octets");
            return;
        }

        await connection.SendAsync(FramedExchange.Answer.ToArray()).ConfigureAwait(false);
        Counting.Answered();
        Tell(PeerLogKind.Exchange, connection.Tuple, $"the incoming 16 octets say {FramedExchange.Quoted(request)}; answered {FramedExchange.Quoted(FramedExchange.Answer)}");
    }
}
