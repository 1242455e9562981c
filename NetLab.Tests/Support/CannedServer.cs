using System.Net;
using System.Net.Sockets;

namespace NetLab.Tests.Support;

/// <summary>A server on a free port of 127.0.0.1 that answers each request head with the same bytes, a given time later.</summary>
internal sealed class CannedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _answer;
    private readonly Func<int, CannedTurn> _turns;
    private int _requests;

    /// <param name="answer">What it answers.</param>
    /// <param name="turns">What it does with request N, counted from 0 over all connections.</param>
    public CannedServer(ReadOnlySpan<byte> answer, Func<int, CannedTurn>? turns = null)
    {
        (_answer, _turns) = (answer.ToArray(), turns ?? (_ => CannedTurn.Answer));
        _listener.Start(512);
        Port = (ushort)((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public ushort Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}/");

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Requests with <see cref="CannedTurn.Hold"/> are answered when this is set.</summary>
    public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(length)) is > 0 and var count)
            {
                length += count;
                if (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                    continue;
                length = 0;
                var turn = _turns(Interlocked.Increment(ref _requests) - 1);
                if (turn == CannedTurn.Hold)
                    await Released.Task;
                if (turn == CannedTurn.Reset)
                    socket.LingerState = new LingerOption(true, 0);
                if (turn is CannedTurn.Reset or CannedTurn.Close)
                    break;
                await socket.SendAsync(_answer);
                if (turn == CannedTurn.AnswerAndClose)
                    break;
            }
        }
        catch (SocketException)
        {
            // The other end has gone.
        }

        socket.Dispose();
    }
}

/// <summary>What a <see cref="CannedServer"/> does with a request.</summary>
internal enum CannedTurn
{
    Answer,
    AnswerAndClose,
    Close,
    Reset,
    Hold,
}
