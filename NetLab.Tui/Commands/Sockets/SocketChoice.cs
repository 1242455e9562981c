using System.Globalization;
using System.Text;
using NetLab.Core.Kernel;
using NetLab.Core.Tcp;

namespace NetLab.Tui.Commands;

/// <summary>Which sockets <c>netlab sockets</c> shows.</summary>
internal sealed record SocketChoice
{
    /// <summary>What -i selects; a socket that one of them selects is shown. Empty for all.</summary>
    public IReadOnlyList<EndpointSelector> Endpoints { get; init; } = [];

    /// <summary>Process ids and beginnings of process names; one must fit. Empty for all.</summary>
    public IReadOnlyList<string> Processes { get; init; } = [];

    /// <summary>The states of TCP.</summary>
    public TcpStateSet States { get; init; } = TcpStateSet.All;

    /// <summary>Which UDP sockets: they have no states but these.</summary>
    public DatagramStates Datagrams { get; init; } = DatagramStates.All;

    /// <summary>Which protocols.</summary>
    public SocketKinds Kinds { get; init; } = SocketKinds.All;

    /// <summary>Which families.</summary>
    public SocketFamilies Families { get; init; } = SocketFamilies.All;

    /// <summary>Whether it asks for something particular, so that finding nothing is a failure, as it is for lsof.</summary>
    public bool IsParticular => Endpoints.Count > 0 || Processes.Count > 0;

    /// <summary>What the kernel is asked.</summary>
    public SocketQuery Query(SocketFacts facts) => new()
    {
        Kinds = Kinds & ~(States == TcpStateSet.None ? SocketKinds.Tcp : 0) & ~(Datagrams == DatagramStates.None ? SocketKinds.Udp : 0),
        Families = Families,
        States = States,
        Facts = facts,
    };

    /// <summary>Whether a row is shown, as far as its process does not matter.</summary>
    public bool Matches(in SocketRow row)
    {
        if (row.Detail.Protocol != 6
            && (Datagrams & (row.Detail.State == TcpState.Established ? DatagramStates.Connected : DatagramStates.Unconnected)) == 0)
            return false;
        if (Endpoints.Count == 0)
            return true;
        foreach (var selector in Endpoints)
        {
            if (selector.Matches(row))
                return true;
        }

        return false;
    }

    /// <summary>Whether one of the socket's holders is asked for.</summary>
    public bool MatchesProcess(in SocketRow row, SocketHolders holders)
    {
        for (int place = holders.First(row.Detail.Inode); place >= 0; place = holders.Next(place))
        {
            if (MatchesProcess(holders.ProcessId(place), holders.Name(place)))
                return true;
        }

        return false;
    }

    private bool MatchesProcess(int id, ReadOnlySpan<byte> name)
    {
        foreach (string wanted in Processes)
        {
            if (int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number == id : name.StartsWith(Encoding.UTF8.GetBytes(wanted)))
                return true;
        }

        return false;
    }
}

/// <summary>What UDP sockets may be.</summary>
[Flags]
internal enum DatagramStates
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>With a peer by connect(2).</summary>
    Connected = 1,

    /// <summary>Without one: it receives from anybody.</summary>
    Unconnected = 2,

    /// <summary>Both.</summary>
    All = Connected | Unconnected,
}
