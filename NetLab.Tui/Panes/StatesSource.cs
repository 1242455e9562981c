using NetLab.Core;
using NetLab.Core.Session;
using NetLab.Core.Views;

namespace NetLab.Tui.Panes;

/// <summary>Whose states are shown: those of what runs here, or those of a capture file.</summary>
/// <param name="Connections">The connections.</param>
/// <param name="Actors">The script's actors, whose names and colours the ends have; none in a file.</param>
/// <param name="Provenance">How states are known.</param>
public sealed record StatesSource(ConnectionsView Connections, IReadOnlyList<ActorRows> Actors, Provenance Provenance)
{
    /// <summary>What happened together with a change of state; null in a file.</summary>
    public MomentFinder? Moments { get; private init; }

    /// <summary>When a file ends, which is the present for all that it tells; null where time goes on.</summary>
    public Timestamp? End { get; private init; }

    /// <summary>What runs here.</summary>
    public static StatesSource Of(Laboratory lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        return new StatesSource(lab.View.Connections, lab.View.Steps.Actors, lab.Instruments.StateProvenance) { Moments = lab.View.Moments };
    }

    /// <summary>A capture file; its gate is to be held as long as this is used.</summary>
    public static StatesSource Of(FileConnections file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new StatesSource(file.View, [], Provenance.Inferred) { End = file.End };
    }
}
