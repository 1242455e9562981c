using System.Text.Json;
using NetLab.Core.Interop;

namespace NetLab.Tests.EndToEnd;

/// <summary><c>netlab capture</c> in a network of its own, beside tcpdump and tshark.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class CaptureCommandTests : IDisposable
{
    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData("r.pcap")]
    [InlineData("r.pcapng")]
    public void What_was_captured_is_the_same_for_tcpdump_tshark_and_netlab(string name)
    {
        RequireTcpdump();
        string file = Path.Combine(_network.Folder, name);
        using var capture = _network.Start("capture", "-i", "lo", "-w", file, "port", "8000");
        capture.Await("listening on lo, link-type EN10MB (Ethernet)");
        Assert.Equal(0, _network.Run("run", "hello").Code);
        capture.Signal(ProcessSignals.SIGINT);
        var ended = capture.WaitForEnd();
        Assert.Equal((0, ""), (ended.Code, ended.Output));
        string[] said = ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int packets = int.Parse(said[1].Split(' ')[0]);
        Assert.True(packets >= 8, ended.Error);
        Assert.Equal([$"{packets} packets captured", "0 packets dropped by kernel"], [said[1], said[^1]]);
        // On lo the kernel counts each packet on its way out and on its way in.
        Assert.Matches("^[0-9]+ packets received by filter$", said[2]);

        var read = RunningProgram.Start([PrivateNetwork.Program, "read", file]).WaitForEnd();
        Assert.Equal((0, ""), (read.Code, read.Error));
        Assert.Equal(packets, read.Lines.Length);
        var tcpdump = RunningProgram.Start(["tcpdump", "-nn", "-r", file], new() { ["TZ"] = "UTC0" }).WaitForEnd();
        Assert.Equal(tcpdump.Lines, read.Lines);
        const string fields = "frame.number,frame.time_epoch,ip.src,tcp.srcport,tcp.dstport,tcp.flags,tcp.seq,tcp.ack,tcp.len";
        if (!File.Exists("/usr/bin/tshark"))
            return;
        string[] names = [.. fields.Split(',').SelectMany(field => (string[])["-e", field])];
        var tshark = RunningProgram.Start(["tshark", "-n", "-r", file, "-T", "fields", .. names]).WaitForEnd();
        Assert.Equal(tshark.Lines, RunningProgram.Start([PrivateNetwork.Program, "read", file, "--fields", fields]).WaitForEnd().Lines[1..]);
    }

    [Fact]
    public void Lines_come_as_the_packets_pass_and_a_count_ends_it()
    {
        using var capture = _network.Start("capture", "-t", "-c", "3", "tcp", "port", "8000");
        capture.Await("listening on lo");
        Assert.Equal(0, _network.Run("run", "hello").Code);
        var ended = capture.WaitForEnd();
        Assert.Equal((0, 3), (ended.Code, ended.Lines.Length));
        Assert.Contains(".8000: Flags [S], seq ", ended.Lines[0], StringComparison.Ordinal);
        Assert.Contains("Flags [S.]", ended.Lines[1], StringComparison.Ordinal);
        Assert.Contains("Flags [.], ack 1, ", ended.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_display_filter_chooses_among_live_packets()
    {
        using var capture = _network.Start("capture", "--json", "-Y", "tcp.flags.fin == 1", "-c", "2", "port 8000");
        capture.Await("listening on lo");
        Assert.Equal(0, _network.Run("run", "hello").Code);
        var ended = capture.WaitForEnd();
        Assert.Equal((0, 2), (ended.Code, ended.Lines.Length));
        Assert.All(ended.Lines, line =>
            Assert.Contains("FIN", JsonDocument.Parse(line).RootElement.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString())));
    }

    [Fact]
    public void Standard_output_as_a_file_is_read_by_netlab_as_it_comes()
    {
        using var both = RunningProgram.Start([.. _network.Prefix, "sh", "-c", "\"$0\" capture -w - -c 4 port 8000 | \"$0\" read - -t", PrivateNetwork.Program]);
        both.Await("listening on lo");
        Assert.Equal(0, _network.Run("run", "hello").Code);
        var ended = both.WaitForEnd();
        Assert.Equal((0, 4), (ended.Code, ended.Lines.Length));
    }

    [Fact]
    public void The_time_ends_it_and_a_ring_keeps_files_that_can_be_read()
    {
        string file = Path.Combine(_network.Folder, "ring");
        var ended = _network.Run("capture", "--duration", "0.2", "-w", file, "--ring", "1M");
        Assert.Equal(0, ended.Code);
        Assert.Contains("packets captured", ended.Error, StringComparison.Ordinal);
        Assert.Equal(0, RunningProgram.Start([PrivateNetwork.Program, "read", file + "0"]).WaitForEnd().Code);
    }

    [Theory]
    [InlineData("there are lo", "-i", "nosuch0")]
    [InlineData("unknown port", "port", "nosuchport")]
    [InlineData("column 1", "-Y", "nonsense")]
    [InlineData("-s takes a number", "-s", "many")]
    [InlineData("--ring needs -w", "--ring", "1M")]
    [InlineData("There is no folder", "-w", "/no/such/folder/r.pcap")]
    public void What_is_wrong_is_one_line(string said, params string[] arguments)
    {
        var ended = _network.Run(["capture", .. arguments]);
        Assert.Equal((2, ""), (ended.Code, ended.Output));
        Assert.Contains(said, ended.OnlyError.Replace("any, lo", "lo", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void An_ordinary_user_is_told_what_mends_it()
    {
        var ended = RunningProgram.Start([.. _network.Prefix, .. PrivateNetwork.OrdinaryUser, _network.ProgramForEverybody, "capture"]).WaitForEnd();
        Assert.Equal((3, ""), (ended.Code, ended.Output));
        Assert.Contains("CAP_NET_RAW", ended.OnlyError, StringComparison.Ordinal);
        Assert.Matches("Try: (sudo|docker) ", ended.OnlyError);
    }

    [Fact]
    public void The_interfaces_are_listed()
    {
        var ended = _network.Run("capture", "-D");
        Assert.Equal(0, ended.Code);
        Assert.Contains(ended.Lines, line => line.StartsWith("lo ", StringComparison.Ordinal) && line.Contains("up  ", StringComparison.Ordinal) && line.Contains("127.0.0.1", StringComparison.Ordinal));
    }

    private static void RequireTcpdump() =>
        Assert.SkipUnless(File.Exists("/usr/bin/tcpdump") || File.Exists("/usr/sbin/tcpdump") || Environment.GetEnvironmentVariable("CI") == "true", "needs tcpdump");
}
