using System.CommandLine;
using NetLab.Core;
using NetLab.Core.Scripts;
using NetLab.Core.Session;
using NetLab.Tui.App;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab run SCRIPT</c>: runs an experiment and prints its calls, packets and states in order of time.</summary>
internal static class RunCommand
{
    public static Command Create(CommandContext context)
    {
        var script = new Argument<string>("SCRIPT") { HelpName = "SCRIPT", Description = "A built-in experiment (see 'netlab list') or a .lab file." };
        script.CompletionSources.Add([.. ScriptLibrary.Names]);
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var step = new Option<bool>("--step") { Description = "One call a key: each is explained before it is made. Space or Enter goes on, q ends; from a pipe, a line each." };
        var command = new Command("run", "Runs an experiment and prints its timeline: calls, packets, states.") { script, json, step };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(step))
                result.AddError("--step explains in words; it does not go with --json.");
        });
        command.SetAction(parsed => Run(context, parsed.GetRequiredValue(script), parsed.GetValue(json) ? TimelineForm.Json : TimelineForm.Text,
            parsed.GetValue(step) ? Pace.Step : Pace.Free));
        return command;
    }

    private enum Pace
    {
        Free,
        Step,
    }

    private static int Run(CommandContext context, string name, TimelineForm form, Pace pace)
    {
        var script = ScriptLibrary.Load(name);
        if (Rights.Missing(script) is { } lack)
        {
            context.Error.WriteLine($"netlab: {EventText.Printable(lack.ToString())}");
            return ExitCode.NotPermitted;
        }

        var paint = Paint.For(context);
        using var lab = new Laboratory(context.Clock, Experiment.Sampling);
        var gate = new StepGate();
        var run = pace == Pace.Free ? Experiment.Start(lab, script) : lab.Start(script, gate, null);
        var printer = new TimelinePrinter(lab, context.Output, form, paint);
        if (form == TimelineForm.Text)
            WriteHead(context, lab, script, paint);
        bool interrupted = pace == Pace.Free ? Experiment.Follow(lab, run, context, printer.Print) : Step(context, lab, run, gate, printer);
        printer.Print(Timestamp.MaxValue);
        if (form == TimelineForm.Text)
        {
            context.Output.WriteLine();
            Experiment.WriteResults(context.Output, lab, run, paint);
        }

        return interrupted ? ExitCode.Interrupted : Experiment.ExitCodeOf(run);
    }

    private static bool Step(CommandContext context, Laboratory lab, ExperimentRun run, StepGate gate, TimelinePrinter printer)
    {
        using var keys = new KeyReader(context.InputBytes, context.InputIsTerminal);
        return new StepRun(context, lab, gate, keys, Paint.For(context)).Follow(run, printer);
    }

    private static void WriteHead(CommandContext context, Laboratory lab, Script script, Paint paint)
    {
        context.Output.WriteLine($"{script.Title}  ({script.File})");
        context.Output.WriteLine(paint.Faint(
            $"packets {(lab.Instruments.HasPackets ? "observed on lo" : "none")}, states {lab.Instruments.StateProvenance.Name()}"));
        foreach (var obstacle in Experiment.Obstacles(lab))
            context.Output.WriteLine(paint.Waiting($"{obstacle}"));
        context.Output.WriteLine();
        context.Output.Flush();
    }
}
