using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tests.Support;

namespace NetLab.Tests.Views;

public sealed class ReplayTests : IDisposable
{
    private static readonly FourTuple s_other = new(new Endpoint(IpAddress.Loopback, 50_000), new Endpoint(IpAddress.Loopback, 8007));
    private readonly Scene _scene = new();

    private LabView View => _scene.Lab.View;

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void One_port_is_shown_with_what_the_journal_has_of_it()
    {
        _scene.Hello();
        Other(400, 1);
        var before = Paths();
        Assert.Equal(11, View.Packets.Rows.Count);
        View.Replay(8000);
        _scene.Fold();
        Assert.Equal(10, View.Packets.Rows.Count);
        // Calls belong to experiments; the states and their packets are the same.
        Assert.Equal(before, Paths());
        Other(500, 2);
        Assert.Equal(10, View.Packets.Rows.Count);
        View.Replay(8007);
        _scene.Fold();
        Assert.Equal(2, View.Packets.Rows.Count);
        Other(600, 3);
        Assert.Equal(3, View.Packets.Rows.Count);
        Assert.Equal(0, View.Missed);
    }

    [Fact]
    public void Nothing_of_other_ports_comes_into_an_experiment()
    {
        View.Follow(PortSelection.Except([8007]));
        Other(1, 1);
        _scene.Hello();
        Other(400, 2);
        Assert.Equal(10, View.Packets.Rows.Count);
        View.Follow(PortSelection.All);
        Assert.Equal(0, View.Packets.Rows.Count);
        Other(500, 3);
        Assert.Equal(1, View.Packets.Rows.Count);
    }

    [Fact]
    public void The_socket_table_takes_each_change_in_once()
    {
        _scene.Socket(RowChange.Appeared, Scene.Client(), TcpState.Established, 1, 10);
        _scene.Socket(RowChange.Appeared, s_other, TcpState.Established, 2, 11);
        _scene.Fold();
        for (int turn = 0; turn < 3; turn++)
        {
            View.Replay((ushort)(turn == 1 ? 8007 : 8000));
            _scene.Fold();
            Assert.Equal(2, View.Sockets.Rows.Length);
        }

        _scene.Socket(RowChange.Appeared, Scene.Client(45027), TcpState.Established, 3, 12);
        _scene.Fold();
        Assert.Equal(3, View.Sockets.Rows.Length);
    }

    [Fact]
    public void Who_hears_of_events_hears_of_each_once()
    {
        int heard = 0;
        View.Folded = (in LabEvent _, EventReference _, ReadOnlySpan<byte> _) => heard++;
        Other(1, 1);
        View.Replay(8007);
        _scene.Fold();
        View.Replay(8000);
        _scene.Fold();
        Assert.Equal(1, heard);
    }

    private void Other(double at, uint sequence)
    {
        _scene.Packet(s_other, TcpFlags.Ack, sequence, 1, 5, at);
        _scene.Fold();
    }

    private List<string> Paths() =>
        [.. View.Connections.Ends.Where(end => end.Tuple.Local.Port == 8000 || end.Tuple.Remote.Port == 8000)
            .Select(end => $"{end.Tuple.Local.Port}: {string.Join(' ', end.Path.Select(change => change.To))}").Order(StringComparer.Ordinal)];
}
