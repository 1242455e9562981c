using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>What the trace knows of a process that it follows: which of its descriptors are sockets, and their addresses.</summary>
internal sealed class TracedProcess(int id, HeldEvents held, SocketAddresses addresses) : IDisposable
{
    private const int MostDescriptors = 65_536;
    private readonly Dictionary<int, TracedDescriptor> _descriptors = [];
    private const int StandardError = 2;
    private bool _sawAll;
    private PidFd? _process;
    private bool _asked;
    private bool? _isHere;
    private bool _isOver;

    internal int Id => id;

    /// <summary>What is known of a descriptor; what was never seen to be opened is asked of /proc.</summary>
    internal TracedDescriptor Find(int descriptor)
    {
        // Asking /proc of a descriptor whose opening was seen could answer for what has its number by now.
        if (_descriptors.TryGetValue(descriptor, out var known) || (_sawAll && descriptor > StandardError))
            return known;
        bool isSocket = descriptor >= 0 && ProcessDirectory.ReadSocketLink(id, descriptor) != 0;
        return Set(descriptor, new TracedDescriptor { IsSocket = isSocket, Serial = held.NextSerial(), Kinds = SocketKinds.All, Families = SocketFamilies.All, MayBeOther = true });
    }

    /// <summary>A new socket under a descriptor, by the arguments of socket(2): it has no addresses yet.</summary>
    internal TracedDescriptor Open(int descriptor, in SyscallArguments arguments)
    {
        const int inet = 2, inet6 = 10, stream = 1, datagram = 2, tcp = 6, udp = 17;
        int family = (int)arguments[0], type = (int)arguments[1] & 0xF, protocol = (int)arguments[2];
        var any = new Endpoint(family == inet ? IpAddress.AnyIPv4 : default, 0);
        return Set(descriptor, new TracedDescriptor
        {
            IsSocket = true,
            Serial = held.NextSerial(),
            Kinds = type == stream && protocol is 0 or tcp ? SocketKinds.Tcp : type == datagram && protocol is 0 or udp ? SocketKinds.Udp : SocketKinds.None,
            Families = family == inet ? SocketFamilies.IPv4 : SocketFamilies.IPv6,
            IsOtherFamily = family is not (inet or inet6),
            IsAddressed = true,
            Tuple = new FourTuple(any, any),
        });
    }

    /// <summary>A new socket of which only is known that it is of a listener's kind.</summary>
    internal TracedDescriptor Open(int descriptor, in TracedDescriptor listener) => Set(descriptor, new TracedDescriptor
    {
        IsSocket = true,
        Serial = held.NextSerial(),
        Kinds = listener.IsSocket ? listener.Kinds : SocketKinds.All,
        Families = listener.IsSocket ? listener.Families : SocketFamilies.All,
        MayBeOther = !listener.IsSocket || listener.MayBeOther,
        IsOtherFamily = listener.IsOtherFamily,
    });

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
        (_sawAll, _isHere) = (true, null);
        foreach (var (descriptor, known) in _descriptors)
        {
            if (!known.IsSocket || ProcessDirectory.ReadSocketLink(id, descriptor) == 0)
                _descriptors.Remove(descriptor);
        }
    }

    /// <summary>What is known of a descriptor; if its addresses are not, they are asked for by and by.</summary>
    internal TracedDescriptor FindAddressed(int descriptor)
    {
        var known = Find(descriptor);
        if (known.IsSocket && !known.IsAddressed && !known.IsOtherFamily)
            held.Ask(this, descriptor, known.Serial);
        return known;
    }

    /// <summary>Asks the kernel for the addresses of a socket, if it still is under its descriptor as far as the trace has been read.</summary>
    /// <param name="descriptor">Which.</param>
    /// <param name="serial">The socket that is meant.</param>
    /// <param name="since">Up to when the trace has been read.</param>
    internal void Ask(int descriptor, long serial, Timestamp since)
    {
        if (_isOver || !_descriptors.TryGetValue(descriptor, out var known) || known.Serial != serial || known.IsAddressed || known.IsOtherFamily)
            return;
        // A close that began after this moment closed the socket that is asked here.
        known.LookedUp = KernelClock.Now;
        ulong inode = ProcessDirectory.ReadSocketLink(id, descriptor);
        _isHere ??= ProcessDirectory.ReadNetworkNamespace(id) == ProcessDirectory.ReadNetworkNamespace(Environment.ProcessId);
        FourTuple tuple = default;
        var answer = inode == 0 ? TableAnswer.Absent
            : _isHere == true ? addresses.Find(inode, known.Kinds, known.Families, since, out tuple) : TableAnswer.Unknown;
        if (answer == TableAnswer.Later)
            return;
        if (inode != 0 && (answer == TableAnswer.Unknown || (answer == TableAnswer.Absent && known.MayBeOther)))
            answer = AskCopy(descriptor, out tuple);
        (known.IsAddressed, known.IsOtherFamily) = (true, answer != TableAnswer.Found && (inode == 0 || known.MayBeOther));
        held.Hold(answer == TableAnswer.Found);
        // While a connection is being made the socket does not yet tell its peer, but the change of state has told it.
        if (answer == TableAnswer.Found)
            known.Tuple = tuple.Remote.Port == 0 && known.Tuple.Remote.Port != 0 ? new FourTuple(tuple.Local, known.Tuple.Remote) : tuple;
        Set(descriptor, known);
        if (answer == TableAnswer.Found)
            held.Learn(serial, known.Socket, known.Tuple);
    }

    // For what is in no table that NetLab may read: raw sockets, MPTCP, another network namespace, older kernels. While NetLab has its copy, the program's close is
    // not the last one.
    private TableAnswer AskCopy(int descriptor, out FourTuple tuple)
    {
        if (!_asked)
            (_asked, _process) = (true, PidFd.Open(id));
        tuple = default;
        return _process is not null && _process.TryGetTuple(descriptor, out tuple) ? TableAnswer.Found : TableAnswer.Absent;
    }

    /// <summary>A child has copies of all descriptors.</summary>
    internal TracedProcess Fork(int child)
    {
        var process = new TracedProcess(child, held, addresses) { _sawAll = _sawAll };
        foreach (var (descriptor, known) in _descriptors)
            process._descriptors[descriptor] = known;
        return process;
    }

    public void Dispose()
    {
        _isOver = true;
        _process?.Dispose();
    }
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

    /// <summary>In which tables it may be; none for one that is in no table.</summary>
    internal SocketKinds Kinds;

    /// <summary>Of which families it may be.</summary>
    internal SocketFamilies Families;

    /// <summary>Whether it was open before, so that it may be something that no table has.</summary>
    internal bool MayBeOther;

    /// <summary>Its address in the kernel, where a change of state told it; else 0.</summary>
    internal ulong Socket;

    /// <summary>Tells it from what had the same number before.</summary>
    internal long Serial;

    /// <summary>When it was begun to ask for its addresses.</summary>
    internal Timestamp LookedUp;

    /// <summary>Its addresses; unknown where it has none yet.</summary>
    internal FourTuple Tuple;
}
