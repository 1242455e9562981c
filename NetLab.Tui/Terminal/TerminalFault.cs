using System.Text;
using Microsoft.Win32.SafeHandles;
using NetLab.Core.Interop;

namespace NetLab.Tui.Terminal;

/// <summary>What happens when a fault of our own ends the interface: one sentence on the screen as it was, the details in the log.</summary>
internal static class TerminalFault
{
    /// <summary>sysexits.h: EX_SOFTWARE.</summary>
    public const int ExitCode = 70;

    /// <summary>Leaves the screen for good and reports.</summary>
    /// <param name="session">The session.</param>
    /// <param name="fault">What was thrown.</param>
    /// <param name="logPath">Where the details go; null for nowhere.</param>
    public static void Report(TerminalSession session, object fault, string? logPath)
    {
        session.End();
        string where = logPath is not null && TryLog(logPath, $"{fault}\n") ? $"; the details are in {logPath}" : "";
        StandardStreams.Error.WriteLine($"netlab: stopped by a fault of its own ({fault.GetType().Name}){where}.");
    }

    private static bool TryLog(string path, string text)
    {
        using SafeFileHandle log = Tty.OpenToAppend(path);
        return !log.IsInvalid && Tty.Write((int)log.DangerousGetHandle(), Encoding.UTF8.GetBytes(text)) > 0;
    }
}
