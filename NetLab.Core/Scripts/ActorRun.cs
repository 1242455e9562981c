using NetLab.Core.Interop;
using NetLab.Core.Tcp;

namespace NetLab.Core.Scripts;

/// <summary>One actor's thread: takes its steps in order, judges what comes of them, and stops at the first that fails.</summary>
internal sealed class ActorRun
{
    private readonly RunState _run;
    private readonly Thread _thread;
    private readonly Lock _callLock = new();
    private readonly Dictionary<int, int> _rounds = [];
    private readonly CallRunner _calls;
    private int _threadId;
    private bool _inCall;
    private long _acceptSince;
    private volatile string? _givenUp;

    public ActorRun(RunState run, int index)
    {
        (_run, Index) = (run, index);
        _calls = new CallRunner(run, this);
        _thread = new Thread(Main) { IsBackground = true, Name = $"actor {Actor.Name}" };
    }

    public int Index { get; }

    public Actor Actor => _run.Script.Actors[Index];

    /// <summary>Why it failed, and when.</summary>
    public (Timestamp Time, RunFailure Failure)? Failure { get; private set; }

    /// <summary>The step at which it was stopped from outside.</summary>
    public Step? Stopped { get; private set; }

    /// <summary>Why the call it sleeps in was given up; null if it was not.</summary>
    public string? GivenUp => _givenUp;

    public SocketTable Sockets => _calls.Sockets;

    public void Start() => _thread.Start();

    public void Join() => _thread.Join();

    public void CloseAll() => _calls.CloseAll();

    /// <summary>Gets the thread out of the call it is in, if it is in one.</summary>
    public void Interrupt()
    {
        lock (_callLock)
        {
            if (_inCall)
                ThreadSignal.Interrupt(_threadId);
        }
    }

    public void GiveUp(string why)
    {
        _givenUp = why;
        Interrupt();
    }

    public bool SleepsInAccept(TimeSpan atLeast)
    {
        long since = Volatile.Read(ref _acceptSince);
        return since != 0 && TimeSpan.FromMilliseconds(Environment.TickCount64 - since) >= atLeast;
    }

    /// <summary>Marks the time during which <see cref="Interrupt"/> reaches the thread.</summary>
    public void EnterCall(Operation operation)
    {
        Volatile.Write(ref _acceptSince, operation is Accept ? Environment.TickCount64 : 0);
        lock (_callLock)
            _inCall = true;
    }

    public void LeaveCall()
    {
        Volatile.Write(ref _acceptSince, 0);
        lock (_callLock)
            _inCall = false;
    }

    private void Main()
    {
        _threadId = ThreadSignal.CurrentThread;
        int index = 0;
        try
        {
            while (index < Actor.Steps.Length && Failure is null)
                index = Take(index);
        }
        catch (OperationCanceledException)
        {
            Stopped = Actor.Steps[index];
        }
        finally
        {
            _calls.LeaveThread();
            // A program that fails is gone, and its sockets with it; one that ends without closing keeps them until the run is over.
            if (Failure is not null || Stopped is not null)
                _calls.CloseAll();
            _run.Milestones.ActorEnded(Index);
            _run.AllEnded.Signal();
        }
    }

    private int Take(int index)
    {
        var context = new StepContext(_run.Script, Index, index, _threadId);
        var step = context.Step;
        if (Actor.Start is { } start && start.BeforeStep == index && !_run.Milestones.IsDone(start.Actor, start.Step))
        {
            var other = _run.Script.Actors[start.Actor];
            string what = $"{other.Name} to {other.Steps[start.Step].Source} (line {other.Steps[start.Step].Line})";
            _run.Observer.StepWaiting(_run.Options.Clock(), context, "waits for " + what);
            if (_run.Milestones.WaitForStep(start.Actor, start.Step, _run.Stop) is { } why)
                return Fail(context, $"waits for {what}, but {why}");
        }

        _run.Options.Gate.Pass(context with { Socket = _calls.InUse(step.Operation) }, _run.Stop);
        _run.Stop.ThrowIfCancellationRequested();
        var begin = _run.Options.Clock();
        _run.Observer.StepStarted(begin, context);
        var result = Do(context, step.Operation);
        var end = _run.Options.Clock();
        _run.Stop.ThrowIfCancellationRequested();
        string? failure = result.Refusal ?? Judgement.Judge(step, result);
        _run.Observer.StepFinished(context, new StepReport(begin, end, result.Number, result.Error, failure));
        // Only now may others go on: what they do next ends later than this step, however busy the machine is.
        if (failure is null)
            _run.Milestones.StepDone(Index, index);
        return failure is null ? Next(index, step.Operation) : Fail(context, failure);
    }

    private int Next(int index, Operation operation)
    {
        if (operation is not EndRepeat end)
            return index + 1;
        int rounds = _rounds[end.RepeatIndex] = _rounds.GetValueOrDefault(end.RepeatIndex) + 1;
        if (rounds < ((Repeat)Actor.Steps[end.RepeatIndex].Operation).Count)
            return end.RepeatIndex + 1;
        _rounds[end.RepeatIndex] = 0;
        return index + 1;
    }

    private int Fail(StepContext context, string why)
    {
        var step = context.Step;
        Failure = (_run.Options.Clock(), new RunFailure(Actor.Name, step.Line, $"{_run.Script.File}:{step.Line}: {Actor.Name}: {Token.Printable(step.Source)}: {why}"));
        return context.StepIndex;
    }

    private StepResult Do(StepContext context, Operation operation)
    {
        switch (operation)
        {
            case Repeat or EndRepeat:
                return default;
            case Sleep sleep:
                _run.Stop.WaitHandle.WaitOne(sleep.Length.ToTimeSpan());
                return default;
            case After after:
                int other = ActorIndex(after.Actor);
                _run.Observer.StepWaiting(_run.Options.Clock(), context, $"waits for {after.Actor} to {after.Verb}");
                return new StepResult { Refusal = _run.Milestones.WaitForVerb(other, after.Verb, after.Count, _run.Stop) };
            case WaitFor wait:
                return Wait(context, wait);
            default:
                return _calls.Call(context, operation);
        }
    }

    private int ActorIndex(string name) => _run.Script.Actors.Select((actor, index) => (actor, index)).First(a => a.actor.Name == name).index;

    private StepResult Wait(StepContext context, WaitFor wait)
    {
        int other = ActorIndex(wait.Socket.Actor);
        _run.Observer.StepWaiting(_run.Options.Clock(), context, $"waits for {wait.Socket} to be in {wait.State.Name()}");
        while (true)
        {
            bool ended = _run.Milestones.HasEnded(other);
            var socket = _run.Actors[other].Sockets.Find(wait.Socket.Socket);
            if (socket is not null && IsIn(socket, wait.State))
                return default;
            if (ended && (socket is null || !socket.IsOpen && _run.Options.HasReached is null && wait.State != TcpState.Closed))
                return new StepResult { Refusal = $"{wait.Socket.Actor} has ended, and {wait.Socket} was not seen in {wait.State.Name()}" };
            if (_run.Stop.WaitHandle.WaitOne(1))
                _run.Stop.ThrowIfCancellationRequested();
        }
    }

    private bool IsIn(LabSocket socket, TcpState state)
    {
        if (state == TcpState.Listen && socket.Listens || _run.Options.HasReached?.Invoke(socket.Report, state) == true)
            return true;
        // include/net/tcp_states.h
        var now = socket.KernelState() switch
        {
            1 => TcpState.Established,
            2 => TcpState.SynSent,
            3 or 12 => TcpState.SynRcvd,
            4 => TcpState.FinWait1,
            5 => TcpState.FinWait2,
            6 => TcpState.TimeWait,
            7 => TcpState.Closed,
            8 => TcpState.CloseWait,
            9 => TcpState.LastAck,
            10 => TcpState.Listen,
            11 => TcpState.Closing,
            _ => TcpState.Unknown,
        };
        return now == state;
    }
}
