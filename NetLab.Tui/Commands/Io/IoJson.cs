using System.Text.Json;
using NetLab.Core;
using NetLab.Core.IoModels;

namespace NetLab.Tui.Commands;

/// <summary>A race's lanes as JSON, one object a model; times in seconds.</summary>
internal static class IoJson
{
    public static void Print(TextWriter output, IoRace race)
    {
        foreach (var lane in race.Lanes)
            output.WriteLine(Write(race, lane));
    }

    private static string Write(IoRace race, IoLane lane) => JsonLine.Write(json =>
    {
        json.WriteString("model", lane.Model.Name());
        json.WriteString("arrivals", race.Script.Name);
        json.WriteNumber("descriptors", lane.Descriptors);
        json.WriteString("state", lane.State switch { LaneState.Done => "done", LaneState.Absent => "absent", LaneState.Failed => "failed", _ => "running" });
        if (lane.Words is { } words)
            json.WriteString("words", words);
        if (lane.State == LaneState.Absent)
            return;
        var figures = lane.Figures(race.Ended);
        json.WriteNumber("messages", figures.Messages);
        json.WriteNumber("messagesSent", race.Script.Arrivals.Count);
        json.WriteNumber("bytes", figures.Bytes);
        WriteLatencies(json, figures);
        WriteCalls(json, "calls", figures.Calls);
        if (figures.Observed is { } observed)
            WriteCalls(json, "callsObserved", observed);
        json.WriteNumber("vain", figures.Vain);
        json.WriteNumber("wakeups", figures.Wakeups);
        json.WriteNumber("signals", figures.Signals);
        json.WriteNumber("coalesced", figures.Coalesced);
        json.WriteNumber("voluntarySwitches", figures.Usage.VoluntarySwitches);
        json.WriteNumber("involuntarySwitches", figures.Usage.InvoluntarySwitches);
        json.WriteNumber("user", figures.Usage.User.Seconds);
        json.WriteNumber("system", figures.Usage.System.Seconds);
        json.WriteNumber("elapsed", figures.Elapsed.Seconds);
        json.WriteNumber("processor", Math.Round(figures.ProcessorShare, 4));
    });

    private static void WriteCalls(Utf8JsonWriter json, string name, IReadOnlyList<CallCount> calls)
    {
        json.WriteStartObject(name);
        foreach (var (call, count) in calls)
            json.WriteNumber(call, count);
        json.WriteEndObject();
    }

    private static void WriteLatencies(Utf8JsonWriter json, IoFigures figures)
    {
        if (figures is { Median: { } median, Longest: { } longest })
        {
            json.WriteNumber("latencyMedian", median.Seconds);
            json.WriteNumber("latencyMax", longest.Seconds);
        }

        json.WriteStartArray("times");
        foreach (var (arrived, inHand) in figures.Times)
        {
            json.WriteStartObject();
            if (arrived >= 0)
                json.WriteNumber("arrived", new Duration(arrived).Seconds);
            if (inHand >= 0)
                json.WriteNumber("inHand", new Duration(inHand).Seconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
