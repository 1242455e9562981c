using System.CommandLine;
using NetLab.Core.IoModels;
using NetLab.Core.Session;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab io [MODEL…]</c>: the I/O models race on the same arrivals; a lane of each in text, and its figures.</summary>
internal static class IoCommand
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    public static Command Create(CommandContext context)
    {
        var models = new Argument<string[]>("MODEL")
        {
            HelpName = "MODEL",
            Arity = ArgumentArity.ZeroOrMore,
            Description = $"Which models: {string.Join(", ", IoModelNames.All.Select(model => model.Name()))}. Without any, all of them.",
        };
        models.CompletionSources.Add([.. IoModelNames.All.Select(model => model.Name())]);
        var arrivals = new Option<string>("--arrivals", "-a")
        {
            HelpName = "NAME|FILE",
            Description = $"What comes, and when: {string.Join(", ", ArrivalScript.BuiltIn.Select(script => script.Name))}, or a file of lines TIME BYTES [times COUNT [every TIME]] [on PLACE], as in '50ms 20'.",
            DefaultValueFactory = _ => ArrivalScript.Classic.Name,
        };
        arrivals.CompletionSources.Add([.. ArrivalScript.BuiltIn.Select(script => script.Name)]);
        var descriptors = new Option<int>("--descriptors", "-n")
        {
            HelpName = "N",
            Description = $"Over how many descriptors the messages of each model come (at most {IoRaceSpecification.MostDescriptors}).",
            DefaultValueFactory = _ => 1,
        }.InRange(1, IoRaceSpecification.MostDescriptors);
        var json = new Option<bool>("--json") { Description = "One JSON object a model." };
        var command = new Command("io", "The I/O models (blocking, non-blocking, multiplexed, signal-driven, asynchronous) race on the same arrivals, each with its own system calls.")
        {
            models, arrivals, descriptors, json,
        };
        command.SetAction(parsed =>
        {
            if (Models(parsed.GetValue(models) ?? [], out string mistake) is not { } chosen || ArrivalFile.Open(parsed.GetRequiredValue(arrivals), out mistake) is not { } script)
                return Refuse(context, mistake);
            return Run(context, chosen, script, parsed.GetValue(descriptors), parsed.GetValue(json) ? IoForm.Json : IoForm.Text);
        });
        return command;
    }

    /// <summary>The models of these names, in the textbook's order, each once.</summary>
    internal static IReadOnlyList<IoModel>? Models(IReadOnlyList<string> names, out string mistake)
    {
        mistake = "";
        var chosen = new List<IoModel>();
        foreach (string name in names)
        {
            if (IoModelNames.Find(name) is { } model)
            {
                chosen.Add(model);
                continue;
            }

            mistake = name.StartsWith('-') ? $"There is no option '{name}'; see 'netlab io --help'." : $"There is no I/O model '{name}'; there are {string.Join(", ", IoModelNames.All.Select(one => one.Name()))}.";
            return null;
        }

        return chosen.Count == 0 ? IoModelNames.All : [.. IoModelNames.All.Where(chosen.Contains)];
    }

    private static int Run(CommandContext context, IReadOnlyList<IoModel> models, ArrivalScript script, int descriptors, IoForm form)
    {
        using var session = new IoSession();
        var race = session.Start(models, script, descriptors);
        while (!race.Completion.Wait(s_look))
        {
            if (context.Interrupt.IsCancellationRequested)
                race.Stop();
        }

        if (form == IoForm.Json)
            IoJson.Print(context.Output, race);
        else
            new IoPrinter(context.Output, Paint.For(context)).Print(race, session.CountObstacle);
        if (context.Interrupt.IsCancellationRequested)
            return ExitCode.Interrupted;
        return race.Lanes.Any(lane => lane.State == LaneState.Failed) ? ExitCode.NotMet : race.Lanes.Any(lane => lane.State == LaneState.Done) ? ExitCode.Done : ExitCode.NotPermitted;
    }

    private static int Refuse(CommandContext context, string sentence)
    {
        context.Error.WriteLine($"netlab: {EventText.Printable(sentence)}");
        return ExitCode.Usage;
    }
}

/// <summary>How a race is written.</summary>
internal enum IoForm
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One JSON object a model.</summary>
    Json,
}
