using System.Text.Json;
using NetLab.Core.Interop;
using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary><c>netlab load</c> against other programs' servers, in a network of its own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class LoadCommandTests : IDisposable
{
    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Pythons_file_server_is_asked_as_often_as_wanted_and_counts_the_same()
    {
        _network.Write("page", new string('x', 3000));
        using var server = RunningProgram.Start([.. _network.Prefix, "python3", "-u", "-m", "http.server", "8000", "--bind", "127.0.0.1", "-d", _network.Folder]);
        server.Await("Serving HTTP");
        var run = _network.Run("load", "http://127.0.0.1:8000/page", "-n", "40", "-c", "2", "--json");
        Assert.True(run.Code == 0, $"{run}");
        var figures = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(40, figures.GetProperty("answered").GetInt32());
        Assert.Equal(40, figures.GetProperty("statuses").GetProperty("2xx").GetInt32());
        Assert.True(figures.GetProperty("bytesReceived").GetInt64() > 40 * 3000);
        server.Await(() => server.Error.Split('\n').Count(line => line.Contains("\"GET /page HTTP/1.1\" 200", StringComparison.Ordinal)) == 40, "40 lines of the server's log");
    }

    [Fact]
    public void Ctrl_C_gives_the_figures_so_far()
    {
        using var server = _network.Start("serve", "echo");
        server.Await(() => (server.Output + server.Error).Contains("8007", StringComparison.Ordinal), "the server");
        using var run = _network.Start("load", "127.0.0.1", "8007", "-d", "600", "-r", "200");
        // What the kernel lists belongs to a load that has begun.
        run.Await(() => _network.Run("sockets", "-i", ":8007", "--json").Lines.Count(line => line.Contains("ESTABLISHED", StringComparison.Ordinal)) >= 20, "its connections");
        run.Signal(ProcessSignals.SIGINT);
        var ended = run.WaitForEnd();
        Assert.Equal(130, ended.Code);
        Assert.Equal("", ended.Error);
        Assert.Contains("answered", ended.Output, StringComparison.Ordinal);
        Assert.Contains("no coordinated omission", ended.Output, StringComparison.Ordinal);
        server.Signal(ProcessSignals.SIGINT);
        server.WaitForEnd();
    }

    [Theory]
    [InlineData(4, "nobody listens", "http://127.0.0.1:9/")]
    [InlineData(2, "--yes-remote 10.1.2.3", "10.1.2.3", "7")]
    [InlineData(2, "neither a URL", "127.0.0.1:80")]
    [InlineData(2, "from 1 to 10000", "127.0.0.1", "7", "-c", "10001")]
    [InlineData(2, "from 1 to 3600", "127.0.0.1", "7", "-d", "0")]
    public void What_cannot_be_done_is_one_line(int code, string said, params string[] arguments)
    {
        var run = _network.Run(["load", .. arguments]);
        Assert.Equal(code, run.Code);
        Assert.Equal("", run.Output);
        Assert.Contains(said, run.OnlyError, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_the_progress_is_shown_and_taken_away()
    {
        using var server = _network.Start("serve", "echo");
        server.Await(() => (server.Output + server.Error).Contains("8007", StringComparison.Ordinal), "the server");
        string[] command = [.. _network.Prefix, PrivateNetwork.Program, "load", "127.0.0.1", "8007", "-d", "2", "-c", "2"];
        using var terminal = PseudoTerminal.Start(command[0], command[1..], new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8" }, 100, 40);
        terminal.AwaitScreen("s of 2 s");
        terminal.AwaitScreen("answered");
        Assert.Equal(0, terminal.WaitForExit());
        Assert.DoesNotContain("s of 2 s", terminal.Screen, StringComparison.Ordinal);
        server.Signal(ProcessSignals.SIGINT);
        server.WaitForEnd();
    }
}
