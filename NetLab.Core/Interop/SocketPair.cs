using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>Two connected sockets of one machine (socketpair(2) with AF_UNIX and SOCK_STREAM): what is sent into one comes out of the other.</summary>
internal static unsafe partial class SocketPair
{
    private const int F_DUPFD_CLOEXEC = 1030;

    /// <summary>Makes a pair, closed on exec.</summary>
    /// <returns>What the kernel says: <see cref="Errno.None"/>, or <see cref="Errno.EMFILE"/> and the like.</returns>
    public static Errno Open(out int reader, out int writer)
    {
        int* pair = stackalloc int[2];
        bool isMade = socketpair(SocketConstants.AF_UNIX, SocketConstants.SOCK_STREAM | SocketConstants.SOCK_CLOEXEC, 0, pair) == 0;
        (reader, writer) = isMade ? (pair[0], pair[1]) : (-1, -1);
        return isMade ? Errno.None : SocketCalls.LastError;
    }

    /// <summary>Gives a descriptor a number of at least so much, where the process may have such numbers.</summary>
    /// <returns>Its number from now on.</returns>
    public static int Raise(int fd, int least)
    {
        int raised = SocketCalls.Fcntl(fd, F_DUPFD_CLOEXEC, least);
        if (raised < 0)
            return fd;
        _ = SocketCalls.Close(fd);
        return raised;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int family, int type, int protocol, int* pair);
}
