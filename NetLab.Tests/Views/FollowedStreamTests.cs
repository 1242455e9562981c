using System.Text;
using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tests.Support;

namespace NetLab.Tests.Views;

public class FollowedStreamTests
{
    [Fact]
    public void Both_ends_in_turn_and_how_each_ends()
    {
        var stream = Follow(TcpFrames.Exchange(4001), 5);
        Assert.Equal(["0 Data GET / HTTP/1.1\r\nHost: a\r\n\r\n", "1 Data HTTP/1.1 200 OK\r\n\r\nhello", "1 End ", "0 End "], Say(stream));
        Assert.Equal((4001, 80), (stream.Ends.Local.Port, stream.Ends.Remote.Port));
        Assert.Equal((27, 24, 0), stream.Total);
        Assert.Equal(3, stream.PlaceOf(0));
        Assert.Equal(5, stream.PlaceOf(27));
    }

    [Fact]
    public void Whoever_opened_is_the_first_end_also_where_the_SYN_is_missing()
    {
        var stream = Follow([.. TcpFrames.Exchange(4001).Skip(1)], 0);
        Assert.Equal(4001, stream.Ends.Local.Port);
    }

    [Fact]
    public void What_was_not_captured_is_a_gap()
    {
        var frames = TcpFrames.Exchange(4001);
        frames.RemoveAt(3);
        var stream = Follow(frames, 0);
        Assert.Equal(["0 Missing ", "1 Data HTTP/1.1 200 OK\r\n\r\nhello", "1 End ", "0 End "], Say(stream));
        Assert.Equal(27, stream.Missing);
    }

    [Fact]
    public void Other_connections_are_not_taken_and_datagrams_stand_alone()
    {
        var stream = Follow([TcpFrames.Udp(5000, 53, "ask"), TcpFrames.Udp(5001, 53, "other"), TcpFrames.Udp(5000, 53, "ask again"), TcpFrames.Udp(53, 5000, "told")], 0);
        Assert.False(stream.IsTcp);
        Assert.Equal(["0 Data ask", "0 Data ask again", "1 Data told"], Say(stream));
    }

    [Fact]
    public void What_passes_the_bound_is_counted_not_kept()
    {
        var frames = Enumerable.Range(0, 100).Select(_ => TcpFrames.Udp(5000, 53, new string('x', 100))).ToList();
        var stream = Follow(frames, 0, bound: 1_050);
        Assert.Equal(1_050, stream.Octets.Length);
        Assert.Equal((10_000, 0, 8_950), stream.Total);
    }

    private static FollowedStream Follow(List<byte[]> frames, int chosen, int bound = 1 << 20)
    {
        PacketHeaders.Parse(LinkType.Ethernet, frames[chosen], out var headers);
        var stream = new FollowedStream(headers, bound);
        for (int place = 0; place < frames.Count; place++)
            stream.Take(place, new Frame(LinkType.Ethernet, frames[place], frames[place].Length) { Number = place + 1, Time = new Timestamp(place) });
        return stream;
    }

    private static IEnumerable<string> Say(FollowedStream stream) => stream.Pieces.Select(piece =>
        $"{piece.Sender} {piece.Kind} {(piece.Kind == StreamChunkKind.Data ? Encoding.Latin1.GetString(stream.Octets.Slice(piece.Start, (int)piece.Length)) : "")}");
}
