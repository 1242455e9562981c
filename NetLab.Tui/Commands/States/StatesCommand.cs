using System.CommandLine;
using NetLab.Core;
using NetLab.Core.Session;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab states</c>: the TCP state changes of the machine as they happen.</summary>
internal static class StatesCommand
{
    public static Command Create(CommandContext context)
    {
        var names = new MachineNames();
        var words = new Argument<string[]>("FILTER")
        {
            Description = "Which changes: port 8000, host 127.0.0.1, :8000, pid 4711, process python3, state TIME_WAIT; with and, or, not, local, remote.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var ports = new Option<string?>("--port", "-p") { Description = "Only connections with one of these ports (8000, 8000-8010, http).", HelpName = "PORTS" };
        var count = new Option<long?>("--count", "-c") { Description = "End after so many changes.", HelpName = "N" };
        var wide = new Option<bool>("--wide", "-w") { Description = "Whole addresses also where the terminal is too narrow for them in columns." };
        var json = new Option<bool>("--json") { Description = "One JSON object a change." };
        var command = new Command("states",
            "Shows every change of a TCP state on the machine as it happens, until Ctrl+C (exit code 130) or for -c changes. Without root the states are sampled.")
        {
            words, ports, count, wide, json,
        };
        words.Validators.Add(result =>
        {
            if (!StateFilterParser.TryParse(string.Join(' ', result.Tokens.Select(token => token.Value)), names, out _, out string mistake))
                result.AddError(mistake);
        });
        ports.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !PortSet.TryParse(text, names.Port, out _, out string mistake))
                result.AddError($"For --port, {mistake}.");
        });
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() is < 1)
                result.AddError("--count takes a number from 1.");
        });
        command.SetAction(parsed =>
        {
            StateFilterParser.TryParse(string.Join(' ', parsed.GetValue(words) ?? []), names, out var filter, out _);
            if (parsed.GetValue(ports) is { } text && PortSet.TryParse(text, names.Port, out var set, out _))
                filter = StateFilter.And(new StateFilter.At(StateFilter.Sides.Any, null, set), filter);
            var form = parsed.GetValue(json) ? TimelineForm.Json : TimelineForm.Text;
            return Run(context, filter, parsed.GetValue(count) ?? long.MaxValue, parsed.GetValue(wide), form);
        });
        return command;
    }

    private static int Run(CommandContext context, StateFilter filter, long most, bool wide, TimelineForm form)
    {
        using var watch = new StateWatch(filter.NecessaryPorts ?? []);
        if (watch.StateObstacle is { } obstacle)
            context.Error.WriteLine($"netlab: {Missing(obstacle, watch.Provenance)}");
        if (watch is { Provenance: Provenance.Sampled, SocketObstacle: { } lack })
            context.Error.WriteLine($"netlab: {lack}");
        int? columns = context.OutputIsTerminal && !wide ? StandardStreams.OutputWidth : null;
        var lines = form == TimelineForm.Json ? null
            : new StateLines(columns, TimeZoneInfo.Local.GetUtcOffset(context.Clock().ToDateTime()), watch.Provenance, Paint.For(context));
        using var printer = new StatePrinter(watch, filter, context, lines) { Most = most };
        return Follow(watch, printer, context);
    }

    private static int Follow(StateWatch watch, StatePrinter printer, CommandContext context)
    {
        using var changed = new AutoResetEvent(false);
        watch.Journal.Changed = () => changed.Set();
        WaitHandle[] waits = [changed, context.Interrupt.WaitHandle];
        while (!context.Interrupt.IsCancellationRequested)
        {
            watch.Update(context.Clock());
            if (printer.Print(context.Clock()))
                return ExitCode.Done;
            // Lines wait a moment for their turn; else only the end of a TIME_WAIT comes without an announcement.
            WaitHandle.WaitAny(waits, printer.IsHolding ? 20 : 250);
        }

        watch.Journal.Changed = null;
        watch.Flush();
        return printer.Print(Timestamp.MaxValue) ? ExitCode.Done : ExitCode.Interrupted;
    }

    private static string Missing(Obstacle obstacle, Provenance provenance)
    {
        string how = provenance == Provenance.Inferred ? "so the states are inferred from the packets" : "so the states are sampled and short ones are missed";
        return new Obstacle($"{obstacle.Sentence.TrimEnd('.')}, {how}.", obstacle.Remedy is "sudo ./netlab" ? "sudo ./netlab states" : obstacle.Remedy).ToString();
    }
}
