using NetLab.Core.Interop;
using NetLab.Core.Kernel;

namespace NetLab.Core.IoModels;

/// <summary>Who races, and for what.</summary>
/// <param name="Models">The models, in the order in which they are shown.</param>
/// <param name="Script">What comes, and when.</param>
/// <param name="Descriptors">Over how many descriptors the messages of each model come.</param>
public sealed record IoRaceSpecification(IReadOnlyList<IoModel> Models, ArrivalScript Script, int Descriptors)
{
    /// <summary>The most descriptors a model may have.</summary>
    public const int MostDescriptors = 4_096;

    /// <summary>How long after the last message everything must have been read.</summary>
    public Duration Patience { get; init; } = Duration.FromSeconds(10);

    /// <summary>How many descriptors all lanes together may have; null for as many as the process may still open, less a reserve.</summary>
    public long? Room { get; init; }

    /// <summary>Counts the calls at the kernel's tracepoints; null where only the models' own counts are to be had.</summary>
    public SyscallCounter? Counter { get; init; }

    /// <summary>The system calls that are worth counting, by the kernel's names.</summary>
    public static IReadOnlyList<string> CountedCalls { get; } =
    [
        "recvfrom", "read", "pread64", "select", "pselect6", "poll", "ppoll", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "fcntl", "rt_sigsuspend",
        "rt_sigreturn", "io_uring_setup", "io_uring_enter",
    ];
}

/// <summary>The I/O models on the same arrivals: a thread for each, one that sends, and socket pairs between them. What it makes it takes away when it ends.</summary>
public sealed class IoRace : IDisposable
{
    private const int StackSize = 256 << 10;

    // Descriptors that are left to everybody else in the process: instruments, counters, files.
    private const int Reserve = 512;

    private readonly IoRaceSpecification _specification;
    private readonly CancellationTokenSource _stop = new();
    private readonly Runner[] _runners;
    private readonly Task _completion;

    private IoRace(IoRaceSpecification specification, RaceGate gate)
    {
        (_specification, Gate) = (specification, gate);
        _runners = [.. specification.Models.Select((model, number) => new Runner(new IoLane(model, specification.Script, specification.Descriptors), number))];
        Lanes = [.. _runners.Select(runner => runner.Lane)];
        _completion = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    // One that has been.
    private IoRace(IoRaceSpecification specification, IReadOnlyList<IoLane> lanes, long ended)
    {
        (_specification, Gate, Lanes, Ended) = (specification, new RaceGate(lanes.Count), lanes, ended);
        (_runners, _completion) = ([], Task.CompletedTask);
    }

    /// <summary>What every call passes, and the race's clock.</summary>
    public RaceGate Gate { get; }

    /// <summary>One for each model.</summary>
    public IReadOnlyList<IoLane> Lanes { get; }

    /// <summary>What comes, and when.</summary>
    public ArrivalScript Script => _specification.Script;

    /// <summary>Over how many descriptors.</summary>
    public int Descriptors => _specification.Descriptors;

    /// <summary>Ends when every lane has ended and everything is taken away.</summary>
    public Task Completion => _completion;

    /// <summary>Whether it is over.</summary>
    public bool IsOver => _completion.IsCompleted;

    /// <summary>When it was over, on its own clock; 0 before.</summary>
    public long Ended { get; private set; }

    /// <summary>Starts a race.</summary>
    /// <param name="specification">Who, and for what.</param>
    /// <param name="mode">Whether each call waits for <see cref="RaceGate.Step"/>.</param>
    public static IoRace Start(IoRaceSpecification specification, RaceMode mode = RaceMode.Free)
    {
        ArgumentNullException.ThrowIfNull(specification);
        var gate = new RaceGate(specification.Models.Count);
        if (mode == RaceMode.Stepwise)
            gate.Hold();
        return new IoRace(specification, gate);
    }

    /// <summary>A race that is over, of lanes that are known.</summary>
    internal static IoRace Recorded(ArrivalScript script, IReadOnlyList<IoLane> lanes, long ended) =>
        new(new IoRaceSpecification([.. lanes.Select(lane => lane.Model)], script, lanes[0].Descriptors), lanes, ended);

    /// <summary>Ends it early; the lanes say so.</summary>
    public void Stop()
    {
        _stop.Cancel();
        Gate.End();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _completion.Wait();
        _stop.Dispose();
        Gate.Dispose();
    }

    private void Run()
    {
        using var prepared = new CountdownEvent(_runners.Length);
        using var begin = new ManualResetEventSlim();
        // Those whose descriptors' numbers matter get theirs first: select's must be low.
        long left = DescriptorRoom.Left;
        long room = _specification.Room ?? left - Math.Min(Reserve, left / 4);
        foreach (var runner in _runners.OrderByDescending(runner => runner.Lane.Model == IoModel.Select))
            runner.Open(_specification.Descriptors, ref room);
        foreach (var runner in _runners)
        {
            runner.Thread = new Thread(() => runner.Run(Gate, _specification.Counter, prepared, begin), StackSize)
            {
                IsBackground = true,
                Name = $"io {runner.Lane.Model.Name()}",
            };
            try
            {
                runner.Thread.Start();
            }
            catch (Exception refused) when (refused is OutOfMemoryException or ThreadStartException)
            {
                runner.Refuse("the system gives no thread more");
                prepared.Signal();
            }
        }

        prepared.Wait();
        Gate.Begin();
        begin.Set();
        foreach (var runner in _runners)
            runner.AwaitBeginning();
        var sender = new ArrivalSender(_specification.Script, Gate, [.. _runners.Select(runner => (runner.Lane, runner.Writers))]);
        sender.Run(_specification.Patience, _stop.Token);
        AwaitLanes();
        // To close the sender's ends wakes every model that still waits, whatever it waits in.
        Gate.End();
        foreach (var runner in _runners)
            runner.CloseWriters();
        foreach (var runner in _runners)
        {
            runner.Thread?.Join();
            runner.CloseReaders();
            runner.Dispose();
        }

        Ended = Gate.Now;
    }

    // While calls are held nobody is late.
    private void AwaitLanes()
    {
        long patience = _specification.Patience.Nanoseconds;
        long last = Gate.Now;
        foreach (var runner in _runners)
        {
            while (runner.Thread is { } thread && !thread.Join(TimeSpan.FromMilliseconds(20)) && !_stop.IsCancellationRequested && (Gate.IsHeld || Gate.Now - last < patience))
            {
            }
        }
    }

    // One lane's thread and its sockets.
    private sealed class Runner(IoLane lane, int number) : IDisposable
    {
        private readonly ManualResetEventSlim _begun = new();
        private int[] _readers = [];
        private string? _refused;

        public IoLane Lane => lane;

        public int[] Writers { get; private set; } = [];

        public Thread? Thread { get; set; }

        public void Open(int count, ref long room)
        {
            if (room < 2L * count)
            {
                _refused = $"there is no room for {count} socket pairs more; 'ulimit -n' tells how many descriptors a process may have";
                return;
            }

            room -= 2L * count;
            var error = Errno.None;
            (_readers, Writers) = (new int[count], new int[count]);
            for (int place = 0; place < _readers.Length && error == Errno.None; place++)
            {
                error = SocketPair.Open(out _readers[place], out Writers[place]);
                if (error != Errno.None)
                    (_readers, Writers) = (_readers[..place], Writers[..place]);
                // The sender's ends take none of the lowest numbers: those that select has bits for are few.
                else if (lane.Model == IoModel.Select)
                    Writers[place] = SocketPair.Raise(Writers[place], SelectModel.SetSize + count);
            }

            if (error == Errno.None)
                return;
            _refused = $"there is no room for {count} socket pairs more ({error.Name()}); 'ulimit -n' tells how many descriptors a process may have";
            CloseReaders();
            CloseWriters();
        }

        /// <summary>It has no thread.</summary>
        public void Refuse(string why)
        {
            Thread = null;
            lane.End(LaneState.Absent, why, 0, null);
            _begun.Set();
        }

        public void AwaitBeginning() => _begun.Wait();

        public void Dispose() => _begun.Dispose();

        public void CloseReaders() => Close(ref _readers);

        public void CloseWriters()
        {
            int[] writers = Writers;
            Close(ref writers);
            Writers = writers;
        }

        public void Run(RaceGate gate, SyscallCounter? counting, CountdownEvent prepared, ManualResetEventSlim begin)
        {
            PreciseSleep.TakeNoSlack();
            using var counter = counting?.CountThisThread();
            var model = ModelRun.Create(lane.Model);
            var reader = new LaneReader(lane, gate, number, _readers);
            string? absent = _refused ?? model.Refuses(_readers);
            absent ??= Attempt(() => model.Prepare(reader)) ?? reader.Fault;

            prepared.Signal();
            begin.Wait();
            if (absent is not null)
            {
                _ = Attempt(model.Undo);
                lane.End(LaneState.Absent, absent, gate.Now, null);
                _begun.Set();
                return;
            }

            reader.Begin();
            _begun.Set();
            if (Attempt(() => model.Read(reader)) is { } broken)
                reader.Fail(broken);
            lane.Use(reader.Usage);
            // Before the undoing, which makes calls, too.
            var counts = counter is null ? null : Counts(counter);
            long end = gate.Now;
            if (Attempt(model.Undo) is { } leftOver)
                reader.Fail(leftOver);
            lane.End(reader.Fault is null ? LaneState.Done : LaneState.Failed, reader.Fault, end, counts);
        }

        // A thread of glibc's that is left from an earlier race, and reads for this one, too, was not started by this lane: its calls were not counted.
        private List<CallCount>? Counts(SyscallCounter.ThreadCount counter)
        {
            var counts = counter.Read().Where(call => call.Count > 0).Select(call => new CallCount(call.Name, call.Count)).ToList();
            long reads = counts.Find(call => call.Name == "read").Count;
            return lane.Model == IoModel.Aio && reads < lane.Figures(0).Count(IoCall.AioRead) ? null : counts;
        }

        // What goes wrong on a lane's own thread is the lane's failure, not the program's end: no memory, no C library that has the function.
        private static string? Attempt(Action what)
        {
            try
            {
                what();
                return null;
            }
            catch (Exception wrong) when (wrong is OutOfMemoryException or InvalidOperationException or DllNotFoundException or EntryPointNotFoundException or IOException)
            {
                return wrong.Message.TrimEnd('.');
            }
        }

        private static void Close(ref int[] descriptors)
        {
            foreach (int descriptor in descriptors)
                _ = SocketCalls.Close(descriptor);
            descriptors = [];
        }
    }
}

/// <summary>How a race goes.</summary>
public enum RaceMode
{
    /// <summary>Each message comes at its time.</summary>
    Free,

    /// <summary>Each call waits to be let through.</summary>
    Stepwise,
}
