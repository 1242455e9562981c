using System.Net;
using System.Net.Sockets;
using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.Peers;
using NetLab.Core.Session;
using NetLab.Tests.Support;

namespace NetLab.Tests.Session;

public class PeerGroupTests
{
    private readonly Journal _journal = new();

    [Fact]
    public async Task What_was_started_runs_until_the_group_ends()
    {
        var group = new PeerGroup(_journal, () => KernelClock.Now);
        int changes = 0;
        group.Changed = () => Interlocked.Increment(ref changes);
        var held = group.Add(new PeerSpecification(PeerKind.Echo, "127.0.0.1", 0));
        held.Start();
        await held.Work;
        Assert.Equal(PeerState.Running, held.Peer.State);
        Assert.Equal((1, 1), (group.Up, changes));
        Assert.NotEqual(0, held.Port);
        Assert.Equal([held.Port], group.Ports);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = (int)PseudoTerminal.Patience.TotalMilliseconds };
        await socket.ConnectAsync(IPAddress.Loopback, held.Port, TestContext.Current.CancellationToken);
        socket.Send("hi"u8);
        Assert.Equal(2, socket.Receive(new byte[10]));
        // The client may have it before the server has counted it.
        using var limit = new CancellationTokenSource(PseudoTerminal.Patience);
        while (held.Peer.Counters.BytesSent != 2)
            await Task.Delay(5, limit.Token);
        group.Dispose();
        Assert.Equal(PeerState.Stopped, held.Peer.State);
        Assert.Equal(0, socket.Receive(new byte[10]));
    }

    [Fact]
    public async Task Starting_stopping_and_starting_again_come_in_the_order_in_which_they_were_told()
    {
        using var group = new PeerGroup(_journal, () => KernelClock.Now);
        var held = group.Add(new PeerSpecification(PeerKind.Echo, "127.0.0.1", 0));
        for (int turn = 0; turn < 20; turn++)
        {
            held.Start();
            held.Stop();
            held.Restart();
        }

        await held.Work;
        Assert.Equal(PeerState.Running, held.Peer.State);
        Assert.False(held.IsBusy);
        held.Stop();
        await held.Work;
        Assert.Equal(PeerState.Stopped, held.Peer.State);
        Assert.Equal(1, group.Clear());
        Assert.Empty(group.All);
    }

    [Fact]
    public async Task What_runs_is_not_cleared_away()
    {
        using var group = new PeerGroup(_journal, () => KernelClock.Now);
        var (_, running) = await ScenePeer.StartAsync(group, _journal, new PeerSpecification(PeerKind.Echo));
        var (_, failed) = await ScenePeer.StartAsync(group, _journal, new PeerSpecification(PeerKind.Discard), new PeerRefusal(PeerObstacle.Network, "No."));
        Assert.Equal(PeerState.Failed, failed.Peer.State);
        Assert.Equal(1, group.Clear());
        Assert.Equal([running], group.All);
    }

    [Fact]
    public async Task Rates_are_what_came_and_went_a_second()
    {
        using var group = new PeerGroup(_journal, () => KernelClock.Now);
        var (peer, held) = await ScenePeer.StartAsync(group, _journal, new PeerSpecification(PeerKind.Echo));
        Assert.True(group.Sample(Scene.At(0)));
        Assert.True(held.IsSilent);
        peer.Move(1, 500, 3000);
        Assert.False(group.Sample(Scene.At(999_999)));
        Assert.True(group.Sample(Scene.At(2_000_000)));
        Assert.Equal((250, 1500), (held.Received[^1], held.Sent[^1]));
        Assert.False(held.IsSilent);
        Assert.True(group.Sample(Scene.At(3_000_000)));
        Assert.Equal((0, 250), (held.Received[^1], held.Received[^2]));
        held.Restart();
        await held.Work;
        peer.Move(1, 100, 0);
        group.Sample(Scene.At(4_000_000));
        Assert.Equal((100, 0), (held.Received[^1], held.Sent[^1]));
    }

    [Fact]
    public async Task When_nothing_runs_and_nothing_ran_lately_nothing_is_to_be_measured()
    {
        using var group = new PeerGroup(_journal, () => KernelClock.Now);
        Assert.Null(group.NextSample());
        Assert.False(group.Sample(Scene.At(0)));
        var (peer, held) = await ScenePeer.StartAsync(group, _journal, new PeerSpecification(PeerKind.Echo));
        peer.Move(1, 10, 10);
        group.Sample(Scene.At(0));
        Assert.Equal(Scene.At(1_000_000), group.NextSample());
        held.Stop();
        await held.Work;
        for (int second = 1; group.NextSample() is not null; second++)
        {
            Assert.True(second <= HeldPeer.Seconds);
            group.Sample(Scene.At(second * 1e6));
        }
    }
}
