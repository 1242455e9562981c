using NetLab.Core.Interop;

namespace NetLab.Core.IoModels;

/// <summary>How far a lane has come.</summary>
public enum LaneState
{
    /// <summary>Its descriptors are being made ready.</summary>
    Starting,

    /// <summary>It reads.</summary>
    Running,

    /// <summary>It has got everything.</summary>
    Done,

    /// <summary>It takes no part: this model can't do this race, or not here.</summary>
    Absent,

    /// <summary>It got something else than was sent, or not everything.</summary>
    Failed,
}

/// <summary>How often a call was made.</summary>
/// <param name="Name">Its name: recv(2)'s for the model's own count, the kernel's (recvfrom) where it counted.</param>
/// <param name="Count">How often.</param>
public readonly record struct CallCount(string Name, long Count);

/// <summary>What one lane did, in figures.</summary>
/// <param name="Messages">How many messages it has got whole.</param>
/// <param name="Bytes">How many bytes.</param>
/// <param name="Times">Of each message when it came and when it was in hand.</param>
/// <param name="Calls">Which calls it made, by its own count, the most frequent first.</param>
/// <param name="Observed">Which system calls the kernel counted at its tracepoints until it had ended; null where it does not, or before.</param>
/// <param name="Vain">How many calls failed with EWOULDBLOCK.</param>
/// <param name="Wakeups">How often data came while it was in a call that waits.</param>
/// <param name="Signals">How many signals came.</param>
/// <param name="Coalesced">How many arrivals had no signal of their own.</param>
/// <param name="Usage">Processor time and context switches of its thread.</param>
/// <param name="Elapsed">How long it has read.</param>
public sealed record IoFigures(
    int Messages,
    long Bytes,
    IReadOnlyList<MessageTimes> Times,
    IReadOnlyList<CallCount> Calls,
    IReadOnlyList<CallCount>? Observed,
    long Vain,
    long Wakeups,
    long Signals,
    long Coalesced,
    ThreadUsage Usage,
    Duration Elapsed)
{
    private Duration[]? _latencies;

    /// <summary>How much of a processor it used while it read, 0 to 1.</summary>
    public double ProcessorShare => Elapsed.Nanoseconds > 0 ? Math.Min(1, (Usage.User + Usage.System).Seconds / Elapsed.Seconds) : 0;

    /// <summary>How often it made a call, by its own count.</summary>
    public long Count(IoCall call)
    {
        string name = call.Name();
        foreach (var one in Calls)
        {
            if (one.Name == name)
                return one.Count;
        }

        return 0;
    }

    /// <summary>The latencies of the messages that are in hand, the shortest first.</summary>
    public IReadOnlyList<Duration> Latencies => _latencies ??= [.. Times.Where(time => time.Latency is not null).Select(time => time.Latency!.Value).Order()];

    /// <summary>The one in the middle; null before the first message.</summary>
    public Duration? Median => Latencies is { Count: > 0 } sorted ? sorted[(sorted.Count - 1) / 2] : null;

    /// <summary>The longest; null before the first message.</summary>
    public Duration? Longest => Latencies is [.., var last] ? last : null;
}
