using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>setpriority(2) for a thread.</summary>
internal static partial class ThreadNice
{
    private const int OfProcess = 0, Preferred = -15;

    /// <summary>Lets the calling thread run before others, where that is allowed: a reader that lags loses events.</summary>
    internal static void PreferOwn() => _ = setpriority(OfProcess, 0, Preferred);

    [LibraryImport("libc")]
    private static partial int setpriority(int which, uint id, int value);
}
