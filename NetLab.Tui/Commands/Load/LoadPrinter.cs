using System.Globalization;
using NetLab.Core;
using NetLab.Core.Peers;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>A load's figures for people: what was done, how long answers took, and how that is spread.</summary>
internal static class LoadPrinter
{
    private const int BarColumns = 40, MostBars = 12;

    /// <summary>Which shares of the latencies are told.</summary>
    public static readonly (string Name, double Share)[] Shares = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

    public static void Print(TextWriter output, Paint paint, LoadTarget target, LoadSpecification specification, LoadFigures figures)
    {
        string pace = specification.Rate is { } rate ? $"{FigureText.Number(rate)} requests a second wanted" : "as fast as answers come";
        output.WriteLine($"{EventTextOf(target.Name)}  {paint.Faint($"{FigureText.Number(specification.Connections)} connection{(specification.Connections == 1 ? "" : "s")}, {pace}")}");
        output.WriteLine();
        Row(output, paint, "answered", FigureText.Number(figures.Answered), $"in {FigureText.Precise(figures.Elapsed)}");
        Row(output, paint, "rate", FigureText.Number(figures.Rate), "a second");
        Row(output, paint, "received", FigureText.Bytes(figures.BytesReceived), $"{FigureText.Bytes(PerSecond(figures.BytesReceived, figures))} a second");
        Row(output, paint, "sent", FigureText.Bytes(figures.BytesSent), $"{FigureText.Bytes(PerSecond(figures.BytesSent, figures))} a second");
        if (figures.Opened > specification.Connections)
            Row(output, paint, "opened", FigureText.Number(figures.Opened), "connections, because old ones were closed");
        foreach (var (hundreds, count) in figures.Statuses)
            Row(output, paint, "status", FigureText.Number(count), hundreds is 2 or 3 ? paint.Done($"{hundreds}xx") : paint.Failed($"{hundreds}xx"));
        foreach (var (kind, count) in figures.Errors)
            Row(output, paint, "failed", FigureText.Number(count), paint.Failed(kind.Words()));
        if (figures.UnderWay > 0)
            Row(output, paint, "unanswered", FigureText.Number(figures.UnderWay), "still under way at the end");
        if (figures.Unsent > 0)
            Row(output, paint, "not sent", FigureText.Number(figures.Unsent), paint.Waiting("due, but every connection was waiting for an answer"));
        if (figures.Latencies.Count > 0)
            PrintLatencies(output, paint, specification, figures.Latencies);
    }

    private static void PrintLatencies(TextWriter output, Paint paint, LoadSpecification specification, LatencyHistogram latencies)
    {
        output.WriteLine();
        output.WriteLine($"  latency{paint.Faint(specification.Rate is null ? ", from sending to the last byte of the answer" : ", from when a request was due to the last byte of its answer (no coordinated omission)")}");
        foreach (var (name, share) in Shares)
            Row(output, paint, name, FigureText.Precise(latencies.Percentile(share)), "");
        Row(output, paint, "max", FigureText.Precise(latencies.Most), "");
        Row(output, paint, "mean", FigureText.Precise(latencies.Mean), "");
        output.WriteLine();
        foreach (var (limit, count) in Spread(latencies))
        {
            string bar = new('#', Math.Max(count > 0 ? 1 : 0, (int)Math.Round((double)BarColumns * count / latencies.Count)));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {$"< {FigureText.Precise(limit)}",-10}  {FigureText.Number(count),12}  {100.0 * count / latencies.Count,5:F1} %  {(bar.Length > 0 ? paint.Now(bar) : "")}").TrimEnd());
        }
    }

    /// <summary>How many latencies lie below each of the limits 1, 2, 5, 10, … and not below the one before, from the first that holds one to the last.</summary>
    public static List<(Duration Limit, long Count)> Spread(LatencyHistogram latencies)
    {
        var rows = new List<(Duration, long)>();
        long below = 0;
        foreach (var limit in Limits())
        {
            if (below == latencies.Count)
                break;
            long now = limit.Nanoseconds >= latencies.Most.Nanoseconds + 1 ? latencies.Count : latencies.CountBelow(limit);
            if (now > 0)
                rows.Add((limit, now - below));
            below = now;
        }

        // Few that are quicker than all others do not make the picture longer.
        while (rows.Count > MostBars)
        {
            rows[1] = (rows[1].Item1, rows[0].Item2 + rows[1].Item2);
            rows.RemoveAt(0);
        }

        return rows;
    }

    private static IEnumerable<Duration> Limits()
    {
        for (long decade = 1_000; decade <= LatencyHistogram.Longest; decade *= 10)
        {
            yield return new(decade);
            yield return new(2 * decade);
            yield return new(5 * decade);
        }
    }

    private static double PerSecond(long bytes, LoadFigures figures) => figures.Elapsed.Nanoseconds > 0 ? bytes / figures.Elapsed.Seconds : 0;

    private static string EventTextOf(string name) => App.EventText.Printable(name);

    private static void Row(TextWriter output, Paint paint, string name, string value, string rest) =>
        output.WriteLine($"  {paint.Faint($"{name,-10}")}  {value,12}  {rest}".TrimEnd());
}
