using System.CommandLine;
using NetLab.Core;
using NetLab.Core.Scripts;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab check SCRIPT…</c>: runs scripts as tests, one line each, in the order in which they were named.</summary>
internal static class CheckCommand
{
    public static Command Create(CommandContext context)
    {
        var scripts = new Argument<string[]>("SCRIPT")
        {
            HelpName = "SCRIPT",
            Description = "Built-in experiments or .lab files.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        scripts.CompletionSources.Add([.. ScriptLibrary.Names]);
        var all = new Option<bool>("--all") { Description = "Every built-in experiment." };
        var json = new Option<bool>("--json") { Description = "One JSON object an expectation." };
        var junit = new Option<string?>("--junit") { Description = "Also writes the results to a file as JUnit XML.", HelpName = "FILE" };
        var jobs = new Option<int>("--jobs", "-j")
        {
            Description = "How many scripts run at the same time; those that use the same port run one after the other. [default: the processors, at most 4]",
            HelpName = "N",
            DefaultValueFactory = _ => Math.Clamp(Environment.ProcessorCount, 1, 4),
        }.InRange(1, 64);
        var command = new Command("check", "Runs scripts and exits 1 if what they expect did not happen, 3 if it may not be seen here.") { scripts, all, json, junit, jobs };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(all) && result.GetValue(scripts) is null or [])
                result.AddError("Which script? Name one or more, or --all.");
        });
        command.SetAction(parsed => Run(context,
            parsed.GetValue(all) ? ScriptLibrary.Names : parsed.GetRequiredValue(scripts),
            parsed.GetValue(json) ? TimelineForm.Json : TimelineForm.Text, parsed.GetValue(jobs), parsed.GetValue(junit)));
        return command;
    }

    private static int Run(CommandContext context, IReadOnlyList<string> names, TimelineForm form, int jobs, string? junit)
    {
        // Every mistake in a script, and a report that cannot be written, is told before the first one runs.
        var scripts = names.Select(name => ScriptLibrary.Load(name)).ToList();
        using var report = junit is null ? null : JUnitReport.Create(junit);
        int exit = ExitCode.Done;
        var obstacles = new List<Obstacle>();
        foreach (var result in new CheckSchedule(context, scripts, form).Run(jobs))
        {
            context.Output.Write(result.Text);
            context.Output.Flush();
            if (result.ExitCode == ExitCode.Interrupted)
                return ExitCode.Interrupted;
            // 1 outweighs 3: what failed matters more than what could not be seen.
            exit = exit == ExitCode.NotMet || result.ExitCode == ExitCode.Done ? exit : result.ExitCode;
            obstacles.AddRange(result.Obstacles);
            report?.Add(result);
        }

        // What keeps many from being decided is said once.
        if (obstacles.Count > 0 && form == TimelineForm.Text)
            context.Output.WriteLine();
        foreach (var obstacle in form == TimelineForm.Text ? obstacles.DistinctBy(obstacle => obstacle.Sentence) : [])
            context.Output.WriteLine($"{obstacle}");

        return exit;
    }
}
