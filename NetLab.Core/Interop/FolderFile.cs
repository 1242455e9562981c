using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>What an open file is, as statx(2) says.</summary>
/// <param name="Kind">A regular file, a directory, or something else.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="ModifiedSeconds">When it was changed last, in seconds since the epoch.</param>
internal readonly record struct FolderFileFacts(FolderFileKind Kind, long Length, long ModifiedSeconds);

/// <summary>Of what kind a file is.</summary>
internal enum FolderFileKind
{
    /// <summary>A device, a pipe, a socket.</summary>
    Other,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,
}

/// <summary>Opens files below a folder and never one outside it, whatever links and racing renames do: the kernel walks the path (openat2, Linux 5.6).</summary>
internal static unsafe partial class FolderFile
{
    private const int PathOnly = 0x200000; // O_PATH
    private const int OpenAt2 = 437;       // the same number on x64 and arm64
    private const ulong NoMagicLinks = 0x02, Beneath = 0x08;
    private const int EmptyPath = 0x1000;  // AT_EMPTY_PATH
    private const uint Wanted = 0x001 | 0x040 | 0x200; // STATX_TYPE, STATX_MTIME, STATX_SIZE

    /// <summary>Opens a folder as the root of paths.</summary>
    /// <returns>Null on failure, with errno in <paramref name="error"/>.</returns>
    internal static FileDescriptor? OpenRoot(string path, out int error) => FileDescriptor.Open(path, PathOnly | 0x10000, out error);

    /// <summary>Opens a file or directory for reading; a pipe or a device is not waited for.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="path">The path below it, without a leading slash; "." for the folder itself.</param>
    /// <param name="error">errno where the answer is null; EXDEV (18) where a link leads out of the folder.</param>
    internal static FileDescriptor? Open(FileDescriptor root, string path, out int error)
    {
        var how = new OpenHow { Flags = FileDescriptor.NonBlocking | FileDescriptor.CloseOnExec, Resolve = Beneath | NoMagicLinks };
        nint descriptor = syscall(OpenAt2, root.Number, path, &how, sizeof(OpenHow));
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (descriptor >= 0)
            return new FileDescriptor((int)descriptor);
        // An absolute link may lead back into the folder; a kernel before 5.6 and some containers know no openat2.
        return (Errno)error is Errno.EXDEV or Errno.ENOSYS or Errno.EPERM ? OpenThenLook(root, path, ref error) : null;
    }

    /// <summary>What an open file is.</summary>
    internal static FolderFileFacts Look(FileDescriptor file)
    {
        if (statx(file, "", EmptyPath, Wanted, out var buffer) != 0)
            return default;
        var kind = (buffer.Mode & 0xF000) switch { 0x8000 => FolderFileKind.Regular, 0x4000 => FolderFileKind.Directory, _ => FolderFileKind.Other };
        return new FolderFileFacts(kind, buffer.Size, buffer.ModifiedSeconds);
    }

    // The file is held by a descriptor that cannot read it, then the kernel is asked where it lies, and only then it is opened.
    private static FileDescriptor? OpenThenLook(FileDescriptor root, string path, ref int error)
    {
        int descriptor = openat(root, path, PathOnly | FileDescriptor.CloseOnExec, 0);
        if (descriptor < 0)
        {
            error = Marshal.GetLastPInvokeError();
            return null;
        }

        using var held = new FileDescriptor(descriptor);
        string? top = Target(root), target = Target(held);
        if (top is null || target is null || (target != top && !target.StartsWith(top == "/" ? top : top + "/", StringComparison.Ordinal)))
        {
            error = (int)Errno.EXDEV;
            return null;
        }

        return FileDescriptor.Open($"/proc/self/fd/{held.Number}", FileDescriptor.NonBlocking, out error);
    }

    private static string? Target(FileDescriptor file) => new FileInfo($"/proc/self/fd/{file.Number}").LinkTarget;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint syscall(nint number, nint directory, string path, OpenHow* how, nint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int openat(FileDescriptor directory, string path, int flags, int mode);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(FileDescriptor file, string path, int flags, uint mask, out Statistics buffer);

    private struct OpenHow
    {
        internal ulong Flags, Mode, Resolve;
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statistics
    {
        [FieldOffset(28)] internal ushort Mode;
        [FieldOffset(40)] internal long Size;
        [FieldOffset(112)] internal long ModifiedSeconds;
    }
}
