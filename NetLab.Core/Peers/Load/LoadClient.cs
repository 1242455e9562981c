using System.Net.Sockets;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>A client that puts a bounded load on a server of this machine, and keeps its figures when it has ended.</summary>
public sealed class LoadClient : Peer
{
    private volatile LoadRun? _run;
    private Task _work = Task.CompletedTask;
    private CancellationTokenSource? _stop;

    /// <summary>A client that asks nothing yet.</summary>
    /// <param name="specification">Whom it asks, what, and how often.</param>
    /// <param name="recorder">Its connections are kept there; their bytes are not, the server's journal has them.</param>
    /// <param name="log">Who reads its log; null for nobody.</param>
    public LoadClient(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log = null) : base(specification, recorder, log)
    {
    }

    /// <summary>What it has measured so far, or had when it ended; null before it is connected.</summary>
    public LoadFigures? Figures => _run?.Figures();

    /// <inheritdoc/>
    public override PeerCounters Counters => _run?.Counters ?? default;

    private protected override PeerRefusal? Begin()
    {
        var stop = _stop = new CancellationTokenSource();
        _run = null;
        _work = Task.Run(() => RunAsync(stop.Token));
        return null;
    }

    private protected override void End()
    {
        _stop?.Cancel();
        _work.Wait();
        _stop?.Dispose();
        _stop = null;
    }

    private void Announce(Socket socket, NameId name)
    {
        try
        {
            int descriptor = (int)socket.SafeHandle.DangerousGetHandle();
            var tuple = new FourTuple(PeerSockets.EndpointOf(socket.LocalEndPoint), PeerSockets.EndpointOf(socket.RemoteEndPoint));
            Recorder.Owns(NameId, name, tuple, descriptor, SocketCalls.SocketInode(descriptor), SocketConstants.IPPROTO_TCP);
        }
        catch (ObjectDisposedException)
        {
            // It was given up in the meantime.
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        Endpoint[] servers = [.. PeerSockets.ResolveAll(Specification, out var refusal).Select(address => new Endpoint(IpAddress.From(address), Specification.Port))];
        if (Array.Exists(servers, server => !server.Address.IsLoopback))
            refusal = new PeerRefusal(PeerObstacle.Usage, PeerSpecification.RemoteLoad);
        if (refusal is not null)
        {
            Finished(refusal);
            return;
        }

        Remote = servers[^1];

        try
        {
            Named(default, Specification.Port);
            var name = Recorder.Intern("socket");
            using var run = await LoadRun.StartAsync(Specification.Load.On(Specification.LoadExchange(), servers), stop, socket => Announce(socket, name)).ConfigureAwait(false);
            (_run, Remote) = (run, run.Server);
            Connected();
            await using (stop.Register(run.Stop).ConfigureAwait(false))
                await run.Completion.ConfigureAwait(false);
        }
        catch (SocketException refused)
        {
            Finished(PeerSockets.ExplainConnect(refused, Remote));
            return;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (!stop.IsCancellationRequested)
            Finished(null);
    }
}
