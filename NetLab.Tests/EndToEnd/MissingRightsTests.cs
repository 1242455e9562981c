using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary>What NetLab does with less: an ordinary user, no libpcap, no tracefs.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class MissingRightsTests : IDisposable
{
    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    private const string NoLibpcap =
        """
        for library in /lib/*/libpcap.so* /usr/lib/*/libpcap.so* /usr/lib/libpcap.so* /usr/local/lib/libpcap.so*; do
            if [ -f "$library" ] && [ ! -L "$library" ]; then mount --bind /dev/null "$library" || exit 99; fi
        done
        exec "$@"
        """;

    private static readonly string[] s_withoutMounting = ["setpriv", "--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin"];

    [Fact]
    public void An_ordinary_user_sees_the_calls_and_their_results()
    {
        var run = RunningProgram.Start([.. _network.Prefix, .. PrivateNetwork.OrdinaryUser, _network.ProgramForEverybody, "run", "hello"]).WaitForEnd();
        Assert.Contains(run.Lines, line => line.Contains("server", StringComparison.Ordinal) && line.Contains("bind(", StringComparison.Ordinal) && line.Contains("127.0.0.1:8000) = 0", StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.Contains("client", StringComparison.Ordinal) && line.Contains("recvfrom(", StringComparison.Ordinal) && line.Contains(") = 10", StringComparison.Ordinal));
        Assert.Contains("✓ expect client received \"hello word\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("packets none", run.Output, StringComparison.Ordinal);
        AssertSaysWhatIsMissing(run.Output);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void An_ordinary_user_is_told_what_check_could_not_decide()
    {
        var check = RunningProgram.Start([.. _network.Prefix, .. PrivateNetwork.OrdinaryUser, _network.ProgramForEverybody, "check", "hello"]).WaitForEnd();
        Assert.Contains(check.Code, (int[])[0, 3]);
        Assert.Contains("states sampled", check.Output, StringComparison.Ordinal);
        if (check.Code == 3)
            AssertSaysWhatIsMissing(check.Output);
        Assert.DoesNotContain("✗", check.Output, StringComparison.Ordinal);
        Assert.Equal("", check.Error);
    }

    [Fact]
    public void What_keeps_many_scripts_undecided_is_said_once()
    {
        // Without packets an expectation about packets stays undecided.
        string script = _network.Write("packets.lab", """
            actor server
              socket inet stream as listener
              setsockopt reuseaddr 1
              bind 127.0.0.1:8000
              listen 1
              accept
              close
            actor client
              socket inet stream
              connect 127.0.0.1:8000
              recv 1 expect eof
            expect packet server FIN
            """);
        var check = RunningProgram.Start([.. _network.Prefix, .. PrivateNetwork.OrdinaryUser, _network.ProgramForEverybody, "check", script, script, "-j", "1"]).WaitForEnd();
        Assert.Equal(3, check.Code);
        Assert.Equal(2, check.Lines.Count(line => line.StartsWith("? undecided", StringComparison.Ordinal)));
        Assert.Single(check.Lines, line => line.StartsWith("Capturing packets needs root", StringComparison.Ordinal));
    }

    [Fact]
    public void A_check_that_is_interrupted_says_where_it_stood()
    {
        string script = _network.Write("never.lab", "actor a\n  socket inet stream as l\n  bind 127.0.0.1:8502\n  listen 1\n  accept\n");
        using var check = _network.Start("check", "hello", script);
        check.Await("✓ passed");
        // The listening socket tells that the second is on its way.
        while (!_network.Run("sockets", "-l").Output.Contains(":8502", StringComparison.Ordinal))
            Assert.DoesNotContain("stopped", check.Output, StringComparison.Ordinal);
        check.Signal(2);
        var ended = check.WaitForEnd();
        Assert.Equal(130, ended.Code);
        Assert.Contains("- stopped", ended.Output, StringComparison.Ordinal);
        Assert.Contains("the run was cancelled, in 'accept'", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ordinary_user_gets_the_interface_with_what_is_missing()
    {
        string[] command = [.. _network.Prefix, .. PrivateNetwork.OrdinaryUser, _network.ProgramForEverybody];
        using var terminal = PseudoTerminal.Start(command[0], command[1..], new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8" }, 120, 40);
        terminal.AwaitScreen("$ sudo ./netlab");
        terminal.Send("\r");
        terminal.AwaitScreen("9/9");
        terminal.AwaitScreen("6/6");
        terminal.AwaitScreen("received 10 bytes");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void Without_libpcap_there_are_no_packets_and_the_run_says_why()
    {
        var run = RunningProgram.Start([.. _network.Prefix, "unshare", "-m", "sh", "-c", NoLibpcap, "sh", PrivateNetwork.Program, "run", "hello"]).WaitForEnd();
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.Code);
        Assert.Contains("packets none, states observed", run.Output, StringComparison.Ordinal);
        Assert.Contains("libpcap", run.Output, StringComparison.Ordinal);
        Assert.Contains("Try: sudo apt-get install libpcap0.8", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_libpcap_the_packets_pane_says_what_mends_it()
    {
        string[] command = [.. _network.Prefix, "unshare", "-m", "sh", "-c", NoLibpcap, "sh", PrivateNetwork.Program];
        using var terminal = PseudoTerminal.Start(command[0], command[1..], new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8" }, 80, 24);
        terminal.AwaitScreen("libpcap");
        terminal.Send("4");
        terminal.AwaitScreen("$ sudo apt-get install libpcap0.8");
        terminal.Send("1\r");
        terminal.AwaitScreen("✓ as expected");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void Where_tracefs_may_not_be_mounted_the_states_are_inferred_and_say_so()
    {
        var run = RunningProgram.Start([.. _network.Prefix, .. WithoutTracefs(), PrivateNetwork.Program, "run", "hello"]).WaitForEnd();
        Assert.Contains("states inferred", run.Output, StringComparison.Ordinal);
        Assert.Contains("tracefs", run.Output, StringComparison.Ordinal);
        Assert.Contains(run.Lines, line => line.Contains("FIN_WAIT_2 → TIME_WAIT", StringComparison.Ordinal) && line.EndsWith("(inferred)", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Lines, line => line.Contains('→') && !line.EndsWith("(inferred)", StringComparison.Ordinal));
        Assert.Equal("", run.Error);
        var check = RunningProgram.Start([.. _network.Prefix, .. WithoutTracefs(), PrivateNetwork.Program, "check", "hello"]).WaitForEnd();
        Assert.True(check.Code == 0, check.ToString());
        Assert.Contains("states inferred", check.Output, StringComparison.Ordinal);
    }

    // A tracefs that is mounted already would be found and used: there it is taken out of sight first.
    private static string[] WithoutTracefs() =>
        ["unshare", "-m", "sh", "-c", "while read -r _ path kind _; do [ \"$kind\" = tracefs ] && umount -l \"$path\"; done </proc/self/mounts; exec \"$@\"", "sh", .. s_withoutMounting];

    private static void AssertSaysWhatIsMissing(string output)
    {
        Assert.Contains("Capturing packets needs root or CAP_NET_RAW. Try: sudo ./netlab", output, StringComparison.Ordinal);
        Assert.Contains("The kernel's trace", output, StringComparison.Ordinal);
    }
}
