using System.Globalization;
using NetLab.Core;
using NetLab.Core.IoModels;
using NetLab.Tui.App;

namespace NetLab.Tui.Panes;

/// <summary>A lane's figures in words.</summary>
internal static class IoSentences
{
    /// <summary>The calls that tell the model from the others, in as few columns as can be: "4 select 4 recv".</summary>
    public static string Calls(IoModel model, IoFigures figures) => model switch
    {
        IoModel.Select => $"{Short(figures.Count(IoCall.Select))} select {Short(figures.Count(IoCall.Recv))} recv",
        IoModel.Poll => $"{Short(figures.Count(IoCall.Poll))} poll {Short(figures.Count(IoCall.Recv))} recv",
        IoModel.Epoll => $"{Short(figures.Count(IoCall.EpollWait))} epoll {Short(figures.Count(IoCall.Recv))} recv",
        IoModel.Sigio => $"{Short(figures.Signals)} {(figures.Signals == 1 ? "signal" : "signals")} {Short(figures.Count(IoCall.Recv))} recv",
        IoModel.Aio => $"{Short(figures.Count(IoCall.AioRead))} aio_read",
        IoModel.Uring => $"{Short(figures.Count(IoCall.UringWait))} uring_enter",
        _ => $"{Short(figures.Count(IoCall.Recv))} recv",
    };

    /// <summary>Everything, a line for each thing.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="figures">Its figures.</param>
    /// <param name="race">Its race.</param>
    /// <param name="counting">Why the kernel does not count the calls; null when it does.</param>
    public static IEnumerable<string> Of(IoLane lane, IoFigures figures, IoRace race, Obstacle? counting)
    {
        if (lane.Words is { } words)
            yield return $"{lane.Model.Name()}: {words}.";
        if (lane.State == LaneState.Absent)
            yield break;
        // While calls are held, even what follows at once waits for its step.
        string latency = race.Gate.WasHeld ? " (stepped: how long anything took says nothing)" : figures is { Median: { } median, Longest: { } longest } ? $", in hand after {FigureText.Precise(median)} (median), at most {FigureText.Precise(longest)}" : "";
        yield return $"{lane.Model.Name()}: {FigureText.Number(figures.Messages)} of {FigureText.Number(race.Script.Arrivals.Count)} messages, {FigureText.Bytes(figures.Bytes)}{latency}";
        string signals = figures.Signals == 0 ? "" : figures.Coalesced > 0
            ? $"{FigureText.Count(figures.Signals, "signal")} for {FigureText.Number(figures.Signals + figures.Coalesced)} sends, " : $"{FigureText.Count(figures.Signals, "signal")}, ";
        yield return $"woken {FigureText.Number(figures.Wakeups)}, in vain {FigureText.Number(figures.Vain)}, {signals}switches {figures.Usage.VoluntarySwitches}+{figures.Usage.InvoluntarySwitches}, " +
            $"user {FigureText.Precise(figures.Usage.User)}, system {FigureText.Precise(figures.Usage.System)}";
        string calls = string.Join(", ", (figures.Observed ?? figures.Calls).Select(call => $"{call.Name} {FigureText.Number(call.Count)}"));
        yield return $"calls ({(figures.Observed is not null ? "observed" : lane.State == LaneState.Running ? "counted by the model so far" : counting is null ? "counted by the model" : "counted by the model; the kernel counts for root")}): {calls}";
    }

    private static string Short(long count) => count < 10_000 ? FigureText.Number(count) : count < 1_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{count / 1_000}k") : string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.0}M");
}
