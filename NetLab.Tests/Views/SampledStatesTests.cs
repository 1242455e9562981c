using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tests.Tcp;

namespace NetLab.Tests.Views;

/// <summary>What the socket table alone tells, and what is known of a connection that was there before.</summary>
public class SampledStatesTests
{
    [Theory]
    [InlineData(SampledStates.OfActors, "")]
    [InlineData(SampledStates.OfEverybody, "LISTEN | ESTABLISHED FIN_WAIT_2 TIME_WAIT CLOSED | ESTABLISHED CLOSE_WAIT CLOSED")]
    public void Sockets_of_nobody_in_particular_have_states_only_where_everybody_is_asked_for(SampledStates whose, string paths)
    {
        var view = new ConnectionsView(whose);
        view.Sources(trace: false, packets: false);
        var listener = new FourTuple(Wire.Tuple.Remote, default);
        var server = Wire.Tuple.Reversed;
        var client = Wire.Tuple;
        Sample(view, 1, listener, TcpState.Listen, RowChange.Appeared);
        Sample(view, 2, server, TcpState.Established, RowChange.Appeared);
        Sample(view, 2, client, TcpState.Established, RowChange.Appeared);
        Sample(view, 3, server, TcpState.FinWait2, RowChange.Changed);
        Sample(view, 3, client, TcpState.CloseWait, RowChange.Changed);
        Sample(view, 4, client, TcpState.CloseWait, RowChange.Gone);
        Sample(view, 4, server, TcpState.FinWait2, RowChange.Gone, process: 7);
        Assert.Equal(paths.Replace(" TIME_WAIT", "", StringComparison.Ordinal), Paths(view));
        if (whose == SampledStates.OfActors)
            return;
        Assert.All(view.Ends, end => Assert.Equal(Provenance.Sampled, end.Provenance));
        Assert.Equal(7, view.Connections[0].First.ProcessId);
    }

    [Fact]
    public void TIME_WAIT_ends_when_the_tables_timer_does()
    {
        var view = new ConnectionsView(SampledStates.OfEverybody);
        view.Sources(trace: false, packets: false);
        Sample(view, 1, Wire.Tuple, TcpState.Established, RowChange.Appeared);
        Sample(view, 2, Wire.Tuple, TcpState.TimeWait, RowChange.Changed, timer: Duration.FromSeconds(60));
        Sample(view, 3, Wire.Tuple, TcpState.TimeWait, RowChange.Changed, timer: Duration.FromSeconds(30));
        Assert.False(view.Advance(Wire.At(3) + Duration.FromSeconds(29)));
        Assert.True(view.Advance(Wire.At(3) + Duration.FromSeconds(30)));
        var last = view.Connections[0].First.Path[^1];
        Assert.Equal((TcpState.TimeWait, TcpState.Closed, Wire.At(3) + Duration.FromSeconds(30)), (last.From, last.To, last.Time));
    }

    [Fact]
    public void A_connection_that_was_there_before_the_trace_changes_from_the_state_that_the_kernel_names()
    {
        var view = new ConnectionsView();
        view.Sources(trace: true, packets: false);
        var entry = new LabEvent { Time = Wire.At(1), Kind = EventKind.State, Socket = 42, Tuple = Wire.Tuple };
        entry.Detail.State = new StateDetail { From = TcpState.Established, To = TcpState.CloseWait, Context = Core.ExecutionContext.SoftInterrupt };
        view.Fold(entry, default);
        var change = Assert.Single(view.Connections[0].First.Path);
        Assert.Equal((TcpState.Established, TcpState.CloseWait, Duration.Zero), (change.From, change.To, change.Spent));
    }

    private static void Sample(ConnectionsView view, int time, FourTuple tuple, TcpState state, RowChange change, Duration timer = default, int process = 0)
    {
        var entry = new LabEvent { Time = Wire.At(time), Kind = EventKind.Socket, Provenance = Provenance.Sampled, Tuple = tuple, ProcessId = process };
        entry.Detail.Socket = new SocketDetail
        {
            Protocol = 6,
            State = state,
            Change = change,
            Timer = timer == default ? SocketTimer.Off : SocketTimer.TimeWait,
            TimerRemaining = timer,
        };
        view.Fold(entry, default);
    }

    private static string Paths(ConnectionsView view) => string.Join(" | ", view.Ends.Select(end => string.Join(' ', end.Path.Select(change => change.To.Name()))));
}
