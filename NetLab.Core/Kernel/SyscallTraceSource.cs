using System.Globalization;
using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>
/// The socket calls of chosen processes and all their descendants, as the kernel's tracepoints syscalls:sys_enter_* and sys_exit_* tell them: each written twice
/// (<see cref="SyscallPhase.Entered"/>, <see cref="SyscallPhase.Returned"/>), observed, with the socket's addresses as the socket itself tells them.
/// </summary>
public sealed class SyscallTraceSource : IDisposable
{
    private const int KibibytesForAll = 32_768, FewestKibibytes = 1_024, MostKibibytes = 8_192;
    private const long LaneCapacity = 32 << 20;
    // No thread has this number; with it in the list nobody is followed, with an empty list everybody would be.
    private const int Nobody = 1_000_000_000;
    private readonly TraceInstance _instance;
    private readonly TraceReader _reader;
    private readonly SyscallSink _sink;

    private SyscallTraceSource(TraceInstance instance, TraceReader reader, SyscallSink sink) => (_instance, _reader, _sink) = (instance, reader, sink);

    /// <summary>How many events the kernel has lost because its buffers were full; each loss is also in the journal (<see cref="EventKind.Dropped"/>).</summary>
    public long Lost => _reader.LostEvents;

    /// <summary>Begins to trace; nobody is followed yet.</summary>
    /// <param name="journal">Where to.</param>
    /// <param name="obstacle">Why not, when the answer is null.</param>
    public static SyscallTraceSource? Start(Journal journal, out Obstacle? obstacle)
    {
        ArgumentNullException.ThrowIfNull(journal);
        TraceInstance.Sweep();
        int size = Math.Clamp(KibibytesForAll / Environment.ProcessorCount, FewestKibibytes, MostKibibytes);
        if (TraceInstance.Create(size, out obstacle) is not { } instance)
            return null;
        obstacle = instance.Follow(Nobody) ?? instance.Write("options/event-fork", "1");
        var table = obstacle is null ? SyscallEventTable.Enable(instance, journal.Names, out obstacle) : null;
        if (table is null)
        {
            instance.Dispose();
            return null;
        }

        var sink = new SyscallSink(journal.OpenWriter("syscalls", LaneCapacity), table);
        return new SyscallTraceSource(instance, new TraceReader(instance, sink, "netlab-syscalls"), sink);
    }

    /// <summary>Follows a process that runs, all its threads, and the children they make from now on.</summary>
    /// <returns>Null, or why not.</returns>
    public Obstacle? FollowProcess(int process)
    {
        var threads = new List<int>();
        using var directory = ProcessDirectory.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task"), threads);
        if (directory is null)
            return new Obstacle($"There is no process {process}.");
        foreach (int thread in threads)
        {
            if (FollowThread(thread) is { } obstacle)
                return obstacle;
        }

        return null;
    }

    /// <summary>Follows one thread (its id is the kernel's, gettid(2)), and the threads and children it makes from now on.</summary>
    /// <returns>Null, or why not.</returns>
    public Obstacle? FollowThread(int thread) => _instance.Follow(thread);

    /// <summary>Follows the calling thread.</summary>
    /// <returns>Null, or why not.</returns>
    public Obstacle? FollowCurrentThread() => FollowThread(PidFd.CurrentThread());

    /// <summary>
    /// Follows the programs that <paramref name="start"/> starts, from their first instruction on. It runs on a thread of its own, which is over when this returns;
    /// the thread's own calls are not written.
    /// </summary>
    /// <returns>Null, or why not; then nothing was started.</returns>
    public Obstacle? Launch(Action start)
    {
        ArgumentNullException.ThrowIfNull(start);
        Obstacle? obstacle = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            _sink.AddLauncher(PidFd.CurrentThread());
            obstacle = FollowCurrentThread();
            try
            {
                if (obstacle is null)
                    start();
            }
            catch (Exception error)
            {
                failure = error;
            }
        })
        { IsBackground = true, Name = "netlab-launch" };
        thread.Start();
        thread.Join();
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return obstacle;
    }

    /// <summary>Returns when every call that began or returned before the call is in the journal.</summary>
    public void Flush() => _reader.Flush();

    /// <summary>Writes what has happened so far, and removes everything from the kernel.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _instance.Dispose();
        _sink.Dispose();
    }
}
