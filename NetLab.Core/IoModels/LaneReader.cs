using NetLab.Core.Interop;

namespace NetLab.Core.IoModels;

/// <summary>
/// What a model reads with: its descriptors, a buffer for each call, and the record of what it does. A model says of each of its calls when it begins
/// (<see cref="Enter"/>) and what came of it (<see cref="Leave"/>); of the time in between, what lies before the data came was waiting.
/// </summary>
internal sealed unsafe class LaneReader(IoLane lane, RaceGate gate, int number, int[] descriptors)
{
    /// <summary>How many bytes a call takes at most.</summary>
    public const int BufferSize = 65_536;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private ThreadUsage _before;
    private long _entered, _left, _nextUse;
    private IoCall _call;
    private CallIntent _intent;

    /// <summary>The descriptors that messages come on.</summary>
    public ReadOnlySpan<int> Descriptors => descriptors;

    /// <summary>Why the model gives up, a sentence; null while it goes on.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether something is still to come.</summary>
    public bool Expects => Fault is null && lane.Mail.IsIncomplete;

    /// <summary>Begins to count.</summary>
    public void Begin()
    {
        _before = ThreadUsage.OfCallingThread();
        lane.Begin(gate.Now);
    }

    /// <summary>A call of the preparation, which nothing waits for.</summary>
    /// <returns>The result; a failed one is the lane's fault.</returns>
    public int Prepare(IoCall call, int result)
    {
        lane.Count(call);
        if (result < 0 && Fault is null)
            Fault = $"{call.Name()} failed: {SocketCalls.LastError.Words()} ({SocketCalls.LastError.Name()})";
        return result;
    }

    /// <summary>The model is about to make a call.</summary>
    /// <param name="call">Which.</param>
    /// <param name="phase">What it does until data comes: sleep, or be free.</param>
    public void Enter(IoCall call, LanePhase phase)
    {
        gate.Pass(number, call, _intent);
        _intent = CallIntent.Next;
        _entered = gate.Now;
        _call = call;
        lane.Enter(phase, call, _entered);
    }

    /// <summary>The call has returned.</summary>
    /// <param name="result">What it gave; -1 when it failed.</param>
    /// <param name="before">What it did until data came.</param>
    /// <param name="after">What it did from then on.</param>
    public void Leave(long result, LanePhase before, LanePhase after)
    {
        long now = _left = gate.Now;
        lane.Count(_call);
        // A message that came before the call needs no waiting for.
        long readable = lane.Mail.ReadableSince();
        long since = readable < 0 ? now : Math.Clamp(readable, _entered, now);
        long told = result < 0 ? -(long)SocketCalls.LastError : result;
        if (since > _entered)
        {
            lane.Add(new LaneSpan(before, _call, _entered, since, since < now ? 0 : 1, told));
            // A call that only starts something, or never waits, was not woken.
            if (before != after && before is (LanePhase.Waiting or LanePhase.Free))
                lane.CountWakeup();
        }

        if (since < now)
            lane.Add(new LaneSpan(after, _call, since, now, 1, told));
        lane.Enter(after == LanePhase.Ready ? after : null, _call, now);
        if (result < 0 && SocketCalls.LastError is not (Errno.EINTR or Errno.EAGAIN))
            Fault ??= $"{_call.Name()} failed: {SocketCalls.LastError.Words()} ({SocketCalls.LastError.Name()})";
    }

    /// <summary>recv(2) on one of the descriptors; what comes is taken (<see cref="Take"/>).</summary>
    /// <param name="place">Which descriptor, from 0.</param>
    /// <param name="phase">What it does until data comes: sleep, or ask in vain.</param>
    /// <returns>How many bytes came; -1 when there were none and the call did not wait.</returns>
    public int Receive(int place, LanePhase phase)
    {
        Enter(IoCall.Recv, phase);
        int count;
        fixed (byte* buffer = _buffer)
            count = (int)SocketCalls.Recv(descriptors[place], buffer, BufferSize, 0);
        if (count < 0 && SocketCalls.LastError == Errno.EAGAIN)
        {
            long now = gate.Now;
            lane.AddVain(IoCall.Recv, _entered, now);
            SampleUse(now);
            _intent = CallIntent.Again;
            return -1;
        }

        Leave(count, phase, LanePhase.Copying);
        if (count > 0)
            Take(place, _buffer.AsSpan(0, count));
        else if (count == 0)
            End();
        return count;
    }

    /// <summary>The program learns only now of what comes next: by no call, but out of memory that it shares with the kernel.</summary>
    public void Learn() => _left = gate.Now;

    /// <summary>Works on what has come: here, looks whether each byte is the one that was sent.</summary>
    public void Take(int place, ReadOnlySpan<byte> bytes)
    {
        lane.Enter(LanePhase.Processing, _call, _left);
        Fault ??= lane.Mail.Take(place, bytes, _left);
        long now = gate.Now;
        lane.Add(new LaneSpan(LanePhase.Processing, _call, _left, now, 0, bytes.Length));
        lane.Enter(null, _call, now);
        SampleUse(now);
    }

    /// <summary>The sender has closed: nothing more comes.</summary>
    public void End()
    {
        if (lane.Mail.IsIncomplete)
            Fault ??= "it had not got everything when the race ended";
    }

    /// <summary>A call that takes no time worth drawing was made.</summary>
    public void Count(IoCall call) => lane.Count(call);

    /// <summary>So many signals have come.</summary>
    public void CountSignals(int count) => lane.CountSignals(count);

    /// <summary>What the thread has used since <see cref="Begin"/>.</summary>
    public ThreadUsage Usage => ThreadUsage.OfCallingThread().Since(_before);

    /// <summary>The model can't go on.</summary>
    public void Fail(string words) => Fault ??= words;

    // The screen shows the processor time while the lane runs, so the lane itself has to ask for it; some times a second are enough.
    private void SampleUse(long now)
    {
        if (now < _nextUse)
            return;
        _nextUse = now + 10_000_000;
        lane.Use(Usage);
    }
}
