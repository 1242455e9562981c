using NetLab.Core.Tcp;

namespace NetLab.Core.Scripts;

/// <summary>What a run needs from around it.</summary>
public sealed record RunOptions
{
    /// <summary>The clock whose times the reports carry.</summary>
    public required Func<Timestamp> Clock { get; init; }

    /// <summary>What each step passes first.</summary>
    public IGate Gate { get; init; } = OpenGate.Instance;

    /// <summary>How long the run may take; null for no limit, as when a person steps through it.</summary>
    public Duration? TimeLimit { get; init; } = Duration.FromSeconds(30);

    /// <summary>Says who holds an address that bind found in use, "python3 (pid 4711)"; null if it cannot.</summary>
    public Func<Endpoint, string?>? WhoHolds { get; init; }

    /// <summary>Says where one of the script's servers listens, by its name; null where it does not run.</summary>
    public Func<string, Endpoint?>? ServerAddress { get; init; }

    /// <summary>Says whether a socket has reached a state, as the kernel's trace has it; null leaves it to TCP_INFO, asked every millisecond.</summary>
    public Func<SocketReport, TcpState, bool>? HasReached { get; init; }
}
