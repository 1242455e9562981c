using NetLab.Core.Tcp;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tests.Widgets;

public class DiagramTests
{
    public static TheoryData<string> Layouts => ["compact", "roomy"];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Every_state_and_transition_of_the_rfc_has_its_place_and_no_label_hides_a_line(string layout)
    {
        var diagram = layout == "compact" ? TcpStateDiagram.Compact : TcpStateDiagram.Roomy;
        Assert.Equal(
            Enum.GetValues<TcpState>().Where(state => state != TcpState.Unknown).Select(state => state.Name()).Order(),
            diagram.Nodes.Select(node => node.Name).Order());
        // RFC 9293 figure 5, and FIN_WAIT_1 to TIME_WAIT (section 3.10.7.4: the FIN and the ACK of ours in one segment).
        Assert.Equal(20, diagram.Edges.Select(edge => (edge.From, edge.To)).Distinct().Count());
        var taken = new HashSet<(int, int)>();
        foreach (var node in diagram.Nodes)
        {
            for (var x = 0; x < node.Width; x++)
            {
                for (var y = 0; y < 3; y++) Assert.True(taken.Add((node.X + x, node.Y + y)), node.Name);
            }
        }

        foreach (var edge in diagram.Edges)
        {
            var ((x, y), places) = (edge.Points[0], new List<(int, int)>());
            foreach (var point in edge.Points)
            {
                Assert.True(point.X == x || point.Y == y, $"{edge.From} to {edge.To} is slanted");
                for (; (x, y) != point; (x, y) = (x + Math.Sign(point.X - x), y + Math.Sign(point.Y - y))) places.Add((x, y));
            }

            places.Add((x, y));
            taken.UnionWith(places);
        }

        foreach (var edge in diagram.Edges)
        {
            var row = edge.LabelY;
            foreach (var line in edge.Label.Split('\n'))
            {
                for (var x = 0; x < line.Length; x++) Assert.True(taken.Add((edge.LabelX + x, row)), $"{edge.From} to {edge.To}: {line}");
                row++;
            }
        }

        Assert.All(taken, place => Assert.True(place.Item1 >= 0 && place.Item1 < diagram.Width && place.Item2 >= 0 && place.Item2 < diagram.Height));
    }

    [Fact]
    public void The_compact_diagram_looks_like_this()
    {
        var buffer = new CellBuffer(78, 20);
        TcpStateDiagram.Compact.Draw(
            buffer.Canvas, node => new DiagramLook(default, default, node.Name == "SYN_RCVD" ? "● server" : ""), _ => (false, default, default));
        var picture = string.Join('\n', ScreenDump.Lines(buffer));
        Assert.Equal(Picture.ReplaceLineEndings("\n"), picture);
    }

    private const string Picture = """
                           passive open  ┌────────┐ active open / snd SYN
                         ┌──────────────▶┤ CLOSED ├◀──────────────────┐
                         ▼       close   └────────┘  close            ▼
                    ┌────────┐         send / snd SYN           ┌──────────┐
                    │ LISTEN ├─────────────────────────────────▶│ SYN_SENT │
                    └─┬──────┘                                  └─┬───┬────┘
          rcv SYN /   │     ┌─────────────────────────────────────┘   │
          snd SYN,ACK ▼     ▼ rcv SYN / snd SYN,ACK                   │ rcv SYN,ACK /
                   ┌─● server─┐ rcv ACK   ┌─────────────┐             │ snd ACK
                   │ SYN_RCVD ├──────────▶│ ESTABLISHED │◀────────────┘
                   └──┬───────┘           └──┬───────┬──┘
              close / │     ┌────────────────┘       └─────────────────┐
              snd FIN ▼     ▼ close / snd FIN        rcv FIN / snd ACK ▼
                  ┌────────────┐ rcv FIN /  ┌─────────┐         ┌────────────┐
                  │ FIN_WAIT_1 ├───────────▶│ CLOSING │         │ CLOSE_WAIT │
                  └───┬──────┬─┘ snd ACK    └────┬────┘         └────┬───────┘
              rcv ACK ▼      └──────┐rcv FIN,ACK ▼ rcv ACK           ▼ close / snd FIN
                  ┌────────────┐    │      ┌───────────┐  2 MSL   ┌──────────┐ rcv ACK
                  │ FIN_WAIT_2 ├────┴─────▶│ TIME_WAIT ├─▶CLOSED  │ LAST_ACK ├▶CLOSED
                  └────────────┘ rcv FIN   └───────────┘          └──────────┘
        """;
}
