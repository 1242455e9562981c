using NetLab.Core;
using NetLab.Core.Scripts;
using NetLab.Core.Session;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>What came of one script under <c>netlab check</c>.</summary>
/// <param name="Script">The script.</param>
/// <param name="Expectations">What came of its expectations.</param>
/// <param name="Failures">The steps that failed, in sentences.</param>
/// <param name="Duration">How long it ran.</param>
/// <param name="ExitCode">The exit code that tells it.</param>
/// <param name="Text">What is printed of it.</param>
internal sealed record CheckResult(
    Script Script, IReadOnlyList<ExpectationResult> Expectations, IReadOnlyList<string> Failures, Duration Duration, int ExitCode, string Text)
{
    /// <summary>Why it was not run; null where it was.</summary>
    public string? Skipped { get; init; }

    /// <summary>What keeps its expectations undecided; none where they are not.</summary>
    public IReadOnlyList<Obstacle> Obstacles { get; init; } = [];

    /// <summary>A script that was interrupted: where it stood.</summary>
    public static CheckResult Stop(ExperimentRun run, CommandContext context, TimelineForm form)
    {
        string where = run.Outcome.Result.Failures is [var first, ..] ? first.Message : "interrupted";
        string text = form == TimelineForm.Json ? "" : $"{Paint.For(context).Waiting("- stopped  ")}  {run.Script.File,-24} {EventText.Printable(where)}\n";
        return new CheckResult(run.Script, [], [], run.Outcome.Result.Duration, Commands.ExitCode.Interrupted, text);
    }

    /// <summary>A script that this user may not run.</summary>
    public static CheckResult Skip(Script script, CommandContext context, TimelineForm form, Obstacle lack)
    {
        using var text = new StringWriter { NewLine = "\n" };
        ExpectationResult[] undecided = [.. script.Expectations.Select(expectation => new ExpectationResult(expectation, Verdict.Undecided, lack.Sentence))];
        if (form == TimelineForm.Json)
            WriteJson(text, context, script, undecided);
        else
            text.WriteLine($"{Paint.For(context).Waiting("- skipped  ")}  {script.File,-24} {EventText.Printable(lack.ToString())}");
        return new CheckResult(script, undecided, [], default, Commands.ExitCode.NotPermitted, text.ToString()) { Skipped = lack.Sentence };
    }

    /// <summary>What came of a run that is over.</summary>
    public static CheckResult Of(Laboratory lab, ExperimentRun run, CommandContext context, TimelineForm form)
    {
        int code = Experiment.ExitCodeOf(run);
        using var text = new StringWriter { NewLine = "\n" };
        if (form == TimelineForm.Json)
            WriteJson(text, context, run.Script, run.Results);
        else
            WriteText(text, lab, run, code, Paint.For(context));
        return new CheckResult(run.Script, run.Results, [.. run.Outcome.Result.Failures.Select(failure => failure.Message)], run.Outcome.Result.Duration, code, text.ToString())
        {
            Obstacles = code == Commands.ExitCode.NotPermitted ? [.. Experiment.Obstacles(lab)] : [],
        };
    }

    private static void WriteText(TextWriter output, Laboratory lab, ExperimentRun run, int code, Paint paint)
    {
        string verdict = code switch
        {
            Commands.ExitCode.Done => paint.Done("✓ passed   "),
            Commands.ExitCode.NotMet => paint.Failed("✗ failed   "),
            _ => paint.Waiting("? undecided"),
        };
        output.WriteLine($"{verdict}  {run.Script.File,-24} {run.Results.Count(result => result.Verdict == Verdict.Met)} of "
            + $"{run.Script.Expectations.Length} expectations, states {lab.Instruments.StateProvenance.Name()}, {run.Outcome.Result.Duration}");
        if (code != Commands.ExitCode.Done)
            Experiment.WriteResults(output, lab, run, paint);
    }

    private static void WriteJson(TextWriter output, CommandContext context, Script script, IReadOnlyList<ExpectationResult> results)
    {
        foreach (var result in results)
        {
            output.WriteLine(JsonLine.Write(json =>
            {
                json.WriteString("time", context.Clock().ToString());
                json.WriteString("kind", "expectation");
                json.WriteString("script", script.File);
                json.WriteNumber("line", result.Expectation.Line);
                json.WriteString("text", result.Expectation.Source);
                if (result.Verdict == Verdict.Undecided)
                    json.WriteNull("met");
                else
                    json.WriteBoolean("met", result.Verdict == Verdict.Met);
                json.WriteString("actual", result.Actual);
            }));
        }
    }
}
