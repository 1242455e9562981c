using NetLab.Core.IoModels;
using NetLab.Tui.Panes;

namespace NetLab.Tests.Panes;

public class LaneChartTests
{
    private const long Ms = 1_000_000, Us = 1_000;

    // select: asleep for 50 ms, ready after 20 µs, copied in 2, worked on for 10.
    internal static List<LaneSpan> Multiplexed(params long[] arrivals)
    {
        var spans = new List<LaneSpan>();
        long time = 0;
        foreach (long arrival in arrivals)
        {
            spans.Add(new LaneSpan(LanePhase.Waiting, IoCall.Select, time, arrival, 0, 1));
            spans.Add(new LaneSpan(LanePhase.Ready, IoCall.Select, arrival, arrival + 20 * Us, 1, 1));
            spans.Add(new LaneSpan(LanePhase.Copying, IoCall.Recv, arrival + 20 * Us, arrival + 22 * Us, 1, 20));
            spans.Add(new LaneSpan(LanePhase.Processing, IoCall.Recv, arrival + 22 * Us, arrival + 32 * Us, 0, 20));
            time = arrival + 32 * Us;
        }

        return spans;
    }

    private static string Row(List<LaneSpan> spans, LaneAxis axis, (LanePhase, long)? now = null, long until = 0)
    {
        var cells = new LanePhase?[axis.Columns];
        LaneChart.Draw(spans, now, until, axis, cells);
        return string.Concat(cells.Select(LaneChart.Sign)).TrimEnd();
    }

    [Fact]
    public void What_is_shorter_than_a_column_is_drawn_in_the_next_free_one() =>
        Assert.Equal("░░░░░!█▒░░░!█▒", Row(Multiplexed(50 * Ms, 110 * Ms), LaneAxis.Even(0, 200 * Ms, 20)));

    [Fact]
    public void What_lies_before_the_window_is_not_in_it() =>
        Assert.Equal(new string('░', 10), Row(Multiplexed(50 * Ms, 250 * Ms), LaneAxis.Even(100 * Ms, 200 * Ms, 10)));

    [Fact]
    public void Zoomed_in_on_calls_in_vain_each_has_a_tick_of_its_own()
    {
        var counts = new long[40];
        LaneChart.Ticks([new LaneSpan(LanePhase.Spinning, IoCall.Recv, 0, 100_000, 1_000, -11)], LaneAxis.Even(50_000, 50_400, 40), counts);
        Assert.Equal(4, counts.Sum());
        Assert.All(counts, count => Assert.InRange(count, 0, 1));
    }

    [Fact]
    public void Magnified_handling_has_most_of_the_columns()
    {
        var spans = Multiplexed(50 * Ms, 300 * Ms);
        var axis = LaneAxis.Magnified([spans], 310 * Ms, 60);
        Assert.True(axis.IsMagnified);
        string row = Row(spans, axis);
        Assert.Matches("^░+!+█▒+░+!+█▒+$", row);
        Assert.True(row.Count(sign => sign != '░') > 30, row);
        Assert.True(axis.ColumnLength(axis.ColumnOf(300 * Ms)) < 3 * Us);
        Assert.True(axis.ColumnLength(axis.ColumnOf(100 * Ms)) > 10 * Ms);
    }

    [Fact]
    public void More_messages_than_there_is_room_for_are_drawn_evenly()
    {
        var spans = Multiplexed([.. Enumerable.Range(1, 20).Select(message => message * 10 * Ms)]);
        Assert.False(LaneAxis.Magnified([spans], 210 * Ms, 60).IsMagnified);
    }

    [Fact]
    public void Moments_and_columns_go_the_same_way()
    {
        const int seed = 7;
        var random = new Random(seed);
        for (int round = 0; round < 500; round++)
        {
            long[] arrivals = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.NextInt64(0, 500 * Ms)).Order().Select((arrival, index) => arrival + index * Ms)];
            long end = arrivals[^1] + random.NextInt64(1, 50 * Ms);
            int columns = random.Next(8, 200);
            var spans = Multiplexed(arrivals);
            // Some are handled for long, and the next comes soon after.
            foreach (ref var span in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(spans))
                span = span with { To = span.To + (span.Phase == LanePhase.Processing ? random.NextInt64(0, Ms) : 0) };
            var axis = LaneAxis.Magnified([spans], end, columns);
            int last = -1;
            for (long time = 0; time < end; time += Math.Max(1, end / 997))
            {
                int column = axis.ColumnOf(time);
                Assert.True(column >= last && column <= columns, $"seed {seed}, round {round}: {column} after {last}");
                last = column;
            }
        }
    }

    [Fact]
    public void What_goes_on_now_is_drawn_up_to_now() =>
        Assert.Equal("░░░░░!█▒░░", Row(Multiplexed(50 * Ms), LaneAxis.Even(0, 200 * Ms, 20), (LanePhase.Waiting, 50 * Ms + 32 * Us), 95 * Ms));

    [Fact]
    public void A_tick_stands_where_a_call_begins_also_when_it_has_two_parts()
    {
        var counts = new long[20];
        LaneChart.Ticks(Multiplexed(50 * Ms, 110 * Ms), LaneAxis.Even(0, 200 * Ms, 20), counts);
        // select at once, recv at 50 ms and the next select with it, recv at 110 ms.
        Assert.Equal([(0, 1L), (5, 2), (11, 1)], counts.Index().Where(count => count.Item > 0).Select(count => (count.Index, count.Item)));
    }

    [Fact]
    public void Calls_in_vain_are_ticks_all_along()
    {
        var counts = new long[10];
        LaneChart.Ticks([new LaneSpan(LanePhase.Spinning, IoCall.Recv, 0, 100, 1_000, -11)], LaneAxis.Even(0, 100, 10), counts);
        Assert.All(counts, count => Assert.Equal(100, count));
    }

    [Fact]
    public void Arrivals_are_marked_where_they_came_and_named_by_the_script()
    {
        var (marks, labels) = LaneArrivals.Draw([new(0, 1), new(50 * Ms, 1), new(55 * Ms, 1), new(-1, -1)], ArrivalScript.Classic, LaneAxis.Even(0, 100 * Ms, 40));
        Assert.Equal("▼                   ▼ ▼", marks.TrimEnd());
        Assert.Equal("0                   50 ms", labels.TrimEnd());
    }
}
