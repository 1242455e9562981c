using NetLab.Core;
using NetLab.Core.Scripts;
using NetLab.Core.Session;
using NetLab.Core.Views;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.App;

/// <content>Experiments: showing one, running it freely or step by step, asking before a step, and the way back to it.</content>
public sealed partial class LabApp
{
    // Another experiment is shown only when none runs: the panes show that of which they speak.
    private void ShowExperiment()
    {
        if (_lab.IsRunning)
            _lab.Stop();
        _lab.View.Clear();
        _stepping.Begin(null);
        _lab.Show(ScriptLibrary.LoadBuiltIn(_view.Experiments.SelectedName));
        _view.Reset();
        _cursor.Clear();
    }

    private void RunFreely()
    {
        if (_stepping.Gate is { } gate && _lab.IsRunning)
            gate.Open();
        else
            Start(OpenGate.Instance, Duration.FromSeconds(30));
    }

    private void TakeStep()
    {
        if (_lab.IsRunning)
        {
            // What is asked stands on the Lab.
            if (_view.Tab != 0 && _stepping.Ask(_lab) is not null)
                _view.ShowTab(0);
            else if (_stepping.Gate is not null && !_stepping.Release())
                _foot.Say("Every actor is inside a call or waits for another; nothing is to be let through yet.");
            return;
        }

        var gate = new StepGate();
        gate.Arrived += _ => _session.Input.Wake();
        Start(gate, null);
    }

    private void Start(IGate gate, Duration? timeLimit)
    {
        var script = ScriptLibrary.LoadBuiltIn(_view.Experiments.SelectedName);
        if (Rights.Missing(script) is { } lack)
        {
            _foot.Fail(EventText.Printable(lack.ToString()));
            return;
        }

        _view.ShowsPeers = false;
        _stepping.Begin(gate as StepGate);
        _view.IsPaused = false;
        _view.Reset();
        _cursor.Clear();
        _lab.Start(script, gate, timeLimit);
    }

    // While something is asked, the digits answer it; then they show tabs again.
    private bool TakeAnswer(KeyEvent key) => _view.Tab == 0 && !_view.IsZoomed
        && key is { Key: Key.Character, Modifiers: Modifiers.None } && _stepping.Answer(key.Rune.Value - '1', _lab, _clock());

    private void Predict()
    {
        _stepping.Predicts = !_stepping.Predicts;
        _foot.Say(_stepping.Predicts ? "Predict: Space steps; what is asked, 1-4 answer first. P ends it." : "No more questions.");
    }

    // From a packet, a state, bytes, a row of the timeline back to the step that did it.
    private void ShowCause()
    {
        if (_cursor.Moment is not { } moment)
        {
            _foot.Fail("Choose a packet, a state or bytes first (→, then ↑↓); b leads to the step that caused it.");
        }
        else if (new StepFinder(_lab.View, _lab.Journal).CauseOf(moment) is var (actor, step) && _lab.View.Steps.Actors.Count > actor)
        {
            var rows = _lab.View.Steps.Actors[actor];
            _view.ShowSteps(actor)?.Select(step, Context(_clock()));
            _foot.Say($"{rows.Actor.Name}, line {rows.Steps[step].Step.Line}: {EventText.Printable(rows.Steps[step].Step.Source)}");
        }
        else
        {
            _foot.Say("No step did this: the kernel did it by itself.");
        }
    }
}
