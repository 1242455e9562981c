using System.Net;
using System.Net.Sockets;
using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.Kernel;
using NetLab.Core.Tcp;
using ExecutionContext = NetLab.Core.ExecutionContext;

namespace NetLab.Tests.Kernel;

[Collection("Kernel")]
public class StateTraceSourceTests
{
    [Fact]
    public void A_server_that_closes_first_goes_the_path_that_the_kernel_takes()
    {
        KernelAccess.RequireTrace();
        var (server, client, events) = Trace(serverClosesFirst: true);

        Assert.Equal(
            "LISTEN→SYN_RCVD SYN_RCVD→ESTABLISHED ESTABLISHED→FIN_WAIT_1 FIN_WAIT_1→FIN_WAIT_2 FIN_WAIT_2→CLOSED",
            Path(events, e => e.Tuple.Local.Port == server && e.Tuple.Remote.Port != 0));
        ulong clientSocket = events.First(e => e.Detail.State.To == TcpState.SynSent).Socket;
        Assert.Equal(
            "CLOSED→SYN_SENT SYN_SENT→ESTABLISHED ESTABLISHED→CLOSE_WAIT CLOSE_WAIT→LAST_ACK LAST_ACK→CLOSED", Path(events, e => e.Socket == clientSocket));
        Assert.Equal("CLOSED→LISTEN LISTEN→CLOSED", Path(events, e => e.Tuple.Local.Port == server && e.Tuple.Remote.Port == 0));
    }

    [Fact]
    public void Events_tell_tuple_process_and_context()
    {
        KernelAccess.RequireTrace();
        var (server, client, events) = Trace(serverClosesFirst: false);

        var sent = events.First(e => e.Detail.State.To == TcpState.SynSent);
        Assert.Equal(server, sent.Tuple.Remote.Port);
        Assert.Equal(IpAddress.Loopback, sent.Tuple.Remote.Address);
        Assert.Equal(ExecutionContext.Process, sent.Detail.State.Context);
        Assert.Equal(Environment.ProcessId, sent.ProcessId);
        var established = events.First(e => e.Socket == sent.Socket && e.Detail.State.To == TcpState.Established);
        Assert.Equal(client, established.Tuple.Local.Port);
        Assert.Equal(Environment.ProcessId, established.ProcessId);
        var received = events.First(e => e.Detail.State.To == TcpState.SynRcvd);
        Assert.Equal(ExecutionContext.SoftInterrupt, received.Detail.State.Context);
        Assert.Equal(sent.Tuple.Remote, received.Tuple.Local);
        Assert.All(events, e => Assert.Equal(Provenance.Observed, e.Provenance));
        Assert.All(events, e => Assert.NotEqual(0ul, e.Socket));
        Assert.Equal(events.OrderBy(e => e.Time).Select(e => e.Time), events.Select(e => e.Time));
    }

    [Fact]
    public void Times_are_those_of_the_packets_clock()
    {
        KernelAccess.RequireTrace();
        var before = KernelClock.Now;
        var (_, _, events) = Trace(serverClosesFirst: true);
        var after = KernelClock.Now;

        Assert.All(events, e => Assert.InRange(e.Time.Nanoseconds, before.Nanoseconds, after.Nanoseconds));
    }

    [Fact]
    public void Two_thousand_connections_lose_nothing()
    {
        KernelAccess.RequireTrace();
        const int connections = 2_000;
        var journal = new Journal();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(512);
        ushort port = (ushort)((IPEndPoint)listener.LocalEndpoint).Port;
        using var source = StateTraceSource.Start(journal, new PortFilter(port), out var obstacle);
        Assert.True(source is not null, obstacle?.ToString());
        var (reader, events) = (journal.OpenReader(), new List<LabEvent>());
        for (int count = 1; count <= connections; count++)
        {
            using (var client = new TcpClient("127.0.0.1", port))
            {
                using var connection = listener.AcceptSocket();
            }

            if (count % 500 != 0)
                continue;
            source.Flush();
            while (reader.TryRead(Timestamp.MaxValue, out var entry, out _))
                events.Add(entry);
        }

        Assert.Equal(0, reader.Missed);
        Assert.Equal(0, reader.Late);
        Assert.Equal(0, source.Lost);
        Assert.Equal(connections, events.Count(e => e.Detail.State.To == TcpState.SynSent));
        Assert.Equal(2 * connections, events.Count(e => e.Detail.State.To == TcpState.Established));
        Assert.All(events.GroupBy(e => (e.Socket, e.Tuple.Remote.Port == port)), path => AssertChained([.. path]));
    }

    // Each change begins in the state in which the one before ended; a socket's address may be used again after CLOSED.
    private static void AssertChained(List<LabEvent> path)
    {
        for (int index = 1; index < path.Count; index++)
        {
            var (before, after) = (path[index - 1].Detail.State.To, path[index].Detail.State.From);
            Assert.True(before == after || (before == TcpState.Closed && after == TcpState.Listen), $"{before} before {after}");
        }
    }

    private static (ushort Server, ushort Client, List<LabEvent> Events) Trace(bool serverClosesFirst)
    {
        var journal = new Journal();
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        ushort port = (ushort)((IPEndPoint)server.LocalEndPoint!).Port;
        using var source = StateTraceSource.Start(journal, new PortFilter(port), out var obstacle);
        Assert.True(source is not null, obstacle?.ToString());
        server.Listen(5);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, port);
        ushort clientPort = (ushort)((IPEndPoint)client.LocalEndPoint!).Port;
        using var connection = server.Accept();
        var (first, second) = serverClosesFirst ? (connection, client) : (client, connection);
        first.Close();
        Assert.Equal(0, second.Receive(new byte[1]));
        second.Close();
        server.Close();
        source.Flush();
        return (port, clientPort, KernelEvents.Drain(journal));
    }

    private static string Path(List<LabEvent> events, Func<LabEvent, bool> which) =>
        string.Join(' ', events.Where(which).Select(e => $"{e.Detail.State.From.Name()}→{e.Detail.State.To.Name()}"));
}
