using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Core.Views;
using NetLab.Tests.Support;

namespace NetLab.Tests.Views;

public class PacketSelectionTests
{
    [Fact]
    public void A_filter_takes_what_is_there_and_what_comes_later_piece_by_piece()
    {
        var (view, writer) = Lab();
        TcpFrames.Append(writer, TcpFrames.Exchange(4001).Concat(TcpFrames.Exchange(4002)));
        view.Fold(Timestamp.MaxValue);
        Assert.True(DisplayFilter.TryCompile("tcp.port == 4002", out var filter, out _));
        var selection = PacketSelection.Of(view.Packets, filter!);
        Assert.Equal(15, selection.Advance(15));
        Assert.Equal(5, selection.Matches.Count);
        Assert.Equal(5, selection.Advance(100));
        Assert.Equal(0, selection.Advance(100));
        Assert.Equal(10, selection.Matches.Count);
        Assert.Equal(10, selection.Matches[0]);
        TcpFrames.Append(writer, TcpFrames.Exchange(4002), 20);
        view.Fold(Timestamp.MaxValue);
        Assert.Equal(10, selection.Advance(100));
        Assert.Equal(20, selection.Matches.Count);
    }

    [Fact]
    public void What_falls_out_of_the_log_falls_out_of_the_selection()
    {
        var (view, writer) = Lab();
        var selection = new PacketSelection(view.Packets, (_, _) => true);
        TcpFrames.Append(writer, TcpFrames.Exchange(4001));
        view.Fold(Timestamp.MaxValue);
        selection.Advance(100);
        view.Clear();
        TcpFrames.Append(writer, TcpFrames.Exchange(4002), 10);
        view.Fold(Timestamp.MaxValue);
        selection.Advance(100);
        Assert.Equal(10, selection.Matches.Count);
        Assert.Equal(10, selection.Matches[selection.Matches.First]);
    }

    [Fact]
    public void A_list_of_places_finds_drops_and_keeps_their_numbers()
    {
        var places = new PlaceList();
        for (long place = 0; place < 10_000; place += 2)
            places.Add(place);
        Assert.Equal(5_000, places.Count);
        Assert.Equal(2_500, places.Find(5_000));
        Assert.Equal(2_501, places.Find(5_001));
        Assert.Equal(places.End, places.Find(10_000));
        places.DropBefore(9_000);
        Assert.Equal((4_500, 500), (places.First, places.Count));
        for (long place = 10_000; place < 30_000; place += 2)
            places.Add(place);
        for (long number = places.First; number < places.End; number++)
            Assert.Equal(2 * number, places[number]);
    }

    private static (LabView View, JournalWriter Writer) Lab()
    {
        var journal = new NetLab.Core.Journal();
        return (new LabView(journal), journal.OpenWriter("packets"));
    }
}
