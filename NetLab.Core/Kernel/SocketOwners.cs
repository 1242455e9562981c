using System.Globalization;
using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>
/// Which process has a socket open under which descriptor: an index over /proc/*/fd that is kept from sample to sample. Only sockets that were
/// never seen make it look again, and only at descriptors that it does not know; what it knows it checks a part at a time.
/// </summary>
internal sealed class SocketOwners(NameTable names)
{
    private const int ChecksARound = 256;
    private readonly Dictionary<ulong, Owner> _owners = [];
    private readonly Dictionary<int, HashSet<int>> _known = [];
    private readonly HashSet<ulong> _orphans = [];
    private readonly List<int> _processes = [];
    private readonly List<int> _descriptors = [];
    private readonly List<ulong> _stale = [];
    private readonly HashSet<ulong> _present = [];
    private readonly ProcessNames _processNames = new(names);
    private int _round;

    /// <summary>Fills in the owners of the rows.</summary>
    /// <param name="rows">The table.</param>
    /// <param name="now">The time now.</param>
    internal void Fill(Span<SocketRow> rows, Timestamp now)
    {
        Forget(rows);
        // Sockets without an owner (another user's, the kernel's own) are looked for again only now and then.
        if (_round++ % 16 == 0)
            _orphans.Clear();
        bool unknown = false;
        foreach (ref readonly var row in rows)
            unknown |= row.Detail.Inode != 0 && !_owners.ContainsKey(row.Detail.Inode) && !_orphans.Contains(row.Detail.Inode);
        if (unknown)
            Scan();
        foreach (ref var row in rows)
        {
            if (row.Detail.Inode == 0)
                continue;
            if (!_owners.TryGetValue(row.Detail.Inode, out var owner))
            {
                _orphans.Add(row.Detail.Inode);
                continue;
            }

            row.ProcessId = owner.ProcessId;
            row.Detail.Descriptor = owner.Descriptor;
            row.Process = _processNames.Find(owner.ProcessId, now).Name;
        }
    }

    // Drops what is known of sockets that are gone, of processes that have ended, and of descriptors that now lead elsewhere.
    private void Forget(ReadOnlySpan<SocketRow> rows)
    {
        _present.Clear();
        foreach (ref readonly var row in rows)
            _present.Add(row.Detail.Inode);
        _processes.Clear();
        ProcessDirectory.Open("/proc", _processes)?.Dispose();
        _processes.Sort();
        _stale.Clear();
        int part = 0, parts = Math.Max(1, _owners.Count / ChecksARound);
        foreach (var (inode, owner) in _owners)
        {
            bool check = part++ % parts == _round % parts;
            if (!_present.Contains(inode) || _processes.BinarySearch(owner.ProcessId) < 0 || (check && ProcessDirectory.ReadSocketLink(owner.ProcessId, owner.Descriptor) != inode))
                _stale.Add(inode);
        }

        foreach (ulong inode in _stale)
        {
            _owners.Remove(inode, out var owner);
            if (_known.TryGetValue(owner.ProcessId, out var descriptors))
            {
                descriptors.Remove(owner.Descriptor);
                if (descriptors.Count == 0)
                    _known.Remove(owner.ProcessId);
            }
        }
    }

    private void Scan()
    {
        foreach (int process in _processes)
        {
            _descriptors.Clear();
            using var directory = ProcessDirectory.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd"), _descriptors);
            if (directory is null)
                continue;
            _known.TryGetValue(process, out var known);
            foreach (int descriptor in _descriptors)
            {
                if (known?.Contains(descriptor) == true || ProcessDirectory.ReadSocketLink(directory, descriptor) is not (> 0 and var inode))
                    continue;
                if (!_present.Contains(inode) || !_owners.TryAdd(inode, new Owner(process, descriptor)))
                    continue;
                if (known is null)
                    _known[process] = known = [];
                known.Add(descriptor);
            }
        }
    }

    private readonly record struct Owner(int ProcessId, int Descriptor);
}
