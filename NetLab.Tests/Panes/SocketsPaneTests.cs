using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Tests.Support;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.Panes;

public sealed class SocketsPaneTests : IDisposable
{
    private static readonly FourTuple s_web = new(new Endpoint(IpAddress.Loopback, 8000), default);
    private static readonly FourTuple s_ssh = new(new Endpoint(IpAddress.AnyIPv4, 22), default);
    private static readonly FourTuple s_name = new(new Endpoint(IpAddress.Loopback, 53), default);

    private readonly Scene _scene = new();
    private readonly SocketsPane _pane = new(SocketScope.Machine);

    public SocketsPaneTests()
    {
        _scene.Socket(RowChange.Appeared, s_ssh, TcpState.Listen, 1, 0, "sshd", 300);
        _scene.Socket(RowChange.Appeared, s_name, TcpState.Closed, 2, 0, "dnsmasq", 500, protocol: 17);
        _scene.Socket(RowChange.Appeared, s_web, TcpState.Listen, 3, 0, "python3", 400);
        _scene.Fold();
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void The_table_stands_sorted_by_port_with_what_the_width_allows()
    {
        Golden.Check("sockets-120", _scene.Draw(_pane, 120, 8));
        Golden.Check("sockets-80", _scene.Draw(_pane, 80, 8));
        Assert.DoesNotContain(_scene.Draw(_pane, 80, 8, CharacterSet.Ascii), c => c > 0x7e);
    }

    [Fact]
    public void S_sorts_by_the_next_column_and_capital_S_turns_round()
    {
        _scene.Draw(_pane, 120, 8);
        Assert.Equal(["22", "53", "8000"], Ports());
        _scene.Press(_pane, "S");
        Assert.Equal(["8000", "53", "22"], Ports());
        Assert.Matches("local +▼", _scene.Draw(_pane, 120, 8));
        _scene.Press(_pane, "sss");
        _scene.Press(_pane, "ssss");
        Assert.Contains("pid▲", _scene.Draw(_pane, 120, 8).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(["22", "8000", "53"], Ports());
    }

    [Fact]
    public void A_filter_shows_whether_it_is_one_while_it_is_typed()
    {
        _scene.Press(_pane, "/:99999");
        Assert.Equal((2, "a port from 0 to 65535 must follow ':'"), (_scene.Foot.Prompt!.Fault!.Value.Column, _scene.Foot.Prompt.Fault.Value.Message));
        _scene.Press(_pane, "\r");
        Assert.NotNull(_scene.Foot.Prompt);
        _scene.Press(_pane, KeyEvent.Of('u', Modifiers.Control));
        _scene.Press(_pane, "listen !:22\r");
        Assert.Null(_scene.Foot.Prompt);
        Assert.Equal(["8000"], Ports());
        Assert.Contains("/ listen !:22 · 1 of 3", _scene.Draw(_pane, 120, 8), StringComparison.Ordinal);
        _scene.Press(_pane, "/nothing");
        _scene.Press(_pane, KeyEvent.Of(Key.Escape));
        Assert.Equal(["8000"], Ports());
        Assert.True(_pane.Back(_scene.Context));
        Assert.Equal(3, Ports().Length);
        Assert.False(_pane.Back(_scene.Context));
    }

    [Fact]
    public void A_new_row_bears_a_plus_for_a_second_and_a_gone_one_a_cross_for_two()
    {
        Assert.Null(_pane.Tick(_scene.Context with { Now = Scene.At(5_000_000) }));
        _scene.Socket(RowChange.Appeared, Scene.Client(), TcpState.Established, 9, 5_000_000);
        _scene.Now = Scene.At(5_100_000);
        _scene.Fold();
        Assert.Contains("│ + tcp", _scene.Draw(_pane, 80, 8), StringComparison.Ordinal);
        Assert.NotNull(_pane.Tick(_scene.Context));
        _scene.Now = Scene.At(6_500_000);
        Assert.DoesNotContain("+ tcp", _scene.Draw(_pane, 80, 8), StringComparison.Ordinal);
        Assert.Null(_pane.Tick(_scene.Context));
        _scene.Socket(RowChange.Gone, Scene.Client(), TcpState.Established, 9, 7_000_000);
        _scene.Now = Scene.At(7_100_000);
        _scene.Fold();
        Assert.Matches("× tcp .* gone", _scene.Draw(_pane, 80, 8));
        Assert.NotNull(_pane.Tick(_scene.Context));
        _scene.Now = Scene.At(9_100_000);
        Assert.True(_scene.Lab.View.Advance(_scene.Now));
        Assert.DoesNotContain("gone", _scene.Draw(_pane, 80, 8), StringComparison.Ordinal);
        Assert.Null(_pane.Tick(_scene.Context));
    }

    [Fact]
    public void The_selected_socket_keeps_its_line_while_others_come_above_it()
    {
        for (ushort port = 1000; port < 1040; port++)
            _scene.Socket(RowChange.Appeared, new FourTuple(new Endpoint(IpAddress.Loopback, port), default), TcpState.Listen, port, 1);
        _scene.Fold();
        _scene.Press(_pane, "gjjjjjjjjjjjjjjjjjjjj", 80, 12);
        int line = Line(":1018");
        Assert.True(line > 0);
        for (ushort port = 100; port < 130; port++)
            _scene.Socket(RowChange.Appeared, new FourTuple(new Endpoint(IpAddress.Loopback, port), default), TcpState.Listen, port, 2);
        _scene.Fold();
        Assert.Equal(line, Line(":1018"));

        int Line(string text) => Array.FindIndex(_scene.Draw(_pane, 80, 12).Split('\n'), row => row.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void Enter_opens_the_socket_with_owner_figures_and_history()
    {
        _scene.Hello();
        _scene.Socket(RowChange.Appeared, Scene.Client().Reversed, TcpState.FinWait2, 9, 300, "python3", 4711);
        var figures = new SocketFigures
        {
            HasTcp = 1,
            RoundTrip = 45,
            RoundTripVariation = 12,
            LeastRoundTrip = 30,
            RetransmissionTimeout = 200_000,
            CongestionWindow = 10,
            SlowStartThreshold = 7,
            BytesAcknowledged = 10,
            BytesReceived = 37,
            SegmentsOut = 5,
            SegmentsIn = 5,
            SendSegmentSize = 32_768,
            ReceiveSegmentSize = 536,
            PathMtu = 65_535,
            SendWindow = 65_536,
            WindowScales = 0x77,
            Options = 7,
            ReceiveBuffer = 131_072,
            SendBuffer = 2_626_560,
            Retransmits = 2,
            BytesRetransmitted = 20,
        };
        "cubic"u8.CopyTo(figures.CongestionControl);
        _scene.Figures(Scene.Client().Reversed, figures, 301);
        _scene.Now = Scene.At(400);
        _scene.Fold();
        _scene.Press(_pane, "/:45026\r\r", 120, 40);
        Golden.Check("socket-detail-120", _scene.Draw(_pane, 120, 40));
        Golden.Check("socket-detail-80", _scene.Draw(_pane, 80, 22));
        Assert.True(_pane.Back(_scene.Context));
        Assert.DoesNotContain("owner", _scene.Draw(_pane, 120, 40), StringComparison.Ordinal);
    }

    [Fact]
    public void A_selected_socket_is_the_moment_of_its_last_state_and_a_packet_marks_both_its_sockets()
    {
        _scene.Hello();
        _scene.Socket(RowChange.Appeared, Scene.Client(), TcpState.Closed, 8, 300);
        _scene.Socket(RowChange.Appeared, Scene.Client().Reversed, TcpState.TimeWait, 0, 300);
        _scene.Fold();
        var timeline = new TimelinePane();
        _scene.Draw(timeline, 120, 40);
        _scene.Press(timeline, "gjjjjjjjj");
        string[] marked = [.. _scene.Draw(_pane, 120, 20).Split('\n').Where(line => line.Contains('◆', StringComparison.Ordinal))];
        Assert.Equal(2, marked.Length);
        Assert.All(marked, line => Assert.Contains(":45026", line, StringComparison.Ordinal));
        _scene.Press(_pane, "/time_wait\rj");
        Assert.Contains(_scene.Cursor.Moment!.Changes, change => change.To == TcpState.TimeWait);
    }

    [Fact]
    public void A_shows_the_experiments_sockets_only_and_the_title_says_so()
    {
        Assert.Contains("sockets · machine", _scene.Draw(_pane, 120, 8), StringComparison.Ordinal);
        _scene.Press(_pane, "a");
        Assert.Contains("sockets · experiment", _scene.Draw(_pane, 120, 8), StringComparison.Ordinal);
        Assert.Equal(["8000"], Ports());
    }

    [Fact]
    public void A_hostile_process_name_stays_text_in_its_place()
    {
        _scene.Socket(RowChange.Appeared, Scene.Client(), TcpState.Established, 9, 5, "\e[2J世界\u202e\n世界世界世界", 7);
        _scene.Fold();
        foreach (int columns in new[] { 80, 120 })
        {
            foreach (var characters in new[] { CharacterSet.Unicode, CharacterSet.Ascii })
            {
                string screen = _scene.Draw(_pane, columns, 8, characters);
                Assert.DoesNotContain(screen, c => c == '\e' || c == '\u202e');
                Assert.Equal(8, screen.Split('\n').Length);
                Assert.All(screen.Split('\n'), line => Assert.Equal(columns, TextWidth.Of(line, characters)));
            }
        }

        _scene.Foot.Clipboard = text =>
        {
            Assert.DoesNotContain('\e', text);
            return true;
        };
        _scene.Press(_pane, "/:45026\rjy");
        Assert.Equal("✓ copied the socket's line", _scene.Foot.Message);
    }

    [Fact]
    public void A_click_selects_and_a_second_one_opens()
    {
        _scene.Draw(_pane, 80, 20);
        _pane.Click(5, 2, _scene.Context);
        Assert.DoesNotContain("owner", _scene.Draw(_pane, 80, 20), StringComparison.Ordinal);
        _pane.Click(5, 2, _scene.Context);
        Assert.Contains("owner", _scene.Draw(_pane, 80, 20), StringComparison.Ordinal);
    }

    private string[] Ports() => [.. _scene.Draw(_pane, 120, 20).Split('\n').Where(line => line.Contains("tcp", StringComparison.Ordinal) || line.Contains("udp", StringComparison.Ordinal))
        .Select(line => System.Text.RegularExpressions.Regex.Match(line, @":(\d+) "))
        .Where(match => match.Success).Select(match => match.Groups[1].Value)];
}
