using System.Net;
using System.Net.Sockets;
using System.Text;
using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.Peers;

namespace NetLab.Tests.Peers;

public class StreamServerTests
{
    [Fact]
    public async Task Echo_sends_back_what_it_gets_and_the_journal_has_every_byte_with_both_ends()
    {
        using var bench = new PeerBench(PeerKind.Echo);
        byte[] sent = new byte[100_000];
        new Random(7).NextBytes(sent);
        Endpoint client;
        using (var socket = bench.Connect())
        {
            var own = (IPEndPoint)socket.LocalEndPoint!;
            client = new Endpoint(IpAddress.From(own.Address), (ushort)own.Port);
            var sending = Task.Run(() =>
            {
                socket.Send(sent);
                socket.Shutdown(SocketShutdown.Send);
            }, TestContext.Current.CancellationToken);
            Assert.Equal(sent, PeerBench.ReadToEnd(socket));
            await sending;
        }

        PeerBench.Await(() => bench.Peer.Counters.Open == 0, "the connection's end");
        Assert.Equal(sent, bench.Recorded(Direction.Received, client));
        Assert.Equal(sent, bench.Recorded(Direction.Sent, client));
        Assert.Equal((1, 100_000, 100_000), (bench.Peer.Counters.Total, bench.Peer.Counters.BytesReceived, bench.Peer.Counters.BytesSent));
    }

    [Fact]
    public void A_client_that_never_reads_is_not_read_from_either_and_disturbs_nobody()
    {
        using var bench = new PeerBench(PeerKind.Echo);
        using var deaf = bench.Connect();
        deaf.Blocking = false;
        byte[] piece = new byte[65_536];
        long sent = 0, unchanged = 0;
        // Until nothing more goes: every buffer on the way is full.
        while (unchanged < 50)
        {
            try
            {
                sent += deaf.Send(piece);
                unchanged = 0;
            }
            catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
            {
                unchanged++;
                deaf.Poll(10_000, SelectMode.SelectWrite);
            }

            Assert.True(sent < 1L << 30, "It is read from without end.");
        }

        using var other = bench.Connect();
        other.Send("hello"u8);
        byte[] answer = new byte[5];
        for (int length = 0; length < answer.Length;)
            length += other.Receive(answer.AsSpan(length));
        Assert.Equal("hello"u8, answer);
        bench.Peer.Stop();
        Assert.Equal(0, bench.Peer.Counters.Open);
    }

    [Fact]
    public void Hello_answers_once_and_closes_first()
    {
        using var bench = new PeerBench(PeerKind.Hello);
        using var socket = bench.Connect();
        socket.Send("GET / HTTP/1.1\r\n\r\n"u8);
        Assert.Equal("hello word", Encoding.ASCII.GetString(PeerBench.ReadToEnd(socket)));
    }

    [Fact]
    public void Framed_puts_sixteen_octets_together_however_they_come()
    {
        using var bench = new PeerBench(PeerKind.Framed);
        using var socket = bench.Connect();
        socket.NoDelay = true;
        foreach (byte octet in "Hi there, server"u8.ToArray())
            socket.Send([octet]);
        Assert.Equal("farewell,client", Encoding.ASCII.GetString(PeerBench.ReadToEnd(socket)));
    }

    [Fact]
    public void Framed_says_of_a_client_that_closes_too_early_how_much_came()
    {
        using var bench = new PeerBench(PeerKind.Framed);
        using var socket = bench.Connect();
        socket.Send("short"u8);
        socket.Shutdown(SocketShutdown.Send);
        Assert.Empty(PeerBench.ReadToEnd(socket));
        PeerBench.Await(() => bench.Log.Any(line => line.Kind == PeerLogKind.Exchange), "the exchange's line");
        Assert.Equal("the client closed after 5 of 16 octets", bench.Log.Single(line => line.Kind == PeerLogKind.Exchange).Text);
    }

    [Fact]
    public void Chargen_turns_the_printable_characters_by_one_a_line()
    {
        using var bench = new PeerBench(PeerKind.Chargen);
        using var socket = bench.Connect();
        byte[] buffer = new byte[74 * 200];
        int length = 0;
        while (length < buffer.Length)
            length += socket.Receive(buffer.AsSpan(length));
        string[] lines = Encoding.ASCII.GetString(buffer).Split("\r\n");
        Assert.Equal("""!"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefgh""", lines[1]);
        Assert.Equal(lines[1], lines[96]);
        Assert.All(lines[..^1], line => Assert.Equal(72, line.Length));
    }

    [Fact]
    public void Discard_takes_everything_and_says_nothing()
    {
        using var bench = new PeerBench(PeerKind.Discard);
        using var socket = bench.Connect();
        for (int turn = 0; turn < 50; turn++)
            socket.Send(new byte[100_000]);
        socket.Shutdown(SocketShutdown.Send);
        Assert.Empty(PeerBench.ReadToEnd(socket));
        Assert.Equal(5_000_000, bench.Peer.Counters.BytesReceived);
    }

    [Fact]
    public void A_server_that_is_stopped_lets_go_of_its_port_and_its_connections_and_starts_again_on_it()
    {
        using var first = new PeerBench(PeerKind.Echo);
        using var socket = first.Connect();
        socket.Send("a"u8);
        Assert.Equal(1, socket.Receive(new byte[1]));
        var specification = new PeerSpecification(PeerKind.Echo, "127.0.0.1", first.Peer.Local.Port);
        first.Peer.Stop();
        Assert.Equal(PeerState.Stopped, first.Peer.State);
        Assert.Empty(PeerBench.ReadToEnd(socket));
        using var again = new PeerBench(specification);
        Assert.Null(again.Peer.Restart());
        Assert.Equal(PeerState.Running, again.Peer.State);
        Assert.Equal(specification.Port, again.Peer.Local.Port);
    }

    [Fact]
    public void A_port_in_use_is_told_with_its_holder()
    {
        using var first = new PeerBench(PeerKind.Echo);
        using var second = Peer.Create(new PeerSpecification(PeerKind.Hello, "127.0.0.1", first.Peer.Local.Port), new PeerRecorder(new Journal(), () => KernelClock.Now));
        var refusal = second.Start();
        Assert.Equal(PeerObstacle.Network, refusal!.Obstacle);
        Assert.Equal($"127.0.0.1:{first.Peer.Local.Port} is in use by NetLab itself. Take another port with -p, or 0 for any that is free.", refusal.Sentence);
        Assert.Equal(PeerState.Failed, second.State);
    }

    [Fact]
    public void An_address_that_is_not_ours_is_told_with_those_that_are()
    {
        using var peer = Peer.Create(new PeerSpecification(PeerKind.Echo, "192.0.2.1", 0), new PeerRecorder(new Journal(), () => KernelClock.Now));
        Assert.StartsWith("192.0.2.1 is no address of this machine; its own are ", peer.Start()!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Udp_echo_keeps_the_boundaries_of_datagrams()
    {
        using var bench = new PeerBench(PeerKind.UdpEcho);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Support.PseudoTerminal.Patience.TotalMilliseconds };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, bench.Peer.Local.Port));
        byte[] buffer = new byte[2000];
        foreach (int size in new[] { 1, 0, 1400, 3 })
        {
            socket.Send(new byte[size]);
            Assert.Equal(size, socket.Receive(buffer));
        }
    }

    [Fact]
    public void A_client_of_the_framed_exchange_gets_the_answer_and_ends()
    {
        using var server = new PeerBench(PeerKind.Framed);
        using var client = new PeerBench(new PeerSpecification(PeerKind.FramedClient, "127.0.0.1", server.Peer.Local.Port));
        PeerBench.Await(() => client.Peer.State == PeerState.Ended, "the client's end");
        Assert.Equal("the server said \"farewell,client\"", client.Log.Single(line => line.Kind == PeerLogKind.Exchange).Text);
    }

    [Fact]
    public void A_client_says_when_nobody_listens()
    {
        using var server = new PeerBench(PeerKind.Echo);
        ushort port = server.Peer.Local.Port;
        server.Peer.Stop();
        using var client = new PeerBench(new PeerSpecification(PeerKind.Connect, "127.0.0.1", port));
        PeerBench.Await(() => client.Peer.State == PeerState.Failed, "the refusal");
        Assert.Equal($"127.0.0.1:{port} refused the connection: nobody listens there (ECONNREFUSED).", client.Peer.Refusal!.Sentence);
    }
}
