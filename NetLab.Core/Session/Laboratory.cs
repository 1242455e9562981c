using NetLab.Core.Scripts;
using NetLab.Core.Views;

namespace NetLab.Core.Session;

/// <summary>
/// The journal, the instruments that write into it, the views that read it, and at most one experiment that runs. It belongs to the thread that
/// made it: commands and the interface call <see cref="Update"/> in their loop.
/// </summary>
public sealed class Laboratory : IDisposable
{
    private readonly Func<Timestamp> _clock;
    private readonly Instruments _instruments;
    private ExperimentRun? _run;

    /// <summary>A laboratory in which nothing runs.</summary>
    /// <param name="clock">The kernel's clock.</param>
    /// <param name="sampling">How often the socket table is sampled.</param>
    public Laboratory(Func<Timestamp> clock, Duration sampling)
    {
        _clock = clock;
        View = new LabView(Journal);
        _instruments = new Instruments(Journal, sampling);
    }

    /// <summary>The record of everything.</summary>
    public Journal Journal { get; } = new();

    /// <summary>What it shows.</summary>
    public LabView View { get; }

    /// <summary>The sources beside the script.</summary>
    public Instruments Instruments => _instruments;

    /// <summary>The experiment that runs or ran last; null before the first.</summary>
    public ExperimentRun? Run => _run;

    /// <summary>Whether an experiment runs.</summary>
    public bool IsRunning => _run is { IsOver: false };

    /// <summary>Shows a script without running it.</summary>
    public void Show(Script script) => View.Steps.Show(script);

    /// <summary>Switches the instruments on for a script, so that what is missing here is known before it runs.</summary>
    public void Prepare(Script script)
    {
        ArgumentNullException.ThrowIfNull(script);
        _instruments.Watch(script.HasEphemeralPorts ? [] : script.Ports);
        View.Connections.Sources(_instruments.HasStates, _instruments.HasPackets);
    }

    /// <summary>Runs a script; one that runs already is stopped first.</summary>
    /// <param name="script">The script.</param>
    /// <param name="gate">What each step passes.</param>
    /// <param name="timeLimit">How long it may take; null for no limit.</param>
    public ExperimentRun Start(Script script, IGate gate, Duration? timeLimit)
    {
        ArgumentNullException.ThrowIfNull(script);
        Stop();
        _run?.Dispose();
        Prepare(script);
        View.Clear();
        View.Steps.Show(script);
        return _run = new ExperimentRun(this, script, new RunOptions { Clock = _clock, Gate = gate, TimeLimit = timeLimit });
    }

    /// <summary>Stops the experiment that runs, also out of a call that blocks; returns when nothing of it is left.</summary>
    public void Stop()
    {
        if (_run is not { IsOver: false } run)
            return;
        run.Cancel();
        run.Outcome.Wait();
    }

    /// <summary>Takes in what has happened and judges the experiment when its actors are done.</summary>
    /// <param name="now">The time now.</param>
    /// <param name="most">How many events at most.</param>
    /// <returns>Whether something that is shown may have changed.</returns>
    public bool Update(Timestamp now, int most = int.MaxValue)
    {
        bool changed = View.Fold(now, most) > 0;
        changed |= View.Advance(now);
        if (changed)
            _run?.Publish();
        return changed | (_run?.Judge(now) ?? false);
    }

    /// <summary>Stops everything.</summary>
    public void Dispose()
    {
        Stop();
        _run?.Dispose();
        _instruments.Dispose();
    }
}
