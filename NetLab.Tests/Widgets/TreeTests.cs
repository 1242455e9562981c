using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tests.Widgets;

public class TreeTests
{
    private static readonly TreeNode[] s_packet =
    [
        new("ip", 0), new("src", 1), new("dst", 1),
        new("tcp", 0, TreeOpening.Open), new("port", 1), new("flags", 1), new("syn", 2), new("fin", 2), new("window", 1),
    ];

    [Fact]
    public void Branches_open_and_close_and_what_is_closed_does_not_show()
    {
        var state = new TreeState();
        state.Show(s_packet);
        Assert.Equal(["▸ ip", "▾ tcp", "    port", "  ▸ flags", "    window"], Lines(state));
        state.Expand();
        Assert.Equal(["▾ ip", "    src", "    dst", "▾ tcp", "    port", "  ▸ flags", "    window"], Lines(state));
        state.Move(3);
        state.Collapse();
        Assert.Equal(["▾ ip", "    src", "    dst", "▸ tcp"], Lines(state));
        Assert.Equal(3, state.Chosen);
        Assert.True(state.Toggle());
        Assert.Equal(7, state.Rows.Count);
    }

    [Fact]
    public void Right_goes_into_an_open_branch_and_left_out_to_its_parent()
    {
        var state = new TreeState();
        state.Show(s_packet);
        state.Move(1);
        state.Expand();
        Assert.Equal("port", s_packet[state.Chosen].Key);
        state.Collapse();
        Assert.Equal("tcp", s_packet[state.Chosen].Key);
        state.Collapse();
        state.Collapse();
        Assert.Equal("tcp", s_packet[state.Chosen].Key);
        Assert.False(state.IsOpen(3));
    }

    [Fact]
    public void What_is_revealed_is_chosen_and_its_branches_open()
    {
        var state = new TreeState();
        state.Show(s_packet);
        state.Reveal(6);
        Assert.Equal(6, state.Chosen);
        Assert.Contains("      syn", Lines(state));
        Assert.True(state.IsOpen(5));
    }

    [Fact]
    public void Another_tree_keeps_what_was_open_and_chosen_by_its_keys()
    {
        var state = new TreeState();
        state.Show(s_packet);
        state.Reveal(7);
        state.Show([new("eth", 0), new("tcp", 0, TreeOpening.Open), new("flags", 1), new("syn", 2), new("fin", 2)]);
        Assert.Equal(4, state.Chosen);
        // Where the chosen field is missing its place is taken by the first node, and nothing throws.
        state.Show([new("udp", 0), new("length", 1)]);
        Assert.Equal(0, state.Chosen);
        state.Show([]);
        Assert.Equal(-1, state.Chosen);
        state.Move(1);
        Assert.False(state.Toggle());
        state.Show(s_packet);
        Assert.Equal(7, state.Chosen);
    }

    [Fact]
    public void The_second_of_two_equal_keys_stays_chosen()
    {
        var state = new TreeState();
        TreeNode[] tunnel = [new("ip", 0, TreeOpening.Open), new("src", 1), new("ip", 0, TreeOpening.Open), new("src", 1)];
        state.Show(tunnel);
        state.Reveal(3);
        state.Show(tunnel);
        Assert.Equal(3, state.Chosen);
    }

    [Fact]
    public void The_chosen_row_stays_in_a_small_window()
    {
        var state = new TreeState();
        state.Show([.. Enumerable.Range(0, 100).Select(index => new TreeNode(index, 0))]);
        Draw(state, 5);
        state.Move(50);
        Assert.Equal("  50", Draw(state, 5)[4]);
        state.Move(-50);
        Assert.Equal("  0", Draw(state, 5)[0]);
        state.Scroll(1000);
        Assert.Equal("  99", Draw(state, 5)[4]);
    }

    [Fact]
    public void A_click_chooses_and_on_the_sign_opens()
    {
        var state = new TreeState();
        state.Show(s_packet);
        Draw(state, 10);
        Assert.True(Tree.Click(state, 10, 1));
        Assert.Equal((3, true), (state.Chosen, state.IsOpen(3)));
        Assert.True(Tree.Click(state, 0, 0));
        Assert.True(state.IsOpen(0));
        Assert.False(Tree.Click(state, 0, 99));
    }

    private static string[] Lines(TreeState state) => [.. Draw(state, 20).Where(line => line.Length > 0)];

    private static string[] Draw(TreeState state, int height)
    {
        var buffer = new CellBuffer(20, height);
        Tree.Draw(buffer.Canvas, state, (node, canvas) => canvas.Write(0, 0, default, $"{state.Key(node).ToString()}"), default, default);
        return [.. ScreenDump.Lines(buffer).Select(line => line.TrimEnd())];
    }


}
