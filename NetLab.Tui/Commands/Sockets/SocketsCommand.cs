using System.CommandLine;
using NetLab.Core.Kernel;
using NetLab.Core.Tcp;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab sockets</c>: the kernel's table of TCP and UDP sockets with the processes that hold them.</summary>
internal static class SocketsCommand
{
    private const int MostSeconds = 86_400;

    public static Command Create(CommandContext context)
    {
        var names = new MachineNames();
        var endpoints = new Option<string[]>("--inet", "-i")
        {
            Description = "Only these: [46][tcp|udp][@HOST][:PORTS], as lsof has it (-i :8000, -i tcp:8000-8010@localhost, -i 6udp). Several add up.",
            HelpName = "WHICH",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var listening = new Option<bool>("--listening", "-l") { Description = "Only sockets that listen, and UDP sockets without a peer." };
        var states = new Option<string[]>("--state") { Description = "Only in this state (LISTEN, time-wait, ESTAB, CONNECTED…); several add up.", HelpName = "STATE" };
        var processes = new Option<string[]>("--process", "-p") { Description = "Only of processes with this id, or whose name begins so; several add up.", HelpName = "NAME|PID" };
        var tcp = new Option<bool>("--tcp", "-t") { Description = "Only TCP." };
        var udp = new Option<bool>("--udp", "-u") { Description = "Only UDP." };
        var v4 = new Option<bool>("--ipv4", "-4") { Description = "Only IPv4 sockets." };
        var v6 = new Option<bool>("--ipv6", "-6") { Description = "Only IPv6 sockets." };
        var watch = new Option<double?>("--watch", "-w")
        {
            Description = "Look again every so many seconds (1 if none are named) until Ctrl+C.",
            HelpName = "SECONDS",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = new Option<bool>("--json") { Description = "One JSON object a socket." };
        var lsof = new Option<bool>("--lsof") { Description = "lsof's columns: a line a process and descriptor." };
        var command = new Command("sockets",
            "Shows the machine's TCP and UDP sockets with their processes. Exits 1 if -i or --process finds none, as lsof does; 130 when a watch is interrupted.")
        {
            endpoints, listening, states, processes, tcp, udp, v4, v6, watch, json, lsof,
        };
        endpoints.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (!EndpointSelector.TryParse(token.Value, names, out _, out string mistake))
                    result.AddError(mistake);
            }
        });
        states.Validators.Add(result =>
        {
            if (result.Tokens.Select(token => token.Value).FirstOrDefault(word => !TryState(word, new SocketChoice(), out _)) is { } wrong)
                result.AddError($"'{wrong}' is no state: {StateWords.All}, CONNECTED, UNCONNECTED.");
        });
        watch.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is { } seconds && seconds is not (>= 0.1 and <= MostSeconds))
                result.AddError($"--watch takes from 0.1 to {MostSeconds} seconds.");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(lsof))
                result.AddError("Either --json or --lsof.");
        });
        command.SetAction(parsed =>
        {
            var choice = new SocketChoice
            {
                Endpoints = Selectors(parsed.GetResult(endpoints) is null ? null : parsed.GetValue(endpoints), names),
                Processes = parsed.GetValue(processes) ?? [],
                Kinds = Either(parsed.GetValue(tcp), SocketKinds.Tcp, parsed.GetValue(udp), SocketKinds.Udp),
                Families = (SocketFamilies)Either(parsed.GetValue(v4), (SocketKinds)SocketFamilies.IPv4, parsed.GetValue(v6), (SocketKinds)SocketFamilies.IPv6),
            };
            choice = Chosen(choice, parsed.GetValue(listening), parsed.GetValue(states) ?? []);
            var form = parsed.GetValue(json) ? SocketForm.Json : parsed.GetValue(lsof) ? SocketForm.Lsof : SocketForm.Table;
            double? seconds = parsed.GetResult(watch) is null ? null : parsed.GetValue(watch) ?? 1;
            return new SocketsRun(context, choice, form, names).Run(seconds);
        });
        return command;
    }

    /// <summary>Takes lsof's attached form apart, "-i4tcp:8000" or "-i:8000", which the parser would read as several short options.</summary>
    public static string[] Detached(string[] arguments)
    {
        if (arguments is not ["sockets", ..] || !Array.Exists(arguments, IsAttached))
            return arguments;
        return [.. arguments.SelectMany(argument => IsAttached(argument) ? ["-i", argument[2..]] : (string[])[argument])];
    }

    private static bool IsAttached(string argument) => argument.Length > 2 && argument.StartsWith("-i", StringComparison.Ordinal);

    // One alone limits; both, or none, do not.
    private static SocketKinds Either(bool first, SocketKinds firstKind, bool second, SocketKinds secondKind) =>
        first == second ? firstKind | secondKind : first ? firstKind : secondKind;

    private static List<EndpointSelector> Selectors(string[]? texts, INameLookup names)
    {
        var selectors = new List<EndpointSelector>();
        // -i alone is every socket of the internet families: all that there are here.
        foreach (string text in texts is null ? [] : texts.Length == 0 ? [""] : texts)
        {
            EndpointSelector.TryParse(text, names, out var selector, out _);
            selectors.Add(selector);
        }

        return selectors;
    }

    private static SocketChoice Chosen(SocketChoice choice, bool listening, string[] words)
    {
        if (!listening && words.Length == 0)
            return choice;
        choice = choice with { States = TcpStateSet.None, Datagrams = DatagramStates.None };
        if (listening)
            choice = choice with { States = TcpStateSet.Of(TcpState.Listen), Datagrams = DatagramStates.Unconnected };
        foreach (string word in words)
            TryState(word, choice, out choice);
        return choice;
    }

    private static bool TryState(string word, SocketChoice choice, out SocketChoice more)
    {
        more = choice;
        switch (word.ToUpperInvariant())
        {
            case "CONNECTED": more = choice with { Datagrams = choice.Datagrams | DatagramStates.Connected }; break;
            case "UNCONNECTED" or "UNCONN": more = choice with { Datagrams = choice.Datagrams | DatagramStates.Unconnected }; break;
            default:
                if (!StateWords.TryParse(word, out var state))
                    return false;
                more = choice with { States = choice.States.With(state) };
                break;
        }

        return true;
    }
}

/// <summary>How the sockets are printed.</summary>
internal enum SocketForm
{
    /// <summary>As a table.</summary>
    Table,

    /// <summary>As lsof does.</summary>
    Lsof,

    /// <summary>As JSON, one object a line.</summary>
    Json,
}
