using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.IoModels;
using NetLab.Core.Kernel;

namespace NetLab.Tests.IoModels;

/// <summary>Real sockets, real threads: what must hold whatever the machine.</summary>
[Collection(nameof(IoRaceCollection))]
public class IoRaceTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static IoRace Race(string script, int descriptors = 1, params IoModel[] models)
    {
        var arrivals = ArrivalScript.Find(script) ?? ArrivalScript.TryRead("test", script, out _)!;
        using var race = IoRace.Start(new IoRaceSpecification(models.Length == 0 ? IoModelNames.All : models, arrivals, descriptors) { Patience = Duration.FromSeconds(40) });
        Assert.True(race.Completion.Wait(s_patience, TestContext.Current.CancellationToken));
        return race;
    }

    private static List<LaneSpan> Spans(IoLane lane)
    {
        var spans = new List<LaneSpan>();
        lane.CopySpans(0, spans);
        return spans;
    }

    private static long Observed(IoFigures figures, string call) => figures.Observed!.SingleOrDefault(one => one.Name == call).Count;

    private static void AssertWhole(IoRace race)
    {
        foreach (var lane in race.Lanes)
        {
            if (lane is { Model: IoModel.Uring, State: LaneState.Absent } && lane.Words!.StartsWith("io_uring is forbidden", StringComparison.Ordinal))
                continue;
            Assert.True(lane.State == LaneState.Done, $"{lane.Model.Name()}: {lane.State}, {lane.Words}");
            var figures = lane.Figures(race.Ended);
            Assert.Equal(race.Script.TotalBytes, figures.Bytes);
            Assert.Equal(race.Script.Arrivals.Count, figures.Messages);
            Assert.All(figures.Times, time => Assert.True(time.Arrived >= 0 && time.InHand >= time.Arrived, $"{lane.Model.Name()}: {time}"));
        }
    }

    [Theory]
    [InlineData("classic", 1)]
    [InlineData("burst", 1)]
    [InlineData("large", 1)]
    [InlineData("trickle", 1)]
    public void Every_model_gets_every_byte_once(string script, int descriptors) => AssertWhole(Race(script, descriptors));

    [Fact]
    public void A_hundred_races_miss_and_double_nothing()
    {
        for (int round = 0; round < 100; round++)
            AssertWhole(Race("0 20\n1ms 20\n1ms 300 times 5\n3ms 100000"));
    }

    [Fact]
    public void Over_many_descriptors_those_race_that_can()
    {
        var race = Race("0 20 times 60 every 100us", 100);
        var absent = race.Lanes.Where(lane => lane.State == LaneState.Absent).ToDictionary(lane => lane.Model, lane => lane.Words);
        Assert.Equal("recv sleeps on one descriptor; for 100 this model needs as many threads", absent[IoModel.Blocking]);
        Assert.Equal("glibc reads in threads of its own, at most 20; 100 reads at a time would wait for each other", absent[IoModel.Aio]);
        foreach (var lane in race.Lanes.Where(lane => lane.State != LaneState.Absent))
            Assert.True(lane.State == LaneState.Done && lane.Figures(race.Ended).Messages == 60, $"{lane.Model.Name()}: {lane.State}, {lane.Words}");
        Assert.Contains(race.Lanes, lane => lane is { Model: IoModel.Epoll, State: LaneState.Done });
        Assert.Contains(race.Lanes, lane => lane is { Model: IoModel.Sigio, State: LaneState.Done });
    }

    [Fact]
    public void Select_ends_at_FD_SETSIZE_and_says_so()
    {
        var lane = Assert.Single(Race("0 1", 1_100, IoModel.Select).Lanes);
        Assert.Equal(LaneState.Absent, lane.State);
        Assert.Matches("^select ends at FD_SETSIZE: descriptor [0-9]+ does not fit into a set of 1024$", lane.Words);
        // Those that it reads from have the lowest numbers there are: the sender's ends take none of them.
        Assert.Equal(LaneState.Done, Assert.Single(Race("0 1", 600, IoModel.Select).Lanes).State);
    }

    [Fact]
    public async Task A_lane_for_which_there_is_no_descriptor_left_says_so_and_the_others_race()
    {
        using var race = IoRace.Start(new IoRaceSpecification([IoModel.Nonblocking, IoModel.Poll, IoModel.Epoll], ArrivalScript.TryRead("test", "0 1", out _)!, 10) { Room = 45 });
        await race.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Equal([LaneState.Done, LaneState.Done, LaneState.Absent], race.Lanes.Select(lane => lane.State));
        Assert.Equal("there is no room for 10 socket pairs more; 'ulimit -n' tells how many descriptors a process may have", race.Lanes[2].Words);
    }

    [Fact]
    public async Task Nonblocking_is_told_EWOULDBLOCK_before_data_comes()
    {
        // Step by step, so that the first question is asked before the first message is sent, however slow the machine is.
        using var race = IoRace.Start(new IoRaceSpecification([IoModel.Nonblocking], ArrivalScript.Classic, 1), RaceMode.Stepwise);
        Assert.True(SpinWait.SpinUntil(() => race.Gate.Next(0) is { Intent: CallIntent.Next }, s_patience));
        race.Gate.Step();
        Assert.True(SpinWait.SpinUntil(() => race.Gate.Next(0) is { Intent: CallIntent.Again }, s_patience));
        race.Gate.Release();
        await race.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        AssertWhole(race);
        var spans = Spans(race.Lanes[0]);
        var vain = spans[0];
        Assert.Equal((LanePhase.Spinning, -(long)Errno.EAGAIN), (vain.Phase, vain.Result));
        var figures = race.Lanes[0].Figures(race.Ended);
        Assert.Equal(figures.Vain, spans.Where(span => span.Phase == LanePhase.Spinning).Sum(span => span.Calls));
        Assert.Equal(figures.Count(IoCall.Recv), figures.Vain + spans.Where(span => span.Phase == LanePhase.Copying).Sum(span => span.Calls));
        // It never slept in a call, so it never waited.
        Assert.DoesNotContain(spans, span => span.Phase is LanePhase.Waiting or LanePhase.Free);
        Assert.Equal(0, figures.Wakeups);
    }

    [Theory]
    [InlineData(IoModel.Select, IoCall.Select)]
    [InlineData(IoModel.Poll, IoCall.Poll)]
    [InlineData(IoModel.Epoll, IoCall.EpollWait)]
    public void A_multiplexed_model_calls_recv_only_when_it_was_told_to(IoModel model, IoCall waits)
    {
        var race = Race("classic", 3, model);
        AssertWhole(race);
        var spans = Spans(race.Lanes[0]);
        Assert.All(spans.Where(span => span.Phase == LanePhase.Waiting), span => Assert.Equal(waits, span.Call));
        var figures = race.Lanes[0].Figures(race.Ended);
        Assert.Equal(0, figures.Vain);
        // What waits names at least one that is ready; each of those gets one recv.
        long named = spans.Where(span => span.Call == waits && span is { Calls: 1, Phase: not LanePhase.Processing }).Sum(span => span.Result);
        Assert.Equal(named, figures.Count(IoCall.Recv));
    }

    [Theory]
    [InlineData(IoModel.Aio)]
    [InlineData(IoModel.Uring)]
    public void An_asynchronous_model_has_the_data_when_it_is_told(IoModel model)
    {
        var race = Race("classic", 1, model);
        if (race.Lanes[0].State == LaneState.Absent)
            Assert.Skip(race.Lanes[0].Words!);
        AssertWhole(race);
        var spans = Spans(race.Lanes[0]);
        Assert.DoesNotContain(spans, span => span.Call == IoCall.Recv);
        Assert.Equal(0, race.Lanes[0].Figures(race.Ended).Count(IoCall.Recv));
        Assert.DoesNotContain(spans, span => span.Phase is LanePhase.Waiting or LanePhase.Spinning);
    }

    [Fact]
    public void Signals_that_fall_together_are_told_and_lose_nothing()
    {
        // Sent as fast as can be: while one signal is pending, more data comes.
        var race = Race("0 10 times 2000", 1, IoModel.Sigio);
        AssertWhole(race);
        var figures = race.Lanes[0].Figures(race.Ended);
        Assert.InRange(figures.Signals, 1, 2_000);
        Assert.Equal(2_000 - figures.Signals, figures.Coalesced);
    }

    [Fact]
    public void With_several_descriptors_signals_queue_and_name_theirs()
    {
        var race = Race("0 10 times 50", 5, IoModel.Sigio);
        AssertWhole(race);
        Assert.True(race.Lanes[0].Figures(race.Ended).Signals >= 5);
    }

    [Fact]
    public void Masks_and_handlers_are_as_before()
    {
        string before = SignalsOfProcess();
        AssertWhole(Race("0 20\n2ms 20"));
        Assert.Equal(before, SignalsOfProcess());
    }

    // Handlers are the process's; of the lanes' threads nothing is left.
    private static string SignalsOfProcess() =>
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigCgt", StringComparison.Ordinal));

    [Fact]
    public async Task No_thread_is_left()
    {
        AssertWhole(Race("0 20"));
        // glibc's threads for aio end a second after their last read.
        await AwaitNoLane();
    }

    private static async Task AwaitNoLane()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        while (Directory.EnumerateDirectories("/proc/self/task").Any(IsLane))
            await Task.Delay(20, patience.Token);
    }

    private static bool IsLane(string task)
    {
        try
        {
            return File.ReadAllText($"{task}/comm").StartsWith("io ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact]
    public async Task A_race_that_is_stopped_ends_every_lane_wherever_it_waits()
    {
        using var race = IoRace.Start(new IoRaceSpecification(IoModelNames.All, ArrivalScript.TryRead("test", "0 5\n59s 5", out _)!, 1));
        Assert.True(SpinWait.SpinUntil(() => race.Lanes.All(lane => lane.State == LaneState.Absent || lane.Figures(0).Messages == 1), s_patience));
        race.Stop();
        await race.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.All(race.Lanes.Where(lane => lane.State != LaneState.Absent), lane =>
            Assert.Equal((LaneState.Failed, "it had not got everything when the race ended"), (lane.State, lane.Words)));
    }

    [Fact]
    public async Task Held_let_run_and_held_again_the_clock_stands_and_nothing_is_lost()
    {
        var specification = new IoRaceSpecification(IoModelNames.All, ArrivalScript.TryRead("test", "0 20 times 40 every 10ms", out _)!, 1);
        using var race = IoRace.Start(specification, RaceMode.Stepwise);
        var gate = race.Gate;
        for (int round = 1; round <= 3; round++)
        {
            int wanted = 10 * round;
            gate.Release();
            Assert.True(SpinWait.SpinUntil(() => race.Lanes[0].Figures(0).Messages >= wanted, s_patience));
            gate.Hold();
            long stood = -1;
            Assert.True(SpinWait.SpinUntil(() => stood == (stood = gate.Now), s_patience));
            Assert.Equal(stood, gate.Now);
        }

        gate.Release();
        await race.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        AssertWhole(race);
    }

    [Fact]
    public async Task Stopped_while_it_is_held_a_race_ends_without_what_was_not_sent()
    {
        using var race = IoRace.Start(new IoRaceSpecification(IoModelNames.All, ArrivalScript.TryRead("test", "0 5\n0 5", out _)!, 1), RaceMode.Stepwise);
        Assert.True(SpinWait.SpinUntil(() => race.Gate.Next(0) is not null && race.Gate.NextMessage == 0, s_patience));
        race.Stop();
        await race.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.All(race.Lanes.Where(lane => lane.State != LaneState.Absent), lane =>
            Assert.Equal((LaneState.Failed, "it had not got everything when the race ended", 0), (lane.State, lane.Words, lane.Figures(race.Ended).Messages)));
    }

    [Fact]
    public async Task Step_by_step_each_lane_makes_one_call_at_a_time()
    {
        using var race = IoRace.Start(new IoRaceSpecification([IoModel.Blocking, IoModel.Nonblocking, IoModel.Epoll], ArrivalScript.TryRead("test", "0 5\n1ms 5", out _)!, 1), RaceMode.Stepwise);
        var gate = race.Gate;
        Assert.True(SpinWait.SpinUntil(() => gate.Next(0) is { Call: IoCall.Recv } && gate.Next(1) is { Call: IoCall.Recv } && gate.Next(2) is { Call: IoCall.EpollWait } && gate.NextMessage == 0, s_patience));
        Assert.False(gate.SendsNext);
        gate.Step();
        // Two sleep now; the one that asks stands before its next question.
        Assert.True(SpinWait.SpinUntil(() => gate.Next(0) is null && gate.Next(1) is { Intent: CallIntent.Again } && gate.Next(2) is null, s_patience));
        Assert.True(SpinWait.SpinUntil(() => gate.SendsNext, s_patience));
        Assert.Equal(0, race.Lanes[0].Figures(0).Messages);
        gate.Step();
        Assert.True(SpinWait.SpinUntil(() => race.Lanes[0].Figures(0).Messages == 1 && gate.Next(2) is { Call: IoCall.Recv }, s_patience));
        Assert.Equal(0, race.Lanes[2].Figures(0).Messages);
        gate.Release();
        await race.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        AssertWhole(race);
    }

    [Fact]
    public async Task The_kernel_counts_the_same_calls()
    {
        Assert.SkipUnless(Mount.IsRoot, "Counting by tracepoints needs root.");
        using var counter = SyscallCounter.Open(IoRaceSpecification.CountedCalls, out var obstacle);
        Assert.True(counter is not null, obstacle?.ToString());
        // A thread of glibc's for aio stays for a second, and would not be counted as one that this race has started.
        await AwaitNoLane();
        using var race = IoRace.Start(new IoRaceSpecification([IoModel.Nonblocking, IoModel.Poll, IoModel.Aio, IoModel.Sigio, IoModel.Uring], ArrivalScript.TryRead("test", "5ms 5\n10ms 5", out _)!, 1) { Counter = counter });
        await race.Completion.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        AssertWhole(race);
        var (nonblocking, poll, aio) = (race.Lanes[0].Figures(race.Ended), race.Lanes[1].Figures(race.Ended), race.Lanes[2].Figures(race.Ended));
        Assert.Equal(nonblocking.Count(IoCall.Recv), Observed(nonblocking, "recvfrom"));
        Assert.Equal((poll.Count(IoCall.Recv), poll.Count(IoCall.Poll)), (Observed(poll, "recvfrom"), Observed(poll, "poll")));
        var (sigio, uring) = (race.Lanes[3].Figures(race.Ended), race.Lanes[4].Figures(race.Ended));
        Assert.Equal((3, sigio.Count(IoCall.Recv), sigio.Count(IoCall.Sigsuspend)), (Observed(sigio, "fcntl"), Observed(sigio, "recvfrom"), Observed(sigio, "rt_sigsuspend")));
        if (race.Lanes[4].State != LaneState.Absent)
            Assert.Equal(uring.Count(IoCall.UringWait), Observed(uring, "io_uring_enter"));
        // The thread that glibc reads in is counted, too: recv is not called, read is.
        Assert.Equal(0, Observed(aio, "recvfrom"));
        Assert.Equal(aio.Count(IoCall.AioRead), Observed(aio, "read"));
    }
}

/// <summary>Races burn a core each; beside other tests they would only take longer.</summary>
[CollectionDefinition(nameof(IoRaceCollection), DisableParallelization = true)]
public sealed class IoRaceCollection;
