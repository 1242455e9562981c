using NetLab.Core;
using NetLab.Core.Peers;
using NetLab.Core.Session;
using NetLab.Tests.Support;
using NetLab.Tui.App;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.Panes;

public sealed class PeersPaneTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 40)]
    public async Task The_lab_shows_what_runs_and_the_panes_follow_the_chosen_one(int columns, int rows)
    {
        var screen = await Running();
        _scene.Hello();
        screen.Peers.Choose(_scene.Lab.Peers.All[0]);
        _scene.Lab.View.Replay(8000);
        _scene.Fold();
        screen.ShowsPeers = true;
        Golden.Check($"lab-peers-{columns}", Draw(screen, columns, rows));
        screen.ShowsHelp = true;
        Golden.Check($"lab-peers-{columns}-help", Draw(screen, columns, rows));
    }

    [Fact]
    public async Task Beside_the_experiment_what_runs_stays_in_view()
    {
        var screen = await Running();
        _scene.Hello();
        Golden.Check("lab-120-running", Draw(screen, 120, 40));
        Assert.Contains("R 2 up", Draw(screen, 80, 24), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_state_has_a_sign_and_a_word()
    {
        var peers = _scene.Lab.Peers;
        var (_, failed) = await Add(PeerKind.Echo, 8007, new PeerRefusal(PeerObstacle.Network, "Port 8007 is taken by nc\e[2J (pid 7); -p chooses another."));
        var (ending, ended) = await Add(PeerKind.Connect, 8007);
        ending.EndByItself();
        var (_, stopped) = await Add(PeerKind.Discard, 8009);
        stopped.Stop();
        await stopped.Work;
        var pane = new PeersPane();
        pane.Choose(failed);
        string shown = _scene.Draw(pane, 80, 8);
        Assert.Contains("✗ echo", shown, StringComparison.Ordinal);
        Assert.Contains("✗ Port 8007 is taken by nc\\x1b[2J (pid 7)", shown, StringComparison.Ordinal);
        Assert.Contains("✓ connect", shown, StringComparison.Ordinal);
        Assert.Contains("■ discard", shown, StringComparison.Ordinal);
        foreach (string word in new[] { "failed", "ended", "stopped", "0 of 3 up" })
            Assert.Contains(word, shown, StringComparison.Ordinal);
        Assert.Equal(3, peers.Clear());
        Assert.Contains("Nothing runs", _scene.Draw(pane, 80, 8), StringComparison.Ordinal);
        Assert.NotNull(ended);
    }

    [Fact]
    public async Task The_keys_stop_it_and_start_it_again()
    {
        var (peer, held) = await Add(PeerKind.Echo, 8007);
        var pane = new PeersPane();
        pane.Choose(held);
        _scene.Press(pane, "s", 80, 8);
        await held.Work;
        Assert.True(peer.WasEnded);
        Assert.Equal(PeerState.Stopped, peer.State);
        _scene.Press(pane, "\r", 80, 8);
        await held.Work;
        Assert.Equal(PeerState.Running, peer.State);
        Assert.True(pane.Take(KeyEvent.Of(' '), _scene.Context));
        Assert.False(pane.Take(KeyEvent.Of('q'), _scene.Context));
    }

    [Fact]
    public async Task Moving_stops_at_the_ends_and_a_row_is_found_by_its_place()
    {
        var first = (await Add(PeerKind.Echo, 8007)).Held;
        var second = (await Add(PeerKind.Discard, 8009)).Held;
        var pane = new PeersPane();
        pane.Choose(first);
        Assert.False(pane.Move(-1, _scene.Context));
        Assert.True(pane.Move(5, _scene.Context));
        Assert.Same(second, pane.Selected);
        _scene.Draw(pane, 80, 8);
        Assert.Same(first, pane.At(1, _scene.Context));
        Assert.Null(pane.At(0, _scene.Context));
        Assert.Null(pane.At(3, _scene.Context));
    }

    private async Task<LabScreen> Running()
    {
        var (server, _) = await Add(PeerKind.Hello, 8000);
        var (client, _) = await Add(PeerKind.Connect, 8000);
        var group = _scene.Lab.Peers;
        for (int second = 1; second <= 8; second++)
        {
            server.Move(second % 2, 1000 * second, 100_000 * second);
            client.Move(second == 1 ? 1 : 0, 100_000, 1000);
            Assert.True(group.Sample(Scene.At(0) + Duration.FromSeconds(second)));
        }

        return new LabScreen(["hello", "echo", "four-tuple"]);
    }

    private Task<(ScenePeer Peer, HeldPeer Held)> Add(PeerKind kind, ushort port, PeerRefusal? refusal = null) =>
        ScenePeer.StartAsync(_scene.Lab.Peers, _scene.Lab.Journal, new PeerSpecification(kind, "127.0.0.1", port), refusal);

    private string Draw(LabScreen screen, int columns, int rows)
    {
        _scene.Now = Scene.At(300);
        var buffer = new CellBuffer(columns, rows);
        screen.Draw(buffer.Canvas, _scene.Context);
        // Who looks is not what is tested.
        return string.Join('\n', ScreenDump.Lines(buffer)).Replace("lo root", "lo user", StringComparison.Ordinal);
    }
}
