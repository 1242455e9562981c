using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.IoModels;
using NetLab.Tests.Support;
using NetLab.Tui.Panes;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.Panes;

public sealed class IoPaneTests : IDisposable
{
    private const long Us = 1_000;
    private readonly Scene _scene = new();
    private readonly IoPane _pane = new();

    public void Dispose() => _scene.Dispose();

    // A lane as it would have been: the message comes, is noticed after some time, copied in 2 µs and worked on for 10.
    private static IoLane Lane(IoModel model, LanePhase before, LanePhase after, IoCall waits, int noticed)
    {
        var lane = new IoLane(model, ArrivalScript.Classic, 1);
        lane.Begin(0);
        long time = 0, offset = 0;
        for (int message = 0; message < ArrivalScript.Classic.Arrivals.Count; message++)
        {
            long at = ArrivalScript.Classic.Arrivals[message].At.Nanoseconds + 30 * Us, got = at + noticed * Us;
            lane.Mail.Sending(message, 0, at);
            lane.Mail.Sent(offset + 20);
            if (before == LanePhase.Spinning)
            {
                for (int call = 0; call < 1_000; call++)
                    lane.AddVain(IoCall.Recv, time + (at - time) / 1_000 * call, time + (at - time) / 1_000 * (call + 1));
            }
            else
            {
                lane.Add(new LaneSpan(before, waits, time, at, after == LanePhase.Ready ? 0 : 1, 1));
                lane.Count(waits);
                lane.CountWakeup();
            }

            if (after == LanePhase.Ready)
                lane.Add(new LaneSpan(after, waits, at, got - 2 * Us, 1, 1));
            lane.Add(new LaneSpan(LanePhase.Copying, IoCall.Recv, after == LanePhase.Ready ? got - 2 * Us : at, got, 1, 20));
            if (model < IoModel.Aio && waits != IoCall.Recv)
                lane.Count(IoCall.Recv);
            if (model == IoModel.Sigio)
                lane.CountSignals(1);
            Assert.Null(lane.Mail.Take(0, [.. Enumerable.Range(0, 20).Select(index => LaneMail.Byte(0, offset + index))], got));
            offset += 20;
            lane.Add(new LaneSpan(LanePhase.Processing, IoCall.Recv, got, time = got + 10 * Us, 0, 20));
        }

        bool spins = before == LanePhase.Spinning;
        lane.Use(new ThreadUsage(Duration.FromMicroseconds(spins ? 90_000 : 300), Duration.FromMicroseconds(spins ? 205_000 : 150), 4, spins ? 12 : 0));
        lane.End(LaneState.Done, null, time, null);
        return lane;
    }

    private static IoRace Race()
    {
        var absent = new IoLane(IoModel.Uring, ArrivalScript.Classic, 1);
        absent.End(LaneState.Absent, "io_uring is forbidden or unknown here (EPERM)", 0, null);
        return IoRace.Recorded(ArrivalScript.Classic,
        [
            Lane(IoModel.Blocking, LanePhase.Waiting, LanePhase.Copying, IoCall.Recv, 30),
            Lane(IoModel.Nonblocking, LanePhase.Spinning, LanePhase.Copying, IoCall.Recv, 4),
            Lane(IoModel.Select, LanePhase.Waiting, LanePhase.Ready, IoCall.Select, 40),
            Lane(IoModel.Poll, LanePhase.Waiting, LanePhase.Ready, IoCall.Poll, 38),
            Lane(IoModel.Epoll, LanePhase.Waiting, LanePhase.Ready, IoCall.EpollWait, 35),
            Lane(IoModel.Sigio, LanePhase.Free, LanePhase.Ready, IoCall.Sigsuspend, 45),
            Lane(IoModel.Aio, LanePhase.Free, LanePhase.Copying, IoCall.AioRead, 90),
            absent,
        ], 301_000 * Us);
    }

    private string Draw(int columns, int rows) => _scene.Draw(_pane, columns, rows);

    private void Press(params string[] keys)
    {
        foreach (string key in keys)
        {
            Draw(80, 24);
            var pressed = key switch
            {
                "Down" => new KeyEvent(Key.Down, default, Modifiers.None),
                "Right" => new KeyEvent(Key.Right, default, Modifiers.None),
                "Enter" => new KeyEvent(Key.Enter, default, Modifiers.None),
                _ => KeyEvent.Of(key[0]),
            };
            Assert.True(_pane.Take(pressed, _scene.Context), key);
        }
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 40)]
    public void The_models_are_lanes_on_the_same_arrivals(int columns, int rows)
    {
        _scene.Lab.Io.Show(Race());
        Golden.Check($"io-{columns}", Draw(columns, rows));
    }

    [Fact]
    public void Before_the_first_race_the_lanes_are_named_and_it_says_what_to_do()
    {
        string screen = Draw(80, 24);
        Assert.Contains("Enter starts the race", screen, StringComparison.Ordinal);
        foreach (var model in IoModelNames.All)
            Assert.Contains($" {model.Name()} ", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chosen_lane_is_told_in_figures_and_explained()
    {
        _scene.Lab.Io.Show(Race());
        Press("Down");
        Assert.Contains("woken 0, in vain 4,000, switches 4+12, user 90.0 ms, system 205 ms", Draw(80, 24), StringComparison.Ordinal);
        Press("i");
        Assert.Contains("has O_NONBLOCK", Draw(80, 24), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_takes_no_part_says_why()
    {
        _scene.Lab.Io.Show(Race());
        Assert.Contains("io_uring is forbidden or unknown here (EPERM)", Draw(80, 24), StringComparison.Ordinal);
    }

    [Fact]
    public void Zoomed_one_sees_the_chosen_message_and_then_the_next()
    {
        _scene.Lab.Io.Show(Race());
        Press("Right", "+");
        string second = Draw(120, 40);
        Assert.Contains("50 ms", second, StringComparison.Ordinal);
        Assert.DoesNotContain("55 ms", second, StringComparison.Ordinal);
        Press("Right");
        Assert.Contains("55 ms", Draw(120, 40), StringComparison.Ordinal);
        Press("0");
        Assert.Contains("300 ms", Draw(120, 40), StringComparison.Ordinal);
    }

    [Fact]
    public void A_race_runs_while_the_pane_goes_on_drawing()
    {
        Press("Enter");
        var race = _scene.Lab.Io.Race!;
        int drawn = 0;
        while (!race.IsOver)
        {
            Draw(120, 40);
            drawn++;
        }

        Assert.True(drawn > 1);
        Assert.All(race.Lanes.Where(lane => lane is not { Model: IoModel.Uring, State: LaneState.Absent }), lane => Assert.Equal((LaneState.Done, null), (lane.State, lane.Words)));
        Assert.Contains("4 of 4 messages", Draw(120, 40), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_a_race_is_drawn_whenever_it_comes()
    {
        Press("Enter");
        Draw(120, 40);
        Assert.Null(_pane.Keys.First(help => help.Keys == "Enter r").Brief);
        await _scene.Lab.Io.Race!.Completion.WaitAsync(TestContext.Current.CancellationToken);
        // It came after the last frame: another one is due, and no more after that.
        Assert.NotNull(_pane.Tick(_scene.Context));
        Draw(120, 40);
        Assert.Equal("race", _pane.Keys.First(help => help.Keys == "Enter r").Brief);
        Assert.Null(_pane.Tick(_scene.Context));
    }

    [Fact]
    public void Step_by_step_it_says_what_comes_before_it_happens()
    {
        Press(" ");
        var gate = _scene.Lab.Io.Race!.Gate;
        Assert.True(SpinWait.SpinUntil(() => gate.Next(0) is { Call: IoCall.Recv }, TimeSpan.FromSeconds(30)));
        string screen = Draw(120, 40);
        Assert.Contains("Space lets every lane make its next call.", screen, StringComparison.Ordinal);
        Assert.Contains("recv will sleep until data is there, copy it and return.", screen, StringComparison.Ordinal);
        // Step by step until only those that ask in vain have anything to do: then a message is sent.
        Assert.True(SpinWait.SpinUntil(() =>
        {
            // Only a lane that waits with something new to do is let through: that never sends.
            if (Enumerable.Range(0, IoModelNames.All.Count).Any(lane => gate.Next(lane) is { Intent: CallIntent.Next }))
                gate.Step();
            return Draw(120, 40).Contains("Space sends message 1 of 4 (20 bytes) to every lane.", StringComparison.Ordinal);
        }, TimeSpan.FromSeconds(30)));
        Press("x");
        Assert.True(SpinWait.SpinUntil(() => _scene.Lab.Io.Race!.IsOver, TimeSpan.FromSeconds(30)));
        Assert.Contains("it had not got everything when the race ended", Draw(120, 40), StringComparison.Ordinal);
    }
}
