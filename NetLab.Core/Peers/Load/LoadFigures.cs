namespace NetLab.Core.Peers;

/// <summary>What a load has measured so far.</summary>
/// <param name="Elapsed">How long it has run; at the end up to the last answer, or to the end of the time that was given.</param>
/// <param name="Latencies">From when each answered request was due until the last byte of its answer came; a new connection's time is part of it.</param>
public sealed record LoadFigures(Duration Elapsed, LatencyHistogram Latencies)
{
    /// <summary>How many requests were sent.</summary>
    public required long Sent { get; init; }

    /// <summary>How many answers came whole, whatever their status.</summary>
    public required long Answered { get; init; }

    /// <summary>How many requests a rate wanted by now; without a rate, as many as were sent.</summary>
    public required long Due { get; init; }

    /// <summary>How many connections were opened.</summary>
    public required long Opened { get; init; }

    /// <summary>How many bytes were sent.</summary>
    public required long BytesSent { get; init; }

    /// <summary>How many bytes came.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>How many requests failed, by the kind of failure; kinds that did not happen are left out.</summary>
    public required IReadOnlyList<(LoadError Kind, long Count)> Errors { get; init; }

    /// <summary>How many answers had a status of each class (HTTP): 2 stands for 2xx. Classes that did not come are left out.</summary>
    public required IReadOnlyList<(int Class, long Count)> Statuses { get; init; }

    /// <summary>How many requests failed.</summary>
    public long Failed => Errors.Sum(error => error.Count);

    /// <summary>How many were still under way: at the end those whose answer nobody waited for.</summary>
    public long UnderWay => Math.Max(0, Sent - Answered - Failed);

    /// <summary>How many were due but not sent, because all connections were waiting for answers.</summary>
    public long Unsent => Math.Max(0, Due - Sent);

    /// <summary>Answers a second.</summary>
    public double Rate => Elapsed.Nanoseconds > 0 ? Answered / Elapsed.Seconds : 0;
}
