using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.App;

/// <summary>The keys, over the screen.</summary>
internal static class HelpPopup
{
    private static readonly KeyHelp[] s_everywhere =
    [
        new($"1 - {LabScreen.TabCount} Tab", "show a tab"), new("Enter r", "run the experiment; while stepping: run on"), new("Space", "take one step (starts the experiment, too)"),
        new("P", "predict: the lab asks before each step, and keeps score"), new("b", "back to the step that caused what is chosen"),
        new("Esc", "back out (detail, filter, cursor), then stop the run"), new("p", "hold the view still; nothing is missed"),
        new("x", "clear what is shown"), new("m", "mouse on, off (off: select text)"), new("Ctrl+L Ctrl+Z", "draw everything anew; suspend"),
        new("? F1", "this help"), new("q Ctrl+C", "back or quit; quit"),
    ];

    private static readonly KeyHelp[] s_lab =
        [new("↑↓ j k", "choose an experiment"), new("n", "start a server or a client; R: those that run, and back"), new(":", "a command: serve, connect, run, stop, clear …"), new("← →", "to a pane and on; Esc: to the experiments"), new("z", "zoom the pane, and back")];

    public static void Draw(Canvas canvas, LabScreen screen)
    {
        var pane = screen.ActivePane;
        IReadOnlyList<KeyHelp> own = pane is null ? s_lab : screen.Tab == 0 ? [.. pane.Keys, .. s_lab[^2..]] : pane.Keys;
        string title = pane is null ? "keys · lab" : $"keys · {LabScreen.TitleOf(pane)}";
        var inside = Popup.Open(canvas, Theme.BorderLit, Theme.Title, Theme.Text, title, 72, s_everywhere.Length + own.Count + 1);
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
