using System.CommandLine;
using NetLab.Core;
using NetLab.Core.Scripts;
using NetLab.Core.Session;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab run SCRIPT</c>: runs an experiment and prints its calls, packets and states in order of time.</summary>
internal static class RunCommand
{
    public static Command Create(CommandContext context)
    {
        var script = new Argument<string>("SCRIPT") { Description = "A built-in experiment (see 'netlab list') or a .lab file." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("run", "Runs an experiment and prints its timeline: calls, packets, states.") { script, json };
        command.SetAction(parsed => Run(context, parsed.GetRequiredValue(script), parsed.GetValue(json) ? TimelineForm.Json : TimelineForm.Text));
        return command;
    }

    private static int Run(CommandContext context, string name, TimelineForm form)
    {
        var script = ScriptLibrary.Load(name);
        var paint = Paint.For(context);
        using var lab = new Laboratory(context.Clock, Experiment.Sampling);
        var run = Experiment.Start(lab, script);
        var printer = new TimelinePrinter(lab, context.Output, form, paint);
        if (form == TimelineForm.Text)
            WriteHead(context, lab, script, paint);
        bool interrupted = Experiment.Follow(lab, run, context, printer.Print);
        printer.Print(Timestamp.MaxValue);
        if (form == TimelineForm.Text)
        {
            context.Output.WriteLine();
            Experiment.WriteResults(context.Output, lab, run, paint);
        }

        return interrupted ? ExitCode.Interrupted : Experiment.ExitCodeOf(run);
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
