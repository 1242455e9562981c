using NetLab.Core;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Panes;

/// <summary>One actor's steps: done ones with their result, the running one lit, failed ones with errno's name.</summary>
/// <param name="actorIndex">The actor's place in the script.</param>
public sealed class StepsPane(int actorIndex) : Pane
{
    private static readonly Duration s_asleep = Duration.FromMilliseconds(1);

    /// <inheritdoc/>
    public override string Title => "";

    /// <summary>The actor's name; empty where the script has no such actor.</summary>
    public string TitleFor(PaneContext context) => Rows(context)?.Actor.Name ?? "";

    /// <inheritdoc/>
    public override string Note(PaneContext context) => Rows(context) is { } rows ? $"{rows.Done}/{rows.Steps.Count}" : "";

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        if (Rows(context) is not { } rows)
            return;
        int current = 0;
        for (int index = 0; index < rows.Steps.Count; index++)
        {
            if (rows.Steps[index].Status is not null)
                current = index;
        }

        // The step that runs and one to come stay in view.
        int top = Math.Clamp(current + 2 - canvas.Height, 0, Math.Max(0, rows.Steps.Count - canvas.Height));
        for (int y = 0; y < canvas.Height && top + y < rows.Steps.Count; y++)
            DrawStep(canvas.Slice(new Rectangle(1, y, canvas.Width - 1, 1)), rows.Steps[top + y], context.Now);
    }

    private ActorRows? Rows(PaneContext context) =>
        actorIndex < context.Lab.View.Steps.Actors.Count ? context.Lab.View.Steps.Actors[actorIndex] : null;

    private static void DrawStep(Canvas canvas, StepRow row, Timestamp now)
    {
        var (sign, style) = Theme.Step(row.Status);
        canvas.Write(0, 0, style, sign);
        string result = Result(row, now);
        int resultWidth = Math.Min(TextWidth.Of(result, canvas.Characters), Math.Max(0, canvas.Width - 8));
        int room = canvas.Width - 2 - (resultWidth == 0 ? 0 : resultWidth + 1);
        var text = row.Status switch
        {
            StepStatus.Running => Theme.Now,
            null => Theme.Faint,
            _ => Theme.Text,
        };
        canvas.WriteField(2, 0, room, Alignment.Left, text, row.Step.Source);
        canvas.WriteField(canvas.Width - resultWidth, 0, resultWidth, Alignment.Right, row.Status == StepStatus.Failed ? Theme.Failed : Theme.Faint, result);
    }

    private static string Result(StepRow row, Timestamp now) => row.Status switch
    {
        StepStatus.Waiting => row.Detail,
        StepStatus.Running when now - row.Start >= s_asleep => $"{now - row.Start} asleep",
        StepStatus.Done when row.Duration >= s_asleep => $"{row.Duration}  {row.Detail}",
        StepStatus.Done => row.Detail,
        StepStatus.Failed when row.Error != 0 => ((Core.Interop.Errno)row.Error).ToString(),
        StepStatus.Failed => row.Detail,
        _ => "",
    };
}
