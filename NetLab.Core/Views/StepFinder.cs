namespace NetLab.Core.Views;

/// <summary>Leads from what happened back to the script's step that did it.</summary>
/// <param name="view">The views.</param>
/// <param name="journal">The journal that they read.</param>
public sealed class StepFinder(LabView view, Journal journal)
{
    private byte[] _buffer = new byte[256];

    /// <summary>The step whose call caused a moment: the one that sent, closed or connected before one that merely got it; null where no step did it.</summary>
    /// <returns>The actor's place in the script, and the step's in the actor.</returns>
    public (int Actor, int Step)? CauseOf(Moment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        (int, int)? gotBy = null;
        foreach (var call in moment.Calls)
        {
            if (Find(call, out var kind) is not { } step)
                continue;
            if (kind is not (CallKind.Receives or CallKind.Accepts))
                return step;
            gotBy ??= step;
        }

        return gotBy;
    }

    /// <summary>The first step of an actor that belongs to a moment; -1 for none.</summary>
    public int StepOf(Moment moment, int actor)
    {
        ArgumentNullException.ThrowIfNull(moment);
        foreach (var call in moment.Calls)
        {
            if (Find(call, out _) is { } step && step.Actor == actor)
                return step.Step;
        }

        return -1;
    }

    /// <summary>The moment of a step's last call; null before it was made.</summary>
    public Moment? MomentOf(int actor, int step)
    {
        var row = view.Steps.Actors[actor].Steps[step];
        if (row.Status is not (StepStatus.Done or StepStatus.Failed))
            return null;
        var end = row.Start + row.Duration;
        int found = -1;
        for (int place = view.Timeline.PlaceOf(row.Start); place < view.Timeline.Rows.Count && view.Timeline.Rows[place].Time <= end; place++)
        {
            ref readonly var other = ref view.Timeline.Rows[place];
            if (other.Kind == TimelineKind.Call && journal.Names[other.Actor] == view.Steps.Actors[actor].Actor.Name)
                found = place;
        }

        return found < 0 ? null : view.Moments.At(found);
    }

    private (int Actor, int Step)? Find(EventReference call, out CallKind kind)
    {
        kind = default;
        if (!journal.TryGet(call, ref _buffer, out var entry, out _) || entry.Kind != EventKind.Syscall)
            return null;
        kind = CallKinds.Of(journal.Names[entry.Detail.Syscall.Name]);
        string name = journal.Names[entry.Actor];
        for (int actor = 0; actor < view.Steps.Actors.Count; actor++)
        {
            if (view.Steps.Actors[actor].Actor.Name != name)
                continue;
            var steps = view.Steps.Actors[actor].Steps;
            for (int step = 0; step < steps.Count; step++)
            {
                if (steps[step].Status is not null && steps[step].Start <= entry.Time && entry.Time <= steps[step].Start + steps[step].Duration)
                    return (actor, step);
            }
        }

        return null;
    }
}
