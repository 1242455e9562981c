using System.Globalization;
using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>
/// Counts the system calls of a thread by the kernel's own tracepoints, without tracing each: what <see cref="SyscallTraceSource"/> would lose in a flood
/// is counted to the last one. It needs tracefs, and therefore root.
/// </summary>
public sealed class SyscallCounter : IDisposable
{
    private readonly TracefsMount _mount;
    private readonly (string Name, uint Tracepoint)[] _calls;

    private SyscallCounter(TracefsMount mount, (string, uint)[] calls) => (_mount, _calls) = (mount, calls);

    /// <summary>Finds the tracepoints.</summary>
    /// <param name="names">The system calls by the kernel's names; those that this machine does not have are left out.</param>
    /// <param name="obstacle">Why not, when the answer is null.</param>
    public static SyscallCounter? Open(IEnumerable<string> names, out Obstacle? obstacle)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (TracefsMount.Open(out obstacle) is not { } mount)
            return null;
        var calls = new List<(string, uint)>();
        foreach (string name in names)
        {
            string file = $"{mount.Path}/events/syscalls/sys_enter_{name}/id";
            if (File.Exists(file) && uint.TryParse(File.ReadAllText(file).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out uint tracepoint))
                calls.Add((name, tracepoint));
        }

        if (calls.Count > 0)
            return new SyscallCounter(mount, [.. calls]);
        mount.Dispose();
        obstacle = new Obstacle("This kernel has no tracepoints for system calls (CONFIG_FTRACE_SYSCALLS).");
        return null;
    }

    /// <summary>Begins to count for the calling thread and those that it starts.</summary>
    /// <returns>Null when the kernel does not allow it.</returns>
    public ThreadCount? CountThisThread()
    {
        var counters = new List<(string, PerfCounter)>();
        foreach (var (name, tracepoint) in _calls)
        {
            if (PerfCounter.Open(tracepoint, out _) is { } counter)
            {
                counters.Add((name, counter));
                continue;
            }

            new ThreadCount(counters).Dispose();
            return null;
        }

        return new ThreadCount(counters);
    }

    /// <inheritdoc/>
    public void Dispose() => _mount.Dispose();

    /// <summary>The counters of one thread.</summary>
    public sealed class ThreadCount : IDisposable
    {
        private readonly List<(string Name, PerfCounter Counter)> _counters;

        internal ThreadCount(List<(string, PerfCounter)> counters) => _counters = counters;

        /// <summary>How often each call was made; in the order in which they were asked for.</summary>
        public IReadOnlyList<(string Name, long Count)> Read()
        {
            var counts = new (string, long)[_counters.Count];
            for (int index = 0; index < counts.Length; index++)
            {
                // Each counter is got by read(2): when that of read itself is asked, it has counted those before it and its own.
                long own = _counters[index].Name == "read" ? index + 1 : 0;
                counts[index] = (_counters[index].Name, _counters[index].Counter.Read() - own);
            }

            return counts;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            foreach (var (_, counter) in _counters)
                counter.Dispose();
        }
    }
}
