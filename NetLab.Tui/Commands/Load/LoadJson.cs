using NetLab.Core;
using NetLab.Core.Peers;

namespace NetLab.Tui.Commands;

/// <summary>A load's figures as one JSON object; lengths in seconds.</summary>
internal static class LoadJson
{
    public static string Write(LoadTarget target, Endpoint server, LoadSpecification specification, LoadFigures figures) => JsonLine.Write(json =>
    {
        var latencies = figures.Latencies;
        json.WriteString("kind", "load");
        json.WriteString("target", target.Name);
        json.WriteString("remote", $"{server}");
        json.WriteNumber("connections", specification.Connections);
        if (specification.Rate is { } rate)
            json.WriteNumber("rateWanted", rate);
        json.WriteNumber("duration", figures.Elapsed.Seconds);
        json.WriteNumber("sent", figures.Sent);
        json.WriteNumber("answered", figures.Answered);
        json.WriteNumber("failed", figures.Failed);
        json.WriteNumber("underWay", figures.UnderWay);
        json.WriteNumber("unsent", figures.Unsent);
        json.WriteNumber("rate", Math.Round(figures.Rate, 3));
        json.WriteNumber("opened", figures.Opened);
        json.WriteNumber("bytesSent", figures.BytesSent);
        json.WriteNumber("bytesReceived", figures.BytesReceived);
        json.WriteString("latencyFrom", specification.Rate is null ? "sent" : "due");
        json.WriteStartObject("latency");
        if (latencies.Count > 0)
        {
            json.WriteNumber("min", latencies.Least.Seconds);
            json.WriteNumber("mean", latencies.Mean.Seconds);
            foreach (var (name, share) in LoadPrinter.Shares)
                json.WriteNumber(name, latencies.Percentile(share).Seconds);
            json.WriteNumber("max", latencies.Most.Seconds);
        }

        json.WriteEndObject();
        json.WriteStartObject("statuses");
        foreach (var (hundreds, count) in figures.Statuses)
            json.WriteNumber($"{hundreds}xx", count);
        json.WriteEndObject();
        json.WriteStartObject("errors");
        foreach (var (kind, count) in figures.Errors)
            json.WriteNumber(kind.JsonName(), count);
        json.WriteEndObject();
    });
}
