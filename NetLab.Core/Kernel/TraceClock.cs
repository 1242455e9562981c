using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>
/// Maps the trace's clock (CLOCK_MONOTONIC) to the packets' (CLOCK_REALTIME). Both run at one rate; their distance changes only when somebody
/// sets the clock, so that a new measurement is taken over only if it differs by more than it can be wrong.
/// </summary>
internal sealed class TraceClock
{
    private const long SampleEvery = 1_000_000_000, Tolerance = 2_000;
    private long _offset = KernelClock.MonotonicToEpoch(out _);
    private long _sampled = KernelClock.Monotonic;

    /// <summary>The moment of a time stamp of the trace.</summary>
    internal Timestamp ToTimestamp(long monotonic) => new(monotonic + _offset);

    /// <summary>The trace's time stamp of a moment.</summary>
    internal long ToMonotonic(Timestamp time) => time.Nanoseconds - _offset;

    /// <summary>Measures anew once a second.</summary>
    internal void Resample(long monotonicNow)
    {
        if (monotonicNow - _sampled < SampleEvery)
            return;
        _sampled = monotonicNow;
        long offset = KernelClock.MonotonicToEpoch(out long uncertainty);
        if (Math.Abs(offset - _offset) > Tolerance + uncertainty)
            _offset = offset;
    }
}
