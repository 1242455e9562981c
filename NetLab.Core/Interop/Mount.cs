using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>mount(2) and umount2(2).</summary>
internal static partial class Mount
{
    private const nuint NoSuid = 2, NoDev = 4, NoExec = 8;
    private const int Detach = 2;

    /// <summary>Whether this process runs as root (its effective user).</summary>
    internal static bool IsRoot => geteuid() == 0;

    /// <summary>Mounts a file system that has no device.</summary>
    /// <returns>0 or errno.</returns>
    internal static int Attach(string type, string target) =>
        mount("nodev", target, type, NoSuid | NoDev | NoExec, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Unmounts; where a file is still open, the mount goes out of sight now and ends with that file.</summary>
    /// <returns>0 or errno.</returns>
    internal static int Remove(string target) => umount2(target, Detach) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>rmdir(2); the class library would first try to empty the directory, which a trace instance does not allow.</summary>
    /// <returns>0 or errno.</returns>
    internal static int RemoveDirectory(string path) => rmdir(path) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>mkdir(2), for the owner alone.</summary>
    /// <returns>0 or errno.</returns>
    internal static int MakeDirectory(string path) => mkdir(path, 0x1C0) == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string source, string target, string type, nuint flags, nint data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string target, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rmdir(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdir(string path, uint mode);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
