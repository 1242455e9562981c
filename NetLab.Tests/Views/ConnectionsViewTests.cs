using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tests.Tcp;
using ExecutionContext = NetLab.Core.ExecutionContext;

namespace NetLab.Tests.Views;

/// <summary>The view against transcripts: kernel events ("! socket FROM TO soft|call end") and segments ("> SA seq 1 ack 2"), a millisecond apart.</summary>
public class ConnectionsViewTests
{
    // What FACTS.md lists for a server that closes first; 1 is the listener, 2 the server's connection, 3 the client.
    private const string Hello = """
        ! 1 CLOSED LISTEN call listener
        ! 3 CLOSED SYN_SENT call portless
        > S seq 100
        < SA seq 300 ack 101
        ! 3 SYN_SENT ESTABLISHED soft client
        > A seq 101 ack 301
        ! 2 LISTEN SYN_RCVD soft server
        ! 2 SYN_RCVD ESTABLISHED soft server
        > PA seq 101 ack 301 len 9
        < A seq 301 ack 110
        ! 2 ESTABLISHED FIN_WAIT_1 call server
        < FA seq 301 ack 110
        ! 3 ESTABLISHED CLOSE_WAIT soft client
        > A seq 110 ack 302
        ! 2 FIN_WAIT_1 FIN_WAIT_2 soft server
        ! 3 CLOSE_WAIT LAST_ACK call client
        > FA seq 110 ack 302
        < A seq 302 ack 111
        ! 2 FIN_WAIT_2 CLOSED soft server
        ! 3 LAST_ACK CLOSED soft client
        ! 1 LISTEN CLOSED call listener
        """;

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

    private static ConnectionsView Fold(string transcript, bool trace)
    {
        var view = new ConnectionsView();
        view.Sources(trace, packets: true);
        int time = 0;
        foreach (string line in transcript.Split('\n'))
        {
            var entry = new LabEvent { Time = Wire.At(++time), Kind = EventKind.Packet };
            if (line[0] == '!')
            {
                entry = State(line.Split(' '), entry.Time);
                view.Fold(entry, default);
                continue;
            }

            var (segment, _) = Wire.Parse(line);
            entry.Tuple = segment.Tuple;
            view.Fold(entry, new EventReference(0, time), segment);
        }

        return view;
    }

    private static LabEvent State(string[] words, Timestamp time)
    {
        Assert.True(TcpStateNames.TryParse(words[2], out var from) & TcpStateNames.TryParse(words[3], out var to));
        var entry = new LabEvent
        {
            Time = time,
            Kind = EventKind.State,
            Socket = ulong.Parse(words[1]),
            ThreadId = 7,
            Tuple = words[5] switch
            {
                "client" => Wire.Tuple,
                "portless" => new FourTuple(new Endpoint(IpAddress.Loopback, 0), Wire.Tuple.Remote),
                "server" => Wire.Tuple.Reversed,
                _ => new FourTuple(Wire.Tuple.Remote, default),
            },
        };
        entry.Detail.State = new StateDetail { From = from, To = to, Context = words[4] == "soft" ? ExecutionContext.SoftInterrupt : ExecutionContext.Process };
        return entry;
    }

    private static string Path(ConnectionEnd end) => string.Join(' ', end.Path.Select(change => change.To.Name()));
}
