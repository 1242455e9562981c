using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>Two connected sockets of one machine (socketpair(2) with AF_UNIX and SOCK_STREAM): what is sent into one comes out of the other.</summary>
internal static unsafe partial class SocketPair
{
    /// <summary>Makes a pair, closed on exec.</summary>
    /// <returns>What the kernel says: <see cref="Errno.None"/>, or <see cref="Errno.EMFILE"/> and the like.</returns>
    public static Errno Open(out int reader, out int writer)
    {
        int* pair = stackalloc int[2];
        bool isMade = socketpair(SocketConstants.AF_UNIX, SocketConstants.SOCK_STREAM | SocketConstants.SOCK_CLOEXEC, 0, pair) == 0;
        (reader, writer) = isMade ? (pair[0], pair[1]) : (-1, -1);
        return isMade ? Errno.None : SocketCalls.LastError;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int family, int type, int protocol, int* pair);
}
