using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>What linux/io_uring.h lays out, and the memory it is mapped to.</summary>
internal sealed unsafe partial class IoUring
{
    /// <summary>struct io_uring_params.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 120)]
    private struct Parameters
    {
        [FieldOffset(0)]
        public uint SubmissionEntries;

        [FieldOffset(4)]
        public uint CompletionEntries;

        [FieldOffset(20)]
        public uint Features;

        [FieldOffset(40)]
        public Offsets Submission;

        [FieldOffset(80)]
        public Offsets Completion;
    }

    /// <summary>struct io_sqring_offsets and io_cqring_offsets: where the parts of a ring are, from its beginning.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 40)]
    private struct Offsets
    {
        [FieldOffset(0)]
        public uint Head;

        [FieldOffset(4)]
        public uint Tail;

        [FieldOffset(8)]
        public uint RingMask;

        [FieldOffset(20)]
        public uint Completions;

        [FieldOffset(24)]
        public uint Indices;
    }

    /// <summary>struct io_uring_sqe.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private struct Submission
    {
        [FieldOffset(0)]
        public byte Operation;

        [FieldOffset(4)]
        public int Descriptor;

        [FieldOffset(16)]
        public ulong Address;

        [FieldOffset(24)]
        public uint Length;

        [FieldOffset(28)]
        public uint OperationFlags;

        [FieldOffset(32)]
        public ulong UserData;
    }

    /// <summary>struct io_uring_cqe.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Completion
    {
        public ulong UserData;
        public int Result;
        public uint Flags;
    }

    /// <summary>struct io_uring_getevents_arg.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    private struct WaitArgument
    {
        [FieldOffset(16)]
        public ulong Time;
    }

    /// <summary>Memory shared with the kernel.</summary>
    private readonly partial struct Mapping
    {
        private const int ReadWrite = 3, SharedPopulated = 0x8001;

        private readonly nuint _length;

        private Mapping(byte* address, nuint length)
        {
            Address = address;
            _length = length;
        }

        public readonly byte* Address;

        public static Mapping Of(int fd, long offset, nuint length, ref Errno error)
        {
            if (error != Errno.None)
                return default;
            nint address = mmap(0, length, ReadWrite, SharedPopulated, fd, (nint)offset);
            if (address != -1)
                return new Mapping((byte*)address, length);
            error = SocketCalls.LastError;
            return default;
        }

        public void Undo()
        {
            if (Address is not null)
                _ = munmap(Address, _length);
        }

        [LibraryImport("libc", SetLastError = true)]
        private static partial nint mmap(nint address, nuint length, int protection, int flags, int fd, nint offset);

        [LibraryImport("libc", SetLastError = true)]
        private static partial int munmap(byte* address, nuint length);
    }
}
