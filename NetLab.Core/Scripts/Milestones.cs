namespace NetLab.Core.Scripts;

/// <summary>What each actor has done so far, and the waiting of one for another: exact, and told when it cannot come any more.</summary>
internal sealed class Milestones(Script script)
{
    // Monitor's wait and pulse need an object; Lock has neither.
    private readonly object _monitor = new();
    private readonly Dictionary<(int Actor, int Step), int> _done = [];
    private readonly bool[] _ended = new bool[script.Actors.Length];
    private readonly List<Func<bool>> _waiting = [];
    private int _live = script.Actors.Length;

    public void StepDone(int actor, int step)
    {
        lock (_monitor)
        {
            _done[(actor, step)] = _done.GetValueOrDefault((actor, step)) + 1;
            Monitor.PulseAll(_monitor);
        }
    }

    public void ActorEnded(int actor)
    {
        lock (_monitor)
        {
            _ended[actor] = true;
            _live--;
            Monitor.PulseAll(_monitor);
        }
    }

    public bool IsDone(int actor, int step)
    {
        lock (_monitor)
            return _done.ContainsKey((actor, step));
    }

    public bool HasEnded(int actor)
    {
        lock (_monitor)
            return _ended[actor];
    }

    /// <summary>Whether every actor other than this one that connects has ended.</summary>
    public bool NoneCanConnect(int actor)
    {
        lock (_monitor)
        {
            bool any = false;
            for (int other = 0; other < _ended.Length; other++)
            {
                if (other == actor || !script.Actors[other].Steps.Any(s => s.Operation is Connect))
                    continue;
                any = true;
                if (!_ended[other])
                    return false;
            }

            return any;
        }
    }

    /// <summary>Waits until an actor has done a step.</summary>
    /// <returns>Null, or why it cannot happen any more.</returns>
    public string? WaitForStep(int actor, int step, CancellationToken cancellation) =>
        Wait(actor, () => _done.ContainsKey((actor, step)), cancellation);

    /// <summary>Waits until an actor has done a verb so many times.</summary>
    /// <returns>Null, or why it cannot happen any more.</returns>
    public string? WaitForVerb(int actor, string verb, int count, CancellationToken cancellation) =>
        Wait(actor, () => _done.Where(d => d.Key.Actor == actor && script.Actors[actor].Steps[d.Key.Step].Verb.Name == verb).Sum(d => d.Value) >= count, cancellation);

    private string? Wait(int actor, Func<bool> reached, CancellationToken cancellation)
    {
        using var registration = cancellation.Register(() =>
        {
            lock (_monitor)
                Monitor.PulseAll(_monitor);
        });
        lock (_monitor)
        {
            _waiting.Add(reached);
            Monitor.PulseAll(_monitor);
            try
            {
                while (!reached())
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (_ended[actor])
                        return $"{script.Actors[actor].Name} has ended without it";
                    if (_waiting.Count == _live && !_waiting.Any(w => w()))
                        return "every actor waits for another";
                    Monitor.Wait(_monitor);
                }

                return null;
            }
            finally
            {
                _waiting.Remove(reached);
            }
        }
    }
}
