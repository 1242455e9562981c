using NetLab.Core.Packets;
using NetLab.Core.Tcp;
using NetLab.Core.Views;

namespace NetLab.Tests.Views;

/// <summary>The words for causes against RFC 9293's, edge by edge.</summary>
public class CausesTests
{
    [Fact]
    public void Every_edge_of_the_table_has_a_cause_that_agrees_with_its_event()
    {
        foreach (ref readonly var edge in TransitionTable.All)
        {
            string word = $"{edge.From} → {edge.To}: {edge.Event}";
            string? cause = edge.Event switch
            {
                "passive open" or "active open" or "send" => Causes.Call(edge.From, edge.To),
                "close" => Causes.Call(edge.From, edge.To) ?? Causes.End(edge.From),
                "abort" or "2MSL timeout" => Causes.Call(edge.From, edge.To) is null ? Causes.End(edge.From) : null,
                "user timeout" => Causes.UserTimeout,
                _ => Received(edge),
            };
            string[] compatible = edge.Event switch
            {
                "passive open" => ["listen"],
                "active open" or "send" => ["connect"],
                "rcv SYN" => ["rcv SYN"],
                "rcv SYN,ACK" => ["rcv SYN,ACK"],
                "rcv ACK of SYN" or "rcv ACK of FIN" => ["rcv ACK"],
                "rcv FIN,ACK of FIN" => ["rcv FIN,ACK"],
                "rcv FIN" => ["rcv FIN", "rcv FIN,ACK"],
                _ => [edge.Event],
            };
            Assert.True(compatible.Contains(cause), $"{word} has the cause {cause ?? "none"}");
        }
    }

    [Fact]
    public void A_segment_that_the_table_does_not_name_makes_no_change()
    {
        foreach (ref readonly var edge in TransitionTable.All)
        {
            if (edge.Event.StartsWith("rcv", StringComparison.Ordinal))
                Assert.False(Causes.Fits(edge.From, edge.To, TcpFlags.None), $"{edge.From} → {edge.To} by nothing");
            else if (edge is { Event: "passive open" or "active open" or "send" })
                Assert.False(Causes.Fits(edge.From, edge.To, TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Fin), $"{edge.From} → {edge.To} by a segment");
        }

        Assert.False(Causes.Fits(TcpState.Established, TcpState.Closed, TcpFlags.Fin | TcpFlags.Ack));
        Assert.False(Causes.Fits(TcpState.FinWait2, TcpState.TimeWait, TcpFlags.Ack));
    }

    // The segment that the event names, if it can make this change and no call is said to make it.
    private static string? Received(in Transition edge)
    {
        var flags = edge.Event switch
        {
            "rcv RST" => TcpFlags.Rst | TcpFlags.Ack,
            "rcv SYN" => TcpFlags.Syn,
            "rcv SYN,ACK" => TcpFlags.Syn | TcpFlags.Ack,
            "rcv FIN" or "rcv FIN,ACK of FIN" => TcpFlags.Fin | TcpFlags.Ack,
            "rcv ACK of SYN" or "rcv ACK of FIN" => TcpFlags.Ack,
            _ => TcpFlags.None,
        };
        return Causes.Call(edge.From, edge.To) is null && Causes.Fits(edge.From, edge.To, flags) ? Causes.Received(flags) : null;
    }
}
