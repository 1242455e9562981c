using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>How many descriptors this process may still open (getrlimit(2) with RLIMIT_NOFILE, less what is open).</summary>
internal static partial class DescriptorRoom
{
    private const int RLIMIT_NOFILE = 7;

    /// <summary>How many there are room for now.</summary>
    public static long Left
    {
        get
        {
            if (getrlimit(RLIMIT_NOFILE, out var limit) != 0)
                return long.MaxValue;
            long most = limit.Current > long.MaxValue ? long.MaxValue : (long)limit.Current;
            return most - Directory.EnumerateFileSystemEntries("/proc/self/fd").LongCount();
        }
    }

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out Limit limit);

    private struct Limit
    {
        public ulong Current;
        public ulong Most;
    }
}
