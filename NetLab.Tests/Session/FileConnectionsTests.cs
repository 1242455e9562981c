using NetLab.Core;
using NetLab.Core.Session;
using NetLab.Core.Tcp;
using NetLab.Tests.Support;

namespace NetLab.Tests.Session;

public sealed class FileConnectionsTests : IDisposable
{
    private static readonly TcpState[] s_client = [TcpState.SynSent, TcpState.Established, TcpState.CloseWait, TcpState.LastAck, TcpState.Closed];
    private static readonly TcpState[] s_server = [TcpState.SynRcvd, TcpState.Established, TcpState.FinWait1, TcpState.FinWait2, TcpState.TimeWait];
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Each_connection_of_a_long_file_went_through_the_states_that_its_packets_tell()
    {
        const int connections = 2_000;
        TcpFrames.Save(_path, Enumerable.Range(0, connections).SelectMany(index => TcpFrames.Exchange((ushort)(10_000 + index))));
        using var log = CaptureFileLog.Open(_path, out _)!;
        using var read = new FileConnections(log);
        read.Wait();
        Assert.Equal((true, 1.0), (read.IsDone, read.Progress));
        Assert.Equal(new Timestamp(TcpFrames.Start.Nanoseconds + (10L * connections - 1) * 1_000_000), read.End);
        Assert.Equal(connections, read.View.Connections.Count);
        foreach (var connection in read.View.Connections)
        {
            Assert.Equal(s_client, connection.First.Path.Select(change => change.To));
            Assert.Equal(s_server, connection.Second.Path.Select(change => change.To));
            Assert.All(connection.First.Path.Concat(connection.Second.Path), change => Assert.Equal(Provenance.Inferred, change.Provenance));
        }
    }

    [Fact]
    public void A_change_names_the_packet_that_caused_it_by_its_place()
    {
        TcpFrames.Save(_path, [TcpFrames.Udp(53, 40_000, "x"), .. TcpFrames.Exchange(4001)]);
        using var log = CaptureFileLog.Open(_path, out _)!;
        using var read = new FileConnections(log);
        read.Wait();
        var established = read.View.Connections.Single().First.Path[1];
        Assert.Equal((TcpState.Established, "rcv SYN,ACK", 2), (established.To, established.Cause, FileConnections.PlaceOf(established.Packet!.Value)));
        Assert.Null(FileConnections.PlaceOf(new EventReference(0, 2)));
    }

    [Fact]
    public void No_capture_is_too_odd_to_be_read()
    {
        foreach (string path in Support.Fixtures.Captures)
        {
            if (CaptureFileLog.Open(path, out _) is not { } log)
                continue;
            using (log)
            using (var read = new FileConnections(log))
            {
                read.Wait();
                Assert.True(read.IsDone, path);
            }
        }
    }

    [Fact]
    public void It_is_given_up_at_any_time()
    {
        TcpFrames.Save(_path, Enumerable.Range(0, 5_000).SelectMany(index => TcpFrames.Exchange((ushort)(10_000 + index))));
        using var log = CaptureFileLog.Open(_path, out _)!;
        var read = new FileConnections(log);
        read.Dispose();
        Assert.True(read.IsDone);
    }
}
