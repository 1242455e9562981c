using NetLab.Core;
using NetLab.Core.Peers;
using NetLab.Tests.Support;

namespace NetLab.Tests.Peers;

public class LatencyHistogramTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_percentile_is_what_the_sorted_values_say_and_at_most_a_128th_more(int seed)
    {
        var random = new Random(seed);
        // Lengths of every order from nanoseconds to an hour.
        long[] values = [.. Enumerable.Range(0, random.Next(1, 3000)).Select(_ => (long)Math.Pow(2, random.NextDouble() * 41.9))];
        var histogram = new LatencyHistogram();
        foreach (long value in values)
            histogram.Record(new Duration(value));
        Array.Sort(values);
        foreach (double share in new[] { 0, 0.1, 0.5, 0.9, 0.99, 0.999, 1 })
        {
            long exact = values[Math.Max(1, (int)Math.Ceiling(share * values.Length)) - 1];
            long told = histogram.Percentile(share).Nanoseconds;
            Assert.True(told >= exact && told <= exact + exact / 128, $"seed {seed}: p{share} of {values.Length} is {exact}, told {told}");
        }

        Assert.Equal(values.Length, histogram.Count);
        Assert.Equal((values[0], values[^1]), (histogram.Least.Nanoseconds, histogram.Most.Nanoseconds));
        Assert.Equal(values.Sum() / values.Length, histogram.Mean.Nanoseconds);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Counting_below_a_limit_errs_by_no_more_than_one_bucket(int seed)
    {
        var random = new Random(seed);
        long[] values = [.. Enumerable.Range(0, 1000).Select(_ => (long)Math.Pow(2, random.NextDouble() * 41.9))];
        var histogram = new LatencyHistogram();
        foreach (long value in values)
            histogram.Record(new Duration(value));
        for (long limit = 1; limit < LatencyHistogram.Longest; limit = (limit * 3) + 1)
        {
            long told = histogram.CountBelow(new Duration(limit));
            Assert.InRange(told, values.Count(value => value < limit - (limit / 128)), values.Count(value => value < limit));
        }
    }

    [Fact]
    public void Small_values_and_the_bounds_are_exact()
    {
        var histogram = new LatencyHistogram();
        for (int value = 0; value < 256; value++)
            histogram.Record(new Duration(value));
        for (int rank = 1; rank <= 256; rank++)
            Assert.Equal(rank - 1, histogram.Percentile(rank / 256.0).Nanoseconds);
        histogram.Record(new Duration(long.MaxValue));
        histogram.Record(new Duration(-5));
        Assert.Equal(LatencyHistogram.Longest, histogram.Percentile(1).Nanoseconds);
        Assert.Equal(LatencyHistogram.Longest, histogram.Most.Nanoseconds);
        Assert.Equal(0, histogram.Least.Nanoseconds);
    }

    [Fact]
    public void Nothing_recorded_is_nothing_told()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal((Duration.Zero, Duration.Zero, Duration.Zero, Duration.Zero), (histogram.Percentile(0.5), histogram.Least, histogram.Most, histogram.Mean));
        Assert.Equal(0, histogram.CountBelow(new Duration(long.MaxValue)));
    }

    [Fact]
    public void Recording_makes_no_garbage()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (int value = 0; value < 10_000; value++)
                histogram.Record(new Duration(value * 1_000L));
        }));
    }

    [Fact]
    public void What_several_threads_record_is_all_counted()
    {
        var histogram = new LatencyHistogram();
        Parallel.For(0, 4, part =>
        {
            for (int value = 0; value < 50_000; value++)
                histogram.Record(new Duration(value + part));
        });
        Assert.Equal(200_000, histogram.Count);
        Assert.Equal(200_000, histogram.CountBelow(new Duration(1_000_000)));
        Assert.Equal((0, 50_002), (histogram.Least.Nanoseconds, histogram.Most.Nanoseconds));
    }
}
