using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>The C library's socket calls as they are: -1 is a failure, and its number waits in <see cref="LastError"/>.</summary>
internal static unsafe partial class SocketCalls
{
    private const string C = "libc";

    /// <summary>The error number of this thread's last failed call.</summary>
    public static Errno LastError
    {
        get => (Errno)Marshal.GetLastPInvokeError();
        set => Marshal.SetLastPInvokeError((int)value);
    }

    [LibraryImport(C, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(C, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int fd, byte* address, uint length);

    [LibraryImport(C, EntryPoint = "listen", SetLastError = true)]
    public static partial int Listen(int fd, int backlog);

    [LibraryImport(C, EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept4(int fd, byte* address, uint* length, int flags);

    [LibraryImport(C, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int fd, byte* address, uint length);

    [LibraryImport(C, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int fd, byte* buffer, nuint length, int flags);

    [LibraryImport(C, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Recv(int fd, byte* buffer, nuint length, int flags);

    [LibraryImport(C, EntryPoint = "sendto", SetLastError = true)]
    public static partial nint SendTo(int fd, byte* buffer, nuint length, int flags, byte* address, uint addressLength);

    [LibraryImport(C, EntryPoint = "recvfrom", SetLastError = true)]
    public static partial nint RecvFrom(int fd, byte* buffer, nuint length, int flags, byte* address, uint* addressLength);

    [LibraryImport(C, EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int fd, int how);

    [LibraryImport(C, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);

    [LibraryImport(C, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSockOpt(int fd, int level, int option, void* value, uint length);

    [LibraryImport(C, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSockOpt(int fd, int level, int option, void* value, uint* length);

    [LibraryImport(C, EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetSockName(int fd, byte* address, uint* length);

    [LibraryImport(C, EntryPoint = "getpeername", SetLastError = true)]
    public static partial int GetPeerName(int fd, byte* address, uint* length);

    [LibraryImport(C, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollFd* descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport(C, EntryPoint = "select", SetLastError = true)]
    public static partial int Select(int highest, ulong* read, ulong* write, ulong* except, TimeVal* timeout);

    // Variadic in C; on Linux's x64 and arm64 an integer is passed the same way either way.
    [LibraryImport(C, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(int fd, int command, int argument);

    [LibraryImport(C, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(int fd, nuint request, void* argument);

    [LibraryImport(C, EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    [LibraryImport(C, EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLink(string path, byte* buffer, nuint length);

    /// <summary>One descriptor that poll(2) watches.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        /// <summary>The descriptor.</summary>
        public int Fd;

        /// <summary>What is asked for.</summary>
        public short Events;

        /// <summary>What came.</summary>
        public short Revents;
    }

    /// <summary>A socket filter as SO_ATTACH_FILTER takes it (struct sock_fprog, linux/filter.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FilterProgram
    {
        /// <summary>How many instructions.</summary>
        public ushort Length;

        /// <summary>The address of the instructions, 8 bytes each.</summary>
        public nint Instructions;
    }

    /// <summary>A stretch of time as select(2) takes it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeVal
    {
        /// <summary>Whole seconds.</summary>
        public nint Seconds;

        /// <summary>Microseconds beyond them.</summary>
        public nint Microseconds;
    }

    /// <summary>The inode of an open socket, by which /proc/net and sock_diag name it; 0 if the descriptor is no socket.</summary>
    public static ulong SocketInode(int fd)
    {
        Span<byte> target = stackalloc byte[64];
        nint length;
        fixed (byte* pointer = target)
            length = ReadLink($"/proc/self/fd/{fd}", pointer, (nuint)target.Length);
        return length > 9 && target.StartsWith("socket:["u8) && ulong.TryParse(target[8..((int)length - 1)], out ulong inode) ? inode : 0;
    }
}
