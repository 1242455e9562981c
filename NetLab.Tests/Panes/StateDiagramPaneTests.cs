using NetLab.Core.Tcp;
using NetLab.Tests.Support;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.Panes;

public sealed class StateDiagramPaneTests : IDisposable
{
    private readonly Scene _scene = new Scene().Hello();
    private readonly StateDiagramPane _pane = new();

    public StateDiagramPaneTests() => _scene.Now = Scene.At(20_000_300);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void The_diagram_is_whole_on_80_columns_and_has_the_list_beside_it_on_120()
    {
        Golden.Check("states-80", _scene.Draw(_pane, 80, 22));
        Golden.Check("states-120", _scene.Draw(_pane, 120, 38));
        Assert.DoesNotContain(_scene.Draw(_pane, 80, 22, CharacterSet.Ascii), c => c > 0x7e);
    }

    [Fact]
    public void On_80_columns_d_shows_the_connections_with_their_last_states()
    {
        _scene.Draw(_pane, 80, 22);
        Assert.Contains(_pane.Keys, key => key.Keys == "d");
        _scene.Press(_pane, "d", 80, 22);
        Golden.Check("states-80-list", _scene.Draw(_pane, 80, 22));
        Assert.True(_pane.Back(_scene.Context));
        Assert.Contains("passive open", _scene.Draw(_pane, 80, 22), StringComparison.Ordinal);
        _scene.Draw(_pane, 120, 38);
        Assert.DoesNotContain(_pane.Keys, key => key.Keys == "d");
    }

    [Fact]
    public void Going_back_in_the_path_moves_the_marks_and_the_shared_cursor()
    {
        Assert.Contains("● server TIME_WAIT 40 s left ← rcv FIN,ACK", _scene.Draw(_pane, 80, 22), StringComparison.Ordinal);
        while (!_scene.Draw(_pane, 80, 22).Contains("● server FIN_WAIT_1", StringComparison.Ordinal))
            _scene.Press(_pane, KeyEvent.Of(Key.Left), 80, 22);
        string back = _scene.Draw(_pane, 80, 22);
        Assert.Contains("● server FIN_WAIT_1 ← close", back, StringComparison.Ordinal);
        Assert.Contains("looking back", back, StringComparison.Ordinal);
        Assert.Contains(_scene.Cursor.Moment!.Changes, change => change.To == TcpState.FinWait1);
        Assert.Null(_pane.Tick(_scene.Context));
        for (int step = 0; step < 12; step++)
            _scene.Press(_pane, KeyEvent.Of(Key.Left), 80, 22);
        Assert.Contains("■ client SYN_SENT ← connect", _scene.Draw(_pane, 80, 22), StringComparison.Ordinal);
        for (int step = 0; step < 12; step++)
            _scene.Press(_pane, KeyEvent.Of(Key.Right), 80, 22);
        Assert.Contains("TIME_WAIT 40 s left", _scene.Draw(_pane, 80, 22), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mark_glides_along_its_edge_when_the_change_has_just_happened()
    {
        using var scene = new Scene();
        scene.State(1, 2, TcpState.Closed, TcpState.SynSent, Core.ExecutionContext.Process, Scene.Client(), 0);
        scene.State(1, 2, TcpState.SynSent, TcpState.Established, Core.ExecutionContext.SoftInterrupt, Scene.Client(), 100);
        scene.Fold();
        var pane = new StateDiagramPane();
        var seen = new HashSet<(int, int)>();
        for (int time = 0; time <= 400; time += 50)
        {
            scene.Now = Scene.At(100 + 1_000 * time);
            string[] lines = scene.Draw(pane, 80, 22).Split('\n')[..^1];
            int row = Array.FindIndex(lines, line => line.Contains('●', StringComparison.Ordinal));
            seen.Add((row, lines[row].IndexOf('●', StringComparison.Ordinal)));
        }

        Assert.True(seen.Count >= 6, string.Join(' ', seen));
        Assert.NotNull(pane.Tick(scene.Context with { Now = Scene.At(100_000) }));
    }

    [Fact]
    public void The_arrows_choose_among_many_connections_and_a_click_does()
    {
        for (ushort port = 1; port <= 50; port++)
            _scene.Hello((ushort)(46_000 + port), at: 1_000 * port);
        Assert.Contains("connection 51 of 51", _scene.Draw(_pane, 120, 38), StringComparison.Ordinal);
        _scene.Press(_pane, KeyEvent.Of(Key.Up), 120, 38);
        Assert.Contains("connection 50 of 51", _scene.Draw(_pane, 120, 38), StringComparison.Ordinal);
        _pane.Click(90, 1, _scene.Context);
        Assert.DoesNotContain("connection 50 of 51", _scene.Draw(_pane, 120, 38), StringComparison.Ordinal);
        _scene.Press(_pane, "F", 120, 38);
        Assert.Contains("connection 51 of 51", _scene.Draw(_pane, 120, 38), StringComparison.Ordinal);
    }

    [Fact]
    public void It_bears_any_size()
    {
        foreach (int columns in new[] { 10, 60, 80, 115, 200 })
        {
            foreach (int rows in new[] { 3, 8, 18, 60 })
            {
                _scene.Press(_pane, "d", columns, rows);
                _scene.Draw(_pane, columns, rows, CharacterSet.Ascii);
            }
        }
    }
}
