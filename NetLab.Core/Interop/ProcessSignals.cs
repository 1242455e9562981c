using System.Globalization;
using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>Signals sent to processes, and the job control around them. Numbers are those of Linux on x64 and arm64.</summary>
public static partial class ProcessSignals
{
    /// <summary>The terminal hung up.</summary>
    public const int SIGHUP = 1;

    /// <summary>Interrupt, Ctrl+C.</summary>
    public const int SIGINT = 2;

    /// <summary>Quit, Ctrl+\.</summary>
    public const int SIGQUIT = 3;

    /// <summary>Kill: cannot be caught.</summary>
    public const int SIGKILL = 9;

    /// <summary>Nobody reads the pipe.</summary>
    public const int SIGPIPE = 13;

    /// <summary>Please end.</summary>
    public const int SIGTERM = 15;

    /// <summary>Continue.</summary>
    public const int SIGCONT = 18;

    /// <summary>Stop: cannot be caught.</summary>
    public const int SIGSTOP = 19;

    /// <summary>Stop, Ctrl+Z.</summary>
    public const int SIGTSTP = 20;

    /// <summary>Sends a signal.</summary>
    /// <param name="process">A process; 0 for this process's whole group; a negated group.</param>
    /// <param name="signal">The signal; 0 only asks whether the process is there.</param>
    /// <returns>False if there is no such process or it is somebody else's.</returns>
    public static bool Send(int process, int signal) => kill(process, signal) == 0;

    /// <summary>
    /// Whether a shell with job control waits for this process's group, so that a stopped group can be continued. It is what
    /// the kernel calls a group that is not orphaned: some ancestor is in the same session and in another group.
    /// </summary>
    /// <returns>False under <c>ssh host -t program</c>, as a container's first process, and the like.</returns>
    public static bool IsUnderJobControl()
    {
        int group = getpgid(0), session = getsid(0);
        for (int ancestor = getppid(); ancestor > 1; ancestor = ParentOf(ancestor))
        {
            if (getsid(ancestor) != session) return false;
            if (getpgid(ancestor) != group) return true;
        }

        return false;
    }

    // proc_pid_stat(5): the name in parentheses may hold anything, so the fields are counted from the last ')'.
    private static int ParentOf(int process)
    {
        string path = $"/proc/{process}/stat";
        if (!File.Exists(path)) return 0;
        string text = File.ReadAllText(path);
        string[] fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc")]
    private static partial int getppid();

    [LibraryImport("libc")]
    private static partial int getpgid(int process);

    [LibraryImport("libc")]
    private static partial int getsid(int process);
}
