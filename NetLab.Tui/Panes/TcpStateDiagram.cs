using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>The state diagram of RFC 9293, figure 5, as data. The names are those of TcpState.</summary>
public static class TcpStateDiagram
{
    /// <summary>20 rows × 78 columns: it fits a framed pane of 80×24.</summary>
    public static Diagram Compact { get; } = new(
        78,
        20,
        [
            new("CLOSED", 33, 0, 10), new("LISTEN", 12, 3, 10), new("SYN_SENT", 56, 3, 12), new("SYN_RCVD", 11, 8, 12), new("ESTABLISHED", 34, 8, 15),
            new("FIN_WAIT_1", 10, 13, 14), new("CLOSING", 36, 13, 11), new("CLOSE_WAIT", 56, 13, 14),
            new("FIN_WAIT_2", 10, 17, 14), new("TIME_WAIT", 35, 17, 13), new("LAST_ACK", 58, 17, 12),
        ],
        [
            new("CLOSED", "LISTEN", [(33, 1), (17, 1), (17, 2)], "passive open", 19, 0),
            new("LISTEN", "CLOSED", [(17, 2), (17, 1), (32, 1)], "close", 25, 2),
            new("CLOSED", "SYN_SENT", [(42, 1), (62, 1), (62, 2)], "active open / snd SYN", 44, 0),
            new("SYN_SENT", "CLOSED", [(62, 2), (62, 1), (43, 1)], "close", 45, 2),
            new("LISTEN", "SYN_SENT", [(21, 4), (55, 4)], "send / snd SYN", 31, 3),
            new("LISTEN", "SYN_RCVD", [(14, 5), (14, 7)], "rcv SYN /\nsnd SYN,ACK", 2, 6),
            new("SYN_SENT", "SYN_RCVD", [(58, 5), (58, 6), (20, 6), (20, 7)], "rcv SYN / snd SYN,ACK", 22, 7),
            new("SYN_SENT", "ESTABLISHED", [(62, 5), (62, 9), (49, 9)], "rcv SYN,ACK /\nsnd ACK", 64, 7),
            new("SYN_RCVD", "ESTABLISHED", [(22, 9), (33, 9)], "rcv ACK", 24, 8),
            new("SYN_RCVD", "FIN_WAIT_1", [(14, 10), (14, 12)], "close /\nsnd FIN", 6, 11),
            new("ESTABLISHED", "FIN_WAIT_1", [(37, 10), (37, 11), (20, 11), (20, 12)], "close / snd FIN", 22, 12),
            new("ESTABLISHED", "CLOSE_WAIT", [(45, 10), (45, 11), (63, 11), (63, 12)], "rcv FIN / snd ACK", 45, 12),
            new("FIN_WAIT_1", "CLOSING", [(23, 14), (35, 14)], "rcv FIN /\n\nsnd ACK", 25, 13),
            new("FIN_WAIT_1", "FIN_WAIT_2", [(14, 15), (14, 16)], "rcv ACK", 6, 16),
            new("FIN_WAIT_1", "TIME_WAIT", [(21, 15), (21, 16), (28, 16), (28, 18), (34, 18)], "rcv FIN,ACK", 29, 16),
            new("FIN_WAIT_2", "TIME_WAIT", [(23, 18), (34, 18)], "rcv FIN", 25, 19),
            new("CLOSING", "TIME_WAIT", [(41, 15), (41, 16)], "rcv ACK", 43, 16),
            new("CLOSE_WAIT", "LAST_ACK", [(61, 15), (61, 16)], "close / snd FIN", 63, 16),
            new("TIME_WAIT", "CLOSED", [(47, 18), (49, 18)], "2 MSL\nCLOSED", 50, 17),
            new("LAST_ACK", "CLOSED", [(69, 18), (70, 18)], "rcv ACK\nCLOSED", 71, 17),
        ]);

    /// <summary>36 rows × 78 columns: the same with more air between the ranks.</summary>
    public static Diagram Roomy { get; } = Stretch(Compact, 4);

    /// <summary>The roomier one where it fits.</summary>
    public static Diagram For(int width, int height) => width >= Roomy.Width && height >= Roomy.Height ? Roomy : Compact;

    // Adds rows above each rank's arrowheads, so that a head stays at its box and a line becomes longer.
    private static Diagram Stretch(Diagram diagram, int rows)
    {
        int Down(int y) => y + (rows * ((y >= 2 ? 1 : 0) + (y >= 7 ? 1 : 0) + (y >= 12 ? 1 : 0) + (y >= 16 ? 1 : 0)));
        return new Diagram(
            diagram.Width,
            Down(diagram.Height - 1) + 1,
            [.. diagram.Nodes.Select(node => node with { Y = Down(node.Y) })],
            [.. diagram.Edges.Select(edge => edge with { Points = [.. edge.Points.Select(point => (point.X, Down(point.Y)))], LabelY = Down(edge.LabelY) })]);
    }
}
