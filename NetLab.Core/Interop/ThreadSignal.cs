using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>
/// Gets a thread out of a call that blocks. A real-time signal with a handler that does nothing, installed without SA_RESTART, makes
/// the call return EINTR; unlike shutdown(2) it works for every blocking call and puts nothing on the wire.
/// </summary>
internal static partial class ThreadSignal
{
    // SIGRTMIN (34) is the runtime's own; this one lies far from it and from those that glibc keeps (32, 33).
    private const int Signal = 61;

    private static readonly Lazy<Errno> s_installed = new(Install);

    /// <summary>The kernel's number of the calling thread (gettid(2)).</summary>
    public static int CurrentThread => GetTid();

    /// <summary>Makes the signal harmless for the whole process. Must have succeeded before the first <see cref="Interrupt"/>.</summary>
    /// <returns><see cref="Errno.None"/>, or why the kernel refused.</returns>
    public static Errno Prepare() => s_installed.Value;

    /// <summary>Sends the signal to one thread of this process. A thread that is gone is no error.</summary>
    public static void Interrupt(int threadId) => _ = TgKill(Environment.ProcessId, threadId, Signal);

    private static Errno Install()
    {
        // The handler is getppid: a function that may run in a signal handler, needs no argument and changes nothing. Managed code may not.
        nint libc = NativeLibrary.Load("libc.so.6");
        return SignalCalls.Action(Signal, NativeLibrary.GetExport(libc, "getppid"), 0, out _) == 0 ? Errno.None : SocketCalls.LastError;
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetTid();

    [LibraryImport("libc", EntryPoint = "tgkill", SetLastError = true)]
    private static partial int TgKill(int processId, int threadId, int signal);
}
