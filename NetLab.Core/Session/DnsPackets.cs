using NetLab.Core.Dns;

namespace NetLab.Core.Session;

/// <summary>The packets of the walks' port. It belongs to one thread.</summary>
/// <param name="journal">The journal.</param>
public sealed class DnsPackets(Journal journal) : PortPackets(journal)
{
    // The end of a TCP connection comes after its answer.
    private static readonly Duration s_after = Duration.FromMilliseconds(20);

    /// <summary>The packets that passed between the walker and the server of a step while it was asked.</summary>
    public IReadOnlyList<PortPacket> Of(DnsWalkStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        // Each question has a port of its own, so what began while it was asked is its own.
        HashSet<FourTuple> known = [];
        var found = new List<PortPacket>();
        foreach (var packet in All)
        {
            bool isQuery = packet.Tuple.Remote == step.Address;
            if ((!isQuery && packet.Tuple.Local != step.Address) || packet.Time < step.Sent || packet.Time > step.Ended + s_after)
                continue;
            var tuple = isQuery ? packet.Tuple : packet.Tuple.Reversed;
            if (known.Contains(tuple) || (isQuery && packet.Time <= step.Ended && known.Add(tuple)))
                found.Add(packet);
        }

        return found;
    }
}
