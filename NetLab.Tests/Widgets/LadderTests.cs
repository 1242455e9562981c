using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tests.Widgets;

public class LadderTests
{
    private static readonly LadderRow[] Rows =
    [
        new("0.000000") { RightText = "socket(AF_INET, SOCK_STREAM) = 5" },
        new("0.000009") { LeftState = "LISTEN" },
        new("0.000012") { Arrow = LadderArrow.Left, Label = "[S] seq 0", RightState = "SYN_SENT", RightText = "connect(5, 127.0.0.1:8000)" },
        new("0.000026") { Arrow = LadderArrow.Right, Label = "[S.] seq 0 ack 1" },
        new("0.000044") { LeftText = "accept4(3) = 4  390 ms asleep" },
    ];

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void The_lifelines_stand_in_the_same_columns_on_every_row(int width)
    {
        var buffer = new CellBuffer(width, 8);
        Ladder.Draw(buffer.Canvas, "server", "client", Rows.Length, new ListState(), row => Rows[row], default);
        var lines = ScreenDump.Lines(buffer);
        var (left, right) = Ladder.Lifelines(width);
        Assert.Equal("││◀├│││", string.Concat(lines[1..].Select(line => line[left])));
        Assert.Equal("││┤▶│││", string.Concat(lines[1..].Select(line => line[right])));
        Assert.Contains(" [S.] seq 0 ack 1 ─", lines[4], StringComparison.Ordinal);
        Assert.Equal("LISTEN", lines[2][(left - 7)..(left - 1)]);
        Assert.StartsWith("SYN_SENT", lines[3][(right + 2)..], StringComparison.Ordinal);
        Assert.Contains("0.000044 accept4(3)", lines[5], StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_rows_in_view_are_asked_for()
    {
        var asked = new List<int>();
        var state = new ListState();
        state.Select(500_000, 1_000_000);
        LadderRow Row(int row)
        {
            asked.Add(row);
            return new LadderRow("0");
        }

        Ladder.Draw(new CellBuffer(80, 6).Canvas, "a", "b", 1_000_000, state, Row, default);
        Assert.Equal([499_996, 499_997, 499_998, 499_999, 500_000], asked);
    }
}
