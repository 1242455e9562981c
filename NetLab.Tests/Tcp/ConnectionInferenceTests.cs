using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Tests.Tcp;

public class ConnectionInferenceTests
{
    private const string Handshake = "> S seq 100\n< SA seq 300 ack 101\n> A seq 101 ack 301\n";

    [Theory]
    [InlineData(Handshake + "< FA seq 301 ack 101\n> A seq 101 ack 302\n> FA seq 101 ack 302\n< A seq 302 ack 102",
        "SYN_SENT ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED", "SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT")]
    [InlineData("> S seq 100\n< S seq 300\n> SA seq 100 ack 301\n< SA seq 300 ack 101",
        "SYN_SENT SYN_RCVD ESTABLISHED", "SYN_SENT SYN_RCVD ESTABLISHED")]
    [InlineData(Handshake + "> FA seq 101 ack 301\n< FA seq 301 ack 101\n> A seq 102 ack 302\n< A seq 302 ack 102",
        "SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSING TIME_WAIT", "SYN_RCVD ESTABLISHED FIN_WAIT_1 CLOSING TIME_WAIT")]
    [InlineData(Handshake + "> FA seq 101 ack 301\n< A seq 301 ack 102\n< PA seq 301 ack 102 len 9\n> A seq 102 ack 310",
        "SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2", "SYN_RCVD ESTABLISHED CLOSE_WAIT")]
    [InlineData("> S seq 100\n< RA seq 0 ack 101", "SYN_SENT CLOSED", "")]
    [InlineData("> S seq 100\n< RA seq 0 ack 7", "SYN_SENT", "")]
    [InlineData("> S seq 100\n> S seq 100\n< SA seq 300 ack 101\n< SA seq 300 ack 101\n> A seq 101 ack 301",
        "SYN_SENT ESTABLISHED", "SYN_RCVD ESTABLISHED")]
    [InlineData(Handshake + "> FA seq 101 ack 301\n> FA seq 101 ack 301\n< A seq 301 ack 102\n< FA seq 301 ack 102\n< FA seq 301 ack 102\n> A seq 102 ack 302",
        "SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT", "SYN_RCVD ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED")]
    [InlineData(Handshake + "> R seq 101", "SYN_SENT ESTABLISHED CLOSED", "SYN_RCVD ESTABLISHED CLOSED")]
    [InlineData(Handshake + "> R seq 90000", "SYN_SENT ESTABLISHED", "SYN_RCVD ESTABLISHED")]
    [InlineData(Handshake + "> R seq 4294900000", "SYN_SENT ESTABLISHED", "SYN_RCVD ESTABLISHED")]
    [InlineData(Handshake + "< FA seq 301 ack 101\n> A seq 101 ack 302\n> R seq 101", "SYN_SENT ESTABLISHED CLOSE_WAIT CLOSED", "SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 CLOSED")]
    // A scanner, or a connect() that was given up: the reset says that nobody was there to be established.
    [InlineData("> S seq 100\n< SA seq 300 ack 101\n> R seq 101", "SYN_SENT CLOSED", "SYN_RCVD CLOSED")]
    [InlineData("> S seq 100\n< SA seq 300 ack 101\n> RA seq 101 ack 301", "SYN_SENT ESTABLISHED CLOSED", "SYN_RCVD CLOSED")]
    [InlineData("> PA seq 500 ack 900 len 5\n< A seq 900 ack 505", "ESTABLISHED", "ESTABLISHED")]
    [InlineData("> A seq 500 ack 900\n< FA seq 900 ack 500\n> FA seq 500 ack 901\n< A seq 901 ack 501",
        "ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED", "ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT")]
    [InlineData(Handshake + "< FA seq 311 ack 101\n< PA seq 301 ack 101 len 10\n> A seq 101 ack 312",
        "SYN_SENT ESTABLISHED CLOSE_WAIT", "SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2")]
    [InlineData(Handshake + "> FA seq 2000000000 ack 301", "SYN_SENT ESTABLISHED", "SYN_RCVD ESTABLISHED")]
    [InlineData("> S seq 4294967290\n< SA seq 4294967295 ack 4294967291\n> A seq 4294967291 ack 0\n> PA seq 4294967291 ack 0 len 10\n> FA seq 5 ack 0\n< FA seq 0 ack 6\n> A seq 6 ack 1",
        "SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT", "SYN_RCVD ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED")]
    // The FIN was not acknowledged yet when its sender reset the connection; the reset's number tells that it had come. Seen on loopback.
    [InlineData(Handshake + "> FA seq 101 ack 301\n> RA seq 102 ack 301", "SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSED", "SYN_RCVD ESTABLISHED CLOSE_WAIT CLOSED")]
    // The reset acknowledges the peer's FIN.
    [InlineData(Handshake + "< FA seq 301 ack 101\n> RA seq 101 ack 302", "SYN_SENT ESTABLISHED CLOSE_WAIT CLOSED", "SYN_RCVD ESTABLISHED FIN_WAIT_1 CLOSED")]
    // A reset and a FIN cross: the FIN was sent before the reset came.
    [InlineData(Handshake + "< RA seq 301 ack 101\n> FA seq 101 ack 301\n< R seq 301", "SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSED", "SYN_RCVD ESTABLISHED CLOSED")]
    [InlineData(Handshake + "< FA seq 301 ack 101\n> A seq 101 ack 302\n< RA seq 302 ack 101\n> FA seq 101 ack 302\n< R seq 302",
        "SYN_SENT ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED", "SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 CLOSED")]
    // A FIN that nobody is there for any more: what it acknowledged was not heard either.
    [InlineData(Handshake + "> FA seq 101 ack 301\n< FA seq 301 ack 102\n> R seq 102\n> RA seq 102 ack 301",
        "SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSED", "SYN_RCVD ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED")]
    [InlineData(Handshake + "> FA seq 101 ack 301\n< FA seq 301 ack 102\n> RA seq 102 ack 301\n> R seq 102",
        "SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSED", "SYN_RCVD ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED")]
    [InlineData(Handshake + "> FA seq 101 ack 301\n< A seq 301 ack 102\n> R seq 102\n> RA seq 102 ack 301",
        "SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSED", "SYN_RCVD ESTABLISHED CLOSE_WAIT CLOSED")]
    // Two resets cross; the second end has seen neither the FIN nor the reset.
    [InlineData(Handshake + "> FA seq 101 ack 301\n> RA seq 102 ack 301\n< RA seq 301 ack 101", "SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSED", "SYN_RCVD ESTABLISHED CLOSED")]
    // Data for a program that has closed.
    [InlineData(Handshake + "> FA seq 101 ack 301\n< PA seq 301 ack 102 len 5\n> R seq 102",
        "SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 CLOSED", "SYN_RCVD ESTABLISHED CLOSE_WAIT CLOSED")]
    public void Segments_tell_the_states_of_both_ends(string segments, string first, string second)
    {
        var paths = Infer(segments.Split('\n'));
        Assert.Equal(first, Text(paths[0]));
        Assert.Equal(second, Text(paths[1]));
    }

    [Fact]
    public void SYN_RCVD_begins_when_the_SYN_came()
    {
        var inference = new ConnectionInference();
        Take(inference, "> S seq 100", 5);
        Take(inference, "< SA seq 300 ack 101", 9);
        Assert.Equal(Wire.At(5), inference.Changes[0].Time);
    }

    [Fact]
    public void Exchanges_of_two_ends_give_the_paths_they_really_took()
    {
        for (int seed = 1; seed <= 2000; seed++)
        {
            var exchange = new SimulatedExchange(seed);
            exchange.Run();
            var inference = new ConnectionInference();
            var paths = new[] { new List<TcpState>(), new List<TcpState>() };
            int time = 0;
            foreach (var (segment, sender) in exchange.Segments)
            {
                inference.Take(segment, sender, Wire.At(++time));
                Assert.Equal((0, 0), (inference.TakenBack(0), inference.TakenBack(1)));
                foreach (ref readonly var change in inference.Changes)
                    paths[change.End].Add(change.To);
            }

            for (int end = 0; end < 2; end++)
            {
                Assert.True(Text(exchange.Path(end)) == Text(paths[end]),
                    $"seed {seed}, end {end}: really {Text(exchange.Path(end))}, inferred {Text(paths[end])}\n{string.Join('\n', exchange.Segments)}");
                Assert.True(TransitionTable.IsLegal([TcpState.Closed, .. paths[end]]) || paths[end] is [TcpState.SynRcvd, ..], $"seed {seed}");
            }
        }
    }

    [Fact]
    public void Random_segments_never_throw_and_never_allocate()
    {
        const int Seed = 20261123;
        var random = new Random(Seed);
        var inference = new ConnectionInference();
        var analysis = new StreamAnalysis();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int count = 0; count < 200_000; count++)
        {
            int sender = random.Next(2);
            uint near = random.Next(4) == 0 ? (uint)random.NextInt64(1L << 32) : (uint)random.Next(200);
            var segment = new TcpSegment(sender == 0 ? Wire.Tuple : Wire.Tuple.Reversed, (TcpFlags)random.Next(512), near, (uint)random.Next(200),
                (ushort)random.Next(3), random.Next(4));
            inference.Take(segment, sender, Wire.At(count));
            analysis.Take(segment, sender, Wire.At(count), [3, 3, (byte)random.Next(30)]);
        }

        // An object a segment would be millions of bytes; collections meanwhile count up to 8 KiB of unused room each.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000, $"seed {Seed}");
    }

    private static List<TcpState>[] Infer(string[] lines)
    {
        var inference = new ConnectionInference();
        List<TcpState>[] paths = [[], []];
        for (int index = 0; index < lines.Length; index++)
        {
            Take(inference, lines[index], index);
            for (int end = 0; end < 2; end++)
                paths[end].RemoveRange(paths[end].Count - inference.TakenBack(end), inference.TakenBack(end));
            foreach (ref readonly var change in inference.Changes)
                paths[change.End].Add(change.To);
        }

        return paths;
    }

    private static void Take(ConnectionInference inference, string line, int milliseconds)
    {
        var (segment, sender) = Wire.Parse(line);
        inference.Take(segment, sender, Wire.At(milliseconds));
    }

    private static string Text(IEnumerable<TcpState> path) => string.Join(' ', path.Select(state => state.Name()));
}
