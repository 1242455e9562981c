using System.Globalization;
using System.Text;
using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>
/// A set of ring buffers of NetLab's own in tracefs, with its own events, filters and clock: no other tracer notices it. The directory's name
/// holds the process that made it, so that what a killed run left behind can be told from what a living one uses.
/// </summary>
public sealed class TraceInstance : IDisposable
{
    private const string Prefix = "netlab-";
    private static int s_count;
    private readonly TracefsMount _mount;
    private readonly EventHandler _atExit;
    private readonly List<FileDescriptor> _open = [];
    private int _disposed;

    private TraceInstance(TracefsMount mount, string path)
    {
        (_mount, Path) = (mount, path);
        _atExit = (_, _) => Dispose();
        AppDomain.CurrentDomain.ProcessExit += _atExit;
    }

    /// <summary>The instance's directory.</summary>
    public string Path { get; }

    /// <summary>Called before the buffers are closed, also at the process's exit, so that nobody reads them then.</summary>
    internal Action? Closing { get; set; }

    /// <summary>Where the parts of its pages lie.</summary>
    internal TracePageLayout PageLayout { get; private init; }

    /// <summary>The CPUs that have a buffer.</summary>
    internal IReadOnlyList<int> Cpus { get; private init; } = [];

    /// <summary>Makes an instance that stamps by the monotonic clock and wakes its reader at the first event.</summary>
    /// <param name="kibibytesPerCpu">How large each CPU's buffer is.</param>
    /// <param name="obstacle">Why not, when the answer is null.</param>
    public static TraceInstance? Create(int kibibytesPerCpu, out Obstacle? obstacle)
    {
        if (TracefsMount.Open(out obstacle) is not { } mount)
            return null;
        string path = $"{mount.Path}/instances/{Prefix}{ProcessStart.Own.Text}-{Interlocked.Increment(ref s_count)}";
        int error = Mount.MakeDirectory(path);
        if (error != 0)
        {
            mount.Dispose();
            obstacle = KernelObstacle.From("The kernel gives no trace buffer of its own", error);
            return null;
        }

        var instance = new TraceInstance(mount, path)
        {
            PageLayout = TracePageLayout.Parse(ReadText(mount.Path + "/events/header_page") ?? ""),
            Cpus = [.. Directory.EnumerateDirectories(path + "/per_cpu").Select(directory => int.Parse(System.IO.Path.GetFileName(directory)[3..])).Order()],
        };
        // Not every kernel has buffer_percent (5.0 and later); without it the reader is woken when half a page is full.
        instance.Write("buffer_percent", "0");
        instance.Write("options/overwrite", "1");
        if ((instance.Write("trace_clock", "mono") ?? instance.Write("buffer_size_kb", kibibytesPerCpu.ToString(CultureInfo.InvariantCulture))) is { } failure)
        {
            instance.Dispose();
            obstacle = failure;
            return null;
        }

        return instance;
    }

    /// <summary>Removes the instances and mounts of NetLabs that run no more; those of living ones stay.</summary>
    /// <returns>How many instances were removed.</returns>
    public static int Sweep()
    {
        int swept = 0;
        using (var mount = TracefsMount.Open(out _))
        {
            if (mount is not null)
            {
                foreach (string path in Directory.EnumerateDirectories(mount.Path + "/instances", Prefix + "*"))
                {
                    bool leftOver = ProcessStart.TryParse(System.IO.Path.GetFileName(path).AsSpan(Prefix.Length), out var owner) && !owner.IsAlive;
                    // The kernel itself refuses (EBUSY) while a process, perhaps in another pid namespace, has its buffers open.
                    if (leftOver && Mount.RemoveDirectory(path) == 0)
                        swept++;
                }
            }
        }

        TracefsMount.Sweep();
        return swept;
    }

    /// <summary>Writes one of the instance's control files.</summary>
    /// <returns>Null, or what the kernel said against it.</returns>
    internal Obstacle? Write(string file, string text)
    {
        int error = FileDescriptor.WriteFile($"{Path}/{file}", Encoding.UTF8.GetBytes(text));
        return error switch
        {
            0 => null,
            2 => new Obstacle($"This kernel's trace has no \"{file}\"."),
            _ => KernelObstacle.From($"The kernel refused \"{text}\" for the trace's {file}", error),
        };
    }

    /// <summary>Adds a thread to those whose events are recorded.</summary>
    internal Obstacle? Follow(int thread)
    {
        int error = FileDescriptor.WriteFile(Path + "/set_event_pid", Encoding.UTF8.GetBytes(thread.ToString(CultureInfo.InvariantCulture)), flags: 0);
        return error == 0 ? null : KernelObstacle.From($"The kernel does not trace thread {thread}", error);
    }

    /// <summary>Where the fields of an event lie.</summary>
    /// <param name="name">"sock/inet_sock_set_state".</param>
    /// <returns>Null when this kernel does not have the event.</returns>
    internal EventFormat? Format(string name) => ReadText($"{Path}/events/{name}/format") is { } text ? EventFormat.Parse(text) : null;

    /// <summary>Switches an event on, with a filter that the kernel applies.</summary>
    internal Obstacle? Enable(string name, string? filter = null) =>
        (filter is null ? null : Write($"events/{name}/filter", filter)) ?? Write($"events/{name}/enable", "1");

    /// <summary>Opens a CPU's buffer; the instance closes it.</summary>
    internal FileDescriptor? OpenBuffer(int cpu)
    {
        var file = FileDescriptor.Open($"{Path}/per_cpu/cpu{cpu}/trace_pipe_raw", FileDescriptor.ReadOnly | FileDescriptor.NonBlocking, out _);
        if (file is not null)
            _open.Add(file);
        return file;
    }

    /// <summary>How many events a CPU's buffer has lost so far.</summary>
    internal long Lost(int cpu)
    {
        using var file = FileDescriptor.Open($"{Path}/per_cpu/cpu{cpu}/stats", FileDescriptor.ReadOnly, out _);
        Span<byte> text = stackalloc byte[1024];
        int length = file is null ? 0 : Math.Max(0, file.Read(text));
        return Count(text[..length], "overrun: "u8) + Count(text[..length], "dropped events: "u8);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        AppDomain.CurrentDomain.ProcessExit -= _atExit;
        Closing?.Invoke();
        foreach (var file in _open)
            file.Dispose();
        Mount.RemoveDirectory(Path);
        _mount.Dispose();
    }

    // "commit overrun" comes before its own line's end, so both "overrun" lines are summed.
    private static long Count(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        long sum = 0;
        while (text.IndexOf(key) is >= 0 and var at)
        {
            text = text[(at + key.Length)..];
            int digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            sum += System.Buffers.Text.Utf8Parser.TryParse(digits < 0 ? text : text[..digits], out long number, out _) ? number : 0;
        }

        return sum;
    }

    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
