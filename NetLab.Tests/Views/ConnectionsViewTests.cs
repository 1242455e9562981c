using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tests.Tcp;
using static NetLab.Tests.Views.Transcript;

namespace NetLab.Tests.Views;

/// <summary>The view against transcripts.</summary>
public class ConnectionsViewTests
{
    [Fact]
    public void The_hello_script_goes_through_the_states_that_it_expects()
    {
        var view = Fold(Hello, trace: true);
        var connection = Assert.Single(view.Connections);
        Assert.Equal("SYN_SENT ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED", Path(connection.First));
        Assert.Equal("SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT", Path(connection.Second));
        Assert.Equal("LISTEN CLOSED", Path(Assert.Single(view.Listeners)));
        Assert.All(view.Ends, end => Assert.Equal(Provenance.Observed, end.Provenance));
    }

    [Fact]
    public void SYN_RCVD_begins_with_the_SYN_and_not_when_the_kernel_makes_the_socket()
    {
        var server = Fold(Hello, trace: true).Connections[0].Second;
        Assert.Equal(Wire.At(3), server.Path[0].Time);
        Assert.Equal("rcv SYN", server.Path[0].Cause);
    }

    [Fact]
    public void Each_change_names_its_cause()
    {
        var connection = Fold(Hello, trace: true).Connections[0];
        Assert.Equal(["connect", "rcv SYN,ACK", "rcv FIN,ACK", "close", "rcv ACK"], connection.First.Path.Select(change => change.Cause));
        Assert.Equal(["rcv SYN", "rcv ACK", "close", "rcv ACK", "rcv FIN,ACK"], connection.Second.Path.Select(change => change.Cause));
    }

    [Fact]
    public void The_SYN_ACK_makes_ESTABLISHED_also_where_the_thread_that_connects_takes_it_in()
    {
        var names = new NameTable();
        var view = new ConnectionsView();
        view.Sources(trace: true, packets: true);
        view.Fold(Step(names, "client", "connect"), "connect"u8);
        // On loopback the answer comes while connect() still holds the socket, and is taken in by its thread as it lets go.
        Fold(view, Events(Hello.Replace("ESTABLISHED soft client", "ESTABLISHED call client", StringComparison.Ordinal)));
        Assert.Equal(["connect", "rcv SYN,ACK"], view.Connections[0].First.Path.Select(change => change.Cause).Take(2));
    }

    [Fact]
    public void An_end_that_resets_names_its_own_call()
    {
        var names = new NameTable();
        string reset = string.Join('\n', Hello.Split('\n')[..8]) + "\n! 2 ESTABLISHED CLOSED call server\n< RA seq 301 ack 101\n! 3 ESTABLISHED CLOSED soft client";
        var connection = Fold(reset, trace: true).Connections[0];
        Assert.Equal("abort", connection.Second.Path[^1].Cause);
        Assert.Equal("rcv RST", connection.First.Path[^1].Cause);
        var view = new ConnectionsView();
        view.Sources(trace: true, packets: true);
        view.Fold(Step(names, "server", "close"), "close"u8);
        Fold(view, Events(reset));
        Assert.Equal("close", view.Connections[0].Second.Path[^1].Cause);
        var inferred = Fold(string.Join('\n', reset.Split('\n').Where(line => line[0] != '!')), trace: false).Connections[0];
        Assert.Equal("abort", inferred.Second.Path[^1].Cause);
        Assert.Equal("rcv RST", inferred.First.Path[^1].Cause);
    }

    [Fact]
    public void A_connect_to_a_four_tuple_that_lives_is_a_connection_of_its_own_and_leaves_the_living_one_alone()
    {
        var names = new NameTable();
        var view = new ConnectionsView();
        view.Sources(trace: true, packets: true);
        view.Fold(Ownership(names, "client", "first", Wire.Tuple, thread: 7), default);
        var lines = Hello.Split('\n');
        Fold(view, Events(string.Join('\n', lines[..8])));
        view.Fold(Ownership(names, "client", "second", new FourTuple(Wire.Tuple.Local, new Endpoint(IpAddress.AnyIPv4, 0)), thread: 7), default);
        Fold(view, Events("! 4 CLOSED SYN_SENT call client\n! 4 SYN_SENT CLOSED call client"));
        Fold(view, Events(string.Join('\n', lines[8..])));
        Assert.Equal(2, view.Connections.Count);
        Assert.Equal("SYN_SENT ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED", Path(view.Connections[0].First));
        Assert.Equal("first", names[view.Connections[0].First.SocketName]);
        Assert.Equal("SYN_SENT CLOSED", Path(view.Connections[1].First));
        Assert.Equal("second", names[view.Connections[1].First.SocketName]);
        Assert.Equal("", view.Connections[1].First.Path[^1].Cause);
    }

    [Fact]
    public void A_connect_that_fails_before_it_has_a_port_has_its_actor_and_its_name()
    {
        var names = new NameTable();
        var view = new ConnectionsView();
        view.Sources(trace: true, packets: true);
        view.Fold(Step(names, "client", "connect"), "connect"u8);
        view.Fold(Ownership(names, "client", "other", Wire.Tuple, thread: 8), default);
        view.Fold(Ownership(names, "client", "socket", new FourTuple(new Endpoint(IpAddress.AnyIPv4, 0), Wire.Tuple.Remote), thread: 7), default);
        Fold(view, Events("! 3 CLOSED SYN_SENT call portless\n! 3 SYN_SENT CLOSED call portless"));
        var end = Assert.Single(view.Ends);
        Assert.Equal("SYN_SENT CLOSED", Path(end));
        Assert.Equal(("client", "socket"), (names[end.Actor], names[end.SocketName]));
    }

    [Fact]
    public void A_refused_connect_is_closed_by_the_reset_also_if_that_is_told_late()
    {
        var events = Events("! 3 CLOSED SYN_SENT call portless\n> S seq 100\n< RA seq 0 ack 101\n! 3 SYN_SENT CLOSED call client");
        foreach (var order in new[] { events, [events[0], events[1], events[3], events[2]] })
        {
            var view = new ConnectionsView();
            view.Sources(trace: true, packets: true);
            Fold(view, order);
            var client = view.Connections[0].First;
            Assert.Equal("SYN_SENT CLOSED", Path(client));
            Assert.Equal(["connect", "rcv RST"], client.Path.Select(change => change.Cause));
        }
    }

    [Fact]
    public void What_the_packets_take_back_leaves_the_path()
    {
        var connection = Fold("> S seq 100\n< SA seq 300 ack 101\n> A seq 101 ack 301\n< RA seq 301 ack 101\n> FA seq 101 ack 301\n< R seq 301", trace: false).Connections[0];
        Assert.Equal("SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSED", Path(connection.First));
        Assert.Equal(["connect", "rcv SYN,ACK", "close", "rcv RST"], connection.First.Path.Select(change => change.Cause));
    }

    [Fact]
    public void Without_a_trace_the_packets_tell_the_same_with_the_same_causes()
    {
        var connection = Fold(string.Join('\n', Hello.Split('\n').Where(line => line[0] != '!')), trace: false).Connections[0];
        Assert.Equal("SYN_SENT ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED", Path(connection.First));
        Assert.Equal("SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT", Path(connection.Second));
        Assert.Equal(["connect", "rcv SYN,ACK", "rcv FIN,ACK", "close", "rcv ACK"], connection.First.Path.Select(change => change.Cause));
        Assert.Equal(["rcv SYN", "rcv ACK", "close", "rcv ACK", "rcv FIN,ACK"], connection.Second.Path.Select(change => change.Cause));
        Assert.All(connection.Second.Path, change => Assert.Equal(Provenance.Inferred, change.Provenance));
    }

    [Fact]
    public void A_FIN_that_is_told_after_the_time_wait_socket_took_over_still_leads_to_TIME_WAIT()
    {
        var lines = Hello.Split('\n').ToList();
        string closed = lines.Single(line => line.StartsWith("! 2 FIN_WAIT_2", StringComparison.Ordinal));
        lines.Remove(closed);
        lines.Insert(lines.FindIndex(line => line.StartsWith("> FA", StringComparison.Ordinal)), closed);
        var server = Fold(string.Join('\n', lines), trace: true).Connections[0].Second;
        Assert.Equal("SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT", Path(server));
        Assert.Equal("rcv FIN,ACK", server.Path[^1].Cause);
    }

    [Fact]
    public void An_end_whose_peer_never_closes_stays_in_FIN_WAIT_2_when_a_time_wait_socket_takes_over()
    {
        string abandoned = string.Join('\n', Hello.Split('\n').Where(line =>
            !line.StartsWith("! 3 CLOSE_WAIT", StringComparison.Ordinal) && !line.StartsWith("! 3 LAST", StringComparison.Ordinal)
            && !line.StartsWith("> FA", StringComparison.Ordinal) && !line.StartsWith("< A seq 302", StringComparison.Ordinal)));
        Assert.Equal("SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2", Path(Fold(abandoned, trace: true).Connections[0].Second));
    }

    [Fact]
    public void TIME_WAIT_counts_down_and_ends()
    {
        var view = Fold(Hello, trace: true);
        var server = view.Connections[0].Second;
        var began = server.Since;
        Assert.Equal(Duration.FromSeconds(20), server.TimeWaitRemaining(began + Duration.FromSeconds(40)));
        Assert.False(view.Advance(began + Duration.FromSeconds(59)));
        Assert.True(view.Advance(began + Duration.FromSeconds(60)));
        Assert.Equal(TcpState.Closed, server.State);
        Assert.Equal("2MSL timeout", server.Path[^1].Cause);
    }

    [Fact]
    public void A_four_tuple_used_again_is_a_new_connection()
    {
        var view = Fold(Hello + "\n" + Hello.Replace("seq 100", "seq 70000", StringComparison.Ordinal).Replace("seq 300 ack 101", "seq 300 ack 70001", StringComparison.Ordinal),
            trace: true);
        Assert.Equal(2, view.Connections.Count);
        Assert.Equal(Path(view.Connections[0].First), Path(view.Connections[1].First));
    }
}
