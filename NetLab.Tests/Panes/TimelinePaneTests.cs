using NetLab.Tests.Support;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;

namespace NetLab.Tests.Panes;

public sealed class TimelinePaneTests : IDisposable
{
    private readonly Scene _scene = new Scene().Hello();
    private readonly TimelinePane _pane = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Hello_is_a_ladder_with_a_moment_a_line() => Assert.Equal(Ladder.ReplaceLineEndings("\n"), _scene.Draw(_pane, 118, 22));

    [Fact]
    public void Print() => File.WriteAllText("/tmp/tabs_out.txt", Everything());

    private string Everything()
    {
        var all = new System.Text.StringBuilder();
        all.AppendLine(_scene.Draw(_pane, 118, 22));
        _scene.Press(_pane, "gjjjjjj");
        all.AppendLine(_scene.Draw(_pane, 78, 22));
        all.AppendLine(_scene.Draw(_pane, 78, 22, CharacterSet.Ascii));
        _scene.Press(_pane, "+++");
        all.AppendLine(_scene.Draw(_pane, 118, 52));
        var states = new StatesPane(StatesForm.Whole);
        all.AppendLine(_scene.Draw(states, 60, 22));
        return all.ToString();
    }


    private const string Ladder = """
        x
        """;
}
