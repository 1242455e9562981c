using NetLab.Core;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>While an experiment goes step by step: the next call, explained before it is made; or the question about it, and what came of the last answer.</summary>
public sealed class NextStepPane : Pane
{
    private static readonly Duration s_look = Duration.FromMilliseconds(100);

    /// <inheritdoc/>
    public override string Title => "next step";

    /// <summary>The title with the actor and the call that comes next.</summary>
    public static string TitleFor(PaneContext context) => context.Stepping.Next is { } step
        ? $"next · {step.Actor.Name}: {EventText.Printable(step.Step.Source)}"
        : context.Lab.IsRunning ? "next · every actor is inside a call" : "the run is over";

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        var stepping = context.Stepping;
        return stepping.Score.Of > 0 ? $"{stepping.Score.Right} of {stepping.Score.Of} right" : stepping.Predicts ? "predict" : "";
    }

    /// <inheritdoc/>
    public override Duration? Tick(PaneContext context) => context.Stepping.IsAwaited ? s_look : null;

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        var inside = canvas.Slice(new Rectangle(1, 0, canvas.Width - 2, canvas.Height));
        context.Stepping.Settle(context.Lab, context.Now);
        int top = DrawLast(inside, context.Stepping);
        var rest = inside.Slice(inside.Bounds with { Y = top, Height = Math.Max(0, inside.Height - top) });
        if (context.Stepping.Ask(context.Lab) is { } question)
            DrawQuestion(rest, question);
        else if (!context.Stepping.IsAwaited)
            DrawExplanation(rest, context);
    }

    private static int DrawLast(Canvas canvas, Stepping stepping)
    {
        if (stepping.IsAwaited)
        {
            canvas.Write(0, 0, Theme.Waiting, "… what really happens");
            return 1;
        }

        if (stepping.Last is not { } last)
            return 0;
        canvas.WriteField(0, 0, canvas.Width, Alignment.Left, last.IsRight ? Theme.Done : Theme.Failed,
            last.IsRight ? $"✓ right: {last.Truth}" : $"✗ you said {last.Answer}; what happened: {last.Truth}");
        return 1;
    }

    private static void DrawQuestion(Canvas canvas, Question question)
    {
        int lines = Paragraph.Draw(canvas, Theme.Text, question.Text);
        int x = 0, y = Math.Min(lines, Math.Max(0, canvas.Height - 1));
        for (int choice = 0; choice < question.Choices.Count; choice++)
        {
            x = canvas.Write(x, y, Theme.Key, $"{choice + 1}");
            x = canvas.Write(x + 1, y, Theme.Now, question.Choices[choice]) + 2;
        }
    }

    // What follows of the states matters most where there is little room.
    private static void DrawExplanation(Canvas canvas, PaneContext context)
    {
        if (context.Stepping.Next is not { } step)
        {
            Paragraph.Draw(canvas, Theme.Faint, !context.Lab.IsRunning ? $"{context.Stepping.Score.Right} of {context.Stepping.Score.Of} predictions were right."
                : "Calls that sleep go on when what they wait for comes, and steps that wait for another actor when it is so far.");
            return;
        }

        var told = NextStep.Explain(context.Lab.View, context.Names, step);
        int states = told.States.Length == 0 ? 0 : Math.Min(canvas.Height - 1, Paragraph.Wrap(told.States, canvas.Width, canvas.Characters).Count);
        var text = canvas.Slice(canvas.Bounds with { Height = canvas.Height - states });
        int lines = Paragraph.Draw(text, Theme.Text, told.Text);
        if (states > 0)
            Paragraph.Draw(canvas.Slice(canvas.Bounds with { Y = Math.Min(lines, text.Height), Height = states }), Theme.Now, told.States);
    }
}
