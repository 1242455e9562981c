using NetLab.Core;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Panes;

/// <summary>
/// One actor's steps: done ones with their result, the running one lit, failed ones with errno's name, and the one that comes next where the run goes
/// step by step.
/// </summary>
/// <param name="actorIndex">The actor's place in the script.</param>
public sealed class StepsPane(int actorIndex) : ListPane
{
    private static readonly Duration s_asleep = Duration.FromMilliseconds(1);
    private StepFinder? _finder;

    /// <inheritdoc/>
    public override string Title => "";

    /// <summary>The actor's name; empty where the script has no such actor.</summary>
    public string TitleFor(PaneContext context) => Rows(context) is not { } rows ? "" : actorIndex > 0 ? rows.Actor.Name : rows.Actor.Name + Servers(context);

    /// <inheritdoc/>
    public override string Note(PaneContext context) => Rows(context) is { } rows ? $"{rows.Done}/{rows.Steps.Count}" : "";

    /// <summary>Selects a step, and puts the shared cursor on what it did.</summary>
    public void Select(int step, PaneContext context) => Choose(step, context);

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        if (Rows(context) is not { } rows)
            return;
        if (ServerFailure(context) is { } why)
        {
            Widgets.Paragraph.Draw(canvas.Slice(new Rectangle(1, 0, canvas.Width - 2, canvas.Height)), Theme.Failed, EventText.Printable(why));
            return;
        }

        Fit(canvas.Height, 0);
        Reveal(context);
        var moment = context.Cursor.IsFrom(this) ? null : context.Cursor.Moment;
        int linked = moment is null ? -1 : RowOf(moment, context);
        // The step that runs and one to come stay in view, unless one looks at another.
        if (State.Selected < 0 && moment is null)
            State.Place(Current(rows, context) + 2 - canvas.Height, rows.Steps.Count, canvas.Height);
        State.Fit(rows.Steps.Count, canvas.Height);
        int next = Next(context);
        for (int y = 0; y < canvas.Height && State.Top + y < rows.Steps.Count; y++)
        {
            int step = State.Top + y;
            DrawStep(canvas.Slice(new Rectangle(1, y, canvas.Width - 1, 1)), rows.Steps[step], step == next, context.Now);
            Mark(canvas.Slice(new Rectangle(0, y, canvas.Width, 1)), step, step == linked);
        }
    }

    /// <inheritdoc/>
    protected override int Count(PaneContext context) => Rows(context)?.Steps.Count ?? 0;

    /// <inheritdoc/>
    protected override Moment? MomentAt(int row, PaneContext context) => Finder(context).MomentOf(actorIndex, row);

    /// <inheritdoc/>
    protected override int RowOf(Moment moment, PaneContext context) => Finder(context).StepOf(moment, actorIndex);

    private StepFinder Finder(PaneContext context) => _finder ??= new StepFinder(context.Lab.View, context.Lab.Journal);

    private int Next(PaneContext context) => context.Stepping.Next is { } step && step.ActorIndex == actorIndex ? step.StepIndex : -1;

    private int Current(ActorRows rows, PaneContext context)
    {
        if (Next(context) is >= 0 and var next)
            return next;
        int current = 0;
        for (int index = 0; index < rows.Steps.Count; index++)
        {
            if (rows.Steps[index].Status is not null)
                current = index;
        }

        return current;
    }

    // Where a server could not listen, no step was taken and none says why.
    private static string? ServerFailure(PaneContext context) =>
        context.Lab.Run is { Script.Servers.Length: > 0, Outcome: { IsCompletedSuccessfully: true, Result: { Failures: [var failure, ..] } } } run
        && run.Script == context.Lab.View.Steps.Script && run.Script.Servers.Any(server => server.Name == failure.Actor) ? failure.Message : null;

    // A server takes no steps and has no pane; the first actor's says that it is there.
    private static string Servers(PaneContext context) =>
        string.Concat(context.Lab.View.Steps.Script?.Servers.Select(server => $"  beside {(server.Name == server.Kind ? "" : server.Name + ", ")}{server.Kind} on {server.Address}") ?? []);

    private ActorRows? Rows(PaneContext context) =>
        actorIndex < context.Lab.View.Steps.Actors.Count ? context.Lab.View.Steps.Actors[actorIndex] : null;

    private static void DrawStep(Canvas canvas, StepRow row, bool isNext, Timestamp now)
    {
        var (sign, style) = isNext ? ("›", Theme.Now) : Theme.Step(row.Status);
        canvas.Write(0, 0, style, sign);
        string result = Result(row, now);
        int resultWidth = Math.Min(TextWidth.Of(result, canvas.Characters), Math.Max(0, canvas.Width - 8));
        int room = canvas.Width - 2 - (resultWidth == 0 ? 0 : resultWidth + 1);
        var text = isNext ? Theme.Now : row.Status switch
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
