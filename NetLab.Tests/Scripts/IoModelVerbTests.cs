using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.Scripts;

namespace NetLab.Tests.Scripts;

[Collection(nameof(RealSockets))]
public sealed class IoModelVerbTests
{
    private const string Accepted = "actor server\nsocket inet stream as listener\nbind 127.0.0.1:0\nlisten 1\naccept\n";
    private const string Client = "\nactor client\nsocket inet stream\nconnect server.listener\n";

    private static readonly RunOptions s_options = new() { Clock = () => new Timestamp((DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100) };

    private sealed class Recorder : IRunObserver
    {
        private readonly Lock _lock = new();
        private readonly List<CallReport> _calls = [];

        public ManualResetEventSlim Blocked { get; } = new();

        public string? BlockOn { get; init; }

        public IReadOnlyList<CallReport> Calls
        {
            get
            {
                lock (_lock)
                    return [.. _calls];
            }
        }

        public void StepStarted(Timestamp time, StepContext context)
        {
            if (context.Step.Verb.Name == BlockOn)
                Blocked.Set();
        }

        public void CallReturned(StepContext context, CallReport call)
        {
            lock (_lock)
                _calls.Add(call);
        }
    }

    [Theory]
    [InlineData("io-blocking", 1095, "recvfrom")]
    [InlineData("io-nonblocking", 1096, "fcntl poll recvfrom")]
    [InlineData("io-multiplexing", 1097, "epoll_create1 epoll_ctl epoll_wait poll select recvfrom")]
    [InlineData("io-signal", 1098, "rt_sigprocmask fcntl rt_sigtimedwait recvfrom")]
    [InlineData("io-aio", 1099, "aio_read aio_suspend aio_return")]
    [InlineData("io-uring", 1100, "io_uring_setup io_uring_enter IORING_OP_RECV recvfrom")]
    public void The_experiments_make_the_calls_that_they_speak_of(string name, int port, string calls)
    {
        if (name == "io-uring")
            NeedRing();
        var recorder = new Recorder();
        var outcome = Run(ScriptLibrary.Text(name).Replace($"bind 127.0.0.1:{port}", "bind 127.0.0.1:0").Replace($"connect 127.0.0.1:{port}", "connect server.listener"), recorder);
        Assert.True(outcome.Status == RunStatus.Done, string.Join('\n', outcome.Failures));
        Assert.Subset(recorder.Calls.Select(call => call.Name).ToHashSet(), calls.Split(' ').ToHashSet());
    }

    [Fact]
    public void Who_is_ready_is_told_with_the_call()
    {
        var recorder = new Recorder();
        var outcome = Run(Accepted + "epoll_create\nepoll_ctl add readable\nepoll_wait expect 1\npoll readable all expect 1\nselect readable all 5s expect 1\npoll writable all expect 1"
            + Client + "send \"x\"\nafter server poll 2", recorder);
        Assert.True(outcome.Status == RunStatus.Done, string.Join('\n', outcome.Failures));
        Assert.Equal(["-1: connection", "POLLIN, 2 sockets, -1: connection", "read, 2 sockets, 5.00 s: connection", "POLLOUT, 2 sockets, -1: connection"],
            recorder.Calls.Where(call => call.Name is "epoll_wait" or "poll" or "select").Select(call => call.Arguments));
    }

    [Theory]
    [InlineData("epoll_wait", "epoll_create\nepoll_ctl add readable\nepoll_wait")]
    [InlineData("sigwait", "sigio\nsigwait")]
    [InlineData("aio_suspend", "aio_read 10\naio_suspend")]
    [InlineData("uring_wait", "uring_setup\nuring_recv 10\nuring_wait")]
    public async Task Cancelling_gets_out_of_a_verb_that_waits(string verb, string steps)
    {
        if (verb == "uring_wait")
            NeedRing();
        var before = Descriptors();
        var recorder = new Recorder { BlockOn = verb };
        using var stop = new CancellationTokenSource();
        var run = ScriptRunner.RunAsync(Parse(Accepted + steps + Client + "recv 1"), s_options with { TimeLimit = null }, recorder, stop.Token);
        Assert.True(recorder.Blocked.Wait(30_000, TestContext.Current.CancellationToken));
        await stop.CancelAsync();
        var outcome = await run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(RunStatus.Cancelled, outcome.Status);
        Assert.Empty(Descriptors().Except(before));
    }

    // Done or failed, cleaned up on its own thread or when the run is over.
    [Theory]
    [InlineData("", RunStatus.Done)]
    [InlineData("recv 1 on nobody", RunStatus.Failed)]
    [InlineData("socket inet stream as nobody\nrecv 1 on nobody", RunStatus.Failed)]
    public void What_is_in_flight_at_the_end_ends_with_its_actor(string last, RunStatus status)
    {
        NeedRing();
        var before = Descriptors();
        string text = Accepted + "aio_read 100\nsigio\nepoll_create\nepoll_ctl add readable\nuring_setup\nuring_recv 100\nuring_recv 100\n"
            + (last.StartsWith("recv", StringComparison.Ordinal) ? "socket inet stream as nobody\nclose nobody\n" : "") + last + Client;
        var outcome = Run(text, new Recorder());
        Assert.Equal(status, outcome.Status);
        Assert.Empty(Descriptors().Except(before));
    }

    [Fact]
    public void A_signal_for_an_actor_that_has_ended_does_no_harm()
    {
        // Unblocked and without a handler it would end the process of the tests.
        var outcome = Run(Accepted + "sigio" + Client + "after server sigio\nsleep 20ms\nsend \"a\"\nsend \"b\"\nclose", new Recorder());
        Assert.True(outcome.Status == RunStatus.Done, string.Join('\n', outcome.Failures));
    }

    [Fact]
    public void A_read_is_taken_once_and_another_can_be_started()
    {
        var outcome = Run(Accepted + "aio_read 2\naio_suspend\naio_return expect \"ab\"\naio_read 2\naio_suspend\naio_return expect \"cd\"\nrecv 10 expect \"e\"\nrecv 10 expect eof"
            + Client + "send \"abcde\"\nclose", new Recorder());
        Assert.True(outcome.Status == RunStatus.Done, string.Join('\n', outcome.Failures));
    }

    [Fact]
    public void A_socket_whose_read_is_in_flight_is_closed_only_after_its_end()
    {
        string held = Accepted + "aio_read 10\nclose" + Client + "recv 1";
        Assert.Contains("an aio_read of connection is in flight and keeps it open: shutdown ends it, then aio_return takes it", Failure(held));
        var outcome = Run(Accepted + "aio_read 10\nshutdown both\naio_suspend expect 1\naio_return expect eof\nclose" + Client + "recv 1 expect eof", new Recorder());
        Assert.True(outcome.Status == RunStatus.Done, string.Join('\n', outcome.Failures));
    }

    [Fact]
    public void A_ring_holds_its_sockets_too()
    {
        NeedRing();
        Assert.Contains("a uring_recv of connection is in flight and keeps it open: shutdown ends it, then uring_wait takes it",
            Failure(Accepted + "uring_setup\nuring_recv 10\nclose" + Client + "recv 1"));
        var outcome = Run(Accepted + "uring_setup\nuring_recv 10\nshutdown both\nuring_wait expect eof\nclose" + Client + "recv 1 expect eof", new Recorder());
        Assert.True(outcome.Status == RunStatus.Done, string.Join('\n', outcome.Failures));
    }

    [Fact]
    public void An_error_of_the_ring_is_that_of_its_receive()
    {
        NeedRing();
        var outcome = Run("actor a\nsocket inet stream\nuring_setup\nuring_recv 10\nuring_wait expect error ENOTCONN", new Recorder());
        Assert.True(outcome.Status == RunStatus.Done, string.Join('\n', outcome.Failures));
    }

    [Theory]
    [InlineData("epoll_ctl add readable", "there is no epoll yet: epoll_create comes first")]
    [InlineData("epoll_wait", "there is no epoll yet: epoll_create comes first")]
    [InlineData("epoll_create\nepoll_create", "a has an epoll already")]
    [InlineData("sigwait", "no socket of this actor sends signals yet: sigio comes first")]
    [InlineData("aio_suspend", "no aio_read of socket was started")]
    [InlineData("aio_return", "no aio_read of socket was started")]
    [InlineData("uring_recv 1", "there is no ring yet: uring_setup comes first")]
    [InlineData("uring_wait", "there is no ring yet: uring_setup comes first")]
    [InlineData("epoll_create\nepoll_ctl add readable\nepoll_ctl add writable", "EEXIST")]
    public void What_comes_too_early_is_refused_in_a_sentence(string steps, string sentence) =>
        Assert.Contains(sentence, Failure("actor a\nsocket inet stream\n" + steps));

    [Fact]
    public void A_ring_is_a_need_that_a_script_has_by_its_verbs() =>
        Assert.Equal(["io_uring"], Parse("actor a\nuring_setup").Needs.Select(need => need.Name));

    private static string Failure(string text)
    {
        var outcome = Run(text, new Recorder());
        Assert.Equal(RunStatus.Failed, outcome.Status);
        return outcome.Failures[0].Message;
    }

    private static RunOutcome Run(string text, IRunObserver observer) => ScriptRunner.Run(Parse(text), s_options, observer, TestContext.Current.CancellationToken);

    private static Script Parse(string text)
    {
        var parse = ScriptParser.Parse(text, "x.lab");
        Assert.Empty(parse.Errors);
        return parse.Script!;
    }

    // Sockets by their inodes, since other tests' may be collected meanwhile; rings and epolls by their numbers.
    private static HashSet<string> Descriptors() =>
        [.. Directory.GetFiles("/proc/self/fd").Select(path => (path, target: new FileInfo(path).LinkTarget ?? ""))
            .Where(entry => entry.target.StartsWith("socket:", StringComparison.Ordinal) || entry.target is "anon_inode:[eventpoll]" or "anon_inode:[io_uring]")
            .Select(entry => entry.target.StartsWith("socket:", StringComparison.Ordinal) ? entry.target : entry.path + entry.target)];

    private static void NeedRing()
    {
        bool allowed = IoUring.TrySetup(1, out var ring, out var error);
        ring?.Dispose();
        Assert.SkipUnless(allowed, $"io_uring is forbidden here: {error.Name()}.");
    }
}
