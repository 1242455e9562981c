using NetLab.Core;
using NetLab.Core.Scripts;
using NetLab.Core.Session;
using NetLab.Core.Views;

namespace NetLab.Tui.App;

/// <summary>What came of a prediction.</summary>
/// <param name="Answer">What was said.</param>
/// <param name="Truth">What happened.</param>
/// <param name="IsRight">Whether they are the same.</param>
public sealed record Prediction(string Answer, string Truth, bool IsRight);

/// <summary>A run that goes step by step: which step comes next, what is asked about it, and how often the answer was right.</summary>
public sealed class Stepping
{
    // What a call causes comes at once, and is told of up to 50 ms late; what has not returned by then sleeps.
    private static readonly Duration s_settled = Duration.FromMilliseconds(250);

    private (Question Question, StepContext Step, int Choice, Timestamp Since)? _answered;
    private Question? _question;
    private StepContext? _asked;

    /// <summary>The gate at which the steps wait; null while none is run step by step.</summary>
    public StepGate? Gate { get; private set; }

    /// <summary>Whether the lab asks before each step.</summary>
    public bool Predicts { get; set; }

    /// <summary>What came of the last prediction; null before it is known.</summary>
    public Prediction? Last { get; private set; }

    /// <summary>How many answers were right, of how many.</summary>
    public (int Right, int Of) Score { get; private set; }

    /// <summary>Whether there is something to tell of the next step or of the last answer.</summary>
    /// <param name="lab">Where it runs.</param>
    public bool IsShown(Laboratory lab) => Gate is not null && ((lab?.IsRunning ?? false) || IsAwaited || Score.Of > 0);

    /// <summary>Whether the truth of an answer is awaited.</summary>
    public bool IsAwaited => _answered is not null;

    /// <summary>The step that comes next; null while every actor is inside a call or waits for another.</summary>
    public StepContext? Next => Gate?.Waiting is [var step, ..] ? step : null;

    /// <summary>Begins a run.</summary>
    /// <param name="gate">Its gate; null for one that runs freely.</param>
    public void Begin(StepGate? gate)
    {
        (Gate, Last, _answered, _question, _asked) = (gate, null, null, null, null);
        Score = default;
    }

    /// <summary>What is asked about the next step; null for nothing.</summary>
    public Question? Ask(Laboratory lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        if (!Predicts || IsAwaited || Next is not { } step)
            return null;
        // The question stands as it was asked, whatever the peer does meanwhile.
        if (_asked is not { } asked || asked.ActorIndex != step.ActorIndex || asked.StepIndex != step.StepIndex)
            (_asked, _question) = (step, Question.About(step, NextStep.EndOf(lab.View, lab.Journal.Names, step)?.State ?? Core.Tcp.TcpState.Closed));
        return _question;
    }

    /// <summary>Lets the next step through.</summary>
    /// <returns>Whether one waited.</returns>
    public bool Release()
    {
        Last = null;
        _asked = null;
        return Gate?.Release() is not null;
    }

    /// <summary>Takes an answer and lets the step through.</summary>
    /// <param name="choice">Which choice, from 0.</param>
    /// <param name="lab">Where it runs.</param>
    /// <param name="now">The time now.</param>
    /// <returns>False where nothing is asked that has this choice.</returns>
    public bool Answer(int choice, Laboratory lab, Timestamp now)
    {
        if (Ask(lab) is not { } question || choice < 0 || choice >= question.Choices.Count || Next is not { } step)
            return false;
        _answered = (question, step, choice, now);
        Last = null;
        _asked = null;
        Gate!.Release(step.ActorIndex);
        return true;
    }

    /// <summary>Looks whether the truth is known by now.</summary>
    public void Settle(Laboratory lab, Timestamp now)
    {
        ArgumentNullException.ThrowIfNull(lab);
        if (_answered is not { } given)
            return;
        if (now - given.Since < s_settled)
            return;
        // On a busy machine the instruments are late; what has happened by now is told by now.
        lab.Instruments.Flush();
        lab.View.Fold(Timestamp.MaxValue);
        var row = NextStep.RowOf(lab.View, given.Step);
        bool isOver = row.Start >= given.Since && (row.Status is StepStatus.Done or StepStatus.Failed || now - row.Start >= s_settled);
        if (given.Question.Truth(lab.View, lab.Journal.Names, given.Step, given.Since, isOver) is not { } truth)
            return;
        bool right = given.Question.PlaceOf(truth) == given.Choice;
        Last = new Prediction(given.Question.Choices[given.Choice], truth, right);
        Score = (Score.Right + (right ? 1 : 0), Score.Of + 1);
        _answered = null;
    }
}
