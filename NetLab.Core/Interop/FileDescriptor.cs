using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NetLab.Core.Interop;

/// <summary>A descriptor of a file, a directory, an eventfd or a socket of NetLab's own, closed when it is disposed of.</summary>
internal sealed partial class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    internal const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, NonBlocking = 0x800, Truncate = 0x200, CloseOnExec = 0x80000;
    internal const short Readable = 0x01, HungUp = 0x10;
    internal const int EINTR = 4, EAGAIN = 11;

    public FileDescriptor() : base(ownsHandle: true)
    {
    }

    internal FileDescriptor(int descriptor) : base(ownsHandle: true) => SetHandle(descriptor);

    internal int Number => (int)handle;

    /// <summary>open(2), closed on exec.</summary>
    /// <returns>Null on failure, with errno in <paramref name="error"/>.</returns>
    internal static FileDescriptor? Open(string path, int flags, out int error)
    {
        int descriptor = open(path, flags | CloseOnExec, 0);
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return descriptor < 0 ? null : new FileDescriptor(descriptor);
    }

    /// <summary>An eventfd by which one thread wakes another.</summary>
    internal static FileDescriptor OpenEvent() => new(eventfd(0, NonBlocking | CloseOnExec));

    /// <summary>read(2).</summary>
    /// <returns>How many bytes, 0 at the end, or the negative errno.</returns>
    internal int Read(Span<byte> destination)
    {
        nint count = read(this, destination, (nuint)destination.Length);
        return count < 0 ? -Marshal.GetLastPInvokeError() : (int)count;
    }

    /// <summary>pread(2), by which a file of /proc is read anew.</summary>
    internal int ReadAt(Span<byte> destination, long offset)
    {
        nint count = pread(this, destination, (nuint)destination.Length, offset);
        return count < 0 ? -Marshal.GetLastPInvokeError() : (int)count;
    }

    /// <summary>write(2).</summary>
    /// <returns>How many bytes, or the negative errno.</returns>
    internal int Write(ReadOnlySpan<byte> source)
    {
        nint count = write(this, source, (nuint)source.Length);
        return count < 0 ? -Marshal.GetLastPInvokeError() : (int)count;
    }

    /// <summary>Adds one to an eventfd.</summary>
    internal void Signal() => Write([1, 0, 0, 0, 0, 0, 0, 0]);

    /// <summary>Takes back what <see cref="Signal"/> added.</summary>
    internal void Unsignal() => Read(stackalloc byte[8]);

    /// <summary>Writes a file in one write(2), as the control files of /proc and tracefs want it.</summary>
    /// <param name="path">Which.</param>
    /// <param name="text">What.</param>
    /// <param name="flags"><see cref="Truncate"/>, or 0 to add to a list of the kernel's.</param>
    /// <returns>0 or errno.</returns>
    internal static int WriteFile(string path, ReadOnlySpan<byte> text, int flags = Truncate)
    {
        using var file = Open(path, WriteOnly | flags, out int error);
        return file is null ? error : Math.Max(0, -file.Write(text));
    }

    /// <summary>poll(2) on the watches.</summary>
    /// <param name="watches">What to wait for.</param>
    /// <param name="milliseconds">How long; -1 for ever.</param>
    /// <returns>How many are ready; 0 when the time ran out or a signal came.</returns>
    internal static int Wait(Span<Watch> watches, int milliseconds) => Math.Max(0, poll(watches, (nuint)watches.Length, milliseconds));

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => close((int)handle) == 0;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(FileDescriptor file, Span<byte> buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pread(FileDescriptor file, Span<byte> buffer, nuint length, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(FileDescriptor file, ReadOnlySpan<byte> buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(Span<Watch> watches, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Watch(int descriptor)
    {
        internal int Descriptor = descriptor;
        internal short Wanted = Readable;
        internal short Came;
    }
}
