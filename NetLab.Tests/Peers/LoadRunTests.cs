using System.Net.Sockets;
using NetLab.Core;
using NetLab.Core.Peers;
using NetLab.Tests.Support;

namespace NetLab.Tests.Peers;

public class LoadRunTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static ReadOnlySpan<byte> Answer => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"u8;

    [Fact]
    public async Task As_many_requests_as_were_asked_for_are_sent_and_answered()
    {
        using var server = new CannedServer(Answer);
        var figures = await Run(Http(server) with { Requests = 1000, Connections = 7 });
        Assert.Equal((1000, 1000, 0, 0), (figures.Sent, figures.Answered, figures.Failed, figures.UnderWay));
        Assert.Equal(1000, server.Requests);
        Assert.Equal(1000, figures.Latencies.Count);
        Assert.Equal((7, 1000L * Answer.Length), (figures.Opened, figures.BytesReceived));
        Assert.Equal([(2, 1000L)], figures.Statuses);
        Assert.True(figures.Rate > 0);
    }

    [Fact]
    public void A_client_keeps_the_figures_of_its_load_and_may_be_started_again()
    {
        using var server = new PeerBench(PeerKind.Echo);
        using var client = new PeerBench(new PeerSpecification(PeerKind.EchoLoad, "127.0.0.1", server.Peer.Local.Port) { Load = new PeerLoad { Connections = 3, Requests = 60 } });
        for (int round = 0; round < 2; round++)
        {
            PeerBench.Await(() => client.Peer.State == PeerState.Ended, "the load's end");
            Assert.Equal(new PeerCounters(0, 3, 0, 60, 60 * 64, 60 * 64), client.Peer.Counters);
            Assert.Equal(3 * (round + 1), client.Owned());
            Assert.Equal((60, 0), (((LoadClient)client.Peer).Figures!.Answered, ((LoadClient)client.Peer).Figures!.Failed));
            Assert.Null(client.Peer.Restart());
        }

        using var endless = new PeerBench(new PeerSpecification(PeerKind.EchoLoad, "127.0.0.1", server.Peer.Local.Port) { Load = new PeerLoad { Seconds = 3600 } });
        PeerBench.Await(() => endless.Peer.Counters is { Open: 10, Requests: > 0 }, "answers");
        endless.Peer.Stop();
        Assert.Equal((PeerState.Stopped, 0), (endless.Peer.State, endless.Peer.Counters.Open));
    }

    [Fact]
    public void A_load_without_a_server_is_refused()
    {
        using var nobody = new PeerBench(new PeerSpecification(PeerKind.EchoLoad, "127.0.0.1", 1));
        PeerBench.Await(() => nobody.Peer.State == PeerState.Failed, "the refusal");
        Assert.Contains("ECONNREFUSED", nobody.Peer.Refusal!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_echo_is_checked_byte_for_byte()
    {
        using var bench = new PeerBench(PeerKind.Echo);
        foreach (int size in new[] { 1, 64, 300_000 })
        {
            var figures = await Run(new LoadSpecification(new EchoLoad(size), [bench.Peer.Local]) { Requests = 60, Connections = 3 });
            Assert.Equal((60, 0), (figures.Answered, figures.Failed));
            Assert.Equal((60L * size, 60L * size), (figures.BytesSent, figures.BytesReceived));
        }

        using var other = new CannedServer("something else\n"u8);
        var wrong = await Run(new LoadSpecification(new HttpLoad(other.Url), [At(other.Port)]) { Requests = 5, Connections = 1 });
        Assert.Equal([(LoadError.WrongAnswer, 5L)], wrong.Errors);
    }

    [Fact]
    public async Task A_request_that_a_closed_connection_swallowed_is_sent_again()
    {
        using var server = new CannedServer(Answer, request => request % 3 == 2 ? CannedTurn.Close : CannedTurn.Answer);
        var figures = await Run(Http(server) with { Requests = 20, Connections = 1 });
        // Every third request of the server's is lost on a connection that was used before, so it comes again on a new one.
        Assert.Equal((20, 0), (figures.Answered, figures.Failed));
        Assert.True(figures.Opened > 1);
    }

    [Fact]
    public async Task A_server_that_closes_after_each_answer_makes_no_errors()
    {
        using var server = new CannedServer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end"u8, _ => CannedTurn.AnswerAndClose);
        var figures = await Run(Http(server) with { Requests = 50, Connections = 5 });
        Assert.Equal((50, 0, 50), (figures.Answered, figures.Failed, figures.Opened));
    }

    [Fact]
    public async Task Failures_are_counted_by_their_kind()
    {
        using var closing = new CannedServer(Answer, _ => CannedTurn.Close);
        Assert.Equal([(LoadError.ClosedEarly, 4L)], (await Run(Http(closing) with { Requests = 4, Connections = 1 })).Errors);
        using var resetting = new CannedServer(Answer, _ => CannedTurn.Reset);
        Assert.Equal([(LoadError.Reset, 4L)], (await Run(Http(resetting) with { Requests = 4, Connections = 1 })).Errors);
        using var holding = new CannedServer(Answer, request => request == 0 ? CannedTurn.Hold : CannedTurn.Answer);
        var figures = await Run(Http(holding) with { Requests = 4, Connections = 1, Patience = Duration.FromMilliseconds(300) });
        Assert.Contains(figures.Errors, error => error.Kind == LoadError.TimedOut);
        Assert.Equal(4, figures.Answered + figures.Failed);
    }

    [Fact]
    public async Task Nobody_listening_is_told_before_anything_begins()
    {
        ushort port;
        using (var server = new CannedServer(Answer))
            port = server.Port;
        var refused = await Assert.ThrowsAsync<SocketException>(() => LoadRun.StartAsync(
            new LoadSpecification(new EchoLoad(1), [At(port)]), TestContext.Current.CancellationToken));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task Of_several_addresses_the_first_that_accepts_is_taken()
    {
        using var server = new CannedServer(Answer);
        var other = IpAddress.FromIPv4(0x7F630001);
        var figures = await Run(new LoadSpecification(new HttpLoad(server.Url), [new Endpoint(other, server.Port), At(server.Port)]) { Requests = 3 });
        Assert.Equal(3, figures.Answered);
    }

    [Fact]
    public async Task With_a_rate_a_stall_of_the_server_counts_for_every_request_that_was_due_meanwhile()
    {
        using var server = new CannedServer(Answer, request => request == 10 ? CannedTurn.Hold : CannedTurn.Answer);
        using var run = await LoadRun.StartAsync(
            Http(server) with { Requests = 200, Rate = 200, Connections = 1, Length = Duration.FromSeconds(60), Patience = Duration.FromSeconds(60) },
            TestContext.Current.CancellationToken);
        await Until(() => server.Requests == 11 && run.Figures().Due >= 111);
        server.Released.SetResult();
        await run.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        var figures = run.Figures();
        Assert.Equal((200, 0, 0), (figures.Answered, figures.Failed, figures.Unsent));
        // One request was held for 0.5 s, and the 100 that were due meanwhile waited 0 to 0.5 s: 20 of them more than 0.4 s. Measured from sending there would be one.
        Assert.InRange(figures.Latencies.Count - figures.Latencies.CountBelow(Duration.FromMilliseconds(380)), 20, 200);
        Assert.True(figures.Elapsed >= Duration.FromMilliseconds(990), $"200 requests at 200 a second took {figures.Elapsed}");
    }

    [Fact]
    public async Task What_was_due_but_never_sent_is_told()
    {
        using var server = new CannedServer(Answer, _ => CannedTurn.Hold);
        using var run = await LoadRun.StartAsync(Http(server) with { Rate = 1000, Connections = 2 }, TestContext.Current.CancellationToken);
        await Until(() => server.Requests == 2 && run.Figures().Due > 100);
        run.Stop();
        await run.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        var figures = run.Figures();
        Assert.Equal((2, 0, 0, 2), (figures.Sent, figures.Answered, figures.Failed, figures.UnderWay));
        Assert.Equal(figures.Due - 2, figures.Unsent);
        Assert.True(figures.Unsent > 98);
    }

    [Fact]
    public async Task Stopping_keeps_the_figures_so_far()
    {
        using var server = new CannedServer(Answer);
        using var run = await LoadRun.StartAsync(Http(server), TestContext.Current.CancellationToken);
        await Until(() => run.Figures().Answered > 10);
        run.Stop();
        await run.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        var figures = run.Figures();
        Assert.True(figures.Answered > 10);
        Assert.Equal(figures.Answered, figures.Latencies.Count);
        Assert.Equal(figures, run.Figures() with { Errors = figures.Errors, Statuses = figures.Statuses });
    }

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!condition())
            await Task.Delay(5, limit.Token);
    }

    private static async Task<LoadFigures> Run(LoadSpecification specification)
    {
        using var run = await LoadRun.StartAsync(specification with { Length = Duration.FromSeconds(60) }, TestContext.Current.CancellationToken);
        await run.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        return run.Figures();
    }

    private static LoadSpecification Http(CannedServer server) => new(new HttpLoad(server.Url), [At(server.Port)]);

    private static Endpoint At(ushort port) => new(IpAddress.Loopback, port);
}
