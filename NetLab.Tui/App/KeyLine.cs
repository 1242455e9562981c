using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.App;

/// <summary>The last line: the keys that matter now, a message, or an open prompt.</summary>
internal static class KeyLine
{
    // More never fit into a line.
    private const int Most = 40;
    private const string HelpKey = "?";

    /// <returns>The cursor's column; null where there is none.</returns>
    public static int? Draw(Canvas canvas, LabScreen screen, PaneContext context)
    {
        if (context.Foot.Prompt is { } prompt)
            return prompt.Draw(canvas);
        if (context.Foot.Message is { } message)
            canvas.WriteField(1, 0, canvas.Width - 2, Alignment.Left, context.Foot.IsFault ? Theme.Failed : Theme.Done, message);
        else
            StatusLine.Draw(canvas, Theme.Key, Theme.Faint, Segments(canvas, screen, context), []);
        return null;
    }

    // By hand and not by LINQ: what that has of structs is compiled when the program starts, which takes longer than all else on this line.
    private static ReadOnlySpan<StatusSegment> Segments(Canvas canvas, LabScreen screen, PaneContext context)
    {
        var segments = new StatusSegment[Most];
        int count = 0, columns = 1;
        foreach (var key in Keys(screen, context))
        {
            if (count == Most)
                break;
            segments[count] = new StatusSegment(key.Keys, key.Does);
            columns += StatusLine.Columns(segments[count++], canvas.Characters) + StatusLine.Air;
        }

        // Where there is no room for all, the last before the help go first: it tells of the others.
        for (int last = count - 1; columns - StatusLine.Air > canvas.Width - 1 && last >= 0; last--)
        {
            if (segments[last].Key == HelpKey)
                continue;
            columns -= StatusLine.Columns(segments[last], canvas.Characters) + StatusLine.Air;
            segments.AsSpan(last + 1, --count - last).CopyTo(segments.AsSpan(last));
        }

        return segments.AsSpan(0, count);
    }

    private static IEnumerable<KeyHelp> Keys(LabScreen screen, PaneContext context)
    {
        var pane = screen.ActivePane;
        // Where Enter opens something in the pane, r runs.
        bool opens = pane?.Keys.Any(key => key.Keys == "Enter") ?? false;
        if (!(pane?.IsOfRun ?? true))
        {
            // A file runs nothing.
        }
        else if (context.Lab.IsRunning)
        {
            if (screen.Tab == 0 && context.Stepping.Ask(context.Lab) is { } question)
                yield return new($"1-{question.Choices.Count}", "predict");
            if (context.Stepping.Gate is not null)
                yield return new("Space", "next step");
            yield return new("Esc", "stop");
        }
        else
        {
            yield return new(opens ? "r" : "Enter", "run");
            yield return new("Space", "step");
        }

        if (pane is null)
        {
            yield return new("↑↓", "choose");
            yield return context.Lab.Peers.All.Count > 0 ? new("R", $"{context.Lab.Peers.Up} up") : new("n", "new");
        }
        if (context.Cursor.Moment is not null && pane is not StepsPane && pane?.IsOfRun != false)
            yield return new("b", "its step");
        if (screen.Tab == 0 && (pane is null || context.Lab.IsRunning))
            yield return new("P", context.Stepping.Predicts ? "no questions" : "predict");

        foreach (var key in pane?.Keys ?? [])
        {
            if (key.Brief is { } brief)
                yield return new(key.Keys, brief);
        }

        yield return new("p", screen.IsPaused ? "go on" : "pause");
        if (screen.IsZoomed)
            yield return new("z", "all panes");
        else if (screen.Tab == 0)
            yield return new("←→", "pane");
        yield return new($"1-{LabScreen.TabCount}", "tabs");
        yield return new(HelpKey, "help");
        yield return new("q", "quit");
    }
}
