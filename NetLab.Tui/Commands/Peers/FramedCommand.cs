using System.CommandLine;
using NetLab.Core;
using NetLab.Core.Peers;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab framed server|client</c>: the sixteen-octet exchange.</summary>
internal static class FramedCommand
{
    public static Command Create(CommandContext context)
    {
        var role = new Argument<string>("ROLE") { Description = "server or client." };
        role.AcceptOnlyFromAmong("server", "client");
        var host = new Argument<string>("HOST")
        {
            Description = "The address that the server listens on and the client connects to.",
            DefaultValueFactory = _ => PeerSpecification.DefaultHost,
        };
        var port = ServeCommand.Port();
        port.Description = "The port. [default: 1060]";
        var json = new Option<bool>("--json") { Description = "One JSON object an event." };
        var command = new Command("framed",
            "The sixteen-octet exchange: the client sends \"Hi there, server\", the server receives exactly 16 octets, however they come, answers \"farewell,client\" and closes.")
        {
            role, host, port, json,
        };
        command.SetAction(parsed =>
        {
            bool isServer = parsed.GetValue(role) == "server";
            var specification = new PeerSpecification(isServer ? PeerKind.Framed : PeerKind.FramedClient) { Host = parsed.GetValue(host)! };
            if (parsed.GetResult(port) is not null)
                specification = specification with { Port = (ushort)parsed.GetValue(port) };
            var form = parsed.GetValue(json) ? TimelineForm.Json : TimelineForm.Text;
            if (isServer)
                return ServeCommand.Run(context, specification, form);
            return form == TimelineForm.Json ? new ConnectRun(context, specification).Run(form, ByteForm.Text) : RunClient(context, specification);
        });
        return command;
    }

    private static int RunClient(CommandContext context, PeerSpecification specification)
    {
        using var client = (StreamClient)Peer.Create(specification, new PeerRecorder(new Journal(), context.Clock), new ClientLines(context.Output));
        if (client.Start() is { } refusal)
            return ServeCommand.Complain(context, refusal);
        if (!ConnectRun.Await(client.Completion, context.Interrupt))
            return ExitCode.Interrupted;
        return client.Refusal is { } failure ? ServeCommand.Complain(context, failure) : ExitCode.Done;
    }

    /// <summary>What the client says of its exchange.</summary>
    private sealed class ClientLines(TextWriter output) : IPeerLog
    {
        public void Write(in PeerLogEntry entry)
        {
            if (entry.Kind == PeerLogKind.Opened)
                output.WriteLine($"The client has been assigned the socket name {entry.Tuple.Local}");
            else if (entry.Kind == PeerLogKind.Exchange)
                output.WriteLine(EventText.Printable(char.ToUpperInvariant(entry.Text[0]) + entry.Text[1..]));
        }
    }
}
