using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>
/// Serves the files of a folder over HTTP/1.1. Kestrel reads and writes HTTP; a middleware on each connection listens to its bytes. Kestrel's limits hold: a
/// request line of 8 KiB, 100 header fields of 32 KiB together, 30 s for the head.
/// </summary>
internal sealed class HttpServer(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log) : Peer(specification, recorder, log), IKestrelReports
{
    private const int MostConnections = 10_000, LargestBody = 1 << 20;
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, HttpTap> _connections = new();
    private KestrelServer? _server;
    private ServedFolder? _folder;

    /// <summary>How long a client may take for 64 KiB of an answer.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    private protected override PeerRefusal? Begin()
    {
        string root = Specification.Root ?? ".";
        if (ServedFolder.Open(root, out var error) is not { } folder)
            return new PeerRefusal(error == Errno.EACCES ? PeerObstacle.NotPermitted : PeerObstacle.Usage, $"The folder '{root}' cannot be opened: {error.Words()}.");
        if (PeerSockets.Bind(Specification, out var refusal) is not { } listener)
        {
            folder.Dispose();
            return refusal;
        }

        _folder = folder;
        var local = (IPEndPoint)listener.LocalEndPoint!;
        Named(PeerSockets.EndpointOf(local), (ushort)local.Port);
        int descriptor = (int)listener.SafeHandle.DangerousGetHandle();
        Recorder.Owns(NameId, Recorder.Intern("listener"), new FourTuple(Local, default), descriptor,
            SocketCalls.SocketInode(descriptor), SocketConstants.IPPROTO_TCP);
        _server = Serve(listener, local);
        _server.StartAsync(new HttpFiles(folder, Counting, Patience, Tell), CancellationToken.None).GetAwaiter().GetResult();
        return null;
    }

    private protected override void End()
    {
        if (_server is { } server)
        {
            using var patience = new CancellationTokenSource(s_farewell);
            server.StopAsync(patience.Token).GetAwaiter().GetResult();
            server.Dispose();
        }

        _folder?.Dispose();
        (_server, _folder) = (null, null);
    }

    private KestrelServer Serve(Socket listener, IPEndPoint local)
    {
        var reports = new KestrelLog(this);
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = MostConnections;
        options.Limits.MaxRequestBodySize = LargestBody;
        // Its way of counting lets who never reads stay for hours; the sender is patient itself.
        options.Limits.MinResponseDataRate = null;
        options.Listen(local, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => ListenAsync(connection, next));
        });
        var sockets = new SocketTransportOptions { CreateBoundListenSocket = _ => listener, Backlog = PeerSockets.Backlog };
        return new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(sockets), reports), reports);
    }

    private async Task ListenAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var tuple = new FourTuple(PeerSockets.EndpointOf(connection.LocalEndPoint), PeerSockets.EndpointOf(connection.RemoteEndPoint));
        int descriptor = connection.Features.Get<IConnectionSocketFeature>() is { } feature ? (int)feature.Socket.SafeHandle.DangerousGetHandle() : -1;
        using var tap = new HttpTap(connection.Transport, Recorder, Counting, NameId, tuple, descriptor);
        connection.Transport = tap;
        connection.ConnectionClosed = tap.Broken;
        _connections[connection.ConnectionId] = tap;
        Counting.Opened();
        Recorder.Owns(NameId, NameConnection(), tuple, descriptor, SocketCalls.SocketInode(descriptor), SocketConstants.IPPROTO_TCP);
        Tell(PeerLogKind.Opened, tuple);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            _connections.TryRemove(connection.ConnectionId, out _);
            Counting.Closed();
            Tell(PeerLogKind.Closed, tuple, "", 0, tap.Received, tap.Sent);
        }
    }

    /// <inheritdoc/>
    public void BadRequest(string connection, int status, string reason)
    {
        if (!_connections.TryGetValue(connection, out var tap))
            return;
        Counting.Answered();
        Tell(PeerLogKind.RequestError, tap.Tuple, reason.TrimEnd('.'), status);
        Tell(PeerLogKind.Request, tap.Tuple, "", status);
    }

    /// <inheritdoc/>
    public void Rejected()
    {
        Counting.Refused();
        Tell(PeerLogKind.Refused, new FourTuple(Local, default), $"{MostConnections} connections are open");
    }
}
