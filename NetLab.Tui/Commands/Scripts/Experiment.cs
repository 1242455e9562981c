using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.Scripts;
using NetLab.Core.Session;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>What running a script takes on the command line: following it to its end, and saying what came of it.</summary>
internal static class Experiment
{
    /// <summary>How often the socket table is sampled: often, since where there is no trace it tells the states.</summary>
    public static Duration Sampling => Duration.FromMilliseconds(20);

    /// <summary>How long a run may take.</summary>
    public static Duration TimeLimit => Duration.FromSeconds(30);

    /// <summary>Starts a script that runs freely.</summary>
    public static ExperimentRun Start(Laboratory lab, Script script) => lab.Start(script, OpenGate.Instance, TimeLimit);

    /// <summary>Follows a run until it is over and everything it caused is in the views.</summary>
    /// <param name="lab">Where it runs.</param>
    /// <param name="run">The run.</param>
    /// <param name="context">Clock and interruption.</param>
    /// <param name="updated">Called after each update with the time of it.</param>
    /// <returns>Whether it was interrupted.</returns>
    public static bool Follow(Laboratory lab, ExperimentRun run, CommandContext context, Action<Timestamp>? updated = null)
    {
        using var changed = new AutoResetEvent(false);
        lab.Journal.Changed = () => changed.Set();
        WaitHandle[] waits = [changed, context.Interrupt.WaitHandle];
        while (!run.IsOver && !context.Interrupt.IsCancellationRequested)
        {
            lab.Update(context.Clock());
            updated?.Invoke(context.Clock());
            // While a verdict is awaited, or a line waits for its turn, time itself is what changes.
            WaitHandle.WaitAny(waits, run.AwaitsVerdict ? 5 : 50);
        }

        lab.Journal.Changed = null;
        bool interrupted = context.Interrupt.IsCancellationRequested;
        if (interrupted)
            lab.Stop();
        lab.Instruments.Flush();
        lab.View.Fold(Timestamp.MaxValue);
        return interrupted;
    }

    /// <summary>What is missing here, each once.</summary>
    public static IEnumerable<Obstacle> Obstacles(Laboratory lab) =>
        new[] { lab.Instruments.PacketObstacle, lab.Instruments.StateObstacle }.OfType<Obstacle>().DistinctBy(obstacle => obstacle.Sentence);

    /// <summary>Says what came of the expectations, and what failed.</summary>
    public static void WriteResults(TextWriter output, Laboratory lab, ExperimentRun run, Paint paint)
    {
        foreach (var result in run.Results)
        {
            string text = result.Expectation.Source;
            output.WriteLine(result.Verdict switch
            {
                Verdict.Met => $"{paint.Done("✓")} {text}",
                Verdict.NotMet => $"{paint.Failed("✗")} {text}\n  {paint.Failed("happened:")} {EventText.Printable(result.Actual)}",
                _ => $"{paint.Waiting("?")} {text}\n  {paint.Waiting("undecided:")} {EventText.Printable(result.Actual)}",
            });
        }

        if (run.Outcome.IsCompletedSuccessfully)
        {
            foreach (var failure in run.Outcome.Result.Failures)
                output.WriteLine($"{paint.Failed("✗")} {EventText.Printable(failure.Message + Holder(lab, run, failure))}");
        }
    }

    // "; python3 (pid 4711) has it", where the socket table tells who has the port that was in use.
    private static string Holder(Laboratory lab, ExperimentRun run, RunFailure failure)
    {
        if (!failure.Message.Contains(nameof(Errno.EADDRINUSE), StringComparison.Ordinal))
            return "";
        lab.Instruments.SampleSockets();
        lab.View.Fold(Timestamp.MaxValue);
        foreach (ref readonly var row in lab.View.Sockets.Rows)
        {
            if (row.Gone == Timestamp.MaxValue && row.ProcessId != 0 && row.ProcessId != Environment.ProcessId && row.Detail.State == Core.Tcp.TcpState.Listen
                && run.Script.Ports.Contains(row.Key.Tuple.Local.Port))
                return $"; {lab.Journal.Names[row.Process]} (pid {row.ProcessId}) listens there";
        }

        return "";
    }

    /// <summary>The exit code that tells how a run ended.</summary>
    public static int ExitCodeOf(ExperimentRun run)
    {
        if (run.Passed)
            return ExitCode.Done;
        bool failed = run.Outcome.Result.Status != RunStatus.Done || run.Results.Any(result => result.Verdict == Verdict.NotMet);
        return failed ? ExitCode.NotMet : ExitCode.NotPermitted;
    }
}
