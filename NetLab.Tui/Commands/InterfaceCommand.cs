using NetLab.Core;
using NetLab.Core.Session;
using NetLab.Tui.App;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab</c> without a verb: the full-screen lab; <c>netlab FILE</c>: the lab on the packets of a capture file.</summary>
internal static class InterfaceCommand
{
    /// <summary>Whether the arguments name nothing but a file: verbs have neither a dot nor a slash.</summary>
    public static bool IsFile(string[] arguments) =>
        arguments is [var file] && !file.StartsWith('-') && (file.Contains('.', StringComparison.Ordinal) || file.Contains('/', StringComparison.Ordinal));

    public static int Run(CommandContext context, string? path = null)
    {
        Obstacle? obstacle = null;
        using var file = path is null ? null : CaptureFileLog.Open(path, out obstacle);
        if (obstacle is not null)
        {
            context.Error.WriteLine($"netlab: {EventText.Printable(obstacle.ToString())}");
            return ExitCode.Usage;
        }

        string log = Path.Combine(Path.GetTempPath(), $"netlab-{Environment.ProcessId}.log");
        using var session = TerminalSession.TryOpen(context.Environment, log, MouseReporting.On, out string? refusal);
        if (session is null)
        {
            context.Error.WriteLine($"netlab: {refusal}");
            return ExitCode.Usage;
        }

        using var app = new LabApp(session, TerminalCapabilities.Detect(context.Environment), context.Clock, file);
        return session.Run(() => app.Run());
    }
}
