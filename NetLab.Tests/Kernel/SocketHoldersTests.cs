using System.Net;
using System.Net.Sockets;
using NetLab.Core.Kernel;
using NetLab.Core.Tcp;

namespace NetLab.Tests.Kernel;

[Collection("Kernel")]
public class SocketHoldersTests
{
    [Fact]
    public void Own_sockets_are_held_by_this_process_under_their_descriptors()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        ushort port = (ushort)((IPEndPoint)listener.LocalEndpoint).Port;
        using var snapshot = new SocketSnapshot(new SocketQuery { Kinds = SocketKinds.Tcp, States = TcpStateSet.Of(TcpState.Listen), Facts = SocketFacts.Plain });
        snapshot.Refresh();
        Assert.Equal(-1, snapshot.Holders.First(Row(snapshot, port).Detail.Inode));
        snapshot.FindHolders();
        var holders = snapshot.Holders;
        int place = holders.First(Row(snapshot, port).Detail.Inode);

        Assert.Equal((Environment.ProcessId, (int)listener.Server.Handle), (holders.ProcessId(place), holders.Descriptor(place)));
        Assert.NotEmpty(holders.Name(place).ToArray());
        Assert.Equal(-1, holders.First(ulong.MaxValue));
        Assert.Equal(-1, holders.First(0));
        Assert.All(snapshot.Rows.ToArray(), row => Assert.Equal(TcpState.Listen, row.Detail.State));
    }

    [Fact]
    public void Each_holder_of_a_socket_is_found_in_order_also_when_sockets_share_a_bucket()
    {
        var holders = new SocketHolders();
        foreach (int process in new[] { 9, 5, 2 })
        {
            holders.AddProcess(process);
            for (int descriptor = 400; descriptor > 0; descriptor--)
                holders.Add((ulong)(descriptor % 7) * 4096 + 1, descriptor);
        }

        var found = new List<(int, int)>();
        for (int place = holders.First(3 * 4096 + 1); place >= 0; place = holders.Next(place))
            found.Add((holders.ProcessId(place), holders.Descriptor(place)));
        Assert.Equal(found.Order(), found);
        Assert.Equal(3 * Enumerable.Range(1, 400).Count(descriptor => descriptor % 7 == 3), found.Count);
    }

    [Fact]
    public void A_status_is_read_and_a_broken_one_is_not()
    {
        byte[] text = "Name:\ta b\\\\n\nUmask:\t0022\nPid:\t7\nUid:\t1000\t65534\t1000\t1000\n"u8.ToArray();
        int length = ProcessStatus.Parse(text, out uint user);
        Assert.Equal("a b\\\\n", System.Text.Encoding.UTF8.GetString(text, 0, length));
        Assert.Equal(65534u, user);
        Assert.Equal(0, ProcessStatus.Parse("garbage"u8.ToArray(), out _));
        Assert.Equal(0, ProcessStatus.Read(int.MaxValue, new byte[512], out _));
    }

    private static SocketRow Row(SocketSnapshot snapshot, ushort port) => snapshot.Rows.ToArray().Single(row => row.Tuple.Local.Port == port && !row.IsIPv6);
}
