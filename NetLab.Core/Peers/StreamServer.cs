using System.Globalization;
using System.Net.Sockets;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>A server over TCP: it accepts, and serves each connection on its own until it ends. What one of them does disturbs no other.</summary>
internal abstract class StreamServer(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log) : Peer(specification, recorder, log)
{
    /// <summary>How many connections may be open at once; what comes beyond is closed.</summary>
    internal const int MostConnections = 20_000;

    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly HashSet<StreamConnection> _connections = [];
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private TaskCompletionSource? _empty;

    /// <summary>How many bytes of each call the journal keeps.</summary>
    private protected virtual int Kept => int.MaxValue;

    /// <summary>Serves a connection; when it returns, the connection is closed.</summary>
    private protected abstract ValueTask ServeAsync(StreamConnection connection);

    private protected override PeerRefusal? Begin()
    {
        if (PeerSockets.Bind(Specification, (byte)SocketConstants.IPPROTO_TCP, out var refusal) is not { } listener)
            return refusal;
        _listener = listener;
        var local = PeerSockets.EndpointOf(listener.LocalEndPoint);
        Named(local, local.Port);
        int descriptor = (int)listener.SafeHandle.DangerousGetHandle();
        Recorder.Owns(NameId, Recorder.Intern("listener"), new FourTuple(local, default), descriptor,
            SocketCalls.SocketInode(descriptor), SocketConstants.IPPROTO_TCP);
        _accepting = Task.Run(() => AcceptAsync(listener));
        return null;
    }

    private protected override void End()
    {
        _listener?.Dispose();
        _listener = null;
        _accepting.Wait();
        Task left;
        lock (_gate)
        {
            _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_connections.Count == 0)
                _empty.SetResult();
            foreach (var connection in _connections)
                connection.Shutdown();
            left = _empty.Task;
        }

        if (!left.Wait(s_farewell))
        {
            lock (_gate)
            {
                foreach (var connection in _connections)
                    connection.Dispose();
            }

            left.Wait();
        }

        _empty = null;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                // The connection stays in the backlog until somebody else closes a descriptor.
                Tell(PeerLogKind.Notice, new FourTuple(Local, default), "No descriptors are left; connections wait until some are closed.");
                await Task.Delay(s_breath).ConfigureAwait(false);
                continue;
            }
            catch (SocketException error) when (error.SocketErrorCode != SocketError.OperationAborted)
            {
                // The client was gone before it was accepted: ECONNABORTED and its like (accept(2)).
                continue;
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                return;
            }

            Take(socket);
        }
    }

    private void Take(Socket socket)
    {
        StreamConnection connection;
        try
        {
            connection = new StreamConnection(socket, Recorder, Counting, NameId) { Kept = Kept };
        }
        catch (SocketException)
        {
            socket.Dispose(); // gone already: it has no peer name any more
            return;
        }

        bool isTaken;
        lock (_gate)
            isTaken = _connections.Count < MostConnections && _connections.Add(connection);
        if (!isTaken)
        {
            Counting.Refused();
            connection.Dispose();
            Tell(PeerLogKind.Refused, connection.Tuple, string.Create(CultureInfo.InvariantCulture, $"{MostConnections} connections are open"));
            return;
        }

        Counting.Opened();
        connection.Announce(NameConnection());
        Tell(PeerLogKind.Opened, connection.Tuple);
        _ = HoldAsync(connection);
    }

    private async Task HoldAsync(StreamConnection connection)
    {
        string how = "";
        try
        {
            await ServeAsync(connection).ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            how = error.SocketErrorCode == SocketError.OperationAborted ? "stopped" : ((Errno)error.NativeErrorCode).Name();
        }
        catch (ObjectDisposedException)
        {
            how = "stopped";
        }

        connection.Dispose();
        Counting.Closed();
        Tell(PeerLogKind.Closed, connection.Tuple, how, 0, connection.Received, connection.Sent);
        lock (_gate)
        {
            _connections.Remove(connection);
            if (_connections.Count == 0)
                _empty?.TrySetResult();
        }
    }
}
