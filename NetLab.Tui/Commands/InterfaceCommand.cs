using NetLab.Tui.App;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab</c> without a verb: the full-screen lab.</summary>
internal static class InterfaceCommand
{
    public static int Run(CommandContext context)
    {
        string log = Path.Combine(Path.GetTempPath(), $"netlab-{Environment.ProcessId}.log");
        using var session = TerminalSession.TryOpen(context.Environment, log, MouseReporting.On, out string? refusal);
        if (session is null)
        {
            context.Error.WriteLine($"netlab: {refusal}");
            return ExitCode.Usage;
        }

        using var app = new LabApp(session, TerminalCapabilities.Detect(context.Environment), context.Clock);
        return session.Run(() => app.Run());
    }
}
