using System.Text;
using NetLab.Core.Scripts;

namespace NetLab.Core.Views;

/// <summary>A step as the screen shows it.</summary>
public sealed class StepRow
{
    internal StepRow(Step step) => Step = step;

    /// <summary>What the script says.</summary>
    public Step Step { get; }

    /// <summary>How far it is; null before it was come to.</summary>
    public StepStatus? Status { get; internal set; }

    /// <summary>When its call began, or when it began to wait.</summary>
    public Timestamp Start { get; internal set; }

    /// <summary>How long its call took; zero while it runs.</summary>
    public Duration Duration { get; internal set; }

    /// <summary>"= 36", "ECONNREFUSED", or for what it waits.</summary>
    public string Detail { get; internal set; } = "";

    /// <summary>errno of its call, or 0.</summary>
    public int Error { get; internal set; }

    /// <summary>How often it was done (in a repeat).</summary>
    public int Times { get; internal set; }
}

/// <summary>An actor and its steps.</summary>
/// <param name="Actor">What the script says.</param>
/// <param name="Steps">Its steps in order.</param>
public sealed record ActorRows(Actor Actor, IReadOnlyList<StepRow> Steps)
{
    /// <summary>How many steps are done.</summary>
    public int Done => Steps.Count(step => step.Status is StepStatus.Done);
}

/// <summary>The script that runs or ran last: each actor's steps and how far they are, and what came of its expectations.</summary>
public sealed class StepsView
{
    private readonly List<ActorRows> _actors = [];
    private readonly List<(int Line, Verdict Verdict, string Actual)> _verdicts = [];

    /// <summary>The script; null before one is chosen.</summary>
    public Script? Script { get; private set; }

    /// <summary>The actors, in the script's order.</summary>
    public IReadOnlyList<ActorRows> Actors => _actors;

    /// <summary>The expectations judged so far.</summary>
    public IReadOnlyList<(int Line, Verdict Verdict, string Actual)> Verdicts => _verdicts;

    /// <summary>The time of the run's first step; null before it.</summary>
    public Timestamp? Started { get; private set; }

    /// <summary>Shows a script, none of its steps taken.</summary>
    public void Show(Script script)
    {
        ArgumentNullException.ThrowIfNull(script);
        Script = script;
        Started = null;
        _verdicts.Clear();
        _actors.Clear();
        _actors.AddRange(script.Actors.Select(actor => new ActorRows(actor, [.. actor.Steps.Select(step => new StepRow(step))])));
    }

    /// <summary>Takes in an event of kind step or expectation.</summary>
    public void Fold(in LabEvent entry, ReadOnlySpan<byte> data)
    {
        if (entry.Kind == EventKind.Expectation)
            _verdicts.Add((entry.Detail.Expectation.Line, entry.Detail.Expectation.Verdict, Encoding.UTF8.GetString(data)));
        if (entry.Kind != EventKind.Step)
            return;
        ref readonly var detail = ref entry.Detail.Step;
        if (detail.ActorIndex >= _actors.Count || detail.StepIndex >= _actors[detail.ActorIndex].Steps.Count)
            return;
        var row = _actors[detail.ActorIndex].Steps[detail.StepIndex];
        row.Status = detail.Status;
        row.Detail = detail.Status == StepStatus.Running ? "" : Encoding.UTF8.GetString(data);
        row.Error = detail.Error;
        if (detail.Status is StepStatus.Waiting or StepStatus.Running)
        {
            Started ??= entry.Time;
            (row.Start, row.Duration) = (entry.Time, Duration.Zero);
            return;
        }

        row.Duration = detail.Duration;
        row.Times++;
    }
}
