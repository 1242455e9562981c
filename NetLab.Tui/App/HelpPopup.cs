using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.App;

/// <summary>The keys, over the screen.</summary>
internal static class HelpPopup
{
    private const int KeyColumns = 17, LeastColumns = 72;

    private static readonly KeyHelp[] s_everywhere =
    [
        new($"1 - {LabScreen.TabCount} Tab", "show a tab"), new("Enter r", "run the experiment; while stepping: run on"), new("Space", "take one step (starts the experiment, too)"),
        new("P", "predict: the lab asks before each step, and keeps score"), new("b", "back to the step that caused what is chosen"),
        new("n R", "start a server or a client; those that run, and back"), new(":", "a command: serve, connect, load, run, stop, clear …"),
        new("Esc", "back out (detail, filter, cursor), then stop the run"), new("p", "hold the view still; nothing is missed"),
        new("x", "clear what is shown"), new("m", "mouse on, off (off: select text)"), new("Ctrl+L Ctrl+Z", "draw everything anew; suspend"),
        new("? F1", "this help"), new("q Ctrl+C", "back or quit; quit"),
    ];

    private static readonly KeyHelp[] s_lab =
        [new("↑↓ j k", "choose an experiment"), new("← →", "to a pane and on; Esc: to the experiments"), new("z", "zoom the pane, and back")];

    /// <summary>Draws it, from a row on where there are more than the screen has.</summary>
    /// <returns>How far it can be scrolled.</returns>
    public static int Draw(Canvas canvas, LabScreen screen, int top)
    {
        var pane = screen.ActivePane;
        IReadOnlyList<KeyHelp> own = pane is null ? s_lab : screen.Tab == 0 ? [.. pane.Keys, .. s_lab[^2..]] : pane.Keys;
        // Where the pane means something else by a key, only that is told.
        var everywhere = s_everywhere.Where(key => !own.Any(other => Means(other, key)));
        KeyHelp?[] rows = [.. own, null, .. everywhere];
        string title = pane is null ? "keys · lab" : $"keys · {LabScreen.TitleOf(pane)}";
        int columns = KeyColumns + 1 + rows.Max(key => TextWidth.Of(key?.Does ?? "", canvas.Characters));
        var inside = Popup.Open(canvas, Theme.BorderLit, Theme.Title, Theme.Text, title, Math.Min(Math.Max(LeastColumns, columns), canvas.Width - 4), rows.Length);
        int more = Math.Max(0, rows.Length - inside.Height);
        top = Math.Clamp(top, 0, more);
        for (int y = 0; y < inside.Height && top + y < rows.Length; y++)
        {
            if (rows[top + y] is { } key)
                DrawKey(inside, y, key);
        }

        if (more > 0)
            Scrollbar.Draw(inside.Slice(new Rectangle(inside.Width + 1, 0, 1, inside.Height)), Theme.BorderLit, Theme.Text, top, rows.Length);
        return more;
    }

    private static bool Means(KeyHelp own, KeyHelp other) => own.Keys.Split(' ').Contains(other.Keys.Split(' ')[0], StringComparer.Ordinal);

    private static void DrawKey(Canvas canvas, int y, KeyHelp key)
    {
        canvas.Write(1, y, Theme.Key, key.Keys);
        canvas.WriteField(KeyColumns, y, canvas.Width - KeyColumns, Alignment.Left, Theme.Text, key.Does);
    }
}
