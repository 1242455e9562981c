using System.Collections.Immutable;
using NetLab.Core.Dns;

namespace NetLab.Core.Resolver;

/// <summary>How much of a name the servers on the way are told (RFC 9156).</summary>
public enum NameDisclosure
{
    /// <summary>The whole name to each.</summary>
    Whole,

    /// <summary>To each only one label more than its zone has.</summary>
    Minimised,
}

/// <summary>Where a walk begins, and what bounds it.</summary>
public sealed record WalkSettings
{
    /// <summary>The servers of the root.</summary>
    public ImmutableArray<DnsNameServer> Root { get; init; } = RootHints.BuiltIn;

    /// <summary>The port of every server on the way: glue carries none.</summary>
    public ushort Port { get; init; } = 53;

    /// <summary>How long the whole walk may take.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a server is awaited at first; the second time it is twice that.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>How many questions may be asked.</summary>
    public int Questions { get; init; } = 60;

    /// <summary>How many aliases may follow one another.</summary>
    public int Aliases { get; init; } = 12;

    /// <summary>How deep the searches for servers' addresses may lie in each other.</summary>
    public int Depth { get; init; } = 6;

    /// <summary>How much of the name the servers are told.</summary>
    public NameDisclosure Disclosure { get; init; } = NameDisclosure.Whole;
}
