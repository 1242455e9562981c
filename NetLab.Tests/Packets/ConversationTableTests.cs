using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Tests.Support;

namespace NetLab.Tests.Packets;

public class ConversationTableTests
{
    [Fact]
    public void Each_conversation_is_counted_both_ways()
    {
        var table = Fold(MadeCapture.Exchange());
        Assert.Equal([(IpProtocol.Tcp, 0), (IpProtocol.Udp, 0)], table.Conversations.Select(one => (one.Protocol, one.Stream)));
        var tcp = table.Conversations[0];
        Assert.Equal(("127.0.0.1:40000", "127.0.0.1:8000"), (tcp.Tuple.Local.ToString(), tcp.Tuple.Remote.ToString()));
        Assert.Equal((3L, 191L, 5L, 321L), (tcp.PacketsSent, tcp.BytesSent, tcp.PacketsReceived, tcp.BytesReceived));
        Assert.Equal((Duration.FromMilliseconds(7), 1L, Duration.FromMilliseconds(1)), (tcp.Length, tcp.Retransmissions!.Value, tcp.RoundTrip!.Value));
        Assert.Null(table.Conversations[1].Retransmissions);
    }

    [Fact]
    public void The_same_ports_again_are_a_conversation_of_their_own()
    {
        var made = new MadeCapture();
        made.Tcp(40000, 8000, TcpFlags.Syn, 1, 0);
        made.Tcp(40000, 8000, TcpFlags.Syn, 1, 0);
        made.Tcp(40000, 8000, TcpFlags.Syn, 900, 0);
        Assert.Equal([2L, 1L], Fold(made).Conversations.Select(one => one.PacketsSent));
    }

    private static ConversationTable Fold(MadeCapture made)
    {
        var (table, history) = (new ConversationTable(), new FrameHistory());
        for (int index = 0; index < made.Packets.Count; index++)
        {
            var frame = new Frame(LinkType.Ethernet, made.Packets[index], 0) { Number = index + 1, Time = new Timestamp(index * 1_000_000L) };
            table.Take(frame.With(history.Take(frame)));
        }

        return table;
    }
}
