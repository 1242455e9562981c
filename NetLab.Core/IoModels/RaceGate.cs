using NetLab.Core.Interop;

namespace NetLab.Core.IoModels;

/// <summary>Why a lane makes a call.</summary>
public enum CallIntent
{
    /// <summary>It is the next thing to do.</summary>
    Next,

    /// <summary>It was made in vain and is made again: nothing is to be learnt from stepping through each.</summary>
    Again,
}

/// <summary>
/// What every call of every lane passes, and the sender before each message. Open, it costs one look; held, each lane stands before its next call
/// until <see cref="Step"/> lets it make that one. The race's clock stands still while nobody moves.
/// </summary>
/// <param name="lanes">How many lanes pass it.</param>
public sealed class RaceGate(int lanes) : IDisposable
{
    // How long a step's effects may take until the clock stands again: a thread that was woken has come to its next call by then.
    private static readonly TimeSpan s_settling = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly Door[] _doors = NewDoors(lanes);
    private readonly ManualResetEventSlim _sender = new();
    private Timer? _freezing;
    private volatile bool _isHeld;
    private bool _isOver;
    private int _message = -1;
    private long _origin, _standing, _stoodSince, _freezeDue;

    /// <summary>Whether calls wait for <see cref="Step"/>.</summary>
    public bool IsHeld => _isHeld;

    /// <summary>Whether calls ever waited: then how long something took is a matter of the steps, and of who took them.</summary>
    public bool WasHeld { get; private set; }

    /// <summary>The race's clock: nanoseconds since its beginning, without the times when it stood still; 0 before.</summary>
    public long Now
    {
        get
        {
            long origin = Volatile.Read(ref _origin);
            if (origin == 0)
                return 0;
            if (!_isHeld)
                return KernelClock.Monotonic - origin - Volatile.Read(ref _standing);
            lock (_lock)
                return (_stoodSince > 0 ? _stoodSince : KernelClock.Monotonic) - _origin - _standing;
        }
    }

    /// <summary>The message that the sender would send next, from 0; -1 while it waits for its time.</summary>
    public int NextMessage => Volatile.Read(ref _message);

    /// <summary>The race begins now.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            (_origin, _standing) = (KernelClock.Monotonic, 0);
            _stoodSince = _isHeld ? _origin : 0;
        }
    }

    /// <summary>From now on each call waits until it is let through.</summary>
    public void Hold()
    {
        lock (_lock)
        {
            if (_isHeld || _isOver)
                return;
            (_isHeld, WasHeld) = (true, true);
            Freeze(s_settling);
        }
    }

    /// <summary>
    /// Lets each lane that waits make one call; when there is none but those that ask in vain, the next message is sent. While a step's effects are still under way, and
    /// a lane is only not yet back, nothing is sent.
    /// </summary>
    public void Step()
    {
        lock (_lock)
        {
            bool moves = Moves;
            if (!moves && _stoodSince == 0)
                return;
            Thaw();
            foreach (var door in _doors)
            {
                if (!door.IsWaiting || (moves && door.Intent != CallIntent.Next))
                    continue;
                door.IsWaiting = false;
                door.Open.Set();
            }

            if (!moves)
                _sender.Set();
            Freeze(s_settling);
        }
    }

    /// <summary>Lets everything run.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _freezing?.Change(Timeout.Infinite, Timeout.Infinite);
            Thaw();
            _isHeld = false;
            foreach (var door in _doors)
                door.Open.Set();
            _sender.Set();
        }
    }

    /// <summary>Lets everything run, and never holds again.</summary>
    public void End()
    {
        lock (_lock)
            _isOver = true;
        Release();
    }

    /// <summary>What a lane would do next; null when it is in a call, or has ended.</summary>
    public (IoCall Call, CallIntent Intent)? Next(int lane)
    {
        lock (_lock)
            return _doors[lane] is { IsWaiting: true } door ? (door.Call, door.Intent) : null;
    }

    /// <summary>Whether the next step sends a message, since no lane has anything else to do.</summary>
    public bool SendsNext
    {
        get
        {
            lock (_lock)
                return NextMessage >= 0 && _stoodSince > 0 && !Moves;
        }
    }

    private bool Moves => Array.Exists(_doors, door => door is { IsWaiting: true, Intent: CallIntent.Next });

    /// <summary>Called by a lane's thread before each call.</summary>
    internal void Pass(int lane, IoCall call, CallIntent intent)
    {
        if (!_isHeld)
            return;
        var door = _doors[lane];
        lock (_lock)
        {
            if (!_isHeld)
                return;
            (door.Call, door.Intent, door.IsWaiting) = (call, intent, true);
            door.Open.Reset();
        }

        door.Open.Wait();
        lock (_lock)
            door.IsWaiting = false;
    }

    /// <summary>Called by the sender: returns when the message is due, or was let through.</summary>
    /// <param name="message">Which, from 0.</param>
    /// <param name="due">When, on the race's clock.</param>
    /// <param name="patience">Return after so long anyhow, since other messages are still on their way.</param>
    /// <returns>Whether it is to be sent now.</returns>
    internal bool PassSender(int message, long due, Duration patience)
    {
        // The last stretch is slept to the microsecond; before it the thread can be called.
        const long precise = 2_000_000;
        if (_isHeld)
        {
            lock (_lock)
            {
                if (_isHeld && _message != message)
                {
                    _message = message;
                    _sender.Reset();
                }
            }

            if (!_sender.Wait(patience.ToTimeSpan()))
                return false;
            Volatile.Write(ref _message, -1);
            if (_isHeld)
                return true;
        }

        long left = due - Now;
        if (left > precise)
        {
            _sender.Reset();
            _sender.Wait(new Duration(Math.Min(left - precise, patience.Nanoseconds)).ToTimeSpan());
            return false;
        }

        if (left > 0)
            PreciseSleep.Until(KernelClock.Monotonic + left);
        return !_isHeld;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        _freezing?.Dispose();
        foreach (var door in _doors)
            door.Dispose();
        _sender.Dispose();
    }

    private static Door[] NewDoors(int count)
    {
        var doors = new Door[count];
        for (int lane = 0; lane < count; lane++)
            doors[lane] = new Door();
        return doors;
    }

    private void Freeze(TimeSpan after)
    {
        _freezeDue = KernelClock.Monotonic + after.Ticks * TimeSpan.NanosecondsPerTick;
        _freezing ??= new Timer(_ => FreezeNow());
        _freezing.Change(after, Timeout.InfiniteTimeSpan);
    }

    // A timer that was set anew meanwhile may still come at its old time.
    private void FreezeNow()
    {
        lock (_lock)
        {
            long left = _freezeDue - KernelClock.Monotonic;
            if (!_isHeld || _isOver || _stoodSince > 0)
                return;
            if (left <= 0)
                _stoodSince = KernelClock.Monotonic;
            else
                _freezing?.Change(TimeSpan.FromMilliseconds(1 + left / 1_000_000), Timeout.InfiniteTimeSpan);
        }
    }

    private void Thaw()
    {
        if (_stoodSince > 0)
            Volatile.Write(ref _standing, _standing + (KernelClock.Monotonic - _stoodSince));
        _stoodSince = 0;
    }

    // Before which a lane stands.
    private sealed class Door : IDisposable
    {
        public readonly ManualResetEventSlim Open = new();
        public IoCall Call;
        public CallIntent Intent;
        public bool IsWaiting;

        public void Dispose() => Open.Dispose();
    }
}
