using System.Text;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.Terminal;

public class KeyDecoderTests
{
    [Theory]
    [InlineData("\e[A", "Up")]
    [InlineData("\eOA", "Up")]
    [InlineData("\e[1;5A", "Ctrl+Up")]
    [InlineData("\e[Z", "Shift+Tab")]
    [InlineData("\e[15~", "F5")]
    [InlineData("\e[24~", "F12")]
    [InlineData("\eOP", "F1")]
    [InlineData("\e[[B", "F2")]
    [InlineData("\ex", "Alt+x")]
    [InlineData("\u0003", "Ctrl+c")]
    [InlineData("\e[99;5u", "Ctrl+c")]
    [InlineData("\e[27;5;99~", "Ctrl+c")]
    [InlineData("é漢", "é 漢")]
    [InlineData("\e[?62;4c\e]11;rgb:0000/0000/0000\e\\\e[12;7Rq", "q")]
    [InlineData("\e[1\u0003", "Ctrl+c")]
    public void A_sequence_is_the_key_that_sends_it(string bytes, string keys) =>
        Assert.Equal(keys, string.Join(' ', Decode(Encoding.UTF8.GetBytes(bytes))));

    [Fact]
    public void The_mouse_tells_its_cell_from_zero() =>
        Assert.Equal(
            [
                new MouseEvent(MouseAction.Press, MouseButton.Left, 4, 2, Modifiers.None),
                new MouseEvent(MouseAction.Drag, MouseButton.Left, 5, 2, Modifiers.Control),
                new MouseEvent(MouseAction.Release, MouseButton.Right, 5, 2, Modifiers.None),
                new MouseEvent(MouseAction.WheelDown, MouseButton.None, 0, 0, Modifiers.None),
            ],
            Decode("\e[<0;5;3M\e[<48;6;3M\e[<2;6;3m\e[<65;1;1M"u8.ToArray()));

    [Fact]
    public void A_paste_is_one_bounded_event()
    {
        string text = new('x', KeyDecoder.LongestPaste + 7);
        PasteEvent paste = Assert.IsType<PasteEvent>(Assert.Single(Decode(Encoding.UTF8.GetBytes($"\e[200~{text}\e[201~"))));
        Assert.Equal((KeyDecoder.LongestPaste, 7L), (paste.Text.Length, paste.DroppedBytes));
        Assert.Equal(new PasteEvent("a\nb\e[A", 0), Assert.Single(Decode("\e[200~a\rb\e[A\e[201~"u8.ToArray())));
    }

    [Fact]
    public void A_lone_escape_is_decided_after_25_ms()
    {
        KeyDecoder decoder = new();
        Queue<TerminalEvent> events = new();
        decoder.Decode("\e"u8, TimeSpan.Zero, events);
        decoder.Expire(TimeSpan.FromMilliseconds(24), events);
        Assert.Empty(events);
        decoder.Expire(TimeSpan.FromMilliseconds(25), events);
        Assert.Equal(KeyEvent.Of(Key.Escape), Assert.Single(events));
        Assert.Null(decoder.Deadline);
    }

    [Fact]
    public void Any_bytes_give_the_same_events_however_they_are_split()
    {
        const int seed = 2026;
        Random random = new(seed);
        byte[] favourites = "\e\e\e[[O]P<;0125~MmuAR\u0007\\"u8.ToArray();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(1, 40)];
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = random.Next(3) == 0 ? (byte)random.Next(256) : favourites[random.Next(favourites.Length)];
            KeyDecoder decoder = new();
            Queue<TerminalEvent> events = new();
            for (int at = 0; at < bytes.Length;)
            {
                int length = random.Next(1, bytes.Length - at + 1);
                decoder.Decode(bytes.AsSpan(at, length), TimeSpan.Zero, events);
                at += length;
            }

            Assert.True(Decode(bytes).SequenceEqual(events), $"seed {seed}, round {round}: {Convert.ToHexString(bytes)}");
            Assert.True(events.Count <= bytes.Length + 1);
        }
    }

    private static TerminalEvent[] Decode(byte[] bytes)
    {
        Queue<TerminalEvent> events = new();
        new KeyDecoder().Decode(bytes, TimeSpan.Zero, events);
        return [.. events];
    }
}
