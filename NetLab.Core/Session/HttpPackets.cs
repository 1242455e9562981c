using NetLab.Core.Peers;

namespace NetLab.Core.Session;

/// <summary>The packets of the port that is asked over HTTP. It belongs to one thread.</summary>
/// <param name="journal">The journal.</param>
public sealed class HttpPackets(Journal journal) : PortPackets(journal)
{
    // The last acknowledgments of a close come after it; the server may take its time for its FIN.
    private static readonly Duration s_after = Duration.FromSeconds(1);

    /// <summary>The packets of a hop's connection, or of its attempt to have one.</summary>
    public IReadOnlyList<PortPacket> Of(HttpHop hop)
    {
        ArgumentNullException.ThrowIfNull(hop);
        var tuple = hop.Tuple;
        if (tuple.Remote.IsUnknown)
            return [];
        var end = hop is { IsEnded: true, Steps: [.., var last] } ? last.Begun + last.Took + s_after : Timestamp.MaxValue;
        // Who was refused has no address of its own any more; then the time has to do.
        bool isKnown = !tuple.Local.IsUnknown;
        return
        [
            .. All.Where(packet => packet.Time >= hop.Begun && packet.Time <= end
                && (isKnown ? packet.Tuple == tuple || packet.Tuple == tuple.Reversed : packet.Tuple.Local == tuple.Remote || packet.Tuple.Remote == tuple.Remote)),
        ];
    }

    /// <summary>The step that a packet belongs to: the one that had begun last.</summary>
    public static HttpStep? StepOf(HttpHop hop, PortPacket packet)
    {
        ArgumentNullException.ThrowIfNull(hop);
        ArgumentNullException.ThrowIfNull(packet);
        return hop.Steps.LastOrDefault(step => step.Phase >= HttpPhase.Connect && step.Begun <= packet.Time);
    }
}
