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

/// <summary>Why a peer did not start, or ended by itself.</summary>
/// <param name="Obstacle">What kind of obstacle.</param>
/// <param name="Sentence">What, where, and what would mend it. It may hold names from the machine: print it as text.</param>
public sealed record PeerRefusal(PeerObstacle Obstacle, string Sentence)
{
    /// <summary>What is so, without what would mend it on the command line and without a full stop: for who was not started by a command line.</summary>
    public string Fact { get => field ?? Sentence.TrimEnd('.'); init; }

    /// <inheritdoc/>
    public override string ToString() => Sentence;
}
