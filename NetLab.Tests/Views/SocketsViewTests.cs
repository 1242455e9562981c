using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;

namespace NetLab.Tests.Views;

public sealed class SocketsViewTests
{
    private static readonly FourTuple s_tuple = new(new Endpoint(IpAddress.Loopback, 40000), new Endpoint(IpAddress.Loopback, 8000));
    private readonly SocketsView _view = new();
    private long _milliseconds;

    [Fact]
    public void A_connection_that_is_accepted_and_at_last_waits_in_TIME_WAIT_is_one_row()
    {
        Fold(RowChange.Appeared, TcpState.Established, inode: 0);
        Fold(RowChange.Changed, TcpState.Established, inode: 17);
        Assert.Equal(17ul, Assert.Single(_view.Rows.ToArray()).Key.Inode);
        Fold(RowChange.Changed, TcpState.TimeWait, inode: 0);
        var row = Assert.Single(_view.Rows.ToArray());
        Assert.Equal((TcpState.TimeWait, 0ul), (row.Detail.State, row.Key.Inode));
        Assert.Equal(1, _view.Count);
        Fold(RowChange.Gone, TcpState.TimeWait, inode: 0);
        Assert.Equal(0, _view.Count);
        Assert.True(_view.Advance(Time + SocketsView.Linger + SocketsView.Linger));
        Assert.Equal(0, _view.Rows.Length);
    }

    [Fact]
    public void Two_sockets_on_one_address_stay_two_rows()
    {
        Fold(RowChange.Appeared, TcpState.Listen, inode: 1);
        Fold(RowChange.Appeared, TcpState.Listen, inode: 2);
        Fold(RowChange.Changed, TcpState.Listen, inode: 1);
        Assert.Equal([1ul, 2ul], _view.Rows.ToArray().Select(row => row.Key.Inode));
        Fold(RowChange.Gone, TcpState.Listen, inode: 2);
        Assert.Equal(1, _view.Count);
        // The row that is gone stands there a moment longer, and is not taken over.
        Fold(RowChange.Changed, TcpState.TimeWait, inode: 0);
        Assert.Equal(2, _view.Count);
    }

    private Timestamp Time => Timestamp.MinValue + Duration.FromMilliseconds(_milliseconds);

    private void Fold(RowChange change, TcpState state, ulong inode)
    {
        _milliseconds++;
        var entry = new LabEvent { Kind = EventKind.Socket, Time = Time, Tuple = s_tuple };
        entry.Detail.Socket.Protocol = 6;
        (entry.Detail.Socket.Change, entry.Detail.Socket.State, entry.Detail.Socket.Inode) = (change, state, inode);
        _view.Fold(entry);
    }
}
