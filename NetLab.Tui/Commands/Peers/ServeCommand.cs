using System.CommandLine;
using System.Globalization;
using NetLab.Core;
using NetLab.Core.Peers;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab serve KIND</c>: a server that stays until Ctrl+C.</summary>
internal static class ServeCommand
{
    // How much of what clients send is kept for --json, whose reader may be slow.
    private const long Kept = 32 << 20;
    private static readonly string s_kinds = string.Join(", ", PeerKinds.All.Where(facts => facts.Role == PeerRole.Server).Select(facts => facts.Name));

    public static Command Create(CommandContext context)
    {
        var kind = new Argument<string>("KIND")
        {
            HelpName = "KIND",
            Description = string.Join("; ", PeerKinds.All.Where(facts => facts.Role == PeerRole.Server).Select(facts => $"{facts.Name} {facts.Summary}")) + ".",
        };
        kind.CompletionSources.Add([.. PeerKinds.All.Where(facts => facts.Role == PeerRole.Server).Select(facts => facts.Name)]);
        var host = new Argument<string>("HOST")
        {
            Description = "The address it listens on; 0.0.0.0 and :: are all of this machine's.",
            DefaultValueFactory = _ => PeerSpecification.DefaultHost,
        };
        var port = Port();
        port.Description += $" [default: {string.Join(", ", PeerKinds.All.Where(facts => facts.Role == PeerRole.Server).Select(facts => $"{facts.Name} {facts.DefaultPort}"))}]";
        var root = new Option<string?>("--root") { Description = "Of http: the folder whose files are served. [default: the current one]", HelpName = "FOLDER" };
        var zones = new Option<string[]>("--zone")
        {
            Description = "Of dns: a zone file that is served; may be given again. [default: a zone to try things on, garden.test]",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
        };
        var rate = new Option<int?>("--rate")
        {
            Description = $"Of dns: answers a second over UDP to one client network (/24, /56), 0 for any number. [default: {PeerSpecification.DefaultRate}, and any number to this machine itself]",
            HelpName = "N",
        };
        rate.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
                result.AddError($"--rate is a number of answers a second, 0 for any number, not '{result.Tokens[0].Value}'.");
        });
        var json = new Option<bool>("--json") { Description = "One JSON object an event: connections, requests, every byte." };
        var command = new Command("serve", "Runs a server until Ctrl+C (exit code 0). Its log goes to standard error; http's is that of python3 -m http.server.")
        {
            kind, host, port, root, zones, rate, json,
        };
        kind.Validators.Add(result =>
        {
            if (!PeerKinds.TryParseServer(result.Tokens[0].Value, out var found))
                result.AddError($"There is no server '{result.Tokens[0].Value}'. There are: {s_kinds}.");
            else if (found != PeerKind.Http && result.Parent is System.CommandLine.Parsing.CommandResult whole && whole.GetResult(root) is not null)
                result.AddError($"--root is of http; {result.Tokens[0].Value} serves no files.");
            else if (found != PeerKind.Dns && result.Parent is System.CommandLine.Parsing.CommandResult all && (all.GetResult(zones) ?? all.GetResult(rate)) is { } dns)
                result.AddError($"{dns.Option.Name} is of dns, not of {result.Tokens[0].Value}.");
        });
        command.SetAction(parsed =>
        {
            var found = PeerKinds.TryParseServer(parsed.GetRequiredValue(kind), out var named) ? named : default;
            var peer = new PeerSpecification(found) { Host = parsed.GetValue(host)!, Root = parsed.GetValue(root), Zones = new PeerFiles([.. parsed.GetValue(zones) ?? []]), Rate = parsed.GetValue(rate) };
            if (parsed.GetResult(port) is not null)
                peer = peer with { Port = (ushort)parsed.GetValue(port) };
            // As of python3 -m http.server: a number alone is the port.
            else if (PeerSpecification.PortMistake(peer.Host, out ushort number) is null)
                peer = peer with { Host = PeerSpecification.DefaultHost, Port = number };
            return Run(context, peer, parsed.GetValue(json) ? TimelineForm.Json : TimelineForm.Text);
        });
        return command;
    }

    /// <summary>The option for a port.</summary>
    public static Option<int> Port() =>
        new Option<int>("--port", "-p") { Description = "The port; 0 lets the kernel choose one.", HelpName = "PORT" }.InRange(0, 65_535);

    /// <summary>Runs a server until it is interrupted.</summary>
    public static int Run(CommandContext context, PeerSpecification specification, TimelineForm form) =>
        form == TimelineForm.Json ? RunJson(context, specification) : RunText(context, specification);

    /// <summary>Says in one line why a peer did not start, and what that is to the shell.</summary>
    public static int Complain(CommandContext context, PeerRefusal refusal)
    {
        context.Error.WriteLine($"netlab: {EventText.Printable(refusal.Sentence)}");
        return refusal.Obstacle switch { PeerObstacle.Usage => ExitCode.Usage, PeerObstacle.NotPermitted => ExitCode.NotPermitted, _ => ExitCode.Network };
    }

    private static int RunText(CommandContext context, PeerSpecification specification)
    {
        PeerCounters counters;
        using (var log = new ServeLog(context.Error, specification.Kind))
        {
            using var peer = Peer.Create(specification, new PeerRecorder(new Journal(), context.Clock), log);
            if (peer.Start() is { } refusal)
                return Complain(context, refusal);
            Announce(context, peer);
            context.Interrupt.WaitHandle.WaitOne();
            peer.Stop();
            counters = peer.Counters;
        }

        bool isDns = specification.Kind == PeerKind.Dns;
        long total = isDns ? counters.Requests : counters.Total;
        string what = (isDns ? "answer" : specification.Kind == PeerKind.UdpEcho ? "datagram" : "connection") + (total == 1 ? "" : "s");
        context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"netlab: Stopped after {total} {what}; {counters.BytesReceived} bytes were received and {counters.BytesSent} sent."));
        return ExitCode.Done;
    }

    private static int RunJson(CommandContext context, PeerSpecification specification)
    {
        var journal = new Journal();
        var json = new ServeJson(journal, context.Output);
        journal.Changed = () => json.Changed.Set();
        using var peer = Peer.Create(specification, new PeerRecorder(journal, context.Clock, "peers", Kept), json);
        if (peer.Start() is { } refusal)
            return Complain(context, refusal);
        Warn(context, peer);
        json.WritePeer(peer, context.Clock(), "running");
        WaitHandle[] waits = [json.Changed, context.Interrupt.WaitHandle];
        do
            json.Print(Timestamp.MaxValue);
        while (WaitHandle.WaitAny(waits) == 0);
        peer.Stop();
        json.Print(Timestamp.MaxValue);
        json.WritePeer(peer, context.Clock(), "stopped");
        return ExitCode.Done;
    }

    private static void Announce(CommandContext context, Peer peer)
    {
        Warn(context, peer);
        var local = peer.Local;
        string url = peer.Specification.Kind == PeerKind.Http ? $" (http://{local}/)" : "";
        string name = peer.Specification.Kind switch { PeerKind.Http => "HTTP", PeerKind.Dns => "DNS", _ => peer.Facts.Name };
        context.Output.WriteLine($"Serving {name} on {local.Address} port {local.Port}{url} ...");
        context.Output.Flush();
    }

    private static void Warn(CommandContext context, Peer peer)
    {
        if (!peer.Local.Address.IsLoopback)
            context.Error.WriteLine($"netlab: {peer.Local.Address} is no loopback address: whoever reaches this machine can connect.");
    }
}
