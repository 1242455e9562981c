using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>A netlink socket for sock_diag (linux/netlink.h, linux/inet_diag.h).</summary>
internal sealed partial class Netlink : IDisposable
{
    internal const int HeaderSize = 16, MessageDone = 3, MessageError = 2, SockDiagByFamily = 20;
    private const int AfNetlink = 16, RawCloseOnExec = 0x80003, SockDiag = 4, SolSocket = 1, ReceiveBuffer = 8;
    private readonly FileDescriptor _socket;

    private Netlink(FileDescriptor socket) => _socket = socket;

    /// <summary>Opens one.</summary>
    /// <returns>Null with errno where the kernel refuses.</returns>
    internal static Netlink? OpenSockDiag(out int error)
    {
        int descriptor = socket(AfNetlink, RawCloseOnExec, SockDiag);
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (descriptor < 0)
            return null;
        int size = 1 << 20;
        setsockopt(descriptor, SolSocket, ReceiveBuffer, in size, sizeof(int));
        return new Netlink(new FileDescriptor(descriptor));
    }

    /// <summary>Sends a request.</summary>
    /// <returns>0 or errno.</returns>
    internal int Send(ReadOnlySpan<byte> request) => Math.Max(0, -_socket.Write(request));

    /// <summary>Receives the messages that came together.</summary>
    /// <returns>How many bytes, or the negative errno.</returns>
    internal int Receive(Span<byte> buffer)
    {
        int count;
        do
        {
            count = _socket.Read(buffer);
        }
        while (count == -FileDescriptor.EINTR);
        return count;
    }

    public void Dispose() => _socket.Dispose();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc")]
    private static partial int setsockopt(int socket, int level, int option, in int value, int length);
}
