using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tests.Widgets;

public class WidgetTests
{
    [Fact]
    public void A_framed_table_shows_only_the_rows_in_view_and_follows_its_end()
    {
        var buffer = new CellBuffer(30, 6);
        var state = new ListState();
        TableColumn[] columns = [new("no", Extent.Fixed(8), Alignment.Right), new("line", Extent.Fill())];
        void Draw(int count)
        {
            buffer.Clear();
            var inside = Frame.Draw(buffer.Canvas, default, default, "packets lo", $"{count}");
            Table.Draw(inside, columns, count, state, (row, column, cell, style) =>
                cell.Write(0, 0, style, column == 0 ? $"{row + 1,8}" : "SYN"), default, default, default);
        }

        Draw(1_000_000);
        Assert.Equal(
            [
                "┌ packets lo ─────── 1000000 ┐",
                "│      no line               │",
                "│  999998 SYN                │",
                "│  999999 SYN                │",
                "│ 1000000 SYN                │",
                "└────────────────────────────┘",
            ], ScreenDump.Lines(buffer));
        state.Select(10, 1_000_000);
        Draw(1_000_000);
        var before = ScreenDump.Lines(buffer)[1..];
        Draw(1_000_500);
        Assert.Equal(before, ScreenDump.Lines(buffer)[1..]);
    }

    [Fact]
    public void Nothing_throws_on_any_size()
    {
        for (var width = 0; width < 12; width++)
        {
            for (var height = 0; height < 5; height++)
            {
                var buffer = new CellBuffer(width, height);
                var inside = Frame.Draw(buffer.Canvas, default, default, "a long title", "note");
                Table.Draw(inside, [new("a", Extent.Fixed(4)), new("b", Extent.Fill())], 9, new ListState(), (_, _, _, _) => { }, default, default, default, 1);
                Tabs.Draw(buffer.Canvas, default, default, default, ["Lab", "Bytes"], 0);
            }
        }
    }
}
