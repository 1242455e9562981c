using System.Numerics;

namespace NetLab.Core.Peers;

/// <summary>
/// How long things took, in buckets that grow with the value: exact to 256 ns, then 128 buckets a doubling, so that what is told is at most 1/128
/// (0.8 %) above what was recorded. 38 KB whatever is recorded, no garbage; many threads may record at once while others read.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>What is longer counts as this long: 2^42 ns, 73 minutes.</summary>
    public const long Longest = 1L << 42;

    private const int Precision = 7;
    private readonly long[] _counts = new long[IndexOf(Longest) + 1];
    private long _count, _sum, _least = long.MaxValue, _most;

    /// <summary>How many were recorded.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The shortest, exactly; zero where nothing was recorded.</summary>
    public Duration Least => new(Count == 0 ? 0 : Interlocked.Read(ref _least));

    /// <summary>The longest, exactly; zero where nothing was recorded.</summary>
    public Duration Most => new(Interlocked.Read(ref _most));

    /// <summary>The arithmetic mean, exactly; zero where nothing was recorded.</summary>
    public Duration Mean => Count is var count && count == 0 ? Duration.Zero : new(Interlocked.Read(ref _sum) / count);

    /// <summary>Records one; what is below zero counts as zero, what is above <see cref="Longest"/> as that.</summary>
    public void Record(Duration length)
    {
        long value = Math.Clamp(length.Nanoseconds, 0, Longest);
        Interlocked.Increment(ref _counts[IndexOf(value)]);
        Interlocked.Add(ref _sum, value);
        Lower(ref _least, value);
        Raise(ref _most, value);
        Interlocked.Increment(ref _count);
    }

    /// <summary>What a share of all did not exceed: the value of rank ⌈share × count⌉, told at most 1/128 too long and never above <see cref="Most"/>.</summary>
    /// <param name="share">From 0 to 1: 0.99 is p99.</param>
    public Duration Percentile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(Math.Clamp(share, 0, 1) * Count));
        long most = Interlocked.Read(ref _most);
        for (int index = 0; index < _counts.Length; index++)
        {
            rank -= Volatile.Read(ref _counts[index]);
            if (rank <= 0)
                return new(Math.Min(HighestOf(index), most));
        }

        return new(most);
    }

    /// <summary>How many took less than that, to the precision of the buckets.</summary>
    public long CountBelow(Duration limit)
    {
        int end = IndexOf(Math.Clamp(limit.Nanoseconds, 0, Longest));
        long count = 0;
        for (int index = 0; index < end; index++)
            count += Volatile.Read(ref _counts[index]);
        return count;
    }

    private static int IndexOf(long value)
    {
        int doublings = Math.Max(0, BitOperations.Log2((ulong)value | 1) - Precision);
        return (doublings << Precision) + (int)(value >> doublings);
    }

    private static long HighestOf(int index)
    {
        int doublings = Math.Max(0, (index >> Precision) - 1);
        return ((long)(index - (doublings << Precision) + 1) << doublings) - 1;
    }

    private static void Lower(ref long place, long value)
    {
        for (long seen = Interlocked.Read(ref place); value < seen;)
        {
            long before = Interlocked.CompareExchange(ref place, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }

    private static void Raise(ref long place, long value)
    {
        for (long seen = Interlocked.Read(ref place); value > seen;)
        {
            long before = Interlocked.CompareExchange(ref place, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
