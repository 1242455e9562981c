using System.CommandLine;
using NetLab.Core.Scripts;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab list</c>: the experiments that NetLab brings along.</summary>
internal static class ListCommand
{
    private enum Form
    {
        Titles,
        Names,
        Language,
        Json,
    }

    public static Command Create(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object a line: name, title, file, wire." };
        var names = new Option<bool>("--names") { Description = "The names alone, one a line." };
        var language = new Option<bool>("--language") { Description = "Instead, the reference page of the script language, in Markdown." };
        var command = new Command("list", "Lists the built-in experiments.") { json, names, language };
        command.SetAction(parsed => Run(context,
            parsed.GetValue(language) ? Form.Language : parsed.GetValue(json) ? Form.Json : parsed.GetValue(names) ? Form.Names : Form.Titles));
        return command;
    }

    private static int Run(CommandContext context, Form form)
    {
        if (form == Form.Language)
        {
            context.Output.Write(VerbTable.RenderMarkdown());
            return ExitCode.Done;
        }

        int width = ScriptLibrary.Names.Max(name => name.Length);
        foreach (string name in ScriptLibrary.Names)
        {
            context.Output.WriteLine(form switch
            {
                Form.Json => Json(ScriptLibrary.LoadBuiltIn(name), name),
                Form.Names => name,
                _ => $"{name.PadRight(width)}  {Title(ScriptLibrary.LoadBuiltIn(name))}",
            });
        }

        return ExitCode.Done;
    }

    private static string Title(Script script) =>
        script.Needs.Length == 0 ? script.Title : $"{script.Title} (needs {string.Join(", ", script.Needs.Select(need => need.Name))})";

    private static string Json(Script script, string name) => JsonLine.Write(writer =>
    {
        writer.WriteString("name", name);
        writer.WriteString("title", script.Title);
        writer.WriteString("file", script.File);
        writer.WriteBoolean("wire", false);
        if (script.Needs.Length == 0)
            return;
        writer.WriteStartArray("needs");
        foreach (var need in script.Needs)
            writer.WriteStringValue(need.Name);
        writer.WriteEndArray();
    });
}
