using NetLab.Core.IoModels;
using NetLab.Core.Kernel;

namespace NetLab.Core.Session;

/// <summary>The races of the I/O models of a session: one at a time, the last one stays to be looked at. It belongs to one thread.</summary>
public sealed class IoSession : IDisposable
{
    private SyscallCounter? _counter;
    private bool _askedForCounter;

    /// <summary>The race that goes on, or was the last; null before the first.</summary>
    public IoRace? Race { get; private set; }

    /// <summary>Why the kernel does not count the calls; null when it does, or before the first race.</summary>
    public Obstacle? CountObstacle { get; private set; }

    /// <summary>Starts a race; one that goes on is stopped first.</summary>
    public IoRace Start(IReadOnlyList<IoModel> models, ArrivalScript script, int descriptors, RaceMode mode = RaceMode.Free)
    {
        Race?.Dispose();
        Race = null;
        if (!_askedForCounter)
        {
            _counter = SyscallCounter.Open(IoRaceSpecification.CountedCalls, out var obstacle);
            (CountObstacle, _askedForCounter) = (obstacle, true);
        }

        return Race = IoRace.Start(new IoRaceSpecification(models, script, descriptors) { Counter = _counter }, mode);
    }

    /// <summary>Shows a race that is over.</summary>
    internal void Show(IoRace race) => Race = race;

    /// <inheritdoc/>
    public void Dispose()
    {
        Race?.Dispose();
        _counter?.Dispose();
    }
}
