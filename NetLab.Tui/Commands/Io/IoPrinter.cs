using System.Globalization;
using System.Text;
using NetLab.Core;
using NetLab.Core.IoModels;
using NetLab.Tui.App;
using NetLab.Tui.Panes;

namespace NetLab.Tui.Commands;

/// <summary>A race for people: a lane in text for each model, what its signs mean, and the figures below.</summary>
internal sealed class IoPrinter(TextWriter output, Paint paint)
{
    private const int NameColumns = 13, LaneColumns = 64;

    public void Print(IoRace race, Obstacle? counting)
    {
        var script = race.Script;
        string descriptors = race.Descriptors == 1 ? "one descriptor" : $"{Number(race.Descriptors)} descriptors";
        output.WriteLine($"{script.Name}  {paint.Faint($"{Count(script.Arrivals.Count, "message")}, {FigureText.Bytes(script.TotalBytes)}, over {descriptors} a model")}");
        output.WriteLine();
        PrintLanes(race);
        output.WriteLine();
        PrintFigures(race);
        foreach (var lane in race.Lanes.Where(lane => lane.Words is not null))
            output.WriteLine($"{lane.Model.Name().PadRight(NameColumns)} {(lane.State == LaneState.Failed ? paint.Failed(Sentence(lane.Words!)) : paint.Waiting(Sentence(lane.Words!)))}");
        if (race.Lanes.All(lane => lane.State == LaneState.Absent))
            return;
        output.WriteLine();
        output.WriteLine(paint.Faint("Latency: from right before the sender's call to the return of the call that brought the last byte, by the kernel's monotonic clock."));
        output.WriteLine(paint.Faint(Counting(race, counting)));
        if (race.Lanes.Any(lane => lane is { Model: IoModel.Aio, State: not LaneState.Absent }))
            output.WriteLine(paint.Faint("aio: threads of the C library read for it; their calls are counted with it, their processor time is not in its row."));
    }

    // Each lane's calls are the kernel's count or the model's own; where it is not the same for all, it is said of which.
    private static string Counting(IoRace race, Obstacle? counting)
    {
        string[] own = [.. race.Lanes.Where(lane => lane.State != LaneState.Absent && lane.Figures(race.Ended).Observed is null).Select(lane => lane.Model.Name())];
        if (counting is not null)
            return $"Calls: counted by the models themselves. {counting}";
        return own.Length == 0 ? "Calls: counted by the kernel (observed)." : $"Calls: counted by the kernel (observed), but those of {string.Join(", ", own)} by the model itself.";
    }

    private void PrintLanes(IoRace race)
    {
        var spans = race.Lanes.Select(lane =>
        {
            var all = new List<LaneSpan>();
            lane.CopySpans(0, all);
            return all;
        }).ToArray();
        long end = race.Lanes.Where(lane => lane.State != LaneState.Absent).Select(lane => lane.Figures(race.Ended).Elapsed.Nanoseconds).DefaultIfEmpty(0).Max();
        var axis = LaneAxis.Magnified(spans, end + end / 50, LaneColumns);
        var arrivals = race.Lanes.FirstOrDefault(lane => lane.State != LaneState.Absent)?.Figures(race.Ended).Times ?? [];
        var (marks, labels) = LaneArrivals.Draw(arrivals, race.Script, axis);
        output.WriteLine($"{"arrivals".PadRight(NameColumns)} {paint.Now(marks)}".TrimEnd());
        output.WriteLine($"{"",NameColumns} {paint.Faint(labels)}".TrimEnd());
        var cells = new LanePhase?[LaneColumns];
        for (int index = 0; index < race.Lanes.Count; index++)
        {
            LaneChart.Draw(spans[index], null, race.Ended, axis, cells);
            output.WriteLine($"{race.Lanes[index].Model.Name().PadRight(NameColumns)} {Painted(cells)}".TrimEnd());
        }

        output.WriteLine();
        output.WriteLine($"{"",NameColumns} {string.Join("  ", LaneChart.Phases.Take(3).Select(phase => $"{LaneChart.Sign(phase)} {LaneChart.Words(phase)}"))}");
        output.WriteLine($"{"",NameColumns} {string.Join("  ", LaneChart.Phases.Skip(3).Select(phase => $"{LaneChart.Sign(phase)} {LaneChart.Words(phase)}"))}{(axis.IsMagnified ? paint.Faint("  (handling magnified, waiting shortened)") : "")}");
    }

    private void PrintFigures(IoRace race)
    {
        output.WriteLine(paint.Faint($"{"model",-NameColumns} {"messages",9} {"median",9} {"longest",9} {"in vain",9} {"woken",6} {"switches",9} {"user",9} {"system",9} {"cpu",6}  calls"));
        foreach (var lane in race.Lanes.Where(lane => lane.State != LaneState.Absent))
        {
            var figures = lane.Figures(race.Ended);
            string calls = string.Join(", ", (figures.Observed ?? figures.Calls).Select(call => $"{call.Name} {Number(call.Count)}"));
            if (figures.Signals > 0)
                calls += figures.Coalesced > 0 ? $"; {Count(figures.Signals, "signal")} for {Number(figures.Signals + figures.Coalesced)} sends" : $"; {Count(figures.Signals, "signal")}";
            string cpu = figures.ProcessorShare.ToString("0.0 %", CultureInfo.InvariantCulture);
            output.WriteLine(
                $"{lane.Model.Name(),-NameColumns} {$"{figures.Messages}/{race.Script.Arrivals.Count}",9} {Time(figures.Median),9} {Time(figures.Longest),9} {Number(figures.Vain),9} {Number(figures.Wakeups),6} " +
                $"{$"{figures.Usage.VoluntarySwitches}+{figures.Usage.InvoluntarySwitches}",9} {FigureText.Precise(figures.Usage.User),9} {FigureText.Precise(figures.Usage.System),9} {cpu,6}  {calls}");
        }
    }

    private string Painted(ReadOnlySpan<LanePhase?> cells)
    {
        var line = new StringBuilder();
        int start = 0;
        for (int column = 1; column <= cells.Length; column++)
        {
            if (column < cells.Length && cells[column] == cells[start])
                continue;
            string signs = new(LaneChart.Sign(cells[start]), column - start);
            line.Append(cells[start] switch
            {
                LanePhase.Waiting or LanePhase.Free => paint.Faint(signs),
                LanePhase.Spinning => paint.Failed(signs),
                LanePhase.Ready => paint.Waiting(signs),
                LanePhase.Copying => paint.Now(signs),
                LanePhase.Processing => paint.Done(signs),
                _ => signs,
            });
            start = column;
        }

        return line.ToString();
    }

    private static string Sentence(string words) => $"{words}.";

    private static string Time(Duration? time) => time is { } known ? FigureText.Precise(known) : "-";

    private static string Number(long count) => FigureText.Number(count);

    private static string Count(long count, string what) => $"{Number(count)} {what}{(count == 1 ? "" : "s")}";
}
