using System.CommandLine;
using System.CommandLine.Help;
using NetLab.Core.Scripts;

namespace NetLab.Tui.Commands;

/// <summary>The command line: its verbs, and what a mistake on it says.</summary>
internal static class CommandLine
{
    // A word like @127.0.0.1 is a host, not the name of a file with arguments.
    private static readonly ParserConfiguration s_words = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs what the arguments name.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, CommandContext context)
    {
        var root = new RootCommand("An oscilloscope for sockets. Without a command it opens the full-screen lab; 'netlab FILE.pcap' opens it on the packets of a capture file.")
        {
            ListCommand.Create(context),
            RunCommand.Create(context),
            CheckCommand.Create(context),
            CaptureCommand.Create(context),
            ReadCommand.Create(context),
            DoctorCommand.Create(context),
            PictureCommand.Create(context),
            SocketsCommand.Create(context),
            StatesCommand.Create(context),
            TraceCommand.Create(context),
            LoadCommand.Create(context),
            ServeCommand.Create(context),
            LabCommand.Create(context),
            ConnectCommand.Create(context),
            FramedCommand.Create(context),
            DnsCommand.Create(context),
            HttpCommand.Create(context),
            IoCommand.Create(context),
            CompletionCommand.Create(context),
        };
        // As this system writes them, without /h and /?, which completion would offer.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Add(new HelpOption("--help", "-h", "-?"));
        var parsed = root.Parse(SocketsCommand.Detached(arguments), s_words);
        if (parsed.Errors.Count > 0)
        {
            string verb = "";
            for (var at = parsed.CommandResult; at is { Command: not RootCommand }; at = at.Parent as System.CommandLine.Parsing.CommandResult)
                verb = $"{at.Command.Name} {verb}";
            // Of a word that nobody knows the parser first says that a command is missing.
            string mistake = parsed.UnmatchedTokens is [var unknown, ..] ? $"There is no command, argument or option '{unknown}' here." : parsed.Errors[0].Message;
            context.Error.WriteLine($"netlab: {Printable(mistake)} See 'netlab {verb}--help'.");
            return ExitCode.Usage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = context.Output, Error = context.Error, EnableDefaultExceptionHandler = false });
        }
        catch (ScriptException mistake)
        {
            context.Error.WriteLine($"netlab: {mistake.Message}");
            return ExitCode.Usage;
        }
        finally
        {
            context.Output.Flush();
        }
    }

    // What the user typed comes back in the message: a control character in it must not reach the terminal.
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString()));
}
