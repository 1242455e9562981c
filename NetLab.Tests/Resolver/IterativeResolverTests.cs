using System.Net;
using System.Net.Sockets;
using NetLab.Core.Dns;
using NetLab.Core.Resolver;

namespace NetLab.Tests.Resolver;

public class IterativeResolverTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Walks with one server as the root, which answers as the test says.</summary>
    private static async Task<DnsWalk> WalkAsync(DnsQuestion question, NameDisclosure disclosure, Func<DnsMessage, byte[]> answer)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = (IPEndPoint)socket.LocalEndPoint!;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var serving = ServeAsync(socket, answer, over.Token);
        var settings = new WalkSettings
        {
            Root = RootHints.Of(address.Address),
            Port = (ushort)address.Port,
            Time = TimeSpan.FromSeconds(60),
            Patience = TimeSpan.FromSeconds(20),
            Disclosure = disclosure,
        };
        var walk = new DnsWalk(question, default);
        await new IterativeResolver(settings, new DnsCache(), () => default).RunAsync(walk, Cancel);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        return walk;
    }

    private static async Task ServeAsync(Socket socket, Func<DnsMessage, byte[]> answer, CancellationToken over)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            var got = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), over);
            Assert.True(DnsMessage.TryDecode(buffer.AsSpan(0, got.ReceivedBytes), out var query, out _));
            await socket.SendToAsync(answer(query), SocketFlags.None, got.RemoteEndPoint, over);
        }
    }

    [Fact]
    public async Task A_minimised_name_of_many_labels_takes_a_bounded_number_of_questions()
    {
        var name = DnsName.Reverse(IPAddress.Parse("2001:db8::1"));
        var walk = await WalkAsync(new DnsQuestion(name, DnsType.Ptr), NameDisclosure.Minimised, query =>
        {
            var authoritative = new DnsMessage(query.Id, DnsFlags.Response | DnsFlags.Authoritative) { Questions = query.Questions };
            return (query.Questions[0].Name.Equals(name) && query.Questions[0].Type == DnsType.Ptr
                ? authoritative with { Answers = [DnsRecord.Parse($"{name} 60 IN PTR host.lab.")] }
                : authoritative with { Authorities = [DnsRecord.Parse(". 60 IN SOA ns. h. 1 2 3 4 60")] }).Encode();
        });
        Assert.Equal(DnsWalkOutcome.Answered, walk.Outcome);
        Assert.Equal([1, 2, 3, 4, 9, 14, 19, 24, 29, 34], walk.Steps.Select(step => step.Question.Name.LabelCount));
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_is_told_in_a_whole_sentence()
    {
        var walk = await WalkAsync(new DnsQuestion(DnsName.Parse("a.b."), DnsType.A), NameDisclosure.Whole, query =>
        {
            byte[] octets = (query with { Flags = DnsFlags.Response, Edns = null }).Encode();
            octets[7] = 1; // An answer that is not there.
            return octets;
        });
        Assert.Equal(DnsWalkOutcome.Failed, walk.Outcome);
        Assert.StartsWith("gave an answer to a.b. that can't be read: ", walk.Steps.Single().Says, StringComparison.Ordinal);
    }
}
