using NetLab.Core.Tcp;

namespace NetLab.Core.Kernel;

/// <summary>Which sockets a table holds, and what the kernel is asked of each. What is not asked for costs nothing.</summary>
public sealed record SocketQuery
{
    /// <summary>Which protocols.</summary>
    public SocketKinds Kinds { get; init; } = SocketKinds.All;

    /// <summary>Which families.</summary>
    public SocketFamilies Families { get; init; } = SocketFamilies.All;

    /// <summary>Which ports.</summary>
    public PortFilter Ports { get; init; } = PortFilter.All;

    /// <summary>In which states, of TCP sockets; those of UDP are not chosen by state.</summary>
    public TcpStateSet States { get; init; } = TcpStateSet.All;

    /// <summary>What each row tells.</summary>
    public SocketFacts Facts { get; init; } = SocketFacts.Figures;

    internal bool Matches(byte protocol, TcpState state, ushort local, ushort remote) =>
        (protocol != 6 || States.Contains(state)) && Ports.Matches(local, remote);
}

/// <summary>Families of addresses.</summary>
[Flags]
public enum SocketFamilies
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Sockets of AF_INET.</summary>
    IPv4 = 1,

    /// <summary>Sockets of AF_INET6, which may carry IPv4 in its mapped form.</summary>
    IPv6 = 2,

    /// <summary>Both.</summary>
    All = IPv4 | IPv6,
}

/// <summary>What a row of the table tells.</summary>
public enum SocketFacts
{
    /// <summary>Addresses, state, queues, timer, user and inode.</summary>
    Plain,

    /// <summary>And TCP_INFO's figures, and memory.</summary>
    Figures,
}
