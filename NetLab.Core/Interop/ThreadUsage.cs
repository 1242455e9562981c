using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>What the calling thread has used since it began (getrusage(2) with RUSAGE_THREAD).</summary>
/// <param name="User">Processor time in the program.</param>
/// <param name="System">Processor time in the kernel.</param>
/// <param name="VoluntarySwitches">How often it gave the processor away, since it had to wait.</param>
/// <param name="InvoluntarySwitches">How often the processor was taken from it.</param>
public readonly partial record struct ThreadUsage(Duration User, Duration System, long VoluntarySwitches, long InvoluntarySwitches)
{
    private const int RUSAGE_THREAD = 1;

    /// <summary>Asks the kernel.</summary>
    public static ThreadUsage OfCallingThread()
    {
        _ = getrusage(RUSAGE_THREAD, out var usage);
        return new ThreadUsage(usage.User.Length, usage.System.Length, usage.VoluntarySwitches, usage.InvoluntarySwitches);
    }

    /// <summary>What was used since an earlier moment.</summary>
    public ThreadUsage Since(ThreadUsage earlier) =>
        new(User - earlier.User, System - earlier.System, VoluntarySwitches - earlier.VoluntarySwitches, InvoluntarySwitches - earlier.InvoluntarySwitches);

    [LibraryImport("libc")]
    private static partial int getrusage(int who, out ResourceUsage usage);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeValue
    {
        private long _seconds, _microseconds;

        public readonly Duration Length => Duration.FromMicroseconds(_seconds * 1_000_000 + _microseconds);
    }

    // struct rusage; what Linux does not maintain is passed over.
    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceUsage
    {
        public TimeValue User, System;
        private long _maxrss, _ixrss, _idrss, _isrss, _minflt, _majflt, _nswap, _inblock, _oublock, _msgsnd, _msgrcv, _nsignals;
        public long VoluntarySwitches, InvoluntarySwitches;
    }
}
