using NetLab.Core.Scripts;
using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>What the views know of a step that waits at the gate.</summary>
public static class NextStep
{
    /// <summary>Explains it, with the state that its socket is in.</summary>
    public static Explanation Explain(LabView view, NameTable names, StepContext step) => Explanation.Of(step, EndOf(view, names, step)?.State ?? TcpState.Closed);

    /// <summary>The end of a connection that the step's socket is; null where it has none.</summary>
    public static ConnectionEnd? EndOf(LabView view, NameTable names, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(names);
        return step.Socket is not { } socket ? null
            : view.Connections.Ends.LastOrDefault(end => !end.SocketName.IsNone && names[end.SocketName] == socket.Name && names[end.Actor] == step.Actor.Name);
    }

    /// <summary>The row of the step.</summary>
    public static StepRow RowOf(LabView view, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(view);
        return view.Steps.Actors[step.ActorIndex].Steps[step.StepIndex];
    }
}
