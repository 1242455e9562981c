using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.App;

/// <summary>The keys, over the screen.</summary>
internal static class HelpPopup
{
    private static readonly KeyHelp[] s_everywhere =
    [
        new("1 - 6", "show a tab"), new("Tab Shift+Tab", "next, previous tab"), new("Enter", "run the experiment; while stepping: run on"),
        new("Space", "take one step (starts the experiment, too)"), new("Esc", "stop the run, or close this help"), new("p", "hold the view still; nothing is missed"),
        new("x", "clear what is shown"), new("m", "mouse on, off (off: select text)"), new("Ctrl+L", "draw everything anew"),
        new("Ctrl+Z", "suspend"), new("? F1", "this help"), new("q Ctrl+C", "quit"),
    ];

    public static void Draw(Canvas canvas, LabScreen screen)
    {
        var own = screen.FullPane is { } pane ? pane.Keys : [new KeyHelp("↑↓ j k", "choose an experiment")];
        string title = screen.FullPane is { } shown ? $"keys · {shown.Title}" : "keys · lab";
        var inside = Popup.Open(canvas, Theme.BorderLit, Theme.Title, Theme.Text, title, 62, s_everywhere.Length + own.Count + 1);
        int y = 0;
        foreach (var key in own)
            DrawKey(inside, y++, key);
        y++;
        foreach (var key in s_everywhere)
            DrawKey(inside, y++, key);
    }

    private static void DrawKey(Canvas canvas, int y, KeyHelp key)
    {
        canvas.Write(1, y, Theme.Key, key.Keys);
        canvas.Write(17, y, Theme.Text, key.Does);
    }
}
