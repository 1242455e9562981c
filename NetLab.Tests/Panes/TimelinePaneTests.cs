using NetLab.Tests.Support;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.Panes;

public sealed class TimelinePaneTests : IDisposable
{
    private readonly Scene _scene = new Scene().Hello();
    private readonly TimelinePane _pane = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("netlab-test-").FullName;

    public void Dispose()
    {
        _scene.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Hello_is_a_ladder_with_a_moment_a_line() => Golden.Check("timeline-120", _scene.Draw(_pane, 120, 22));

    [Fact]
    public void A_selected_line_is_told_in_sentences_also_on_80_columns_and_in_ASCII()
    {
        _scene.Press(_pane, "gjjjj", 80, 22);
        Golden.Check("timeline-80-selected", _scene.Draw(_pane, 80, 22));
        string ascii = _scene.Draw(_pane, 80, 22, CharacterSet.Ascii);
        Assert.DoesNotContain(ascii, c => c > 0x7e);
        Golden.Check("timeline-80-ascii", ascii);
    }

    [Fact]
    public void A_key_that_comes_before_the_first_frame_counts()
    {
        foreach (char key in "gjjjjj")
            _pane.Take(KeyEvent.Of(key), _scene.Context);
        Assert.Contains("client SYN_SENT → ESTABLISHED", _scene.Draw(_pane, 120, 30), StringComparison.Ordinal);
    }

    [Fact]
    public void Plus_looks_closer_and_the_selected_event_stays_selected()
    {
        _scene.Press(_pane, "gjjjjjj");
        var chosen = _scene.Cursor.Moment;
        Assert.Contains("moments", _scene.Draw(_pane, 120, 40), StringComparison.Ordinal);
        _scene.Press(_pane, "+");
        Assert.Contains("every event", _scene.Draw(_pane, 120, 40), StringComparison.Ordinal);
        _scene.Press(_pane, "+++++");
        string close = _scene.Draw(_pane, 120, 60);
        Assert.Contains("10 µs a line", close, StringComparison.Ordinal);
        Assert.Contains("⋮ 113 µs", close, StringComparison.Ordinal);
        Assert.Equal(chosen!.Packets, _scene.Cursor.Moment!.Packets);
        _scene.Press(_pane, "-----");
        Assert.Contains("moments", _scene.Draw(_pane, 120, 40), StringComparison.Ordinal);
    }

    [Fact]
    public void The_arrows_choose_a_connection_and_every_pane_looks_at_it()
    {
        _scene.Hello(45027, at: 1_000);
        Assert.Contains("all 2 connections", _scene.Draw(_pane, 120, 40), StringComparison.Ordinal);
        _scene.Press(_pane, KeyEvent.Of(Key.Right));
        _scene.Press(_pane, KeyEvent.Of(Key.Right));
        string second = _scene.Draw(_pane, 120, 40);
        Assert.Contains("connection 2 of 2", second, StringComparison.Ordinal);
        Assert.Contains("client  127.0.0.1:45027", second, StringComparison.Ordinal);
        Assert.Contains("connection 2 of 2", _scene.Draw(new StateDiagramPane(), 120, 40), StringComparison.Ordinal);
        _scene.Press(_pane, KeyEvent.Of(Key.Right));
        Assert.Contains("all 2 connections", _scene.Draw(_pane, 120, 40), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_selected_here_is_marked_in_the_states_and_one_selected_there_is_marked_here()
    {
        var states = new StatesPane(StatesForm.Whole);
        _scene.Press(_pane, "gjjjj");
        var marked = _scene.Draw(states, 60, 24).Split('\n').Where(line => line.Contains('◆', StringComparison.Ordinal)).ToList();
        Assert.Equal(2, marked.Count);
        Assert.Contains("SYN_RCVD", marked[0], StringComparison.Ordinal);
        Assert.Contains("SYN_SENT", marked[1], StringComparison.Ordinal);
        Assert.DoesNotContain("◆", _scene.Draw(_pane, 120, 30), StringComparison.Ordinal);
        _scene.Press(states, "gjjj", 60, 24);
        string line = Assert.Single(_scene.Draw(_pane, 120, 30).Split('\n'), line => line.Contains('◆', StringComparison.Ordinal));
        Assert.Contains("FIN_WAIT_1", line, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_far_away_is_brought_into_view_when_another_pane_selects_it()
    {
        for (ushort port = 0; port < 20; port++)
            _scene.Hello((ushort)(46_000 + port), at: 1_000 * (port + 1));
        Assert.DoesNotContain(" 0.000000 ", _scene.Draw(_pane, 120, 20), StringComparison.Ordinal);
        var states = new StatesPane(StatesForm.Whole);
        _scene.Draw(states, 60, 24);
        _scene.Press(states, "gj", 60, 24);
        Assert.Contains("◆", _scene.Draw(_pane, 120, 20), StringComparison.Ordinal);
    }

    [Fact]
    public void W_saves_as_text_or_as_SVG_and_overwrites_nothing()
    {
        _scene.Draw(_pane, 120, 30);
        Save($"{_folder}/it.txt");
        string text = File.ReadAllText($"{_folder}/it.txt");
        Assert.Contains("[S.] seq 0 ack 1", text, StringComparison.Ordinal);
        Assert.Contains("FIN_WAIT_1", text, StringComparison.Ordinal);
        Assert.Equal($"✓ saved {_folder}/it.txt", _scene.Foot.Message);
        Save($"{_folder}/it.svg");
        Assert.StartsWith("<svg", File.ReadAllText($"{_folder}/it.svg"), StringComparison.Ordinal);
        foreach (var (name, why) in new[]
        {
            ("it.txt", "it exists; choose another name"), ("it.pcap", "end it in .txt or .svg"), ("none/it.txt", "there is no such folder"), ("", "end it in"),
        })
        {
            Save($"{_folder}/{name}");
            Assert.Contains(why, _scene.Foot.Prompt!.Fault!.Value.Message, StringComparison.Ordinal);
            _scene.Press(_pane, KeyEvent.Of(Key.Escape));
            Assert.Null(_scene.Foot.Prompt);
        }

        Assert.Equal(text, File.ReadAllText($"{_folder}/it.txt"));
    }

    [Fact]
    public void A_click_selects_and_the_wheel_scrolls()
    {
        _scene.Draw(_pane, 120, 12);
        string end = _scene.Draw(_pane, 120, 12);
        _pane.Scroll(-100, _scene.Context);
        Assert.NotEqual(end, _scene.Draw(_pane, 120, 12));
        _pane.Click(20, 2, _scene.Context);
        Assert.NotNull(_scene.Cursor.Moment);
        Assert.True(_scene.Cursor.IsFrom(_pane));
    }

    [Fact]
    public void It_bears_any_size()
    {
        foreach (int columns in new[] { 10, 40, 60, 200 })
        {
            foreach (int rows in new[] { 3, 5, 14, 60 })
            {
                _scene.Press(_pane, "gj", columns, rows);
                _scene.Draw(_pane, columns, rows);
            }
        }
    }

    private void Save(string path)
    {
        _scene.Press(_pane, "w");
        _scene.Press(_pane, KeyEvent.Of('u', Modifiers.Control));
        _scene.Foot.Prompt!.Paste(path);
        _scene.Press(_pane, KeyEvent.Of(Key.Enter));
    }
}
