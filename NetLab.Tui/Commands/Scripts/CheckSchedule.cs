using NetLab.Core.Scripts;
using NetLab.Core.Session;

namespace NetLab.Tui.Commands;

/// <summary>
/// Runs scripts side by side, each worker in a laboratory of its own. Scripts that use the same port wait for one another, since both would bind it.
/// </summary>
internal sealed class CheckSchedule(CommandContext context, IReadOnlyList<Script> scripts, TimelineForm form)
{
    // Monitor's wait and pulse need an object; Lock has neither.
    private readonly object _monitor = new();
    private readonly CheckResult?[] _results = new CheckResult?[scripts.Count];
    private readonly bool[] _taken = new bool[scripts.Count];
    private readonly HashSet<ushort> _portsInUse = [];
    private Exception? _fault;

    /// <summary>The results in the order of the scripts, each as soon as it and those before it are there.</summary>
    /// <param name="jobs">How many run at the same time.</param>
    public IEnumerable<CheckResult> Run(int jobs)
    {
        var workers = Enumerable.Range(0, Math.Min(jobs, scripts.Count)).Select(_ => new Thread(Work) { Name = "check" }).ToList();
        workers.ForEach(worker => worker.Start());
        try
        {
            for (int index = 0; index < scripts.Count; index++)
                yield return Await(index);
        }
        finally
        {
            lock (_monitor)
                Array.Fill(_taken, true);
            workers.ForEach(worker => worker.Join());
        }
    }

    private CheckResult Await(int index)
    {
        lock (_monitor)
        {
            while (_results[index] is null && _fault is null)
                Monitor.Wait(_monitor);
            return _results[index] ?? throw new InvalidOperationException("A worker failed.", _fault);
        }
    }

    private void Work()
    {
        try
        {
            using var lab = new Laboratory(context.Clock, Experiment.Sampling);
            while (Take() is { } index)
                Finish(index, Check(lab, scripts[index]));
        }
        catch (Exception fault)
        {
            lock (_monitor)
            {
                _fault = fault;
                Monitor.PulseAll(_monitor);
            }
        }
    }

    private CheckResult Check(Laboratory lab, Script script)
    {
        if (Rights.Missing(script) is { } lack)
            return CheckResult.Skip(script, context, form, lack);
        var run = Experiment.Start(lab, script);
        return Experiment.Follow(lab, run, context)
            ? CheckResult.Stop(run, context, form)
            : CheckResult.Of(lab, run, context, form);
    }

    // The first script that nobody has taken and whose ports are free; null when none is left.
    private int? Take()
    {
        lock (_monitor)
        {
            while (true)
            {
                int next = Enumerable.Range(0, scripts.Count).FirstOrDefault(index => !_taken[index] && !_portsInUse.Overlaps(scripts[index].Ports), -1);
                if (next >= 0)
                {
                    _taken[next] = true;
                    _portsInUse.UnionWith(scripts[next].Ports);
                    return next;
                }

                if (_taken.All(taken => taken))
                    return null;
                Monitor.Wait(_monitor);
            }
        }
    }

    private void Finish(int index, CheckResult result)
    {
        lock (_monitor)
        {
            _results[index] = result;
            _portsInUse.ExceptWith(scripts[index].Ports);
            Monitor.PulseAll(_monitor);
        }
    }
}
