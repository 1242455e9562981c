using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>A process held by a descriptor, of whose sockets NetLab may ask the addresses (pidfd_open(2), pidfd_getfd(2); Linux 5.6).</summary>
internal sealed partial class PidFd : IDisposable
{
    private const long OpenCall = 434, GetDescriptorCall = 438; // the same numbers on every architecture
    private const ushort Inet = 2, Inet6 = 10;
    private readonly FileDescriptor _process;

    private PidFd(FileDescriptor process) => _process = process;

    /// <summary>Holds a process.</summary>
    /// <returns>Null when it has ended or may not be looked at.</returns>
    internal static PidFd? Open(int process)
    {
        long descriptor = syscall(OpenCall, process, 0, 0);
        return descriptor < 0 ? null : new PidFd(new FileDescriptor((int)descriptor));
    }

    /// <summary>Asks a socket of the process itself for its addresses (getsockname(2), getpeername(2)).</summary>
    /// <returns>False when the descriptor is gone or no internet socket.</returns>
    internal bool TryGetTuple(int descriptor, out FourTuple tuple)
    {
        tuple = default;
        long copy = syscall(GetDescriptorCall, _process.Number, descriptor, 0);
        if (copy < 0)
            return false;
        using var socket = new FileDescriptor((int)copy);
        Span<byte> address = stackalloc byte[128];
        uint length = (uint)address.Length;
        if (getsockname(socket, address, ref length) != 0 || !TryRead(address, length, out var local))
            return false;
        length = (uint)address.Length;
        var remote = new Endpoint(local.Address.IsIPv4 ? IpAddress.AnyIPv4 : default, 0);
        if (getpeername(socket, address, ref length) == 0 && TryRead(address, length, out var peer))
            remote = peer;
        tuple = new FourTuple(local, remote);
        return true;
    }

    public void Dispose() => _process.Dispose();

    private static bool TryRead(ReadOnlySpan<byte> address, uint length, out Endpoint endpoint)
    {
        endpoint = default;
        ushort family = BitConverter.ToUInt16(address);
        if (!(family == Inet && length >= 8) && !(family == Inet6 && length >= 24))
            return false;
        var bytes = family == Inet ? address.Slice(4, 4) : address.Slice(8, 16);
        endpoint = new Endpoint(IpAddress.FromBytes(bytes), BinaryPrimitives.ReadUInt16BigEndian(address[2..]));
        return true;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, long first, long second, long third);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockname(FileDescriptor socket, Span<byte> address, ref uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getpeername(FileDescriptor socket, Span<byte> address, ref uint length);

    /// <summary>The calling thread's id.</summary>
    [LibraryImport("libc", EntryPoint = "gettid")]
    internal static partial int CurrentThread();
}
