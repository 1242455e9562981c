using System.CommandLine;
using NetLab.Core.IoModels;
using NetLab.Core.Scripts;
using NetLab.Core.Session;
using NetLab.Tui.App;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab picture SCRIPT</c>: runs an experiment and writes the screen that the lab would show, as text or as an SVG picture.</summary>
internal static class PictureCommand
{
    public static Command Create(CommandContext context)
    {
        var script = new Argument<string>("SCRIPT") { HelpName = "SCRIPT", Description = "A built-in experiment." };
        var tab = new Option<int>("--tab") { Description = "Which tab, from 1.", DefaultValueFactory = _ => 1 }.InRange(1, LabScreen.TabCount);
        script.CompletionSources.Add([.. ScriptLibrary.Names]);
        var columns = new Option<int>("--columns") { Description = "Columns of the screen.", DefaultValueFactory = _ => 120 }.InRange(LabScreen.LeastColumns, 400);
        var rows = new Option<int>("--rows") { Description = "Rows of the screen.", DefaultValueFactory = _ => 40 }.InRange(LabScreen.LeastRows, 200);
        var file = new Option<string?>("--output", "-o") { Description = "The SVG file to write; without it the screen is printed as text." };
        var command = new Command("picture", "Runs an experiment and writes the lab's screen as text or SVG.") { script, tab, columns, rows, file };
        command.SetAction(parsed => Run(context, parsed.GetRequiredValue(script), parsed.GetValue(tab),
            (parsed.GetValue(columns), parsed.GetValue(rows)), parsed.GetValue(file)));
        return command;
    }

    private static int Run(CommandContext context, string name, int tab, (int Columns, int Rows) size, string? file)
    {
        var view = new LabScreen(ScriptLibrary.Names);
        int place = ScriptLibrary.Names.ToList().IndexOf(name);
        if (place < 0)
            throw new ScriptException($"There is no built-in script '{EventText.Printable(name)}'; see 'netlab list'.");
        view.Experiments.Choose(place);
        view.ShowTab(tab - 1);
        using var lab = new Laboratory(context.Clock, Experiment.Sampling);
        var run = Experiment.Start(lab, ScriptLibrary.LoadBuiltIn(name));
        if (Experiment.Follow(lab, run, context))
            return ExitCode.Interrupted;
        lab.Instruments.SampleSockets();
        lab.View.Fold(Core.Timestamp.MaxValue);
        if (tab - 1 == LabScreen.IoTab)
            lab.Io.Start(IoModelNames.All, ArrivalScript.Classic, 1).Completion.Wait(context.Interrupt);
        var screen = new Screen(size.Columns, size.Rows);
        view.Draw(screen.Begin(), new PaneContext(lab, context.Clock(), lab.Journal.Names));
        if (file is null)
        {
            foreach (string line in ScreenDump.Lines(screen.Back))
                context.Output.WriteLine(line);
        }
        else
        {
            File.WriteAllText(file, ScreenSvg.Render(screen.Back));
        }

        return Experiment.ExitCodeOf(run);
    }
}
