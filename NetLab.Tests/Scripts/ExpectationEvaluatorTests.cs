using NetLab.Core;
using NetLab.Core.Scripts;
using NetLab.Core.Tcp;

namespace NetLab.Tests.Scripts;

public sealed class ExpectationEvaluatorTests
{
    private static ExpectationResult Evaluate(string expectation, string path, Provenance provenance)
    {
        var script = ScriptParser.Parse($"actor a\nsocket inet stream\n{expectation}", "x").Script!;
        var states = path.Split(' ').Select(name => TcpStateNames.TryParse(name, out var state) ? state : throw new FormatException(name));
        return Assert.Single(ExpectationEvaluator.Evaluate(script, new ObservedRun
        {
            Paths = new Dictionary<string, ObservedPath> { ["a.socket"] = new([.. states], provenance) },
            Bytes = new Dictionary<(string, Direction), ObservedBytes> { [("a", Direction.Sent)] = new(2, "hi"u8.ToArray()) },
            Packets = [("a", 0x11), ("a", 0x02)],
            Steps =
            [
                new ObservedStep("a", "recv", new Timestamp(2_000_000_000), new Timestamp(5_000_000_000)),
                new ObservedStep("a", "recv", new Timestamp(1_000_000_000), new Timestamp(2_000_000_000)),
                new ObservedStep("a", "close", new Timestamp(5_000_000_000), new Timestamp(6_000_000_000)),
            ],
            Duration = Duration.FromMilliseconds(7),
        }));
    }

    [Theory]
    [InlineData("expect a.socket LISTEN CLOSED", "LISTEN CLOSED", Verdict.Met)]
    [InlineData("expect a.socket LISTEN", "LISTEN CLOSED", Verdict.NotMet)]
    [InlineData("expect a.socket ... FIN_WAIT_1 ... TIME_WAIT", "SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT", Verdict.Met)]
    [InlineData("expect a.socket ESTABLISHED ... TIME_WAIT", "ESTABLISHED TIME_WAIT CLOSED", Verdict.Met)]
    [InlineData("expect a.socket TIME_WAIT CLOSED", "TIME_WAIT", Verdict.NotMet)]
    [InlineData("expect a sent \"hi\"", "CLOSED", Verdict.Met)]
    [InlineData("expect a sent 3 bytes", "CLOSED", Verdict.NotMet)]
    [InlineData("expect a received 0 bytes", "CLOSED", Verdict.Met)]
    [InlineData("expect packet a FIN,ACK", "CLOSED", Verdict.Met)]
    [InlineData("expect packet a SYN 2", "CLOSED", Verdict.NotMet)]
    [InlineData("expect packet a RST 0", "CLOSED", Verdict.Met)]
    [InlineData("expect within 5ms", "CLOSED", Verdict.NotMet)]
    [InlineData("expect a recv before a recv 2", "CLOSED", Verdict.Met)]
    [InlineData("expect a close before a recv 2", "CLOSED", Verdict.NotMet)]
    [InlineData("expect a recv 3 before a close", "CLOSED", Verdict.NotMet)]
    [InlineData("expect a recv 2 takes at least 3s", "CLOSED", Verdict.Met)]
    [InlineData("expect a recv 2 takes at most 2s", "CLOSED", Verdict.NotMet)]
    [InlineData("expect a send takes at most 2s", "CLOSED", Verdict.NotMet)]
    public void Facts_decide(string expectation, string path, Verdict verdict) =>
        Assert.Equal(verdict, Evaluate(expectation, path, Provenance.Observed).Verdict);

    [Fact]
    public void A_sampled_path_with_gaps_decides_nothing()
    {
        var result = Evaluate("expect a.socket SYN_SENT ESTABLISHED CLOSED", "ESTABLISHED", Provenance.Sampled);
        Assert.Equal(Verdict.Undecided, result.Verdict);
        Assert.Contains("sampled", result.Actual);
    }
}
