using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;

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

        int x = 1;
        foreach (var (keys, does) in Keys(screen, context))
        {
            int width = TextWidth.Of(keys, canvas.Characters) + TextWidth.Of(does, canvas.Characters) + 3;
            if (x + width > canvas.Width)
                return;
            x = canvas.Write(x, 0, Theme.Key, keys) + 1;
            x = canvas.Write(x, 0, Theme.Faint, does) + 2;
        }
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
