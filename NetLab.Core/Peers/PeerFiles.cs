using System.Collections.Immutable;

namespace NetLab.Core.Peers;

/// <summary>Files that a peer is told to use, in their order. Two lists of the same files are equal.</summary>
/// <param name="paths">Their paths.</param>
public readonly struct PeerFiles(ImmutableArray<string> paths) : IEquatable<PeerFiles>
{
    private readonly ImmutableArray<string> _paths = paths;

    /// <summary>Their paths.</summary>
    public ImmutableArray<string> Paths => _paths.IsDefault ? [] : _paths;

    /// <inheritdoc/>
    public bool Equals(PeerFiles other) => Paths.AsSpan().SequenceEqual(other.Paths.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PeerFiles other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Paths.Length == 0 ? 0 : HashCode.Combine(Paths.Length, Paths[0]);

    /// <summary>Whether both are the same files.</summary>
    public static bool operator ==(PeerFiles left, PeerFiles right) => left.Equals(right);

    /// <summary>Whether they are not the same files.</summary>
    public static bool operator !=(PeerFiles left, PeerFiles right) => !left.Equals(right);
}
