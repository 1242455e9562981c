using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>What the trace knows of a process that it follows: which of its descriptors are sockets, and their addresses.</summary>
internal sealed class TracedProcess(int id, HeldEvents held) : IDisposable
{
    private const int MostDescriptors = 65_536;
    private readonly Dictionary<int, TracedDescriptor> _descriptors = [];
    private const int StandardError = 2;
    private bool _sawAll;
    private PidFd? _process;
    private bool _asked;

    internal int Id => id;

    /// <summary>What is known of a descriptor; what was never seen to be opened is asked of /proc.</summary>
    internal TracedDescriptor Find(int descriptor)
    {
        // Asking /proc of a descriptor whose opening was seen could answer for what has its number by now.
        if (_descriptors.TryGetValue(descriptor, out var known) || (_sawAll && descriptor > StandardError))
            return known;
        return Set(descriptor, new TracedDescriptor { IsSocket = descriptor >= 0 && ProcessDirectory.ReadSocketLink(id, descriptor) != 0, Serial = held.NextSerial() });
    }

    /// <summary>A new socket under a descriptor.</summary>
    internal TracedDescriptor Open(int descriptor) => Set(descriptor, new TracedDescriptor { IsSocket = true, Serial = held.NextSerial() });

    internal TracedDescriptor Set(int descriptor, in TracedDescriptor value)
    {
        if (_descriptors.Count >= MostDescriptors)
            _descriptors.Clear();
        _descriptors[descriptor] = value;
        return value;
    }

    internal void Forget(int descriptor) => _descriptors.Remove(descriptor);

    /// <summary>A program begins: what was marked close-on-exec is gone, and every socket from here on is seen to be opened.</summary>
    internal void Execute()
    {
        _sawAll = true;
        foreach (var (descriptor, known) in _descriptors)
        {
            if (!known.IsSocket || ProcessDirectory.ReadSocketLink(id, descriptor) == 0)
                _descriptors.Remove(descriptor);
        }
    }

    /// <summary>The addresses of a socket, asked of the socket itself if they are not known.</summary>
    internal TracedDescriptor FindAddressed(int descriptor)
    {
        var known = Find(descriptor);
        if (!known.IsSocket || known.IsAddressed || known.IsOtherFamily)
            return known;
        if (!_asked)
            (_asked, _process) = (true, PidFd.Open(id));
        // A close that began after this moment closed the socket that is asked here. While NetLab holds its copy the close is not the last one, and
        // the change of state that it causes comes in NetLab's own thread.
        known.LookedUp = KernelClock.Now;
        bool answered = _process is not null && _process.TryGetTuple(descriptor, out known.Tuple);
        known.IsOtherFamily = !answered;
        known.IsAddressed = true;
        held.Hold(answered);
        return Set(descriptor, known);
    }

    /// <summary>A child has copies of all descriptors.</summary>
    internal TracedProcess Fork(int child)
    {
        var process = new TracedProcess(child, held) { _sawAll = _sawAll };
        foreach (var (descriptor, known) in _descriptors)
            process._descriptors[descriptor] = known;
        return process;
    }

    public void Dispose() => _process?.Dispose();
}

/// <summary>A descriptor of a traced process.</summary>
internal struct TracedDescriptor
{
    /// <summary>Whether it is a socket.</summary>
    internal bool IsSocket;

    /// <summary>Whether <see cref="Tuple"/> was asked for since it last could change.</summary>
    internal bool IsAddressed;

    /// <summary>Whether it has no internet addresses to ask for, or is gone.</summary>
    internal bool IsOtherFamily;

    /// <summary>Its address in the kernel, where a change of state told it; else 0.</summary>
    internal ulong Socket;

    /// <summary>Tells it from what had the same number before.</summary>
    internal long Serial;

    /// <summary>When it was begun to ask for its addresses.</summary>
    internal Timestamp LookedUp;

    /// <summary>Its addresses; unknown where it has none yet.</summary>
    internal FourTuple Tuple;
}
