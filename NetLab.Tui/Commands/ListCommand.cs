using System.CommandLine;
using NetLab.Core.Scripts;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab list</c>: the experiments that NetLab brings along.</summary>
internal static class ListCommand
{
    public static Command Create(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object a line: name, title, file, wire." };
        var names = new Option<bool>("--names") { Description = "The names alone, one a line." };
        var command = new Command("list", "Lists the built-in experiments.") { json, names };
        command.SetAction(parsed => Run(context, parsed.GetValue(json), parsed.GetValue(names)));
        return command;
    }

    private static int Run(CommandContext context, bool json, bool namesOnly)
    {
        int width = ScriptLibrary.Names.Max(name => name.Length);
        foreach (string name in ScriptLibrary.Names)
        {
            if (namesOnly)
            {
                context.Output.WriteLine(name);
                continue;
            }

            var script = ScriptLibrary.LoadBuiltIn(name);
            context.Output.WriteLine(json
                ? JsonLine.Write(writer =>
                {
                    writer.WriteString("name", name);
                    writer.WriteString("title", script.Title);
                    writer.WriteString("file", script.File);
                    writer.WriteBoolean("wire", false);
                })
                : $"{name.PadRight(width)}  {script.Title}");
        }

        return ExitCode.Done;
    }
}
