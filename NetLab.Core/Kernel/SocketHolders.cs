using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>
/// Who has which socket open, and under which descriptor, as /proc/*/fd says at one moment: every holder of each, in order of process and descriptor.
/// For a command that looks once; what looks again and again keeps an index (<see cref="SocketTable"/>). It grows to the largest moment and is then used again.
/// </summary>
public sealed class SocketHolders
{
    private const int None = -1;
    private readonly List<int> _processes = [];
    private readonly List<int> _descriptors = [];
    private readonly byte[] _comm = new byte[512];
    private int[] _buckets = NewBuckets(64);
    private Holder[] _holders = new Holder[64];
    private ProcessEntry[] _entries = new ProcessEntry[64];
    private byte[] _names = new byte[1024];
    private int _count, _entryCount, _namesLength;

    /// <summary>How many descriptors hold a socket of any kind.</summary>
    public int Count => _count;

    /// <summary>How many processes' descriptors this user may not see.</summary>
    public int Hidden { get; private set; }

    /// <summary>The first holder of a socket; to be followed by <see cref="Next"/>.</summary>
    /// <param name="inode">The socket's inode.</param>
    /// <returns>Its place, or -1 where none is known.</returns>
    public int First(ulong inode)
    {
        if (inode == 0)
            return None;
        int place = _buckets[Bucket(inode)];
        while (place != None && _holders[place].Inode != inode)
            place = _holders[place].Next;
        return place;
    }

    /// <summary>The next holder of the same socket, or -1.</summary>
    public int Next(int place)
    {
        ulong inode = _holders[place].Inode;
        do
            place = _holders[place].Next;
        while (place != None && _holders[place].Inode != inode);
        return place;
    }

    /// <summary>The descriptor at a place.</summary>
    public int Descriptor(int place) => _holders[place].Descriptor;

    /// <summary>The process at a place.</summary>
    public int ProcessId(int place) => _entries[_holders[place].Process].Id;

    /// <summary>The user as whom that process runs.</summary>
    public uint UserId(int place) => Named(place).UserId;

    /// <summary>That process's name as the kernel has it: any bytes but line feeds; empty when it has ended meanwhile.</summary>
    public ReadOnlySpan<byte> Name(int place)
    {
        ref readonly var entry = ref Named(place);
        return _names.AsSpan(entry.NameStart, entry.NameLength);
    }

    /// <summary>Looks at every process anew.</summary>
    public void Refresh()
    {
        Clear();
        _processes.Clear();
        ProcessDirectory.Open("/proc", _processes)?.Dispose();
        // Each holder goes before the ones of its socket that are there already, so one looks from the last to the first.
        _processes.Sort();
        for (int process = _processes.Count - 1; process >= 0; process--)
            Look(_processes[process]);
    }

    /// <summary>Forgets everybody.</summary>
    internal void Clear()
    {
        (_count, _entryCount, _namesLength, Hidden) = (0, 0, 0, 0);
        Array.Fill(_buckets, None);
    }

    /// <summary>A process of which descriptors follow; its name and user are asked of /proc when they are needed.</summary>
    internal void AddProcess(int id)
    {
        if (_entryCount == _entries.Length)
            Array.Resize(ref _entries, _entryCount * 2);
        _entries[_entryCount++] = new ProcessEntry { Id = id };
    }

    /// <summary>Says the newest process's name and user.</summary>
    internal void Describe(ReadOnlySpan<byte> name, uint user) => Describe(ref _entries[_entryCount - 1], name, user);

    /// <summary>A descriptor of the newest process.</summary>
    internal void Add(ulong inode, int descriptor)
    {
        if (_count == _holders.Length)
            Grow();
        ref int bucket = ref _buckets[Bucket(inode)];
        _holders[_count] = new Holder { Inode = inode, Descriptor = descriptor, Process = _entryCount - 1, Next = bucket };
        bucket = _count++;
    }

    private void Look(int process)
    {
        _descriptors.Clear();
        using var directory = ProcessDirectory.Open($"/proc/{process}/fd", _descriptors, out int error);
        if (directory is null)
        {
            Hidden += error is Forbidden or NotPermitted ? 1 : 0;
            return;
        }

        _descriptors.Sort();
        bool isKnown = false;
        for (int index = _descriptors.Count - 1; index >= 0; index--)
        {
            if (ProcessDirectory.ReadSocketLink(directory, _descriptors[index]) is not (> 0 and var inode))
                continue;
            if (!isKnown)
                AddProcess(process);
            isKnown = true;
            Add(inode, _descriptors[index]);
        }
    }

    private ref readonly ProcessEntry Named(int place)
    {
        ref var entry = ref _entries[_holders[place].Process];
        if (entry.IsDescribed)
            return ref entry;
        int length = ProcessStatus.Read(entry.Id, _comm, out uint user);
        Describe(ref entry, _comm.AsSpan(0, length), user);
        return ref entry;
    }

    private void Describe(ref ProcessEntry entry, ReadOnlySpan<byte> name, uint user)
    {
        if (_names.Length - _namesLength < name.Length)
            Array.Resize(ref _names, Math.Max(_names.Length * 2, _namesLength + name.Length));
        name.CopyTo(_names.AsSpan(_namesLength));
        (entry.NameStart, entry.NameLength, entry.UserId, entry.IsDescribed) = (_namesLength, name.Length, user, true);
        _namesLength += name.Length;
    }

    private void Grow()
    {
        Array.Resize(ref _holders, _count * 2);
        _buckets = NewBuckets(_holders.Length);
        for (int place = 0; place < _count; place++)
        {
            ref int bucket = ref _buckets[Bucket(_holders[place].Inode)];
            _holders[place].Next = bucket;
            bucket = place;
        }
    }

    // Inodes are given one after the other, so their lowest bits spread well.
    private int Bucket(ulong inode) => (int)(inode & (ulong)(_buckets.Length - 1));

    private static int[] NewBuckets(int count)
    {
        int[] buckets = new int[count];
        Array.Fill(buckets, None);
        return buckets;
    }

    private const int NotPermitted = 1, Forbidden = 13;

    private struct Holder
    {
        internal ulong Inode;
        internal int Descriptor;
        internal int Process;
        internal int Next;
    }

    private struct ProcessEntry
    {
        internal int Id;
        internal int NameStart;
        internal int NameLength;
        internal uint UserId;
        internal bool IsDescribed;
    }
}
