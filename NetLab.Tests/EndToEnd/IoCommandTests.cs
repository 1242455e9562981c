using System.Diagnostics;
using System.Text.Json;

namespace NetLab.Tests.EndToEnd;

/// <summary><c>netlab io</c> and the I/O tab, as root and as an ordinary user.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class IoCommandTests : IDisposable
{
    private static readonly string[] s_models = ["blocking", "nonblocking", "select", "poll", "epoll", "sigio", "aio", "uring"];

    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    private RunningProgram AsOrdinaryUser(params string[] arguments) =>
        RunningProgram.Start([.. _network.Prefix, .. PrivateNetwork.OrdinaryUser, _network.ProgramForEverybody, "io", .. arguments]);

    private static JsonElement[] Lanes(Ended ended)
    {
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        return [.. ended.Lines.Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    [Fact]
    public void Root_gets_a_lane_of_each_model_and_the_calls_that_the_kernel_saw()
    {
        var ended = _network.Run("io");
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        foreach (string model in s_models)
            Assert.Equal(2, ended.Lines.Count(line => line.StartsWith($"{model} ", StringComparison.Ordinal)));
        Assert.Contains("Calls: counted by the kernel (observed)", ended.Output, StringComparison.Ordinal);
        // Where a lane is slow, one recv gets two messages.
        Assert.Matches("(?m)^blocking +4/4 .* recvfrom [1-4]\\b", ended.Output);
        Assert.Matches("(?m)^poll +4/4 .*  (recvfrom|poll) [1-4], (recvfrom|poll) [1-4]\\b", ended.Output);
    }

    [Fact]
    public void An_ordinary_user_gets_the_same_messages_and_is_told_who_counted()
    {
        var lanes = Lanes(AsOrdinaryUser("--json").WaitForEnd());
        Assert.Equal(s_models, lanes.Select(lane => lane.GetProperty("model").GetString()));
        foreach (var lane in lanes.Where(lane => lane.GetProperty("state").GetString() != "absent"))
        {
            Assert.Equal((4, 80), (lane.GetProperty("messages").GetInt32(), lane.GetProperty("bytes").GetInt32()));
            Assert.False(lane.TryGetProperty("callsObserved", out _));
        }

        Assert.Contains("Try: sudo ./netlab", AsOrdinaryUser("poll").WaitForEnd().Lines.Single(line => line.StartsWith("Calls: counted by the models themselves.", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Models_arrivals_and_descriptors_are_chosen()
    {
        string file = _network.Write("arrivals", "1ms 100 times 30 every 1ms\n");
        var lanes = Lanes(_network.Run("io", "epoll", "io_uring", "select", "-a", file, "-n", "30", "--json"));
        Assert.Equal(["select", "epoll", "uring"], lanes.Select(lane => lane.GetProperty("model").GetString()));
        Assert.All(lanes.Where(lane => lane.GetProperty("state").GetString() == "done"), lane =>
        {
            Assert.Equal(3_000, lane.GetProperty("bytes").GetInt32());
            Assert.Equal(30, lane.GetProperty("times").EnumerateArray().Count(time => time.GetProperty("inHand").GetDouble() >= time.GetProperty("arrived").GetDouble()));
        });
        Assert.Equal("done", lanes[1].GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("There is no I/O model 'threads'; there are blocking, nonblocking, select, poll, epoll, sigio, aio, uring.", "threads")]
    [InlineData("There are no arrivals 'nosuch': no file, and none of classic, burst, trickle, large.", "-a", "nosuch")]
    public void A_mistake_is_one_line(string expected, params string[] arguments)
    {
        var ended = _network.Run(["io", .. arguments]);
        Assert.Equal((2, $"netlab: {expected}\n", ""), (ended.Code, ended.Error, ended.Output));
    }

    [Fact]
    public void Interrupted_it_tells_how_far_it_came()
    {
        string file = _network.Write("long", "0 1\n50s 1\n");
        using var running = _network.Start("io", "-a", file);
        // Each lane has its thread by then.
        while (Directory.EnumerateDirectories($"/proc/{running.Id}/task").Count(IsLane) < s_models.Length - 1)
            Thread.Yield();
        running.Signal(2);
        var ended = running.WaitForEnd();
        Assert.Equal(130, ended.Code);
        Assert.Contains("it had not got everything when the race ended.", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 40)]
    public void The_tab_races_steps_and_leaves_the_terminal_as_it_was(int columns, int rows)
    {
        using var terminal = _network.Open(columns, rows);
        terminal.AwaitScreen("hello");
        terminal.Send("9");
        terminal.AwaitScreen("Enter starts the race");
        terminal.Send("\r");
        terminal.AwaitScreen("calls (observed): recvfrom");
        // This lane is done; all are when the next race may be asked for.
        terminal.AwaitScreen("Enter r race");
        terminal.Send("a\u0015burst\r");
        terminal.AwaitScreen("next: burst");
        terminal.Send(" ");
        terminal.AwaitScreen("Space lets every lane make its next call");
        // A step's effect is seen before the next one is asked for: what is asked for too early would send the messages, too.
        // (A step that came too late for the one lane and too early for the other has none.)
        var (seen, pressed) = ("", 0L);
        terminal.Await(() =>
        {
            string screen = terminal.Screen;
            bool isSeen = screen != seen || Stopwatch.GetElapsedTime(pressed) > TimeSpan.FromSeconds(1);
            if (screen.Contains("Space lets every lane", StringComparison.Ordinal) && isSeen)
            {
                (seen, pressed) = (screen, Stopwatch.GetTimestamp());
                terminal.Send(" ");
            }

            return screen.Contains("Space sends message", StringComparison.Ordinal);
        }, "a step that sends");
        terminal.Send("x");
        terminal.AwaitScreen("it had not got everything");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void After_races_descriptors_and_threads_are_as_before()
    {
        using var terminal = _network.Open(120, 40);
        terminal.AwaitScreen("hello");
        terminal.Send("9\r");
        terminal.AwaitScreen("4 of 4 messages");
        terminal.AwaitScreen("Enter r race");
        // The instruments open files and close them again, so the most of some looks is what the lab has.
        int before = Enumerable.Range(0, 20).Max(_ => Descriptors(terminal.Program));
        foreach (var (script, end) in new[] { ("burst", "20 of 20 messages"), ("trickle", "30 of 30 messages"), ("burst", "20 of 20 messages"), ("trickle", "30 of 30 messages") })
        {
            terminal.Send($"a\u0015{script}\r");
            terminal.AwaitScreen($"next: {script}");
            terminal.Send("\r");
            terminal.AwaitScreen(end);
            terminal.AwaitScreen("Enter r race");
        }

        terminal.Await(() => Descriptors(terminal.Program) <= before, $"at most {before} descriptors");
        // glibc's thread for aio, which has its starter's name, ends a second after its last read.
        terminal.Await(() => !Directory.EnumerateDirectories($"/proc/{terminal.Program}/task").Any(IsLane), "no lane's thread");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    private static int Descriptors(int process) => Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count();

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
}
