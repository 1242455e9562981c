namespace NetLab.Tui.Commands;

/// <summary>What a command tells the shell. The same numbers mean the same for every command; README lists them.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>What was expected did not happen; of <c>netlab dns</c>: there is no such name, or nothing of that type at it (NXDOMAIN, NODATA).</summary>
    public const int NotMet = 1;

    /// <summary>The command line, a script or a file is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Not permitted to this user; of <c>netlab http --check-status</c>: the last status is 3xx (4 and 5 likewise, see <see cref="HttpFieldOption.CodeOf"/>).</summary>
    public const int NotPermitted = 3;

    /// <summary>A network error; of <c>netlab dns</c>: no server answered, or none but with a refusal or failure (SERVFAIL, REFUSED…).</summary>
    public const int Network = 4;

    /// <summary>A fault of NetLab's own (sysexits.h: EX_SOFTWARE).</summary>
    public const int Fault = 70;

    /// <summary>The program that was to be run may not be executed; as shells have it.</summary>
    public const int NotExecutable = 126;

    /// <summary>There is no program of that name; as shells have it.</summary>
    public const int NoSuchProgram = 127;

    /// <summary>Interrupted by Ctrl+C.</summary>
    public const int Interrupted = 130;
}
