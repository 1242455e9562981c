using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>What the kernel keeps beside a file: its group, its mode, its capabilities.</summary>
internal static partial class FileFacts
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint BasicStatistics = 0x7FF; // STATX_BASIC_STATS

    /// <summary>statx(2): mode, owner and group.</summary>
    /// <returns>False when the file is not there or may not be asked.</returns>
    internal static bool TryStat(string path, out ushort mode, out uint owner, out uint group)
    {
        bool found = statx(CurrentDirectory, path, 0, BasicStatistics, out var buffer) == 0;
        (mode, owner, group) = found ? (buffer.Mode, buffer.Owner, buffer.Group) : default;
        return found;
    }

    /// <summary>getxattr(2) of security.capability: the permitted set, and whether it is effective at once.</summary>
    /// <returns>False when the file carries none.</returns>
    internal static bool TryCapabilities(string path, out ulong permitted, out bool isEffective)
    {
        // struct vfs_cap_data: magic and flags, then permitted and inheritable, the low words first.
        Span<byte> data = stackalloc byte[24];
        nint length = getxattr(path, "security.capability", data, (nuint)data.Length);
        (permitted, isEffective) = (0, false);
        if (length < 12)
            return false;
        isEffective = (data[0] & 1) != 0;
        permitted = BitConverter.ToUInt32(data[4..]) | (length >= 20 ? (ulong)BitConverter.ToUInt32(data[12..]) << 32 : 0);
        return true;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, out StatxBuffer buffer);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getxattr(string path, string name, Span<byte> value, nuint size);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxBuffer
    {
        [FieldOffset(20)] internal uint Owner;
        [FieldOffset(24)] internal uint Group;
        [FieldOffset(28)] internal ushort Mode;
    }
}
