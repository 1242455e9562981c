using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tests.Support;

namespace NetLab.Tests.Views;

public sealed class MomentTests : IDisposable
{
    private readonly Scene _scene = new Scene().Hello();

    public void Dispose() => _scene.Dispose();

    private LabView View => _scene.Lab.View;

    [Fact]
    public void A_close_its_FIN_both_states_and_the_recv_that_got_its_end_are_one_moment()
    {
        var fromPacket = Of(row => row.Kind == TimelineKind.Packet && row.Flags.HasFlag(TcpFlags.Fin) && row.Tuple == Scene.Client().Reversed);
        Assert.Equal("close recvfrom | F. | server FIN_WAIT_1, client CLOSE_WAIT", Tell(fromPacket));
        Assert.Equal(Tell(fromPacket), Tell(OfChange(TcpState.FinWait1)));
        Assert.Equal(Tell(fromPacket), Tell(OfChange(TcpState.CloseWait)));
        Assert.Equal(Tell(fromPacket), Tell(Of(row => row.Call == CallKind.Closes && _scene.Context.Names[row.Actor] == "server")));
        Assert.Equal(Tell(fromPacket), Tell(Of(row => row.Call == CallKind.Receives && row.Length == 0)));
    }

    [Fact]
    public void A_connect_belongs_to_its_SYN_and_an_accept_to_the_last_ACK()
    {
        Assert.Equal("connect | S | server SYN_RCVD, client SYN_SENT", Tell(OfChange(TcpState.SynSent)));
        Assert.Equal("accept4 | . | server ESTABLISHED", Tell(Of(row => row.Call == CallKind.Accepts)));
        Assert.Equal("listen |  | server LISTEN", Tell(OfChange(TcpState.Listen)));
    }

    [Fact]
    public void Data_belongs_to_the_call_that_sent_it_and_to_the_call_that_got_it()
    {
        var request = View.Moments.At(Place(row => row.Kind == TimelineKind.Packet && row.Length == 37));
        Assert.Equal("recvfrom sendto | P. | ", Tell(request));
        Assert.True(request.IsOf(Scene.Client()));
        Assert.True(request.IsOf(Scene.Client().Reversed));
        Assert.False(request.IsOf(Scene.Client(45027)));
    }

    [Fact]
    public void A_bare_acknowledgement_stands_alone() =>
        Assert.Equal(" | . | ", Tell(Of(row => row is { Kind: TimelineKind.Packet, Flags: TcpFlags.Ack, Length: 0 } && row.Time == Scene.At(155))));

    [Fact]
    public void Every_row_of_a_second_connection_stays_with_its_own()
    {
        _scene.Hello(45027, at: 1_000);
        for (int place = 0; place < View.Timeline.Rows.Count; place++)
        {
            var moment = View.Moments.At(place);
            var tuple = View.Moments.TupleAt(place);
            if (tuple.IsComplete)
                Assert.True(moment.IsOf(tuple), $"row {place}");
            foreach (var change in moment.Changes.Where(change => change.End.Tuple.IsComplete))
                Assert.True(moment.IsOf(change.End.Tuple), $"row {place}: {change.To}");
            Assert.InRange(moment.Packets.Count, 0, 1);
        }
    }

    [Theory]
    [InlineData(TimelineGrain.Events)]
    [InlineData(TimelineGrain.Moments)]
    public void Every_row_is_told_once_and_each_side_in_its_own_order(TimelineGrain grain)
    {
        _scene.Hello(45027, at: 1_000);
        var lines = TimelineFold.Lines(View.Timeline, View.Moments, Sides(null), grain, Duration.Zero);
        // A call that returns on a line of its own is told twice, as its beginning and as its end.
        var told = lines.SelectMany(line => new[] { line.Packet, line.Left.Call, line.Left.State, line.Right.Call, line.Right.State }).Where(place => place >= 0).ToList();
        Assert.Equal(Enumerable.Range(0, View.Timeline.Rows.Count), told.Order());
        foreach (var side in new Func<TimelineLine, TimelineHalf>[] { line => line.Left, line => line.Right })
        {
            var calls = lines.Select(side).Where(half => half.Call >= 0).Select(half => View.Timeline.Rows[half.Call].Time).ToList();
            Assert.Equal(calls.Order(), calls);
        }

        if (grain == TimelineGrain.Events)
            Assert.Equal(View.Timeline.Rows.Count, lines.Count);
        else
            Assert.True(lines.Count < View.Timeline.Rows.Count * 2 / 3);
    }

    [Fact]
    public void One_connection_is_shown_alone_with_what_its_actors_did_without_one()
    {
        _scene.Hello(45027, at: 1_000);
        var second = View.Connections.Connections[1];
        var lines = TimelineFold.Lines(View.Timeline, View.Moments, Sides(second), TimelineGrain.Events, Duration.Zero);
        foreach (var line in lines)
        {
            var tuple = View.Moments.TupleAt(line.Main);
            Assert.True(!tuple.IsComplete || tuple == second.First.Tuple || tuple == second.Second.Tuple);
        }

        Assert.Equal(10, lines.Count(line => line.Packet >= 0));
        Assert.Equal("server", _scene.Context.Names[Sides(second).Left!.Actor]);
    }

    [Fact]
    public void Empty_lines_stand_for_time_and_long_gaps_are_cut()
    {
        var lines = TimelineFold.Lines(View.Timeline, View.Moments, Sides(null), TimelineGrain.Events, Duration.FromMicroseconds(10));
        var gaps = lines.Where(line => line.IsGap && line.Gap != Duration.Zero).Select(line => line.Gap).ToList();
        Assert.Contains(Duration.FromMicroseconds(113), gaps);
        // 13 µs are one empty line, 113 are eleven and drawn as three.
        int longest = lines.FindIndex(line => line.Gap == Duration.FromMicroseconds(113));
        Assert.True(lines[longest - 1].IsGap && lines[longest + 1].IsGap && !lines[longest - 2].IsGap && !lines[longest + 2].IsGap);
    }

    private TimelineSides Sides(Connection? chosen) => new(View.Connections, _scene.Context.Names.Intern("server"), chosen);

    private int Place(Func<TimelineRow, bool> wanted)
    {
        for (int place = 0; place < View.Timeline.Rows.Count; place++)
        {
            if (wanted(View.Timeline.Rows[place]))
                return place;
        }

        throw new InvalidOperationException("There is no such row.");
    }

    private Moment Of(Func<TimelineRow, bool> wanted) => View.Moments.At(Place(wanted));

    private Moment OfChange(TcpState to) => Of(row => row.Change?.To == to);

    private string Tell(Moment moment)
    {
        byte[] buffer = new byte[4096];
        string Call(EventReference call) => _scene.Lab.Journal.TryGet(call, ref buffer, out var entry, out _) ? _scene.Context.Names[entry.Detail.Syscall.Name] : "?";
        string Packet(EventReference packet) => View.Timeline.Rows[Place(row => row.Kind == TimelineKind.Packet && row.Reference == packet)].Flags switch
        {
            TcpFlags.Syn => "S",
            TcpFlags.Ack => ".",
            TcpFlags.Psh | TcpFlags.Ack => "P.",
            TcpFlags.Fin | TcpFlags.Ack => "F.",
            _ => "S.",
        };
        string Change(StateChange change) => $"{_scene.Context.Names[change.End.Actor]} {change.To.Name()}";
        return $"{string.Join(' ', moment.Calls.Select(Call).Order())} | {string.Join(' ', moment.Packets.Select(Packet))} | "
            + string.Join(", ", moment.Changes.Select(Change).OrderDescending());
    }
}
