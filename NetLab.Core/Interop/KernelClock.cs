using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>The kernel's clocks.</summary>
public static partial class KernelClock
{
    private const int Realtime = 0, MonotonicId = 1;

    /// <summary>The time now (CLOCK_REALTIME).</summary>
    public static Timestamp Now => new(Read(Realtime));

    /// <summary>Nanoseconds of CLOCK_MONOTONIC, which the trace stamps its events with.</summary>
    public static long Monotonic => Read(MonotonicId);

    /// <summary>Reads both clocks as nearly at once as can be had.</summary>
    /// <param name="uncertainty">How many nanoseconds the answer may be off.</param>
    /// <returns>What to add to the monotonic clock to get nanoseconds since the epoch.</returns>
    public static long MonotonicToEpoch(out long uncertainty)
    {
        (long offset, uncertainty) = (0, long.MaxValue);
        for (int attempt = 0; attempt < 8; attempt++)
        {
            long before = Monotonic, now = Read(Realtime), after = Monotonic;
            if (after - before >= uncertainty)
                continue;
            uncertainty = after - before;
            offset = now - (before + (after - before) / 2);
        }

        return offset;
    }

    private static long Read(int clock)
    {
        clock_gettime(clock, out TimeSpec time);
        return time.Seconds * 1_000_000_000 + time.Nanoseconds;
    }

    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial int clock_gettime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}
