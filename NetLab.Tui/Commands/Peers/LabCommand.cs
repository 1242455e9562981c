using System.CommandLine;
using System.Globalization;
using NetLab.Core;
using NetLab.Core.Peers;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab lab dns</c>: a small tree of DNS zones on this machine, to try walks on where there is no network.</summary>
internal static class LabCommand
{
    private static readonly string[] s_zones = [.. DnsLab.Servers.SelectMany(server => server.Zones)];

    public static Command Create(CommandContext context)
    {
        var port = new Option<int>("--port", "-p")
        {
            Description = "The port of every server; 0 lets the kernel choose one.",
            HelpName = "PORT",
            DefaultValueFactory = _ => DnsLab.DefaultPort,
        }.InRange(0, 65_535);
        var print = new Option<string?>("--print") { Description = $"Instead, the text of one of its zones: {string.Join(", ", s_zones)}.", HelpName = "ZONE" };
        print.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !s_zones.Contains(result.Tokens[0].Value))
                result.AddError($"The lab has no zone '{result.Tokens[0].Value}'. It has: {string.Join(", ", s_zones)}.");
        });
        var json = new Option<bool>("--json") { Description = "One JSON object a server, then one an event." };
        var dns = new Command("dns", "A root, a top level domain and zones below it on loopback addresses, until Ctrl+C (exit code 0): some delegations good, some broken.")
        {
            port, print, json,
        };
        dns.SetAction(parsed =>
        {
            if (parsed.GetValue(print) is not { } zone)
                return Run(context, (ushort)parsed.GetValue(port), parsed.GetValue(json) ? TimelineForm.Json : TimelineForm.Text);
            context.Output.Write(DnsLab.ZoneText(zone));
            return ExitCode.Done;
        });
        return new Command("lab", "A small world of servers on this machine, to try things on.") { dns };
    }

    private static int Run(CommandContext context, ushort port, TimelineForm form)
    {
        if (form == TimelineForm.Json)
            return RunJson(context, port);
        using var log = new ServeLog(context.Error, PeerKind.Dns);
        using var lab = new DnsLab(new PeerRecorder(new Journal(), context.Clock), log);
        if (lab.Start(port) is { } refusal)
            return ServeCommand.Complain(context, refusal);
        Announce(context.Output, lab);
        context.Interrupt.WaitHandle.WaitOne();
        return ExitCode.Done;
    }

    private static int RunJson(CommandContext context, ushort port)
    {
        var journal = new Journal();
        var json = new ServeJson(journal, context.Output);
        journal.Changed = () => json.Changed.Set();
        using var lab = new DnsLab(new PeerRecorder(journal, context.Clock), json);
        if (lab.Start(port) is { } refusal)
            return ServeCommand.Complain(context, refusal);
        foreach (var server in DnsLab.Servers)
        {
            context.Output.Write(JsonLine.Write(writer =>
            {
                writer.WriteString("time", context.Clock().ToString());
                writer.WriteString("kind", "server");
                writer.WriteString("local", new Endpoint(server.Address, lab.Port).ToString());
                writer.WriteStartArray("zones");
                foreach (string zone in server.Zones)
                    writer.WriteStringValue(zone);
                writer.WriteEndArray();
            }) + "\n");
        }

        WaitHandle[] waits = [json.Changed, context.Interrupt.WaitHandle];
        do
            json.Print(Timestamp.MaxValue);
        while (WaitHandle.WaitAny(waits) == 0);
        lab.Stop();
        json.Print(Timestamp.MaxValue);
        return ExitCode.Done;
    }

    private static void Announce(TextWriter output, DnsLab lab)
    {
        foreach (var server in DnsLab.Servers)
        {
            string zones = server.Zones.Count == 0 ? "takes queries, never answers" : string.Join(", ", server.Zones.Select(Name));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{server.Address,-12} port {lab.Port}  {zones}"));
        }

        string options = string.Create(CultureInfo.InvariantCulture, $"--trace --root {DnsLab.Root} --port {lab.Port}");
        output.WriteLine();
        output.WriteLine($"In another terminal, `netlab dns NAME TYPE {options}`:");
        int width = DnsLab.Questions.Max(question => question.Name.Length + question.Type.Length + 1);
        foreach (var question in DnsLab.Questions)
            output.WriteLine($"  {$"{question.Name} {question.Type}".PadRight(width)}  {question.Shows}");
        output.WriteLine();
        output.WriteLine($"netlab dns {DnsLab.Questions[0].Name} {options}");
        output.WriteLine("The zones' texts: netlab lab dns --print garden");
        output.Flush();
    }

    private static string Name(string zone) => zone switch { "root" => ".", "test" => "test.", _ => zone + ".test." };
}
