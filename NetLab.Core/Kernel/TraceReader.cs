using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>What takes the events of a <see cref="TraceReader"/>, on its thread.</summary>
internal interface ITraceSink
{
    /// <summary>The next event in order of time.</summary>
    /// <param name="time">When.</param>
    /// <param name="record">Its record; its first two bytes are the event's number.</param>
    void Read(Timestamp time, ReadOnlySpan<byte> record);

    /// <summary>Everything older than <paramref name="time"/> has been handed over.</summary>
    /// <returns>Up to when everything is in the journal: earlier when the sink holds some of it back.</returns>
    Timestamp ToldUpTo(Timestamp time);

    /// <summary>Events were lost.</summary>
    void Lost(Timestamp time, long count);
}

/// <summary>
/// Reads the buffers of all CPUs on a thread of its own and hands their events over in order of time. An event counts as ordered when every CPU
/// has been read up to a moment after it; what is younger waits for the next round.
/// </summary>
internal sealed class TraceReader : IDisposable
{
    // An event that is being written while its CPU's buffer is read appears only in the next round: so long its writing takes at most.
    private const long Margin = 200_000;
    private const int PagesARound = 64, RestMilliseconds = 1, IdleMilliseconds = 250;
    private readonly TraceInstance _instance;
    private readonly ITraceSink _sink;
    private readonly TraceClock _clock = new();
    private readonly CpuBuffer[] _buffers;
    private readonly FileDescriptor.Watch[] _watches;
    private readonly FileDescriptor _wake = FileDescriptor.OpenEvent();
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _told = new(initialState: false);
    private readonly Stack<byte[]> _free = new();
    private long _toldUpTo = long.MinValue;
    private long _wanted = long.MinValue;
    private long _statistics;
    private volatile bool _stopping;

    internal TraceReader(TraceInstance instance, ITraceSink sink, string name)
    {
        (_instance, _sink) = (instance, sink);
        _buffers = [.. instance.Cpus.Select(cpu => (cpu, file: instance.OpenBuffer(cpu))).Where(pair => pair.file is not null)
            .Select(pair => new CpuBuffer(pair.cpu, pair.file!))];
        _watches = [new(_wake.Number), .. _buffers.Select(buffer => new FileDescriptor.Watch(buffer.File.Number))];
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _instance.Closing = Stop;
        _thread.Start();
    }

    /// <summary>How many events the kernel has lost because its buffers were full.</summary>
    internal long LostEvents { get; private set; }

    /// <summary>Returns when everything that happened before the call has been handed over.</summary>
    internal void Flush()
    {
        long now = KernelClock.Monotonic;
        lock (_gate)
        {
            if (_toldUpTo > now || !_thread.IsAlive)
                return;
            _wanted = Math.Max(_wanted, now);
            _told.Reset();
        }

        _wake.Signal();
        while (Volatile.Read(ref _toldUpTo) <= now && _thread.IsAlive)
            _told.Wait(millisecondsTimeout: 10);
    }

    /// <summary>Hands over what has happened so far and ends.</summary>
    public void Dispose()
    {
        Flush();
        Stop();
        _wake.Dispose();
        _told.Dispose();
    }

    private void Stop()
    {
        _stopping = true;
        if (!_wake.IsClosed)
            _wake.Signal();
        _thread.Join();
    }

    private void Run()
    {
        ThreadNice.PreferOwn();
        while (!_stopping)
        {
            bool waiting = Round(out bool more);
            if (more)
                continue;
            // After a round that found something it pays to let events gather; a flush wakes at once.
            if (waiting)
                FileDescriptor.Wait(_watches.AsSpan(0, 1), RestMilliseconds);
            else
                FileDescriptor.Wait(_watches, IdleMilliseconds);
            if (!IsFlushing())
                _wake.Unsignal();
        }
    }

    private bool IsFlushing()
    {
        lock (_gate)
            return _wanted > _toldUpTo;
    }

    // Returns whether events were found or wait for their turn.
    private bool Round(out bool more)
    {
        long start = KernelClock.Monotonic;
        long horizon = start - Margin;
        bool found = false;
        more = false;
        foreach (var buffer in _buffers)
        {
            int pages = ReadPages(buffer);
            found |= pages > 0;
            if (pages < PagesARound)
                continue;
            more = true;
            horizon = Math.Min(horizon, buffer.LastRead);
        }

        HandOver(horizon);
        _clock.Resample(start);
        if (found && start - _statistics > 250_000_000)
            CountLost(start);
        long told = _clock.ToMonotonic(_sink.ToldUpTo(_clock.ToTimestamp(horizon)));
        lock (_gate)
        {
            _toldUpTo = Math.Max(_toldUpTo, told);
            if (_wanted > long.MinValue && _toldUpTo > _wanted)
            {
                CountLost(start);
                _wanted = long.MinValue;
                _told.Set();
            }
        }

        return found || told < horizon || Array.Exists(_buffers, buffer => buffer.HasNext);
    }

    private int ReadPages(CpuBuffer buffer)
    {
        int pages = 0;
        for (; pages < PagesARound; pages++)
        {
            byte[] page = _free.TryPop(out byte[]? used) ? used : new byte[_instance.PageLayout.PageSize];
            int length = buffer.File.Read(page);
            if (length <= 0)
            {
                _free.Push(page);
                break;
            }

            page.AsSpan(length).Clear();
            buffer.Add(page, _instance.PageLayout);
        }

        return pages;
    }

    private void HandOver(long horizon)
    {
        while (true)
        {
            CpuBuffer? first = null;
            foreach (var buffer in _buffers)
            {
                if (buffer.HasNext && buffer.Next.Time <= horizon && (first is null || buffer.Next.Time < first.Next.Time))
                    first = buffer;
            }

            if (first is null)
                return;
            _sink.Read(_clock.ToTimestamp(first.Next.Time), first.Record);
            if (first.Advance(_instance.PageLayout) is { } used)
                _free.Push(used);
        }
    }

    private void CountLost(long now)
    {
        _statistics = now;
        long lost = _buffers.Sum(buffer => _instance.Lost(buffer.Cpu));
        if (lost <= LostEvents)
            return;
        _sink.Lost(_clock.ToTimestamp(now - Margin), lost - LostEvents);
        LostEvents = lost;
    }

    // The pages of one CPU that are not yet handed over, oldest first.
    private sealed class CpuBuffer(int cpu, FileDescriptor file)
    {
        private readonly Queue<byte[]> _pages = new();
        private (int Position, long Time) _cursor;

        internal int Cpu => cpu;

        internal FileDescriptor File => file;

        internal bool HasNext { get; private set; }

        internal TraceRecord Next { get; private set; }

        /// <summary>The start of the newest page: everything older has been read.</summary>
        internal long LastRead { get; private set; }

        internal ReadOnlySpan<byte> Record => _pages.Peek().AsSpan(Next.Offset, Next.Length);

        internal void Add(byte[] page, in TracePageLayout layout)
        {
            LastRead = BitConverter.ToInt64(page);
            _pages.Enqueue(page);
            if (!HasNext)
                Advance(layout);
        }

        /// <summary>Goes to the next event.</summary>
        /// <returns>A page that is done with.</returns>
        internal byte[]? Advance(in TracePageLayout layout)
        {
            byte[]? done = null;
            while (_pages.TryPeek(out byte[]? page))
            {
                var reader = new TracePage(page, layout, _cursor);
                if (reader.TryRead(out var next))
                {
                    (Next, HasNext, _cursor) = (next, true, reader.Cursor);
                    return done;
                }

                done = _pages.Dequeue();
                _cursor = default;
            }

            HasNext = false;
            return done;
        }
    }
}
