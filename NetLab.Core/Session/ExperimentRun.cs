using System.Collections.Concurrent;
using NetLab.Core.Packets;
using NetLab.Core.Scripts;
using NetLab.Core.Tcp;

namespace NetLab.Core.Session;

/// <summary>
/// One run of a script, and what came of it. When the actors are done the run waits for its verdict before it closes what they left open, so that
/// the states are judged as the script left them.
/// </summary>
public sealed class ExperimentRun : IDisposable
{
    // What the kernel does in a soft interrupt (the last ACK of a LAST_ACK) may come a little after the call that caused it returned.
    private static readonly Duration s_settling = Duration.FromSeconds(2);

    private readonly Laboratory _laboratory;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly ManualResetEventSlim _judged = new();
    private readonly ConcurrentBag<ObservedStep> _steps = [];
    private readonly ActorBytes _bytes;
    private readonly JournalWriter _writer;
    private readonly Func<Timestamp> _clock;
    private Timestamp? _actorsDone;
    private volatile bool _awaitsVerdict;
    private volatile HashSet<(string Actor, string Socket, TcpState State)> _reached = [];

    internal ExperimentRun(Laboratory laboratory, Script script, RunOptions options)
    {
        (_laboratory, Script, _clock) = (laboratory, script, options.Clock);
        _writer = laboratory.Journal.OpenWriter("expectations", 1 << 20);
        _bytes = new ActorBytes(laboratory.Journal.Names);
        laboratory.View.Folded = _bytes.Fold;
        Started = options.Clock();
        options = options with { HasReached = (socket, state) => _reached.Contains((script.Actors[socket.ActorIndex].Name, socket.Name, state)) };
        Outcome = Task.Factory.StartNew(() => Run(options), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Outcome.ContinueWith(_ => laboratory.Journal.Changed?.Invoke(), TaskScheduler.Default);
    }

    /// <summary>The script.</summary>
    public Script Script { get; }

    /// <summary>When it began.</summary>
    public Timestamp Started { get; }

    /// <summary>How it ended.</summary>
    public Task<RunOutcome> Outcome { get; }

    /// <summary>What came of the expectations; empty before.</summary>
    public IReadOnlyList<ExpectationResult> Results { get; private set; } = [];

    /// <summary>Whether it is over and nothing of it is left.</summary>
    public bool IsOver => Outcome.IsCompleted;

    /// <summary>Whether it ended well and everything came as expected.</summary>
    public bool Passed => Outcome is { IsCompletedSuccessfully: true, Result.Status: RunStatus.Done } && Results.All(result => result.Verdict == Verdict.Met);

    /// <summary>Ends it, also out of a call that blocks.</summary>
    public void Cancel()
    {
        _cancellation.Cancel();
        _judged.Set();
    }

    /// <summary>Frees what it held; it must be over.</summary>
    public void Dispose()
    {
        _cancellation.Dispose();
        _judged.Dispose();
    }

    /// <summary>Lets the actors that wait for a state of a socket know what the view has: only it knows of TIME_WAIT, and of sockets that are closed.</summary>
    internal void Publish()
    {
        if (IsOver || !Script.Actors.Any(actor => actor.Steps.Any(step => step.Operation is WaitFor)))
            return;
        var names = _laboratory.Journal.Names;
        _reached =
        [
            .. _laboratory.View.Connections.Ends.Where(end => !end.Actor.IsNone && !end.SocketName.IsNone)
                .SelectMany(end => end.Path.Select(change => (names[end.Actor], names[end.SocketName], change.To))),
        ];
    }

    /// <summary>Judges the expectations once the actors are done, as soon as all are met, or at the end of a settling time.</summary>
    /// <returns>Whether it judged.</returns>
    internal bool Judge(Timestamp now)
    {
        if (!AwaitsVerdict)
            return false;
        _actorsDone ??= now;
        _laboratory.Instruments.Flush();
        _laboratory.View.Fold(Timestamp.MaxValue);
        var results = ExpectationEvaluator.Evaluate(Script, Observed(now));
        bool pending = results.Any(result => result.Verdict != Verdict.Met && !(result.Verdict == Verdict.Undecided && !_laboratory.Instruments.HasStates));
        if (pending && now - _actorsDone.Value < s_settling)
            return false;
        Results = results;
        for (int index = 0; index < results.Length; index++)
            Write(index, results[index], now);
        _judged.Set();
        return true;
    }

    /// <summary>Whether <see cref="Laboratory.Update"/> should be called soon although nothing has announced itself.</summary>
    public bool AwaitsVerdict => _awaitsVerdict && !_judged.IsSet;

    // The script's own servers listen before its first step, and answer until its last socket is closed.
    private RunOutcome Run(RunOptions options)
    {
        using var servers = ScriptServers.Start(Script, _laboratory.Journal, _clock, out var failure);
        return failure is null ? ScriptRunner.Run(Script, options, new Observer(this), _cancellation.Token)
            : new RunOutcome(RunStatus.Failed, [failure], Started, _clock());
    }

    private ObservedRun Observed(Timestamp now)
    {
        var names = _laboratory.Journal.Names;
        var paths = new Dictionary<string, ObservedPath>();
        foreach (var end in _laboratory.View.Connections.Ends)
        {
            if (!end.Actor.IsNone && !end.SocketName.IsNone)
                paths[$"{names[end.Actor]}.{names[end.SocketName]}"] = new ObservedPath([.. end.Path.Select(change => change.To)], end.Provenance);
        }

        return new ObservedRun
        {
            Paths = paths,
            Bytes = _bytes.ByActor,
            Packets = _laboratory.Instruments.HasPackets ? SentPackets(names) : null,
            Steps = _steps,
            Duration = now - Started,
        };
    }

    private List<(string Actor, byte Flags)> SentPackets(NameTable names)
    {
        var sent = new List<(string, byte)>();
        var packets = _laboratory.View.Packets;
        var actors = _laboratory.View.Connections.Ends.Where(end => end.Tuple.IsComplete && !end.Actor.IsNone)
            .DistinctBy(end => end.Tuple).ToDictionary(end => end.Tuple, end => names[end.Actor]);
        // On a busy machine an acknowledgment comes late and TCP sends again; what the program did it did once.
        var segments = new HashSet<(FourTuple, uint, TcpFlags)>();
        for (int index = 0; index < packets.Rows.Count; index++)
        {
            if (!packets.TryParse(packets.Rows[index], out var headers) || !actors.TryGetValue(headers.FourTuple, out string? actor))
                continue;
            var marks = headers.TcpFlags & (TcpFlags.Syn | TcpFlags.Fin);
            if ((headers.PayloadLength == 0 && marks == 0) || segments.Add((headers.FourTuple, headers.SequenceNumber, marks)))
                sent.Add((actor, (byte)headers.TcpFlags));
        }

        return sent;
    }

    private void Write(int index, ExpectationResult result, Timestamp now)
    {
        var entry = new LabEvent { Kind = EventKind.Expectation, Time = now, Provenance = Provenance.Observed };
        entry.Detail.Expectation.Index = index;
        entry.Detail.Expectation.Line = result.Expectation.Line;
        entry.Detail.Expectation.Verdict = result.Verdict;
        _writer.Append(entry, System.Text.Encoding.UTF8.GetBytes(result.Actual));
    }

    // The recorder writes the journal; here only the end is looked at, on the runner's thread.
    private sealed class Observer(ExperimentRun run) : IRunObserver
    {
        private readonly RunRecorder _recorder = new(run._laboratory.Journal, run.Script, "netlab");

        public void StepWaiting(Timestamp time, StepContext context, string reason) => _recorder.StepWaiting(time, context, reason);

        public void StepStarted(Timestamp time, StepContext context) => _recorder.StepStarted(time, context);

        public void CallReturned(StepContext context, CallReport call) => _recorder.CallReturned(context, call);

        public void StepFinished(StepContext context, StepReport report)
        {
            _recorder.StepFinished(context, report);
            if (report.Failure is null)
                run._steps.Add(new ObservedStep(run.Script.Actors[context.ActorIndex].Name, context.Step.Verb.Name, report.Start, report.End));
        }

        public void BytesSent(Timestamp time, SocketReport socket, ReadOnlySpan<byte> bytes) => _recorder.BytesSent(time, socket, bytes);

        public void BytesReceived(Timestamp time, SocketReport socket, ReadOnlySpan<byte> bytes) => _recorder.BytesReceived(time, socket, bytes);

        public void SocketOpened(Timestamp time, SocketReport socket) => _recorder.SocketOpened(time, socket);

        public void SocketNamed(Timestamp time, SocketReport socket) => _recorder.SocketNamed(time, socket);

        public void SocketConnects(Timestamp time, StepContext context, SocketReport socket) => _recorder.SocketConnects(time, context, socket);

        public void ActorsFinished(Timestamp time)
        {
            if (run._cancellation.IsCancellationRequested)
                return;
            run._awaitsVerdict = true;
            run._laboratory.Journal.Changed?.Invoke();
            run._judged.Wait();
        }
    }
}
