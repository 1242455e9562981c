using NetLab.Tests.Support;

namespace NetLab.Tests.Panes;

/// <content>The journal's packets, as they come.</content>
public sealed partial class PacketBrowserPaneTests
{
    [Fact]
    public void The_journals_packets_are_followed_until_one_scrolls_away_and_filtered_as_they_come()
    {
        using var screen = new PacketScreen(null);
        Assert.Contains("No packet yet.", screen.Text, StringComparison.Ordinal);
        var writer = screen.Lab.Journal.OpenWriter("packets");
        Append(screen, writer, TcpFrames.Exchange(4001), 0);
        Assert.Contains("Frame 10,", screen.Text, StringComparison.Ordinal);
        Append(screen, writer, TcpFrames.Exchange(4002), 10);
        Assert.Contains("Frame 20,", screen.Text, StringComparison.Ordinal);
        screen.Press("<Up>");
        Append(screen, writer, TcpFrames.Exchange(4001), 20);
        Assert.Contains("Frame 19,", screen.Text, StringComparison.Ordinal);
        screen.Press("/tcp.port == 4001<Enter>F");
        Assert.Contains(" 20 of 30 ┐", screen.Text, StringComparison.Ordinal);
        Append(screen, writer, TcpFrames.Exchange(4001), 30);
        Assert.Contains(" 30 of 40 ┐", screen.Text, StringComparison.Ordinal);
        Assert.Contains("Frame 40,", screen.Text, StringComparison.Ordinal);
        screen.Lab.View.Clear();
        Assert.Contains("No packet yet.", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_log_is_filtered_in_parts_so_that_no_frame_waits()
    {
        using var screen = new PacketScreen(null);
        var writer = screen.Lab.Journal.OpenWriter("packets", 64 << 20);
        Append(screen, writer, Enumerable.Range(0, 2_000).SelectMany(_ => TcpFrames.Exchange(4001)), 0);
        screen.Press("/tcp.flags.syn == 1");
        screen.Foot.Take(NetLab.Tui.Terminal.KeyEvent.Of(NetLab.Tui.Terminal.Key.Enter));
        screen.Draw();
        Assert.True(screen.Pane.IsBusy);
        Assert.Contains(" 4000 of 20000 ┐", screen.Text, StringComparison.Ordinal);
        Assert.False(screen.Pane.IsBusy);
    }

    [Fact]
    public void What_is_chosen_here_and_on_the_timeline_is_one_moment()
    {
        using var screen = new PacketScreen(null);
        Append(screen, screen.Lab.Journal.OpenWriter("packets"), TcpFrames.Exchange(4001), 0);
        screen.Press("g<Down>");
        var chosen = screen.Lab.View.Packets.Rows[1];
        Assert.Equal([chosen.Reference], screen.Cursor.Moment!.Packets.Take(1));
        // Somebody else chooses the fourth.
        var other = screen.Lab.View.Packets.Rows[3];
        screen.Cursor.Choose(screen.Lab.View.Moments.OfPacket(other.Time, other.Reference), new object());
        Assert.Contains("Frame 4,", screen.Text, StringComparison.Ordinal);
    }
}
