using NetLab.Core;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Panes;

/// <summary>What a pane shows instead of facts that it may not see: what is missing, and the command that mends it.</summary>
internal static class ObstacleNotice
{
    public static void Draw(Canvas canvas, Obstacle obstacle)
    {
        int y = Wrap(canvas.Slice(canvas.Bounds.Inset(1, 0)), 0, Theme.Waiting, obstacle.Sentence);
        if (obstacle.Remedy is { } remedy)
            Wrap(canvas.Slice(canvas.Bounds.Inset(1, 0)), y, Theme.Text, $"$ {remedy}");
    }

    /// <summary>Writes words below each other as they fit.</summary>
    /// <returns>The row after them.</returns>
    public static int Wrap(Canvas canvas, int y, Style style, string text)
    {
        int x = 0;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int columns = TextWidth.Of(word, canvas.Characters);
            if (x > 0 && x + columns > canvas.Width)
                (x, y) = (0, y + 1);
            x = canvas.Write(x, y, style, word) + 1;
        }

        return y + 1;
    }
}
