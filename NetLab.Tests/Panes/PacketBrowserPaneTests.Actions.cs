using NetLab.Core;
using NetLab.Core.Session;
using NetLab.Tests.Support;

namespace NetLab.Tests.Panes;

/// <content>Marks, going to a place, saving and copying.</content>
public sealed partial class PacketBrowserPaneTests
{
    [Fact]
    public void Marks_are_set_and_gone_to()
    {
        using var screen = Open(TcpFrames.Exchange(4001));
        screen.Press("<Down>m<Down><Down>m");
        Assert.Contains("│● 2 ", screen.Text, StringComparison.Ordinal);
        screen.Press("g]");
        Assert.Contains("Frame 2,", screen.Text, StringComparison.Ordinal);
        screen.Press("]");
        Assert.Contains("Frame 4,", screen.Text, StringComparison.Ordinal);
        screen.Press("m[");
        Assert.Contains("Frame 2,", screen.Text, StringComparison.Ordinal);
        screen.Press("m]");
        Assert.Contains("No packet is marked", screen.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0.003", 4)]
    [InlineData("0.0031", 5)]
    [InlineData("99.9", 10)]
    public void One_goes_to_a_number_or_a_time(string typed, int packet)
    {
        using var screen = Open(TcpFrames.Exchange(4001));
        screen.Press($":{typed}<Enter>");
        Assert.Contains($"Frame {packet},", screen.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("11", "there are packets 1 to 10")]
    [InlineData("0", "there are packets 1 to 10")]
    [InlineData("x", "a number (120) or seconds (0.35)")]
    [InlineData("99999999999999999999999999.9", "a number (120) or seconds (0.35)")]
    public void A_place_that_is_none_is_told_while_it_is_typed(string typed, string said)
    {
        using var screen = Open(TcpFrames.Exchange(4001));
        screen.Press($":{typed}");
        Assert.Contains(said, screen.Lines[^1], StringComparison.Ordinal);
        screen.Press("<Enter>");
        Assert.NotNull(screen.Foot.Prompt);
    }

    [Theory]
    [InlineData(".pcap")]
    [InlineData(".pcapng")]
    public void The_shown_packets_are_saved(string ending)
    {
        using var screen = Open([.. TcpFrames.Exchange(4001), .. TcpFrames.Exchange(4002)]);
        string path = Path.Combine(_folder, "saved" + ending);
        screen.Press("/tcp.port == 4002<Enter>w");
        for (int back = 0; back < 20; back++)
            screen.Press("<Backspace>");
        screen.Press($"{path}<Enter>");
        Assert.Contains("✓ saved", screen.Lines[^1], StringComparison.Ordinal);
        using var saved = CaptureFileLog.Open(path, out _)!;
        saved.WaitUntilIndexed();
        Assert.Equal(10, saved.End);
        Assert.Equal(new Timestamp(TcpFrames.Start.Nanoseconds + 10_000_000), saved.Origin);
        Assert.True(saved.TryGet(0, out var frame));
        Assert.Equal(TcpFrames.Exchange(4002)[0], frame.Bytes.ToArray());
    }

    [Fact]
    public void The_line_the_field_and_the_bytes_are_copied()
    {
        using var screen = Open(TcpFrames.Exchange(4001), 120, 40);
        screen.Press("y");
        Assert.StartsWith("1 0.000000 IP 127.0.0.1.4001 > 127.0.0.1.80: Flags [S], seq 0", screen.Copied!, StringComparison.Ordinal);
        screen.Press("<Tab><Down><Down><Down><Down>y");
        Assert.Equal("Source Port: 4001", screen.Copied);
        screen.Press("<Tab>y");
        Assert.Equal("0f a1", screen.Copied);
    }
}
