using NetLab.Core;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>What a pane shows instead of facts that it may not see: what is missing, and the command that mends it.</summary>
internal static class ObstacleNotice
{
    public static void Draw(Canvas canvas, Obstacle obstacle)
    {
        var inside = canvas.Slice(canvas.Bounds.Inset(1, 0));
        int lines = Paragraph.Draw(inside, Theme.Waiting, obstacle.Sentence);
        if (obstacle.Remedy is { } remedy)
            Paragraph.Draw(inside.Slice(inside.Bounds with { Y = lines, Height = inside.Height - lines }), Theme.Text, $"$ {remedy}");
    }
}
