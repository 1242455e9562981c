using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>Reads /proc's numbered entries and the links in /proc/PID/fd without garbage.</summary>
internal static partial class ProcessDirectory
{
    private const int DirectoryFlag = 0x10000;

    /// <summary>The numbers among a directory's entries.</summary>
    /// <param name="path">"/proc", "/proc/7/fd".</param>
    /// <param name="numbers">They are added here.</param>
    /// <returns>The directory, still open for its links to be read; null when it is gone or forbidden.</returns>
    internal static FileDescriptor? Open(string path, List<int> numbers) => Open(path, numbers, out _);

    /// <summary>The same, saying why not.</summary>
    /// <param name="path">"/proc", "/proc/7/fd".</param>
    /// <param name="numbers">They are added here.</param>
    /// <param name="error">errno where the answer is null.</param>
    /// <returns>The directory, or null.</returns>
    internal static FileDescriptor? Open(string path, List<int> numbers, out int error)
    {
        var directory = FileDescriptor.Open(path, FileDescriptor.ReadOnly | DirectoryFlag, out error);
        if (directory is null)
            return null;
        Span<byte> buffer = stackalloc byte[32_768];
        while ((int)getdents64(directory, buffer, (nuint)buffer.Length) is > 0 and var count)
        {
            // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name up to a 0.
            for (int position = 0; position + 19 < count;)
            {
                int length = BitConverter.ToUInt16(buffer[(position + 16)..]);
                var name = buffer[(position + 19)..(position + length)];
                name = name[..name.IndexOf((byte)0)];
                if (Utf8Parser.TryParse(name, out int number, out int used) && used == name.Length)
                    numbers.Add(number);
                position += length;
            }
        }

        return directory;
    }

    /// <summary>The inode of the socket behind a descriptor.</summary>
    /// <param name="directory">/proc/PID/fd.</param>
    /// <param name="number">The descriptor.</param>
    /// <returns>0 when it is none, or is gone.</returns>
    internal static ulong ReadSocketLink(FileDescriptor directory, int number)
    {
        Span<byte> name = stackalloc byte[12];
        Utf8Formatter.TryFormat(number, name, out int digits);
        name[digits] = 0;
        Span<byte> target = stackalloc byte[64];
        return Inode(target, (int)readlinkat(directory, name, target, (nuint)target.Length));
    }

    /// <summary>The inode of the socket behind a descriptor of a process; 0 when it is none, or is gone.</summary>
    internal static ulong ReadSocketLink(int process, int number)
    {
        Span<byte> path = stackalloc byte[48];
        System.Text.Unicode.Utf8.TryWrite(path, $"/proc/{process}/fd/{number}\0", out _);
        Span<byte> target = stackalloc byte[64];
        return Inode(target, (int)readlink(path, target, (nuint)target.Length));
    }

    /// <summary>The inode of a process's network namespace; 0 when it is gone or forbidden.</summary>
    internal static ulong ReadNetworkNamespace(int process)
    {
        Span<byte> path = stackalloc byte[48];
        System.Text.Unicode.Utf8.TryWrite(path, $"/proc/{process}/ns/net\0", out _);
        Span<byte> target = stackalloc byte[64];
        return Inode(target, (int)readlink(path, target, (nuint)target.Length), "net:["u8);
    }

    private static ulong Inode(ReadOnlySpan<byte> target, int length) => Inode(target, length, "socket:["u8);

    private static ulong Inode(ReadOnlySpan<byte> target, int length, ReadOnlySpan<byte> kind)
    {
        if (length <= kind.Length || !target[..length].StartsWith(kind))
            return 0;
        return Utf8Parser.TryParse(target[kind.Length..length], out ulong inode, out _) ? inode : 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getdents64(FileDescriptor directory, Span<byte> buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint readlink(ReadOnlySpan<byte> path, Span<byte> target, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint readlinkat(FileDescriptor directory, ReadOnlySpan<byte> name, Span<byte> target, nuint length);
}
