namespace NetLab.Core.Peers;

/// <summary>What kind of obstacle a peer met.</summary>
public enum PeerObstacle
{
    /// <summary>What it was told makes no sense: a folder that is not there, a host without an address.</summary>
    Usage,

    /// <summary>This user may not.</summary>
    NotPermitted,

    /// <summary>The network or the machine refused: the port is taken, nobody answers.</summary>
    Network,
}

/// <summary>Why a peer did not start, or ended by itself. It may hold names from the machine: print it as text.</summary>
/// <param name="Obstacle">What kind of obstacle.</param>
/// <param name="What">What happened and where, a sentence.</param>
/// <param name="Remedy">What would mend it on the command line, a sentence; null where <paramref name="What"/> says it all.</param>
public sealed record PeerRefusal(PeerObstacle Obstacle, string What, string? Remedy = null)
{
    /// <summary>What happened, where, and what would mend it.</summary>
    public string Sentence => Remedy is null ? What : $"{What} {Remedy}";

    /// <inheritdoc/>
    public override string ToString() => Sentence;
}
