using System.Text;
using NetLab.Core.Kernel;
using NetLab.Core.Tcp;

namespace NetLab.Core.Peers;

/// <summary>Who has a port.</summary>
internal static class PortHolder
{
    private const byte Tcp = 6;

    /// <summary>" by nginx (pid 4711)"; " by a process of another user …"; empty when nobody has it any more.</summary>
    public static string Describe(byte protocol, Endpoint endpoint)
    {
        var query = new SocketQuery
        {
            Kinds = protocol == Tcp ? SocketKinds.Tcp : SocketKinds.Udp,
            Ports = new PortFilter(endpoint.Port),
            Facts = SocketFacts.Plain,
        };
        using var sockets = new SocketSnapshot(query);
        sockets.Refresh();
        sockets.FindHolders();
        bool isSeen = false;
        foreach (ref readonly var row in sockets.Rows)
        {
            if (!Blocks(row, endpoint))
                continue;
            isSeen = true;
            int place = sockets.Holders.First(row.Detail.Inode);
            if (place < 0)
                continue;
            int process = sockets.Holders.ProcessId(place);
            return process == Environment.ProcessId ? " by NetLab itself" : $" by {Encoding.UTF8.GetString(sockets.Holders.Name(place))} (pid {process})";
        }

        return isSeen ? " by a process that this user may not see (sudo netlab sockets -l shows it)" : "";
    }

    // An address of its own, or all of them, is in the way of the same, or of all.
    private static bool Blocks(in SocketRow row, Endpoint endpoint) =>
        row.Tuple.Local.Port == endpoint.Port
        && (row.Detail.Protocol != Tcp || row.Detail.State != TcpState.TimeWait)
        && (row.Tuple.Local.Address == endpoint.Address || row.Tuple.Local.Address.IsUnspecified || endpoint.Address.IsUnspecified);
}
