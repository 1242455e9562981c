namespace NetLab.Core.Scripts;

/// <summary>Which step is about to be taken, by whom.</summary>
/// <param name="Script">The script.</param>
/// <param name="ActorIndex">The actor's place in the script, from 0.</param>
/// <param name="StepIndex">The step's place in its actor, from 0.</param>
/// <param name="ThreadId">The kernel's number of the actor's thread (gettid).</param>
public readonly record struct StepContext(Script Script, int ActorIndex, int StepIndex, int ThreadId)
{
    /// <summary>The socket that the step is about; null where it has none yet or is about none.</summary>
    public SocketInUse? Socket { get; init; }

    /// <summary>The actor.</summary>
    public Actor Actor => Script.Actors[ActorIndex];

    /// <summary>The step.</summary>
    public Step Step => Actor.Steps[StepIndex];
}

/// <summary>The socket that a step is about.</summary>
/// <param name="Name">Its full name, "connection.2".</param>
/// <param name="IsTcp">Whether it is a TCP socket, so that it has a state.</param>
/// <param name="Resets">Whether its close sends RST, since SO_LINGER was set to no time.</param>
public sealed record SocketInUse(string Name, bool IsTcp, bool Resets);

/// <summary>What every step passes before it is taken. Running freely, stepping, and the wire's stepping differ in this alone.</summary>
public interface IGate
{
    /// <summary>Returns when the step may be taken. Called on the actor's own thread.</summary>
    /// <exception cref="OperationCanceledException">The run ends first.</exception>
    void Pass(StepContext context, CancellationToken cancellation);
}

/// <summary>The gate that stands open.</summary>
public sealed class OpenGate : IGate
{
    /// <summary>The only one.</summary>
    public static OpenGate Instance { get; } = new();

    /// <inheritdoc/>
    public void Pass(StepContext context, CancellationToken cancellation) => cancellation.ThrowIfCancellationRequested();
}

/// <summary>The gate that lets one step through at a time.</summary>
public sealed class StepGate : IGate
{
    private readonly Lock _lock = new();
    private readonly List<(StepContext Context, TaskCompletionSource Released)> _waiting = [];
    private bool _open;

    /// <summary>Raised on the actor's thread when a step has come to the gate and has to wait.</summary>
    public event Action<StepContext>? Arrived;

    /// <summary>The steps that wait, the one that came first in front.</summary>
    public IReadOnlyList<StepContext> Waiting
    {
        get
        {
            lock (_lock)
                return [.. _waiting.Select(w => w.Context)];
        }
    }

    /// <summary>Lets the step through that has waited longest, or that of one actor.</summary>
    /// <param name="actorIndex">The actor; null for whoever came first.</param>
    /// <returns>The step; null if none waits.</returns>
    public StepContext? Release(int? actorIndex = null)
    {
        lock (_lock)
        {
            int index = _waiting.FindIndex(w => actorIndex is null || w.Context.ActorIndex == actorIndex);
            if (index < 0)
                return null;
            var (context, released) = _waiting[index];
            _waiting.RemoveAt(index);
            released.SetResult();
            return context;
        }
    }

    /// <summary>Lets everything through from now on.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _open = true;
            foreach (var (_, released) in _waiting)
                released.SetResult();
            _waiting.Clear();
        }
    }

    /// <inheritdoc/>
    public void Pass(StepContext context, CancellationToken cancellation)
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_open)
                return;
            _waiting.Add((context, released));
        }

        Arrived?.Invoke(context);
        try
        {
            released.Task.Wait(cancellation);
        }
        finally
        {
            lock (_lock)
                _waiting.RemoveAll(w => w.Released == released);
        }
    }
}
