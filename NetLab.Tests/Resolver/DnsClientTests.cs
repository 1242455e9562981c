using System.Net;
using System.Net.Sockets;
using NetLab.Core.Dns;
using NetLab.Core.Resolver;

namespace NetLab.Tests.Resolver;

public class DnsClientTests
{
    private static readonly DnsName s_name = DnsName.Parse("host.lab.");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DnsMessage Answer(DnsMessage query, string record = "host.lab. 60 IN A 192.0.2.1") =>
        new(query.Id, DnsFlags.Response | DnsFlags.Authoritative) { Questions = query.Questions, Answers = [DnsRecord.Parse(record)] };

    /// <summary>A server that sends back whatever the test says to each query over UDP; over TCP it gives the whole answer.</summary>
    private static async Task<DnsExchange> AskAsync(Func<DnsMessage, DnsMessage[]> answers, DnsTransport transport = DnsTransport.Udp)
    {
        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        tcp.Listen();
        var address = (IPEndPoint)tcp.LocalEndPoint!;
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(address);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var serving = Task.WhenAll(ServeUdpAsync(udp, answers, over.Token), ServeTcpAsync(tcp, over.Token));
        var client = new DnsClient(new ResolverSettings { Servers = [address], Timeout = TimeSpan.FromSeconds(20) });
        try
        {
            return await client.AskAsync(s_name, DnsType.A, new DnsEdns(), transport, Cancel);
        }
        finally
        {
            await over.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        }
    }

    private static async Task ServeUdpAsync(Socket socket, Func<DnsMessage, DnsMessage[]> answers, CancellationToken over)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            var got = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), over);
            Assert.True(DnsMessage.TryDecode(buffer.AsSpan(0, got.ReceivedBytes), out var query, out _));
            foreach (var answer in answers(query))
                await socket.SendToAsync(answer.Encode(), SocketFlags.None, got.RemoteEndPoint, over);
        }
    }

    private static async Task ServeTcpAsync(Socket listener, CancellationToken over)
    {
        while (true)
        {
            using var socket = await listener.AcceptAsync(over);
            byte[] buffer = new byte[4096];
            int length = 0;
            while (length < 2 || length < 2 + (buffer[0] << 8 | buffer[1]))
                length += await socket.ReceiveAsync(buffer.AsMemory(length), over);
            Assert.True(DnsMessage.TryDecode(buffer.AsSpan(2, length - 2), out var query, out _));
            byte[] answer = Answer(query).Encode();
            // In two parts, as TCP may deliver it.
            await socket.SendAsync((byte[])[(byte)(answer.Length >> 8)], over);
            await socket.SendAsync((byte[])[(byte)answer.Length, .. answer], over);
        }
    }

    [Fact]
    public async Task A_query_over_UDP_is_answered()
    {
        var exchange = await AskAsync(query => [Answer(query)]);
        Assert.Equal(DnsTransport.Udp, exchange.Transport);
        Assert.Equal("192.0.2.1", exchange.Message.Answers.Single().Data.ToString());
        Assert.True(DnsMessage.TryDecode(exchange.Query.Span, out var sent, out _));
        Assert.Equal(DnsEdns.DefaultBufferSize, sent.Edns!.BufferSize);
    }

    [Fact]
    public async Task Answers_with_another_number_or_question_are_passed_over()
    {
        var exchange = await AskAsync(query =>
        [
            Answer(query with { Id = (ushort)(query.Id + 1) }, "host.lab. 60 IN A 192.0.2.66"),
            Answer(query with { Questions = [new DnsQuestion(DnsName.Parse("other.lab."), DnsType.A)] }, "host.lab. 60 IN A 192.0.2.66"),
            query,
            Answer(query),
        ]);
        Assert.Equal("192.0.2.1", exchange.Message.Answers.Single().Data.ToString());
    }

    [Fact]
    public async Task A_cut_off_answer_is_fetched_over_TCP()
    {
        var exchange = await AskAsync(query => [new DnsMessage(query.Id, DnsFlags.Response | DnsFlags.Truncated) { Questions = query.Questions }]);
        Assert.Equal(DnsTransport.Tcp, exchange.Transport);
        Assert.Single(exchange.Message.Answers);
    }

    [Fact]
    public async Task A_server_that_refuses_EDNS_is_asked_without()
    {
        var exchange = await AskAsync(query => query.Edns is null ? [Answer(query)] : [new DnsMessage(query.Id, DnsFlags.Response | (DnsFlags)1)]);
        Assert.True(DnsMessage.TryDecode(exchange.Query.Span, out var sent, out _));
        Assert.Null(sent.Edns);
        Assert.Single(exchange.Message.Answers);
    }

    [Fact]
    public async Task A_server_that_is_silent_ends_in_a_sentence_that_names_it()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var client = new DnsClient(new ResolverSettings { Servers = [(IPEndPoint)silent.LocalEndPoint!], Timeout = TimeSpan.FromMilliseconds(50) });
        var failure = await Assert.ThrowsAsync<DnsExchangeException>(() => client.AskAsync(s_name, DnsType.A, null, DnsTransport.Udp, Cancel));
        Assert.Contains($"{silent.LocalEndPoint} did not answer within", failure.Message);
    }

    [Fact]
    public void Settings_are_read_as_resolv_conf_has_them()
    {
        var settings = ResolverSettings.Parse("# x\nnameserver 192.0.2.1\nnameserver  ::1\nnameserver nonsense\noptions timeout:2 attempts:9 ndots:2\nsearch lab\n");
        Assert.Equal("192.0.2.1:53 [::1]:53", string.Join(' ', settings.Servers));
        Assert.Equal((TimeSpan.FromSeconds(2), 5), (settings.Timeout, settings.Attempts));
        Assert.Equal("127.0.0.1:53", ResolverSettings.Parse("").Servers.Single().ToString());
    }
}
