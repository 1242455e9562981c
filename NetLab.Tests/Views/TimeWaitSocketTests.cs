using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Tests.Tcp;
using static NetLab.Tests.Views.Transcript;

namespace NetLab.Tests.Views;

/// <summary>What FIN_WAIT_2 → CLOSE and CLOSING → CLOSE of the trace really were, and who tells it.</summary>
public class TimeWaitSocketTests
{
    private const string Before = "SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2";

    // The server has closed and nobody holds its socket: a time-wait socket takes over in FIN_WAIT_2 (line 15), and then the client closes.
    private static readonly List<Told> s_closedLater = Events("""
        ! 1 CLOSED LISTEN call listener
        ! 3 CLOSED SYN_SENT call portless
        > S seq 100
        < SA seq 300 ack 101
        ! 3 SYN_SENT ESTABLISHED soft client
        > A seq 101 ack 301
        ! 2 LISTEN SYN_RCVD soft server
        ! 2 SYN_RCVD ESTABLISHED soft server
        ! 2 ESTABLISHED FIN_WAIT_1 call server
        < FA seq 301 ack 101
        ! 3 ESTABLISHED CLOSE_WAIT soft client
        > A seq 101 ack 302
        ! 2 FIN_WAIT_1 FIN_WAIT_2 soft server
        ! 2 FIN_WAIT_2 CLOSED soft server
        ! 3 CLOSE_WAIT LAST_ACK call client
        > FA seq 101 ack 302
        < A seq 302 ack 102
        ! 3 LAST_ACK CLOSED soft client
        """);

    private static IEnumerable<Told> Kernel => s_closedLater.Where(told => told.Entry.Kind == EventKind.State);

    private static IEnumerable<Told> Packets => s_closedLater.Where(told => told.Entry.Kind == EventKind.Packet);

    private static Timestamp HandedOver => Kernel.Single(told => told.Entry.Detail.State is { From: TcpState.FinWait2 }).Entry.Time;

    [Fact]
    public void It_is_FIN_WAIT_2_until_the_FIN_comes()
    {
        var view = Fold(s_closedLater.Take(14), trace: true, packets: true);
        var server = view.Connections[0].Second;
        Assert.Equal(Before, Path(server));
        Fold(view, s_closedLater.Skip(14));
        Assert.Equal(Before + " TIME_WAIT", Path(server));
        Assert.Equal((Wire.At(16), "rcv FIN,ACK"), (server.Since, server.Path[^1].Cause));
    }

    [Fact]
    public void A_capture_that_is_late_decides_when_it_comes_and_the_time_is_the_kernels()
    {
        var view = Fold(Kernel, trace: true, packets: true);
        var server = view.Connections[0].Second;
        Assert.Equal(Before, Path(server));
        Fold(view, Packets);
        Assert.Equal(Before + " TIME_WAIT", Path(server));
        Assert.Equal(Wire.At(16), server.Since);

        // Here the FIN had come before the time-wait socket.
        view = Fold(Events(Hello).Where(told => told.Entry.Kind == EventKind.State), trace: true, packets: true);
        server = view.Connections[0].Second;
        Assert.Equal(Before, Path(server));
        Fold(view, Events(Hello).Where(told => told.Entry.Kind == EventKind.Packet));
        Assert.Equal(Before + " TIME_WAIT", Path(server));
        var handedOver = Events(Hello).Single(told => told.Entry.Detail.State is { From: TcpState.FinWait2 } && told.Entry.Kind == EventKind.State).Entry.Time;
        Assert.Equal((handedOver, "rcv FIN,ACK"), (server.Since, server.Path[^1].Cause));
    }

    [Fact]
    public void A_peer_that_never_closes_leaves_it_in_FIN_WAIT_2_however_late_the_capture_is_and_however_long_it_lasts()
    {
        var view = Fold(Kernel.Take(9), trace: true, packets: true);
        var server = view.Connections[0].Second;
        Fold(view, Packets.Take(5));
        Assert.Equal(Before, Path(server));
        Assert.False(view.Advance(HandedOver + Duration.FromSeconds(30)));
        Assert.Equal(Before, Path(server));
    }

    [Fact]
    public void The_socket_table_tells_TIME_WAIT_where_the_packets_are_not_captured_and_its_timer_tells_since_when()
    {
        var view = Fold(Kernel, trace: true, packets: true);
        var server = view.Connections[0].Second;
        var row = Events("# server TIME_WAIT timer 59")[0];
        var sampled = row.Entry.Time + Duration.FromSeconds(2);
        Fold(view, [row with { Entry = row.Entry with { Time = sampled } }]);
        Assert.Equal(Before + " TIME_WAIT", Path(server));
        Assert.Equal((sampled - Duration.FromSeconds(1), Provenance.Sampled), (server.Since, server.Path[^1].Provenance));
        Assert.Equal(sampled + Duration.FromSeconds(59), server.TimeWaitEnds);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_socket_table_tells_FIN_WAIT_2_and_its_end(bool packets)
    {
        var view = Fold(Kernel, trace: true, packets);
        var server = view.Connections[0].Second;
        Fold(view, Events("# server FIN_WAIT_2 timer 59"));
        Assert.False(view.Advance(HandedOver + Duration.FromSeconds(10)));
        Assert.Equal(Before, Path(server));
        Fold(view, Events("# server FIN_WAIT_2 timer 0 gone"));
        Assert.Equal(Before + " CLOSED", Path(server));
        Assert.Equal("timeout", server.Path[^1].Cause);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_neither_packets_nor_the_table_know_is_taken_for_TIME_WAIT_after_three_seconds(bool packets)
    {
        var view = Fold(Kernel, trace: true, packets);
        var server = view.Connections[0].Second;
        Assert.False(view.Advance(HandedOver + Duration.FromSeconds(2)));
        Assert.Equal(Before, Path(server));
        Assert.True(view.Advance(HandedOver + Duration.FromSeconds(3)));
        Assert.Equal(Before + " TIME_WAIT", Path(server));
        Assert.Equal((HandedOver, Provenance.Inferred), (server.Since, server.Path[^1].Provenance));
    }

    [Fact]
    public void A_reset_ends_it_also_if_it_is_told_late()
    {
        var events = s_closedLater[..13].Concat(Events("> RA seq 101 ack 302\n! 2 FIN_WAIT_2 CLOSED soft server")).ToList();
        Assert.Equal(Before + " CLOSED", Path(Fold(events, trace: true, packets: true).Connections[0].Second));
        (events[^1], events[^2]) = (events[^2], events[^1]);
        var server = Fold(events, trace: true, packets: true).Connections[0].Second;
        Assert.Equal(Before + " CLOSED", Path(server));
        Assert.Equal("rcv RST", server.Path[^1].Cause);
    }

    [Fact]
    public void An_own_reset_ends_it_although_the_peers_FIN_is_on_its_way()
    {
        var events = s_closedLater[..13].Concat(Events("> FA seq 101 ack 302\n! 2 FIN_WAIT_2 CLOSED call server\n< R seq 302\n< RA seq 302 ack 101"));
        var server = Fold(events, trace: true, packets: true).Connections[0].Second;
        Assert.Equal(Before + " CLOSED", Path(server));
        Assert.Equal("abort", server.Path[^1].Cause);
    }

    [Theory]
    [InlineData("< A seq 302 ack 102", "SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSING TIME_WAIT")]
    [InlineData("< A seq 302 ack 102\n< R seq 302", "SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSING TIME_WAIT CLOSED")]
    [InlineData("< A seq 302 ack 102\n> R seq 102", "SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSING CLOSED")]
    [InlineData("< R seq 302", "SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSING CLOSED")]
    public void CLOSING_becomes_what_the_packets_say(string last, string path)
    {
        string crossing = $"""
            ! 3 CLOSED SYN_SENT call portless
            > S seq 100
            < SA seq 300 ack 101
            ! 3 SYN_SENT ESTABLISHED soft client
            > A seq 101 ack 301
            ! 3 ESTABLISHED FIN_WAIT_1 call client
            > FA seq 101 ack 301
            < FA seq 301 ack 101
            ! 3 FIN_WAIT_1 CLOSING soft client
            > A seq 102 ack 302
            {last}
            ! 3 CLOSING CLOSED soft client
            """;
        Assert.Equal(path, Path(Fold(crossing, trace: true).Connections[0].First));
        var events = Events(crossing);
        var view = Fold(events.Where(told => told.Entry.Kind == EventKind.State), trace: true, packets: true);
        Assert.Equal("SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSING", Path(view.Connections[0].First));
        Fold(view, events.Where(told => told.Entry.Kind == EventKind.Packet));
        Assert.Equal(path, Path(view.Connections[0].First));
    }
}
