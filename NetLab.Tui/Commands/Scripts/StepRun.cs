using NetLab.Core;
using NetLab.Core.Scripts;
using NetLab.Core.Session;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Commands;

/// <summary>
/// <c>netlab run SCRIPT --step</c>: tells what the next call will do, waits for a key, lets it through and prints what came of it. A call that sleeps
/// holds nobody up: the next one to wait is told.
/// </summary>
internal sealed class StepRun(CommandContext context, Laboratory lab, StepGate gate, KeyReader keys, Paint paint)
{
    // So long after the last event a call's effects are taken to be all there: the trace tells of them up to 50 ms late.
    private static readonly Duration s_quiet = Duration.FromMilliseconds(150);

    private StepContext? _announced;
    private bool _isOpen;

    /// <summary>Follows the run to its end.</summary>
    /// <returns>Whether it was ended before that, by a key or a signal.</returns>
    public bool Follow(ExperimentRun run, TimelinePrinter printer)
    {
        using var changed = new AutoResetEvent(false);
        lab.Journal.Changed = () => changed.Set();
        WaitHandle[] waits = [changed, keys.Came, context.Interrupt.WaitHandle];
        var last = context.Clock();
        bool ended = false;
        while (!run.IsOver && !ended && !context.Interrupt.IsCancellationRequested)
        {
            if (WaitHandle.WaitAny(waits, run.AwaitsVerdict ? 5 : 50) == 0)
                last = context.Clock();
            var now = context.Clock();
            lab.Update(now);
            if (_isOpen || run.AwaitsVerdict)
                printer.Print(now);
            else if (now - last >= s_quiet)
                Announce(printer);
            ended = TakeKey();
        }

        lab.Journal.Changed = null;
        if (!run.IsOver)
            lab.Stop();
        lab.Instruments.Flush();
        lab.View.Fold(Timestamp.MaxValue);
        return ended || context.Interrupt.IsCancellationRequested;
    }

    private bool TakeKey()
    {
        // Lines of a pipe wait until there is a step that they can let through.
        if (_announced is not { } step || !keys.TryTake(out var key))
            return false;
        if (key == StepKey.Quit)
            return true;
        _announced = null;
        if (key == StepKey.Next)
        {
            gate.Release(step.ActorIndex);
            return false;
        }

        _isOpen = true;
        gate.Open();
        return false;
    }

    private void Announce(TimelinePrinter printer)
    {
        if (_announced is not null)
            return;
        lab.Instruments.Flush();
        lab.View.Fold(Timestamp.MaxValue);
        printer.Print(Timestamp.MaxValue);
        if (gate.Waiting is not [var step, ..])
            return;
        _announced = step;
        var told = NextStep.Explain(lab.View, lab.Journal.Names, step);
        context.Output.WriteLine();
        context.Output.WriteLine($"{paint.Now("▶")} {step.Actor.Name}: {EventText.Printable(told.Call)}{paint.Faint($"  line {step.Step.Line}")}");
        Write(told.Text);
        if (told.States.Length > 0)
            Write(told.States);
        if (keys.IsTerminal)
            context.Output.WriteLine(paint.Faint("  Space or Enter: do it · q: end"));
        context.Output.Flush();
    }

    private void Write(string text)
    {
        int width = Math.Clamp(StandardStreams.OutputWidth ?? 100, 40, 120) - 3;
        string printable = EventText.Printable(text);
        foreach (var line in Paragraph.Wrap(printable, width))
            context.Output.WriteLine("  " + printable[line]);
    }
}
