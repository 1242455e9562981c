using NetLab.Core.Interop;

namespace NetLab.Core.Scripts;

/// <summary>Runs a script: each actor on a thread of its own, each verb the real call.</summary>
public static class ScriptRunner
{
    // How long an accept may still sleep after the last actor that could connect has ended.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);

    /// <summary>Runs a script to its end on the calling thread's time. When it returns, no thread and no descriptor of it is left.</summary>
    /// <param name="script">The script.</param>
    /// <param name="options">Clock, gate, time limit.</param>
    /// <param name="observer">Hears what happens.</param>
    /// <param name="cancellation">Stops it, also out of calls that block.</param>
    public static RunOutcome Run(Script script, RunOptions options, IRunObserver observer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observer);
        if (ThreadSignal.Prepare() is not Errno.None and var error)
            throw new ScriptException($"The signal that stops a blocked call cannot be set up: {error.Name()} ({error.Words()}).");
        using var timeLimit = new CancellationTokenSource(options.TimeLimit?.ToTimeSpan() ?? Timeout.InfiniteTimeSpan);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellation);
        var shared = new RunState(script, options, observer, stop.Token);
        var start = options.Clock();
        var actors = script.Actors.Select((_, index) => new ActorRun(shared, index)).ToArray();
        shared.Actors = actors;
        foreach (var actor in actors)
            actor.Start();
        Watch(actors, shared);
        foreach (var actor in actors)
            actor.Join();
        var end = options.Clock();
        observer.ActorsFinished(end);
        foreach (var actor in actors)
            actor.CloseAll();
        var outcome = Conclude(script, options, actors, start, end, timeLimit.IsCancellationRequested && !cancellation.IsCancellationRequested);
        observer.RunFinished(outcome);
        return outcome;
    }

    /// <summary><see cref="Run"/> on a thread of its own.</summary>
    public static Task<RunOutcome> RunAsync(Script script, RunOptions options, IRunObserver observer, CancellationToken cancellation = default) =>
        Task.Factory.StartNew(() => Run(script, options, observer, cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // A signal may come just before the call that it should end, so it is repeated until the actor is out.
    private static void Watch(ActorRun[] actors, RunState shared)
    {
        using var cancelled = new ManualResetEventSlim();
        using var registration = shared.Stop.Register(cancelled.Set);
        WaitHandle[] handles = [shared.AllEnded.WaitHandle, cancelled.WaitHandle];
        while (!shared.AllEnded.IsSet)
        {
            if (shared.Stop.IsCancellationRequested)
                shared.AllEnded.Wait(2, CancellationToken.None);
            else
                WaitHandle.WaitAny(handles, s_grace / 4);
            foreach (var actor in actors)
            {
                if (shared.Stop.IsCancellationRequested)
                    actor.Interrupt();
                else if (actor.SleepsInAccept(s_grace) && shared.Milestones.NoneCanConnect(actor.Index))
                    actor.GiveUp("no actor is left that could connect");
            }
        }
    }

    private static RunOutcome Conclude(Script script, RunOptions options, ActorRun[] actors, Timestamp start, Timestamp end, bool timedOut)
    {
        var failures = actors.Select(a => a.Failure).OfType<(Timestamp Time, RunFailure Failure)>().OrderBy(f => f.Time).Select(f => f.Failure).ToList();
        var stopped = actors.Where(a => a.Stopped is not null).ToArray();
        var status = failures.Count > 0 ? RunStatus.Failed : RunStatus.Done;
        if (stopped.Length > 0)
        {
            status = timedOut ? RunStatus.TimedOut : RunStatus.Cancelled;
            string why = timedOut ? $"the run took longer than its time limit of {options.TimeLimit}" : "the run was cancelled";
            failures.AddRange(stopped.Select(a => new RunFailure(a.Actor.Name, a.Stopped!.Line,
                $"{script.File}:{a.Stopped.Line}: {a.Actor.Name}: {why}, in '{Token.Printable(a.Stopped.Source)}'")));
        }

        return new RunOutcome(status, [.. failures], start, end);
    }
}

/// <summary>What the actors of a run share.</summary>
internal sealed class RunState(Script script, RunOptions options, IRunObserver observer, CancellationToken stop)
{
    public Script Script => script;

    public RunOptions Options => options;

    public IRunObserver Observer => observer;

    public CancellationToken Stop => stop;

    public Milestones Milestones { get; } = new(script);

    public CountdownEvent AllEnded { get; } = new(script.Actors.Length);

    public ActorRun[] Actors { get; set; } = [];
}
