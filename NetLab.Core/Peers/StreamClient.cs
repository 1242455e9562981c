using System.Buffers;
using System.Net;
using System.Net.Sockets;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>Who gets what a client receives. It is called on the client's thread; the next bytes wait until it returns.</summary>
public interface IStreamReader
{
    /// <summary>Bytes that came.</summary>
    /// <returns>False when no more are wanted: the client closes.</returns>
    bool Received(ReadOnlySpan<byte> bytes);

    /// <summary>The server has closed its side.</summary>
    void Ended();
}

/// <summary>What becomes of a client's sending side once its specification's text has gone.</summary>
public enum AfterText
{
    /// <summary>It stays open for more.</summary>
    StayOpen,

    /// <summary>It is closed, so that the server sees the end.</summary>
    FinishSending,
}

/// <summary>A client over TCP that stays: it connects, sends what it is given, and receives until the server closes.</summary>
public class StreamClient : Peer
{
    private const int Size = 64 * 1024;
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);
    private volatile StreamConnection? _connection;
    private Task _work = Task.CompletedTask;
    private TaskCompletionSource _opened = new();
    private CancellationTokenSource? _stop;

    /// <summary>A client that is not connected yet.</summary>
    /// <param name="specification">Where it connects.</param>
    /// <param name="recorder">Where its bytes go.</param>
    /// <param name="log">Who reads its log; null for nobody.</param>
    public StreamClient(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log = null) : base(specification, recorder, log)
    {
    }

    /// <summary>Who gets what it receives; null for nobody. To be set before it is started.</summary>
    public IStreamReader? Reader { get; set; }

    /// <summary>What becomes of the sending side after the text. To be set before it is started.</summary>
    public AfterText AfterText { get; set; }

    /// <summary>The connection's ends, from the client's side.</summary>
    public FourTuple Tuple => new(Local, Remote);

    /// <summary>Done when it is connected, or will never be.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Done when the server has closed, the connection broke, or it was stopped.</summary>
    public Task Completion => _work;

    /// <summary>Sends bytes; returns when the kernel has taken all of them.</summary>
    /// <returns>False when the connection is gone.</returns>
    public bool Send(ReadOnlyMemory<byte> bytes)
    {
        if (_connection is not { } connection)
            return false;
        try
        {
            connection.SendAsync(bytes).AsTask().GetAwaiter().GetResult();
            return true;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Closes the sending side: the server sees the end, and may still answer.</summary>
    public void FinishSending()
    {
        try
        {
            _connection?.FinishSending();
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Nothing is left to be finished.
        }
    }

    private protected override PeerRefusal? Begin()
    {
        var stop = _stop = new CancellationTokenSource();
        _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _work = Task.Run(() => HoldAsync(stop.Token));
        return null;
    }

    private protected override void End()
    {
        _stop?.Cancel();
        _connection?.Shutdown();
        if (!_work.Wait(s_farewell))
            _connection?.Dispose();
        _work.Wait();
        _stop?.Dispose();
        _stop = null;
    }

    /// <summary>What the client does with its connection.</summary>
    private protected virtual async ValueTask TalkAsync(StreamConnection connection)
    {
        if (Specification.Text is { } text && PeerText.TryRead(text, out byte[] bytes, out _))
            await connection.SendAsync(bytes).ConfigureAwait(false);
        if (AfterText == AfterText.FinishSending)
            connection.FinishSending();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Size);
        try
        {
            while (await connection.ReceiveAsync(buffer).ConfigureAwait(false) is > 0 and var count)
            {
                if (Reader?.Received(buffer.AsSpan(0, count)) == false)
                    return;
            }

            Reader?.Ended();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task HoldAsync(CancellationToken stop)
    {
        string how = "";
        PeerRefusal? why = null;
        var connection = await ConnectAsync(stop).ConfigureAwait(false);
        _opened.SetResult();
        if (connection is null)
            return;
        try
        {
            await TalkAsync(connection).ConfigureAwait(false);
        }
        catch (SocketException error) when (error.SocketErrorCode != SocketError.OperationAborted)
        {
            how = ((Errno)error.NativeErrorCode).Name();
            why = new PeerRefusal(PeerObstacle.Network, error.SocketErrorCode == SocketError.ConnectionReset
                ? $"{Remote} reset the connection (ECONNRESET)." : $"The connection to {Remote} broke: {((Errno)error.NativeErrorCode).Words()} ({how}).");
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            how = "stopped";
        }

        _connection = null;
        connection.Dispose();
        Counting.Closed();
        Tell(PeerLogKind.Closed, connection.Tuple, how, 0, connection.Received, connection.Sent);
        if (!stop.IsCancellationRequested)
            Finished(why);
    }

    private async Task<StreamConnection?> ConnectAsync(CancellationToken stop)
    {
        var addresses = PeerSockets.ResolveAll(Specification, out var refusal);
        // The addresses of a name in their order: the next one where one refuses.
        foreach (var address in addresses)
        {
            var endpoint = new IPEndPoint(address, Specification.Port);
            Remote = PeerSockets.EndpointOf(endpoint);
            (var connection, refusal) = await ConnectAsync(endpoint, stop).ConfigureAwait(false);
            if (connection is not null)
                return connection;
            if (stop.IsCancellationRequested)
                return null;
        }

        Finished(refusal);
        return null;
    }

    private async Task<(StreamConnection? Connection, PeerRefusal? Refusal)> ConnectAsync(IPEndPoint endpoint, CancellationToken stop)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, stop).ConfigureAwait(false);
            Named(PeerSockets.EndpointOf(socket.LocalEndPoint), Specification.Port);
            var connection = new StreamConnection(socket, Recorder, Counting, NameId);
            connection.Announce(Recorder.Intern("socket"));
            _connection = connection;
            if (stop.IsCancellationRequested)
                connection.Shutdown(); // stopped in between: its first call says so
            Counting.Opened();
            Connected();
            Tell(PeerLogKind.Opened, connection.Tuple);
            return (connection, null);
        }
        catch (Exception failed) when (failed is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return (null, failed is SocketException error ? PeerSockets.ExplainConnect(error, Remote) : null);
        }
    }
}
