using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>In which session a spawned program runs.</summary>
public enum SpawnSession
{
    /// <summary>In ours: the keyboard's signals and job control reach it.</summary>
    Same,

    /// <summary>In a new one (setsid(2)): nothing that happens to our job reaches it.</summary>
    Own,
}

/// <summary>A program to start, and where its three streams go.</summary>
/// <param name="Arguments">The program, looked up in PATH, and its arguments.</param>
public sealed record SpawnRequest(params string[] Arguments)
{
    /// <summary>The descriptor that becomes its standard input.</summary>
    public int Input { get; init; } = Tty.StandardInput;

    /// <summary>The descriptor that becomes its standard output.</summary>
    public int Output { get; init; } = Tty.StandardOutput;

    /// <summary>The descriptor that becomes its standard error.</summary>
    public int Error { get; init; } = Tty.StandardError;

    /// <summary>A file to open for all three streams instead; a terminal opened so by a new session controls it.</summary>
    public string? Terminal { get; init; }

    /// <summary>The session it runs in.</summary>
    public SpawnSession Session { get; init; }

    /// <summary>Its environment as NAME=value; null for ours.</summary>
    public IReadOnlyList<string>? Environment { get; init; }
}

/// <summary>
/// Starts programs with posix_spawn(3). The runtime's own process class is not used beside a terminal: it keeps settings of
/// the terminal of its own and writes them back when a child begins or ends.
/// </summary>
public static unsafe partial class TtySpawn
{
    private const short POSIX_SPAWN_SETSIGDEF = 0x04, POSIX_SPAWN_SETSID = 0x80;
    private const int O_RDWR = 2;

    private static readonly Lock s_starting = new();

    // glibc: posix_spawn_file_actions_t is 80 bytes, posix_spawnattr_t 336, sigset_t 128. There is room to spare.
    [StructLayout(LayoutKind.Sequential, Size = 512)]
    private struct Opaque;

    /// <summary>Starts the program.</summary>
    /// <param name="request">What and how.</param>
    /// <param name="process">Its process number.</param>
    /// <returns>0, or the errno: 2 when there is no such program.</returns>
    public static int Start(SpawnRequest request, out int process)
    {
        Opaque actions, attributes, signals;
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
        if (request.Terminal is { } terminal)
        {
            posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0);
            posix_spawn_file_actions_adddup2(&actions, 0, 1);
            posix_spawn_file_actions_adddup2(&actions, 0, 2);
        }
        else
        {
            posix_spawn_file_actions_adddup2(&actions, request.Input, 0);
            posix_spawn_file_actions_adddup2(&actions, request.Output, 1);
            posix_spawn_file_actions_adddup2(&actions, request.Error, 2);
        }

        // The runtime ignores SIGPIPE, and what is ignored is inherited.
        sigemptyset(&signals);
        sigaddset(&signals, ProcessSignals.SIGPIPE);
        posix_spawnattr_setsigdefault(&attributes, &signals);
        posix_spawnattr_setflags(&attributes, (short)(POSIX_SPAWN_SETSIGDEF | (request.Session == SpawnSession.Own ? POSIX_SPAWN_SETSID : 0)));

        byte** arguments = Strings(request.Arguments);
        byte** environment = request.Environment is { } given ? Strings(given) : null;
        byte** inherited = *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
        int error;
        lock (s_starting)
        {
            error = posix_spawnp(out process, request.Arguments[0], &actions, &attributes, arguments, environment is null ? inherited : environment);
        }

        Free(arguments);
        Free(environment);
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }

    /// <summary>
    /// Stops this process's whole job, as Ctrl+Z does. Never while a program starts: until it executes, the child borrows
    /// this process's memory (CLONE_VFORK), and stopped then it would never give it back, so that neither could stop.
    /// </summary>
    public static void StopJob()
    {
        lock (s_starting)
        {
            ProcessSignals.Send(0, ProcessSignals.SIGSTOP);
        }
    }

    /// <summary>Waits for a program that <see cref="Start"/> started.</summary>
    /// <param name="process">Its process number.</param>
    /// <returns>Its exit code, or 128 and the number of the signal that ended it.</returns>
    public static int WaitForExit(int process)
    {
        int status;
        while (waitpid(process, out status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Tty.EINTR) return 0;
        }

        // wait(2): WIFEXITED is a low byte of 0.
        return (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
    }

    private static byte** Strings(IReadOnlyList<string> texts)
    {
        byte** list = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Count; i++) list[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        return list;
    }

    private static void Free(byte** list)
    {
        if (list is null) return;
        for (byte** text = list; *text is not null; text++) Marshal.FreeCoTaskMem((nint)(*text));
        NativeMemory.Free(list);
    }

    // These fail only where there is no memory or an argument is absurd; posix_spawnp then reports it.
    [LibraryImport("libc")]
    private static partial void posix_spawn_file_actions_init(Opaque* actions);

    [LibraryImport("libc")]
    private static partial void posix_spawn_file_actions_destroy(Opaque* actions);

    [LibraryImport("libc")]
    private static partial void posix_spawn_file_actions_adddup2(Opaque* actions, int source, int target);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void posix_spawn_file_actions_addopen(Opaque* actions, int target, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial void posix_spawnattr_init(Opaque* attributes);

    [LibraryImport("libc")]
    private static partial void posix_spawnattr_destroy(Opaque* attributes);

    [LibraryImport("libc")]
    private static partial void posix_spawnattr_setflags(Opaque* attributes, short flags);

    [LibraryImport("libc")]
    private static partial void posix_spawnattr_setsigdefault(Opaque* attributes, Opaque* signals);

    [LibraryImport("libc")]
    private static partial void sigemptyset(Opaque* signals);

    [LibraryImport("libc")]
    private static partial void sigaddset(Opaque* signals, int signal);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawnp(
        out int process, string file, Opaque* actions, Opaque* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int process, out int status, int options);
}
