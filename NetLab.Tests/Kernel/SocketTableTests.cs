using System.Net;
using System.Net.Sockets;
using NetLab.Core;
using NetLab.Core.Kernel;
using NetLab.Core.Tcp;

namespace NetLab.Tests.Kernel;

[Collection("Kernel")]
public class SocketTableTests
{
    [Fact]
    public void Own_sockets_are_there_with_owner_descriptor_and_state()
    {
        using var listener = Listen(out ushort port);
        using var client = Connect(port);
        using var connection = listener.Accept();
        var names = new NameTable();
        using var table = SocketTable.Snapshot(names, SocketKinds.Tcp, new PortFilter(port));

        Assert.Null(table.Obstacle);
        var rows = table.Rows.ToArray().Where(IsOpen).ToArray();
        Assert.Equal(3, rows.Length);
        Assert.All(rows, row => Assert.Equal(Environment.ProcessId, row.ProcessId));
        Assert.All(rows, row => Assert.NotEmpty(names[row.Process]));
        var listening = rows.Single(row => row.Detail.State == TcpState.Listen);
        Assert.Equal((int)listener.Handle, listening.Detail.Descriptor);
        Assert.Equal(5u, listening.Detail.SendQueue);
        var ours = rows.Single(row => row.Tuple.Remote.Port == port);
        Assert.Equal((int)client.Handle, ours.Detail.Descriptor);
        Assert.True(ours.Detail.CongestionWindow > 0);
    }

    [Fact]
    public void Sock_diag_and_proc_net_tell_the_same()
    {
        using var listener = Listen(out ushort port);
        using var client = Connect(port);
        using var connection = listener.Accept();
        using var udp = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(new IPEndPoint(IPAddress.IPv6Loopback, port));
        var ports = new PortFilter(port);
        client.Send([1, 2, 3]);
        using var table = SocketTable.Snapshot(new NameTable(), SocketKinds.All, ports);
        var text = new SocketRows();
        ProcNet.Dump(new SocketQuery { Ports = ports }, text);

        Assert.Equal(4, text.Span.ToArray().Count(row => row.Detail.Inode != 0));
        Assert.Equal(Words(table.Rows), Words(text.Span));
    }

    [Fact]
    public void Time_wait_carries_its_timer()
    {
        using var listener = Listen(out ushort port);
        using (var client = Connect(port))
        {
            using var connection = listener.Accept();
            client.Close();
            Assert.Equal(0, connection.Receive(new byte[1]));
        }

        using var table = SocketTable.Snapshot(new NameTable(), SocketKinds.Tcp, new PortFilter(port));
        var row = table.Rows.ToArray().Single(row => row.Detail.State == TcpState.TimeWait && row.Tuple.Remote.Port == port);
        Assert.Equal(SocketTimer.TimeWait, row.Detail.Timer);
        Assert.InRange(row.Detail.TimerRemaining.Seconds, 50, 61);
        Assert.Equal(0ul, row.Detail.Inode);
    }

    [Fact]
    public void The_source_tells_what_appeared_changed_and_went()
    {
        using var listener = Listen(out ushort port);
        var journal = new Journal();
        var client = Connect(port);
        using var source = SocketTableSource.Start(journal, SocketKinds.Tcp, new PortFilter(port), Duration.FromSeconds(3600));
        source.Sample();
        using var connection = listener.Accept();
        client.Send(new byte[10]);
        source.Sample();
        client.LingerState = new LingerOption(true, 0);
        client.Close();
        source.Sample();

        var events = KernelEvents.Drain(journal);
        Assert.All(events, e => Assert.Equal((EventKind.Socket, Provenance.Sampled), (e.Kind, e.Provenance)));
        var mine = events.Where(e => e.Tuple.Remote.Port == port).Select(e => e.Detail.Socket.Change).ToList();
        Assert.Equal(RowChange.Appeared, mine[0]);
        Assert.Equal(RowChange.Gone, mine[^1]);
        Assert.Contains(RowChange.Changed, mine);
        Assert.Contains(events, e => e.Tuple.Local.Port == port && e.Tuple.Remote.Port != 0 && e.Detail.Socket.ReceiveQueue == 10);
    }

    [Fact]
    public void The_owner_follows_a_descriptor_that_is_opened_again()
    {
        using var table = new SocketTable(new NameTable(), SocketKinds.Tcp, PortFilter.All);
        for (int round = 0; round < 5; round++)
        {
            using var listener = Listen(out ushort port);
            table.Refresh();
            var row = table.Rows.ToArray().Single(row => row.Tuple.Local.Port == port && row.Detail.State == TcpState.Listen);
            Assert.Equal((Environment.ProcessId, (int)listener.Handle), (row.ProcessId, row.Detail.Descriptor));
        }
    }

    [Fact]
    public void Processes_that_end_while_the_table_is_read_do_no_harm()
    {
        using var table = new SocketTable(new NameTable(), SocketKinds.All, PortFilter.All);
        for (int round = 0; round < 20; round++)
        {
            using var process = System.Diagnostics.Process.Start("sleep", "60");
            using var listener = Listen(out ushort port);
            var killer = new Thread(process.Kill);
            killer.Start();
            table.Refresh();
            Assert.Contains(table.Rows.ToArray(), row => row.Tuple.Local.Port == port && row.ProcessId == Environment.ProcessId);
            killer.Join();
            process.WaitForExit();
        }
    }

    [Fact]
    public void Owners_are_found_anew_when_another_process_takes_a_socket_over()
    {
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "";
        Assert.SkipUnless(python.Length > 0, "Needs python3.");
        // The parent hands its listener to its child and ends.
        const string program = """
            import os, socket, sys
            server = socket.create_server(("127.0.0.1", 0))
            print(server.getsockname()[1], flush=True)
            sys.stdin.readline()
            if os.fork() == 0:
                sys.stdin.read()
            """;
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(python, ["-c", program]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        ushort port = ushort.Parse(process.StandardOutput.ReadLine()!);
        using var table = SocketTable.Snapshot(new NameTable(), SocketKinds.Tcp, new PortFilter(port));
        Assert.Equal(process.Id, table.Rows[0].ProcessId);
        process.StandardInput.Write("x\n");
        process.StandardInput.Flush();
        process.WaitForExit();
        table.Refresh();
        int heir = table.Rows[0].ProcessId;
        process.StandardInput.Close();

        Assert.NotEqual(0, heir);
        Assert.NotEqual(process.Id, heir);
    }

    [Fact]
    public void Lines_of_proc_net_are_read_and_other_lines_are_not()
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes("""
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F40 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000        0 12345 1 0000000000000000 100 0 0 10 0
               1: 0100007F:1F40 0100007F:AFE2 06 00000000:00000000 03:00001770 00000000     0        0 0 3 0000000000000000
               2: 00000000000000000000000001000000:1F40 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1
               3: 0100007F:1F4 garbage
               4: 0100007F:1F40
            """);
        var rows = new SocketRows();
        ProcNet.Read(text, 6, new SocketQuery(), rows);

        Assert.Equal(
            [
                "127.0.0.1:8000 ⇄ 0.0.0.0:0 LISTEN 3 12345 1000 Off 0",
                "127.0.0.1:8000 ⇄ 127.0.0.1:45026 TIME_WAIT 0 0 0 TimeWait 60",
                "[::1]:8000 ⇄ [::]:0 LISTEN 0 77 0 Off 0",
            ],
            rows.Span.ToArray().Select(row => $"{row.Tuple} {row.Detail.State.Name()} {row.Detail.ReceiveQueue} {row.Detail.Inode} {row.Detail.UserId} "
                + $"{row.Detail.Timer} {row.Detail.TimerRemaining.Seconds}"));
    }

    [Fact]
    public void Random_netlink_messages_do_no_harm()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        byte[] message = new byte[512];
        var rows = new SocketRows();
        for (int round = 0; round < 20_000; round++)
        {
            random.NextBytes(message);
            message[0] = (byte)(round % 2 == 0 ? 2 : 10);
            SockDiag.AddRow(message.AsSpan(0, random.Next(message.Length)), 6, new SocketQuery(), rows);
            ProcNet.Read(message, 6, new SocketQuery(), rows);
            rows.Clear();
        }
    }

    // Other tests leave time-wait sockets, which may have had the same port.
    private static bool IsOpen(SocketRow row) => row.Detail.Inode != 0;

    private static string Words(ReadOnlySpan<SocketRow> rows) => string.Join('\n', rows.ToArray()
        .Where(IsOpen)
        .Select(row => $"{row.Detail.Protocol} {row.Tuple} {row.Detail.State} {row.Detail.ReceiveQueue} {row.Detail.Inode} {row.Detail.UserId} {row.IsIPv6}")
        .Order(StringComparer.Ordinal));

    private static Socket Listen(out ushort port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(5);
        port = (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
        return socket;
    }

    private static Socket Connect(ushort port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }
}
