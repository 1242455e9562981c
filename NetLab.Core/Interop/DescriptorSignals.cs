using System.Runtime.InteropServices;
using static NetLab.Core.Interop.SocketConstants;

namespace NetLab.Core.Interop;

/// <summary>The signals that a descriptor sends when it gets ready (fcntl(2)): -1 is a failure, and its number waits in <see cref="SocketCalls.LastError"/>.</summary>
internal static unsafe partial class DescriptorSignals
{
    private const int OwnerThread = 0;

    /// <summary>F_SETOWN_EX: its signals go to one thread.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="threadId">The kernel's number of the thread (<see cref="ThreadSignal.CurrentThread"/>).</param>
    public static int OwnByThread(int fd, int threadId) => SetOwner(fd, OwnerThread, threadId);

    /// <summary>F_SETSIG: which signal; with another than 0 it says which descriptor it is about, and is queued if it is a real-time one.</summary>
    public static int SetSignal(int fd, int signal) => SocketCalls.Fcntl(fd, F_SETSIG, signal);

    /// <summary>F_SETFL with O_ASYNC: signals are sent from now on, at each change.</summary>
    public static int Start(int fd) => SocketCalls.Fcntl(fd, F_GETFL, 0) is >= 0 and var flags ? SocketCalls.Fcntl(fd, F_SETFL, flags | O_ASYNC) : -1;

    /// <summary>F_SETFL without O_ASYNC: no more signals.</summary>
    public static int Stop(int fd) => SocketCalls.Fcntl(fd, F_GETFL, 0) is >= 0 and var flags ? SocketCalls.Fcntl(fd, F_SETFL, flags & ~O_ASYNC) : -1;

    private static int SetOwner(int fd, int type, int id)
    {
        var owner = new Owner { Type = type, Id = id };
        return fcntl(fd, F_SETOWN_EX, &owner);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int command, Owner* owner);

    /// <summary>struct f_owner_ex.</summary>
    private struct Owner
    {
        public int Type;
        public int Id;
    }
}
