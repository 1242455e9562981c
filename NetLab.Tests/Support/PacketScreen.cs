using System.Text;
using NetLab.Core;
using NetLab.Core.Scripts;
using NetLab.Core.Session;
using NetLab.Tui.App;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.Support;

/// <summary>The lab's screen with the Packets tab in front, without a terminal: over a file, or over a journal that the test writes.</summary>
internal sealed class PacketScreen : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly CaptureFileLog? _file;
    private readonly LabScreen _screen;
    private readonly CellBuffer _buffer;

    public PacketScreen(CaptureFileLog? file, int columns = 80, int rows = 24, CharacterSet characters = CharacterSet.Unicode)
    {
        _file = file;
        _screen = new LabScreen(ScriptLibrary.Names, file);
        _screen.ShowTab(LabScreen.PacketsTab);
        _buffer = new CellBuffer(columns, rows, characters);
        Foot.Clipboard = text =>
        {
            Copied = text;
            return true;
        };
        Context = new PaneContext(Lab, TcpFrames.Start, Lab.Journal.Names) { Foot = Foot, Cursor = Cursor };
    }

    public Laboratory Lab { get; } = new(() => TcpFrames.Start, Duration.FromMilliseconds(250));

    public Foot Foot { get; } = new();

    public SharedCursor Cursor { get; } = new();

    public PaneContext Context { get; }

    public string? Copied { get; private set; }

    public Pane Pane => _screen.ActivePane!;

    public LabScreen Screen => _screen;

    /// <summary>The screen's lines after drawing until nothing is left to be done.</summary>
    public string[] Lines
    {
        get
        {
            long began = Environment.TickCount64;
            do
            {
                Draw();
                Assert.True(Environment.TickCount64 - began < s_patience.TotalMilliseconds, "the pane never came to rest");
            }
            while (Pane.IsBusy);
            return ScreenDump.Lines(_buffer);
        }
    }

    public string Text => string.Join('\n', Lines);

    /// <summary>The cell's style.</summary>
    public Style StyleAt(int column, int row) => _buffer[column, row].Style;

    public void Draw()
    {
        _buffer.Clear();
        _screen.Draw(_buffer.Canvas, Context);
    }

    /// <summary>Presses keys: characters one by one, or names in angle brackets ("&lt;Enter&gt;"). Each is followed by a frame, as in the program.</summary>
    public PacketScreen Press(string keys)
    {
        _ = Lines;
        for (int at = 0; at < keys.Length;)
        {
            KeyEvent key;
            if (keys[at] == '<' && keys.IndexOf('>', at) is > 0 and var end && Enum.TryParse<Key>(keys[(at + 1)..end], out var named))
            {
                key = KeyEvent.Of(named);
                at = end + 1;
            }
            else
            {
                var rune = Rune.GetRuneAt(keys, at);
                key = new KeyEvent(Key.Character, rune, Modifiers.None);
                at += rune.Utf16SequenceLength;
            }

            if (!Foot.Take(key))
            {
                Foot.Forget();
                if (!Pane.Take(key, Context) && key.Key == Key.Escape)
                    Pane.Back(Context);
            }

            _ = Lines;
        }

        return this;
    }

    public void Dispose()
    {
        _screen.Dispose();
        Lab.Dispose();
        _file?.Dispose();
    }
}
