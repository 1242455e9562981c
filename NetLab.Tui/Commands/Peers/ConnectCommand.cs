using System.CommandLine;
using NetLab.Core.Peers;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab connect HOST PORT</c>: a client with its bytes.</summary>
internal static class ConnectCommand
{
    public static Command Create(CommandContext context)
    {
        var names = new MachineNames();
        var host = new Argument<string>("HOST") { Description = "The server's address or name." };
        var port = new Argument<string>("PORT") { Description = "Its port, or a service's name (http)." };
        var text = new Option<string?>("--send") { Description = @"Sends this instead of standard input; \r, \n, \t, \0, \\ and \xHH stand for bytes.", HelpName = "TEXT" };
        var hex = new Option<bool>("--hex") { Description = "On a terminal: all bytes as hex." };
        var json = new Option<bool>("--json") { Description = "One JSON object an event: states and bytes." };
        var command = new Command("connect",
            "Connects to a server: standard input goes to it, and what it sends to standard output. On a terminal both directions are shown with their times, and the states of "
            + "the connection. The end of the input closes the sending side. Ends with 0 when the server has closed, with 4 when the connection failed.")
        {
            host, port, text, hex, json,
        };
        port.Validators.Add(result =>
        {
            if (Number(names, result.Tokens[0].Value) is null)
                result.AddError($"PORT takes a number from 1 to 65535 or the name of a service, not {App.EventText.Printable(result.Tokens[0].Value)}.");
        });
        command.SetAction(parsed =>
        {
            var specification = new PeerSpecification(PeerKind.Connect, parsed.GetRequiredValue(host), Number(names, parsed.GetRequiredValue(port))!.Value)
            {
                Text = parsed.GetValue(text),
            };
            var form = parsed.GetValue(json) ? TimelineForm.Json : TimelineForm.Text;
            return new ConnectRun(context, specification).Run(form, parsed.GetValue(hex) ? ByteForm.Hex : ByteForm.Text);
        });
        return command;
    }

    private static ushort? Number(MachineNames names, string text)
    {
        if (PeerSpecification.PortMistake(text, out ushort port) is null)
            return port == 0 ? null : port;
        return text.Any(char.IsAsciiLetter) ? names.Port(text) : null;
    }
}
