using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.App;

/// <summary>The last line: the keys that matter now, or a message.</summary>
internal static class KeyLine
{
    public static void Draw(Canvas canvas, LabScreen screen, PaneContext context)
    {
        if (screen.Message is { } message)
        {
            canvas.Write(1, 0, Theme.Failed, message);
            return;
        }

        StatusLine.Draw(canvas, Theme.Key, Theme.Faint, [.. Keys(screen, context).Select(key => new StatusSegment(key.Keys, key.Does))], []);
    }

    private static IEnumerable<KeyHelp> Keys(LabScreen screen, PaneContext context)
    {
        if (context.Lab.IsRunning)
        {
            yield return new("Esc", "stop");
            yield return new("Space", "next step");
        }
        else
        {
            yield return new("Enter", "run");
            yield return new("Space", "step");
        }

        yield return screen.FullPane is null ? new("↑↓", "experiment") : new("↑↓", "move");
        if (screen.FullPane is not null)
            yield return new("F", "follow");
        yield return new("p", screen.IsPaused ? "go on" : "pause");
        yield return new("1-6 Tab", "tabs");
        yield return new("?", "help");
        yield return new("q", "quit");
    }
}
