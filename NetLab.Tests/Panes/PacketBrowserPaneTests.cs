using NetLab.Core;
using NetLab.Core.Session;
using NetLab.Tests.Support;
using NetLab.Tui.Rendering;

namespace NetLab.Tests.Panes;

/// <summary>The Packets tab as its text, by its keys and by the mouse, over files that the test writes.</summary>
public sealed partial class PacketBrowserPaneTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netlab-pane-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void At_80x24_the_list_stands_above_layers_and_bytes()
    {
        using var screen = Open(TcpFrames.Exchange(4001));
        Assert.Equal(
            """
            ┌ exchange.pcap ─────────────────────────────────────────────────────────── 10 ┐
            │  1›0.000000 IP 127.0.0.1.4001 > 127.0.0.1.80: Flags [S], seq 0, win 512, len█│
            │  2 0.001000 IP 127.0.0.1.80 > 127.0.0.1.4001: Flags [S.], seq 0, ack 1, win █│
            │  3 0.002000 IP 127.0.0.1.4001 > 127.0.0.1.80: Flags [.], ack 1, win 512, len█│
            │  4 0.003000 IP 127.0.0.1.4001 > 127.0.0.1.80: Flags [P.], seq 1:28, ack 1, w█│
            │  5 0.004000 IP 127.0.0.1.80 > 127.0.0.1.4001: Flags [.], ack 28, win 512, le█│
            │  6 0.005000 IP 127.0.0.1.80 > 127.0.0.1.4001: Flags [P.], seq 1:25, ack 28, █│
            │  7 0.006000 IP 127.0.0.1.4001 > 127.0.0.1.80: Flags [.], ack 25, win 512, le││
            │  8 0.007000 IP 127.0.0.1.80 > 127.0.0.1.4001: Flags [F.], seq 25, ack 28, wi││
            │─ layers ────────────────────────────────┬─ bytes 0–53 of 54 ─────────────────│
            │▸ Frame 1, 54 bytes                      │ 0000  0200 0000 0000 0200  ........│
            │▸ Ethernet, 02:00:00:00:00:00            │ 0008  0000 0000 0800 4500  ......E.│
            │▸ Internet Protocol Version 4, 127.0.0.1 │ 0010  0028 0000 0000 4006  .(....@.│
            │▾ Transmission Control Protocol, 4001 → 8│ 0018  0000 7f00 0001 7f00  ........│
            │    Source Port: 4001                    │ 0020  0001 0fa1 0050 0000  .....P..│
            │    Destination Port: 80                 │ 0028  03e8 0000 0000 5002  ......P.│
            │    Stream index: 0                      │ 0030  0200 0000 0000       ......  │
            """, string.Join('\n', screen.Lines[1..18]));
    }

    [Fact]
    public void A_chosen_field_lights_its_bytes_and_a_chosen_byte_its_field()
    {
        using var screen = Open(TcpFrames.Exchange(4001), 120, 40);
        screen.Press("<Tab>");
        for (int row = 0; row < 5; row++)
            screen.Press("<Down>");
        Assert.Contains("▸ layers", screen.Text, StringComparison.Ordinal);
        // The destination port, bytes 36 and 37.
        Assert.Contains("bytes 36–37 of 54", screen.Text, StringComparison.Ordinal);
        var (column, line) = Find(screen, "0020  0001 0fa1 0050");
        Assert.Equal(NetLab.Tui.App.Theme.TabLit.Background, screen.StyleAt(column + 16, line).Background);
        Assert.NotEqual(NetLab.Tui.App.Theme.TabLit.Background, screen.StyleAt(column + 11, line).Background);

        // From the bytes: a step back lies in the source port; byte 0 in the Ethernet layer, which opens.
        screen.Press("<Tab><Left>");
        Assert.Contains("▸ bytes 34–35 of 54", screen.Text, StringComparison.Ordinal);
        screen.Press("g");
        Assert.Contains("▸ bytes 0–5 of 54", screen.Text, StringComparison.Ordinal);
        Assert.Contains("▾ Ethernet", screen.Text, StringComparison.Ordinal);
        screen.Press("y");
        Assert.Equal("02 00 00 00 00 00", screen.Copied);
    }

    [Fact]
    public void Layers_open_and_close_and_stay_so_from_packet_to_packet()
    {
        using var screen = Open(TcpFrames.Exchange(4001), 120, 40);
        screen.Press("<Enter><Down><Down><Right>");
        Assert.Contains("Time to Live: 64", screen.Text, StringComparison.Ordinal);
        screen.Press("<Escape><Down>");
        Assert.Contains("Frame 2", screen.Text, StringComparison.Ordinal);
        Assert.Contains("Time to Live: 64", screen.Text, StringComparison.Ordinal);
        screen.Press("<Tab><Left>");
        Assert.DoesNotContain("Time to Live: 64", screen.Text, StringComparison.Ordinal);
        screen.Press("<Enter>");
        Assert.Contains("Time to Live: 64", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_tells_while_it_is_typed_what_is_wrong_and_where()
    {
        using var screen = Open(TcpFrames.Exchange(4001));
        screen.Press("/tcp.port == ");
        Assert.Matches("filter › tcp.port == +✗ column 13", screen.Lines[^1]);
        screen.Press("<Enter>");
        Assert.NotNull(screen.Foot.Prompt);
        screen.Press("80");
        Assert.Matches("filter › tcp.port == 80 +✓", screen.Lines[^1]);
        screen.Press("<Escape>");
        Assert.DoesNotContain("▸ tcp", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_hides_lights_and_goes_and_the_chosen_packet_stays()
    {
        using var screen = Open([.. TcpFrames.Exchange(4001), .. TcpFrames.Exchange(4002)]);
        screen.Press("G<Up><Up>/tcp.port == 4002<Enter>");
        Assert.Contains("exchange.pcap ▸ tcp.port == 4002 ", screen.Text, StringComparison.Ordinal);
        Assert.Contains(" 10 of 20 ┐", screen.Text, StringComparison.Ordinal);
        Assert.Contains("Frame 18,", screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1.4001", screen.Text, StringComparison.Ordinal);
        screen.Press("ag");
        Assert.Contains("127.0.0.1.4001", screen.Text, StringComparison.Ordinal);
        screen.Press("n");
        Assert.Contains("│▸11›", screen.Text, StringComparison.Ordinal);
        Assert.Contains("Frame 11,", screen.Text, StringComparison.Ordinal);
        screen.Press("nN");
        Assert.Contains("Frame 11,", screen.Text, StringComparison.Ordinal);
        screen.Press("N");
        Assert.Contains("There is no further match.", screen.Lines[^1], StringComparison.Ordinal);
        screen.Press("<Escape>");
        Assert.Contains("exchange.pcap ──", screen.Text, StringComparison.Ordinal);
        Assert.Contains("Frame 11,", screen.Text, StringComparison.Ordinal);
        screen.Press("/tcp.port == 9<Enter>");
        Assert.Contains("No packet matches", screen.Text, StringComparison.Ordinal);
        screen.Press("/");
        for (int back = 0; back < 13; back++)
            screen.Press("<Backspace>");
        screen.Press("<Enter>");
        Assert.Contains(" 20 ┐", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_becomes_a_filter()
    {
        using var screen = Open([.. TcpFrames.Exchange(4001), .. TcpFrames.Exchange(4002)], 120, 40);
        screen.Press("<Tab><Down><Down><Down><Down>=");
        Assert.Contains("filter › tcp.srcport == 4001", screen.Lines[^1], StringComparison.Ordinal);
        screen.Press("<Enter>");
        Assert.Contains(" 5 of 20 ┐", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_shows_both_ends_each_behind_its_sign_as_text_and_as_bytes()
    {
        using var screen = Open([.. TcpFrames.Exchange(4001), .. TcpFrames.Exchange(4002)]);
        screen.Press("f");
        string[] lines = screen.Lines;
        Assert.StartsWith("┌ tcp stream 127.0.0.1:4001 ⇄ 127.0.0.1:80 ─", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" ▶ 27 ◀ 24 bytes ┐", lines[1], StringComparison.Ordinal);
        Assert.Equal(
            ["▶ 127.0.0.1:4001  27 bytes  packet 4", "▶ GET / HTTP/1.1", "▶ Host: a", "▶", "◀ 127.0.0.1:80  24 bytes  packet 6", "◀ HTTP/1.1 200 OK", "◀", "◀ hello",
                "◀ ■ 127.0.0.1:80 ends (FIN)", "▶ ■ 127.0.0.1:4001 ends (FIN)"],
            lines[2..12].Select(line => line.Trim('│', ' ')));
        screen.Press("v");
        Assert.Contains("▶ 000000  4745 5420 2f20 4854", screen.Text, StringComparison.Ordinal);
        screen.Press("vy");
        Assert.StartsWith("▶ GET / HTTP/1.1\nHost: a\n", screen.Copied!, StringComparison.Ordinal);
        screen.Press("g<Down><Down><Down><Down><Down><Enter>");
        Assert.Contains("Frame 6,", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_in_a_stream_is_marked()
    {
        var frames = TcpFrames.Exchange(4001);
        frames.RemoveAt(3);
        using var screen = Open(frames);
        screen.Press("f");
        Assert.Contains("▶ ✗ 27 bytes of 127.0.0.1:4001 were not captured", screen.Text, StringComparison.Ordinal);
        Assert.Contains("✗ 27 not captured ┐", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_of_the_network_do_not_reach_the_terminal_as_they_are()
    {
        using var screen = Open(TcpFrames.Exchange(4001, "a\e[2Jb\u0007\u009b31m\r\n\0end"), 120, 40);
        screen.Press("<Down><Down><Down>f");
        Assert.Contains("▶ a.[2Jb..31m", screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(screen.Text, character => char.IsControl(character) && character != '\n');
    }

    [Fact]
    public void Each_part_alone_fills_the_tab()
    {
        using var screen = Open(TcpFrames.Exchange(4001));
        screen.Press("z");
        Assert.DoesNotContain("layers", screen.Text.Split("Tab parts")[0], StringComparison.Ordinal);
        screen.Press("<Tab>");
        Assert.Contains("Transmission Control Protocol, 4001 → 80", screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Flags [S]", screen.Text, StringComparison.Ordinal);
        screen.Press("<Tab>");
        Assert.Contains("0000  0200 0000 0000 0200 0000 0000 0800 4500", screen.Text, StringComparison.Ordinal);
        screen.Press("<Escape>");
        Assert.Contains("Flags [S]", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_mouse_chooses_rows_fields_and_bytes_and_the_wheel_turns()
    {
        using var screen = Open(Enumerable.Range(0, 10).SelectMany(_ => TcpFrames.Exchange(4001)), 120, 40);
        Click(screen, " 4 0.003000");
        Assert.Contains("Frame 4,", screen.Text, StringComparison.Ordinal);
        Click(screen, "Destination Port: 80");
        Assert.Contains("▸ layers", screen.Text, StringComparison.Ordinal);
        Assert.Contains("bytes 36–37 of 81", screen.Text, StringComparison.Ordinal);
        Click(screen, "4745 5420");
        Assert.Contains("▸ bytes", screen.Text, StringComparison.Ordinal);
        Assert.Contains("Hypertext Transfer Protocol", screen.Text, StringComparison.Ordinal);
        Click(screen, " 5 0.004000");
        screen.Pane.Scroll(6, screen.Context);
        Assert.DoesNotContain(" 5 0.004000", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_wheel_turns_the_part_under_the_pointer_whichever_the_keys_act_on()
    {
        using var screen = Open(Enumerable.Range(0, 10).SelectMany(_ => TcpFrames.Exchange(4001)), 120, 40);
        Assert.Contains("Destination Port: 80", screen.Text, StringComparison.Ordinal);
        screen.Press("<Tab>");
        screen.Pane.Wheel(6, 4, 2, screen.Context);
        Assert.DoesNotContain(" 1›0.000000", screen.Text, StringComparison.Ordinal);
        Assert.Contains("▸ layers", screen.Text, StringComparison.Ordinal);
        Assert.Contains("Destination Port: 80", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_that_was_sent_again_is_marked_and_its_tree_says_so()
    {
        var frames = TcpFrames.Exchange(4001);
        using var screen = Open([.. frames[..4], frames[3], .. frames[4..]], 120, 40);
        screen.Press("<Down><Down><Down><Down>");
        Assert.Matches("│  5›0.004000 .*✗ resent", screen.Text);
        screen.Press("<Tab>G");
        Assert.Contains("This frame is a (suspected) retransmission", screen.Text, StringComparison.Ordinal);
        screen.Press("<Escape>/tcp.analysis.retransmission<Enter>");
        Assert.Contains(" 1 of 11 ┐", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_C_locale_only_ASCII_is_drawn()
    {
        using var screen = Open(TcpFrames.Exchange(4001), characters: CharacterSet.Ascii);
        screen.Press("m/tcp<Enter>a");
        Assert.DoesNotContain(screen.Text, character => character > 0x7E);
        screen.Press("f");
        Assert.DoesNotContain(screen.Text, character => character > 0x7E);
    }

    [Fact]
    public void Any_size_is_borne_in_every_part()
    {
        foreach (var (columns, rows) in new[] { (60, 18), (73, 19), (80, 24), (120, 40), (400, 100) })
        {
            using var screen = Open(TcpFrames.Exchange(4001), columns, rows);
            screen.Press("<Tab>z<Down>z<Tab>z<Right>zf<Down>vG");
            Assert.Contains("ends (FIN)", screen.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_empty_file_and_one_that_is_cut_off_say_so()
    {
        using (var empty = Open([]))
            Assert.Contains("The file holds no packet.", empty.Text, StringComparison.Ordinal);
        string path = Path.Combine(_folder, "cut.pcap");
        TcpFrames.Save(path, TcpFrames.Exchange(4001));
        using (var file = File.OpenWrite(path))
            file.SetLength(file.Length - 5);
        using var cut = new PacketScreen(CaptureFileLog.Open(path, out _), 120, 40);
        Assert.Contains("✗ The file is cut off at byte", cut.Text, StringComparison.Ordinal);
        Assert.Contains(" 9 ┐", cut.Text, StringComparison.Ordinal);
    }

    private PacketScreen Open(IEnumerable<byte[]> frames, int columns = 80, int rows = 24, CharacterSet characters = CharacterSet.Unicode)
    {
        string path = Path.Combine(_folder, "exchange.pcap");
        TcpFrames.Save(path, frames);
        return new PacketScreen(CaptureFileLog.Open(path, out _), columns, rows, characters);
    }

    private static void Append(PacketScreen screen, JournalWriter writer, IEnumerable<byte[]> frames, long number)
    {
        TcpFrames.Append(writer, frames, number);
        screen.Lab.View.Fold(Timestamp.MaxValue);
    }

    private static (int Column, int Row) Find(PacketScreen screen, string text)
    {
        string[] lines = screen.Lines;
        int row = Array.FindIndex(lines, line => line.Contains(text, StringComparison.Ordinal));
        Assert.True(row >= 0, $"“{text}” is not on the screen:\n{string.Join('\n', lines)}");
        return (lines[row].IndexOf(text, StringComparison.Ordinal), row);
    }

    private static void Click(PacketScreen screen, string text)
    {
        var (column, row) = Find(screen, text);
        var place = screen.Screen.PaneAt(column, row)!.Value;
        place.Pane.Click(place.X, place.Y, screen.Context);
    }
}
