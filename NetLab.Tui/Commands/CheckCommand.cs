using System.CommandLine;
using NetLab.Core;
using NetLab.Core.Scripts;
using NetLab.Core.Session;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab check SCRIPT…</c>: runs scripts as tests, one line each.</summary>
internal static class CheckCommand
{
    public static Command Create(CommandContext context)
    {
        var scripts = new Argument<string[]>("SCRIPT")
        {
            Description = "Built-in experiments or .lab files.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var all = new Option<bool>("--all") { Description = "Every built-in experiment." };
        var json = new Option<bool>("--json") { Description = "One JSON object an expectation." };
        var command = new Command("check", "Runs scripts and exits 1 if what they expect did not happen, 3 if it may not be seen here.") { scripts, all, json };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(all) && result.GetValue(scripts) is null or [])
                result.AddError("Which script? Name one or more, or --all.");
        });
        command.SetAction(parsed => Run(context,
            parsed.GetValue(all) ? ScriptLibrary.Names : parsed.GetRequiredValue(scripts), parsed.GetValue(json) ? TimelineForm.Json : TimelineForm.Text));
        return command;
    }

    private static int Run(CommandContext context, IReadOnlyList<string> names, TimelineForm form)
    {
        // Every mistake in a script is told before the first one runs.
        var scripts = names.Select(name => ScriptLibrary.Load(name)).ToList();
        var paint = Paint.For(context);
        using var lab = new Laboratory(context.Clock, Experiment.Sampling);
        int exit = ExitCode.Done;
        foreach (var script in scripts)
        {
            var run = Experiment.Start(lab, script);
            if (Experiment.Follow(lab, run, context))
                return ExitCode.Interrupted;
            int code = Experiment.ExitCodeOf(run);
            // 1 outweighs 3: what failed matters more than what could not be seen.
            exit = exit == ExitCode.NotMet || code == ExitCode.Done ? exit : code;
            if (form == TimelineForm.Json)
                WriteJson(context, run);
            else
                WriteText(context, lab, run, code, paint);
            context.Output.Flush();
        }

        return exit;
    }

    private static void WriteText(CommandContext context, Laboratory lab, ExperimentRun run, int code, Paint paint)
    {
        string verdict = code switch
        {
            ExitCode.Done => paint.Done("✓ passed   "),
            ExitCode.NotMet => paint.Failed("✗ failed   "),
            _ => paint.Waiting("? undecided"),
        };
        context.Output.WriteLine($"{verdict}  {run.Script.File,-24} {run.Results.Count(result => result.Verdict == Verdict.Met)} of "
            + $"{run.Script.Expectations.Length} expectations, states {lab.Instruments.StateProvenance.Name()}, {run.Outcome.Result.Duration}");
        if (code == ExitCode.Done)
            return;
        Experiment.WriteResults(context.Output, lab, run, paint);
        if (code == ExitCode.NotPermitted)
        {
            foreach (var obstacle in Experiment.Obstacles(lab))
                context.Output.WriteLine($"  {obstacle}");
        }
    }

    private static void WriteJson(CommandContext context, ExperimentRun run)
    {
        foreach (var result in run.Results)
        {
            context.Output.WriteLine(JsonLine.Write(json =>
            {
                json.WriteString("time", context.Clock().ToString());
                json.WriteString("kind", "expectation");
                json.WriteString("script", run.Script.File);
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
