using System.Net;
using System.Net.Sockets;
using NetLab.Core.Dns;
using NetLab.Core.Resolver;

namespace NetLab.Tests.Resolver;

public class StubResolverTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("www", 1, "www.lab. www.test. www.")]
    [InlineData("www.a", 1, "www.a. www.a.lab. www.a.test.")]
    [InlineData("www.a", 2, "www.a.lab. www.a.test. www.a.")]
    [InlineData("www.", 1, "www.")]
    public void Short_names_are_looked_for_in_the_domains_first(string name, int dots, string candidates)
    {
        var settings = ResolverSettings.Parse($"domain nowhere\nsearch lab test. .bad..\noptions ndots:{dots} rotate use-vc\n");
        Assert.Equal(candidates, string.Join(' ', settings.Candidates(name)));
        Assert.Equal((ServerOrder.Rotating, DnsTransport.Tcp), (settings.Order, settings.Transport));
    }

    [Fact]
    public void The_file_of_hosts_is_read_as_hosts_says()
    {
        var hosts = HostsFile.Parse("127.0.0.1\tlocalhost loopback # me\n::1 localhost\nnonsense here\n192.0.2.7  rose.garden.test  rose\r\n192.0.2.8\n");
        Assert.Equal("127.0.0.1", Said("localhost", DnsType.A));
        Assert.Equal("::1", Said("LOCALHOST", DnsType.Aaaa));
        Assert.Equal("192.0.2.7", Said("rose", DnsType.A));
        Assert.Equal("", Said("rose", DnsType.Aaaa) + Said("rose", DnsType.Mx) + Said("here", DnsType.A));
        Assert.Equal("rose.garden.test.", Said(DnsName.Reverse(IPAddress.Parse("192.0.2.7")).ToString(), DnsType.Ptr));

        string Said(string name, ushort type) => string.Join(' ', hosts.Find(new DnsQuestion(DnsName.Parse(name), type)).Select(record => record.Data));
    }

    [Fact]
    public async Task The_first_name_that_has_the_record_is_the_answer()
    {
        using var server = new Server(question => question.Name.ToString() == "www.test." ? "www.test. 60 IN A 192.0.2.1" : null);
        var stub = new StubResolver(ResolverSettings.Parse("search lab test") with { Servers = [server.Address] }, HostsFile.Parse("192.0.2.9 other"));
        var answer = await stub.LookUpAsync("www", DnsName.Parse("www"), DnsType.A, null, Cancel);
        Assert.Equal("www.test.\t60\tIN\tA\t192.0.2.1", answer.Exchange!.Message.Answers.Single().ToString());
        Assert.Equal(["www.lab.", "www.test."], server.Asked);
        Assert.Equal("192.0.2.9", (await stub.LookUpAsync("other", DnsName.Parse("other"), DnsType.A, null, Cancel)).FromHosts.Single().Data.ToString());
        Assert.Equal(3, (await stub.LookUpAsync("none", DnsName.Parse("none"), DnsType.A, null, Cancel)).Exchange!.Message.ResponseCode);
        Assert.Equal(["www.lab.", "www.test.", "none.lab.", "none.test.", "none."], server.Asked);
    }

    [Fact]
    public async Task A_server_that_cannot_help_is_followed_by_the_next_one_and_told_only_where_none_can()
    {
        using var failing = new Server(_ => "SERVFAIL");
        using var good = new Server(_ => "www.lab. 60 IN A 192.0.2.1");
        var name = DnsName.Parse("www.lab");
        var both = new DnsClient(new ResolverSettings { Servers = [failing.Address, good.Address] });
        Assert.Equal(good.Address, (await both.AskAsync(name, DnsType.A, null, DnsTransport.Udp, Cancel)).Server);
        var one = new DnsClient(new ResolverSettings { Servers = [failing.Address] });
        Assert.Equal(2, (await one.AskAsync(name, DnsType.A, null, DnsTransport.Udp, Cancel)).Message.ResponseCode);
        Assert.Equal(2, failing.Asked.Count);
    }

    [Fact]
    public async Task With_rotate_the_servers_take_turns()
    {
        using var first = new Server(_ => "www.lab. 60 IN A 192.0.2.1");
        using var second = new Server(_ => "www.lab. 60 IN A 192.0.2.1");
        var client = new DnsClient(new ResolverSettings { Servers = [first.Address, second.Address], Order = ServerOrder.Rotating });
        for (int turn = 0; turn < 4; turn++)
            await client.AskAsync(DnsName.Parse("www.lab"), DnsType.A, null, DnsTransport.Udp, Cancel);
        // Other tests may take a turn between.
        Assert.Equal(4, first.Asked.Count + second.Asked.Count);
    }

    /// <summary>Answers over UDP with the record that the test says, NXDOMAIN for null, or SERVFAIL.</summary>
    private sealed class Server : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly CancellationTokenSource _over = new();
        private readonly Task _serving;

        public Server(Func<DnsQuestion, string?> answer)
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _serving = ServeAsync(answer);
        }

        public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

        public List<string> Asked { get; } = [];

        public void Dispose()
        {
            _over.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => _serving.GetAwaiter().GetResult());
            _socket.Dispose();
            _over.Dispose();
        }

        private async Task ServeAsync(Func<DnsQuestion, string?> answer)
        {
            byte[] buffer = new byte[4096];
            while (true)
            {
                var got = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _over.Token);
                Assert.True(DnsMessage.TryDecode(buffer.AsSpan(0, got.ReceivedBytes), out var query, out _));
                Asked.Add(query.Questions[0].Name.ToString());
                string? says = answer(query.Questions[0]);
                int code = says switch { null => 3, "SERVFAIL" => 2, _ => 0 };
                var message = new DnsMessage(query.Id, DnsFlags.Response | (DnsFlags)code) { Questions = query.Questions, Answers = code == 0 ? [DnsRecord.Parse(says!)] : [] };
                await _socket.SendToAsync(message.Encode(), SocketFlags.None, got.RemoteEndPoint, _over.Token);
            }
        }
    }
}
