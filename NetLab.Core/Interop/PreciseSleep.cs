using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>Sleeping to the microsecond, which the class library's milliseconds do not allow.</summary>
public static partial class PreciseSleep
{
    private const int ClockMonotonic = 1, AbsoluteTime = 1, SetTimerSlack = 29;

    /// <summary>Lets the kernel wake this thread when it asked to be woken, not up to 50 µs later (PR_SET_TIMERSLACK).</summary>
    public static void TakeNoSlack() => _ = prctl(SetTimerSlack, 1, 0, 0, 0);

    /// <summary>Sleeps until a moment of CLOCK_MONOTONIC; a signal, or a moment that is past, ends it at once.</summary>
    /// <param name="nanoseconds">The moment, on the scale of <see cref="KernelClock.Monotonic"/>.</param>
    public static void Until(long nanoseconds)
    {
        var moment = new TimeSpec { Seconds = (nint)(nanoseconds / 1_000_000_000), Nanoseconds = (nint)(nanoseconds % 1_000_000_000) };
        clock_nanosleep(ClockMonotonic, AbsoluteTime, in moment, 0);
    }

    [LibraryImport("libc")]
    private static partial int clock_nanosleep(int clock, int flags, in TimeSpec moment, nint rest);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
