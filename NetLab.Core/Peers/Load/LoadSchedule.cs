using System.Threading.Tasks.Sources;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>
/// Who sends when. Without a rate a connection's turn comes as soon as it asks. With one, request n is due at start + n / rate, whoever is free sends
/// it, and a request that is due while all connections wait for answers stays due: its latency counts from then (no coordinated omission).
/// </summary>
internal sealed class LoadSchedule : IDisposable
{
    /// <summary>Instead of a moment: there is nothing more to send.</summary>
    public const long Over = -1;

    // How late the pacer may notice that it was stopped.
    private const long LongestNap = 50_000_000;
    private readonly Lock _gate = new();
    private readonly Queue<LoadTurn> _idle = new();
    private readonly double _interval;
    private readonly bool _isPaced;
    private readonly long _start, _most;
    private readonly AutoResetEvent _someoneIsIdle = new(false);
    private readonly Thread? _pacer;
    private long _taken, _end;

    /// <param name="specification">The rate and the bounds.</param>
    /// <param name="start">The start, in nanoseconds of <see cref="KernelClock.Monotonic"/>.</param>
    public LoadSchedule(LoadSpecification specification, long start)
    {
        (_start, _end, _most) = (start, start + specification.Length.Nanoseconds, specification.Requests);
        _isPaced = specification.Rate is not null;
        if (!_isPaced)
            return;
        _interval = 1e9 / specification.Rate!.Value;
        _pacer = new Thread(Pace) { IsBackground = true, Name = "load pacer" };
        _pacer.Start();
    }

    /// <summary>When nothing more is sent, in nanoseconds of the monotonic clock.</summary>
    public long End => Interlocked.Read(ref _end);

    /// <summary>How many requests were due by then; without a rate, as many as were sent.</summary>
    public long DueBy(long moment) =>
        !_isPaced ? Math.Min(Interlocked.Read(ref _taken), _most) : Math.Min(_most, (long)Math.Ceiling((Math.Min(moment, End) - _start) / _interval));

    /// <summary>Whether the last request that there is was given to somebody.</summary>
    public bool IsSpent => Interlocked.Read(ref _taken) >= _most;

    /// <summary>Nothing more is sent from now on.</summary>
    public void Stop(long now)
    {
        lock (_gate)
            _end = Math.Min(_end, now);
    }

    /// <summary>Waits for one's turn to send.</summary>
    /// <returns>When the request was due, or <see cref="Over"/>.</returns>
    public ValueTask<long> NextAsync(LoadTurn turn)
    {
        long now = KernelClock.Monotonic;
        if (!_isPaced)
            return new(now < End && Interlocked.Increment(ref _taken) <= _most ? now : Over);
        lock (_gate)
        {
            if (IsOver(now))
                return new(Over);
            long due = Due;
            if (due <= now)
            {
                _taken++;
                return new(due);
            }

            turn.Reset();
            _idle.Enqueue(turn);
            if (_idle.Count == 1)
                _someoneIsIdle.Set();
            return turn.Task;
        }
    }

    /// <summary>Waits until the pacer is gone; everybody who waits is told that it is over.</summary>
    public void Dispose()
    {
        Stop(KernelClock.Monotonic);
        _pacer?.Join();
        _someoneIsIdle.Dispose();
    }

    private long Due => _start + (long)(_taken * _interval);

    private bool IsOver(long now) => now >= _end || _taken >= _most;

    private void Pace()
    {
        PreciseSleep.TakeNoSlack();
        while (true)
        {
            long now = KernelClock.Monotonic, nap;
            LoadTurn? next = null;
            long due = 0;
            lock (_gate)
            {
                if (IsOver(now))
                    break;
                due = Due;
                nap = Math.Min(Math.Min(due, _end), now + LongestNap);
                if (due <= now && _idle.TryDequeue(out next))
                    _taken++;
            }

            if (next is not null)
                next.Give(due);
            else if (nap > now)
                PreciseSleep.Until(nap);
            else
                _someoneIsIdle.WaitOne((int)(LongestNap / 1_000_000));
        }

        lock (_gate)
        {
            while (_idle.TryDequeue(out var waiting))
                waiting.Give(Over);
        }
    }
}

/// <summary>One connection's place in the queue for its turn; used again and again.</summary>
internal sealed class LoadTurn : IValueTaskSource<long>
{
    // What goes on does so on the thread pool: the pacer has the next turn to give.
    private ManualResetValueTaskSourceCore<long> _core = new() { RunContinuationsAsynchronously = true };

    public ValueTask<long> Task => new(this, _core.Version);

    public void Reset() => _core.Reset();

    public void Give(long due) => _core.SetResult(due);

    public long GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
