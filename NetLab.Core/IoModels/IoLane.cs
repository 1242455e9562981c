using NetLab.Core.Interop;

namespace NetLab.Core.IoModels;

/// <summary>The record of what one model does in a race. The lane's own thread writes it; everybody may read it while it grows.</summary>
public sealed class IoLane
{
    /// <summary>How many stretches are kept; those after it only count.</summary>
    public const int MostSpans = 100_000;

    private readonly Lock _lock = new();
    private readonly List<LaneSpan> _spans = [];
    private readonly long[] _calls = new long[Enum.GetValues<IoCall>().Length];
    private LanePhase? _phase;
    private IoCall _call;
    private long _since, _vain, _wakeups, _signals, _begun, _ended;
    private ThreadUsage _usage;
    private IReadOnlyList<CallCount>? _kernelCalls;

    internal IoLane(IoModel model, ArrivalScript script, int descriptors)
    {
        (Model, Descriptors) = (model, descriptors);
        Mail = new LaneMail(script, descriptors);
    }

    /// <summary>Which model.</summary>
    public IoModel Model { get; }

    /// <summary>Over how many descriptors its messages come.</summary>
    public int Descriptors { get; }

    /// <summary>How far it has come.</summary>
    public LaneState State { get; private set; }

    /// <summary>Why it takes no part or failed, a sentence; else null.</summary>
    public string? Words { get; private set; }

    /// <summary>What was sent to it and what of it came.</summary>
    internal LaneMail Mail { get; }

    /// <summary>The phase that goes on, in which call, and since when on the race's clock; null between two calls, and when it has ended.</summary>
    public (LanePhase Phase, IoCall Call, long Since)? Now
    {
        get
        {
            lock (_lock)
                return State == LaneState.Running && _phase is { } phase ? (phase, _call, _since) : null;
        }
    }

    /// <summary>Copies the stretches from a place on; the last one may still grow, so take it anew the next time.</summary>
    public void CopySpans(int from, List<LaneSpan> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        lock (_lock)
        {
            for (int index = from; index < _spans.Count; index++)
                into.Add(_spans[index]);
        }
    }

    /// <summary>The figures so far.</summary>
    /// <param name="now">The race's clock.</param>
    public IoFigures Figures(long now)
    {
        lock (_lock)
        {
            // Two of them may be one system call, as io_uring_enter that submits and that waits.
            var own = _calls.Index().Where(call => call.Item > 0).GroupBy(call => ((IoCall)call.Index).Name(), (name, calls) => new CallCount(name, calls.Sum(call => call.Item)));
            long until = State == LaneState.Running ? now : _ended;
            // Only signals can fall together: a completion is told for each read. While it runs, some may still be on their way.
            long coalesced = Model == IoModel.Sigio && State != LaneState.Running ? Math.Max(0, Mail.PieceCount - _signals) : 0;
            return new IoFigures(Mail.MessagesReceived, Mail.BytesReceived, Mail.Times(), [.. own.OrderByDescending(call => call.Count)],
                _kernelCalls, _vain, _wakeups, _signals, coalesced, _usage, new Duration(Math.Max(0, until - _begun)));
        }
    }

    internal void Begin(long now)
    {
        lock (_lock)
            (State, _begun, _since) = (LaneState.Running, now, now);
    }

    /// <summary>The lane goes over to another phase, or to none. Data that was ready is so until the call that gets it.</summary>
    internal void Enter(LanePhase? phase, IoCall call, long now)
    {
        lock (_lock)
        {
            if (phase is not null && _spans.Count > 0 && _spans[^1] is { Phase: LanePhase.Ready } ready)
                _spans[^1] = ready with { To = now };
            (_phase, _call, _since) = (phase, call, now);
        }
    }

    internal void Count(IoCall call)
    {
        lock (_lock)
            _calls[(int)call]++;
    }

    internal void CountWakeup()
    {
        lock (_lock)
            _wakeups++;
    }

    internal void CountSignals(int count)
    {
        lock (_lock)
            _signals += count;
    }

    /// <summary>Keeps a stretch.</summary>
    internal void Add(LaneSpan span)
    {
        lock (_lock)
        {
            if (_spans.Count < MostSpans)
                _spans.Add(span);
        }
    }

    /// <summary>Another call failed with EWOULDBLOCK: one after the other they are one stretch.</summary>
    internal void AddVain(IoCall call, long from, long to)
    {
        lock (_lock)
        {
            _vain++;
            _calls[(int)call]++;
            if (_spans.Count > 0 && _spans[^1] is { Phase: LanePhase.Spinning } last)
                _spans[^1] = last with { To = to, Calls = last.Calls + 1 };
            else if (_spans.Count < MostSpans)
                _spans.Add(new LaneSpan(LanePhase.Spinning, call, from, to, 1, -(long)Errno.EAGAIN));
        }
    }

    internal void Use(ThreadUsage usage)
    {
        lock (_lock)
            _usage = usage;
    }

    internal void End(LaneState state, string? words, long now, IReadOnlyList<CallCount>? kernelCalls)
    {
        lock (_lock)
            (State, Words, _ended, _kernelCalls) = (state, words, now, kernelCalls is null ? null : [.. kernelCalls.OrderByDescending(call => call.Count)]);
    }
}
