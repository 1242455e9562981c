using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>What the table says of a socket.</summary>
internal enum TableAnswer
{
    /// <summary>Its addresses.</summary>
    Found,

    /// <summary>It has none, or is gone.</summary>
    Absent,

    /// <summary>The table was read too short a time ago, and is too large, to be read again.</summary>
    Later,

    /// <summary>There is no table that could say.</summary>
    Unknown,
}

/// <summary>
/// The addresses of sockets by their inodes, from the kernel's table (sock_diag(7)). A copy of a program's descriptor would keep its socket open while the program closes
/// it: the port would stay taken, and the FIN would be NetLab's. Reading the table holds nobody's socket. It is read once for all that was asked about one moment.
/// </summary>
internal sealed class SocketAddresses : IDisposable
{
    // Linux 6.8 began to tell of sockets that are bound and neither listen nor are connected.
    private static readonly Version s_tellsOfBound = new(6, 8);
    private readonly SocketRows _rows = new();
    private readonly Table[] _tables =
    [
        new(SocketKinds.Tcp, SocketFamilies.IPv4), new(SocketKinds.Tcp, SocketFamilies.IPv6),
        new(SocketKinds.Udp, SocketFamilies.IPv4), new(SocketKinds.Udp, SocketFamilies.IPv6),
    ];
    private SockDiag? _diag = Environment.OSVersion.Version >= s_tellsOfBound ? SockDiag.Open(out _) : null;

    /// <summary>Finds a socket's addresses.</summary>
    /// <param name="inode">The socket's inode.</param>
    /// <param name="kinds">What it is or may be; none for what is in no table.</param>
    /// <param name="families">Of which family it is or may be.</param>
    /// <param name="since">The moment that is asked about: a table that was read after it will do.</param>
    /// <param name="tuple">Its addresses, where they were found.</param>
    internal TableAnswer Find(ulong inode, SocketKinds kinds, SocketFamilies families, Timestamp since, out FourTuple tuple)
    {
        tuple = default;
        var answer = _diag is null || kinds == SocketKinds.None ? TableAnswer.Unknown : TableAnswer.Absent;
        if (answer == TableAnswer.Unknown)
            return answer;
        foreach (var table in _tables)
        {
            if ((table.Kind & kinds) == 0 || (table.Family & families) == 0)
                continue;
            if (table.Began <= since && !Read(table))
                answer = _diag is null ? TableAnswer.Unknown : TableAnswer.Later;
            else if (table.ByInode.TryGetValue(inode, out tuple))
                return TableAnswer.Found;
        }

        return answer;
    }

    public void Dispose() => _diag?.Dispose();

    private bool Read(Table table)
    {
        var now = KernelClock.Now;
        // A large table takes its time; the trace has to be read as well.
        if (_diag is null || now - table.Ended < table.Ended - table.Began)
            return false;
        _rows.Clear();
        if (_diag.Dump(table.Query, _rows) != 0)
        {
            _diag.Dispose();
            _diag = null;
            return false;
        }

        table.ByInode.Clear();
        foreach (ref readonly var row in _rows.Span)
        {
            if (row.Detail.Inode != 0)
                table.ByInode[row.Detail.Inode] = row.Tuple;
        }

        (table.Began, table.Ended) = (now, KernelClock.Now);
        return true;
    }

    private sealed class Table(SocketKinds kind, SocketFamilies family)
    {
        internal readonly SocketKinds Kind = kind;
        internal readonly SocketFamilies Family = family;
        internal readonly SocketQuery Query = new() { Kinds = kind, Families = family, Facts = SocketFacts.Plain };
        internal readonly Dictionary<ulong, FourTuple> ByInode = [];
        internal Timestamp Began;
        internal Timestamp Ended;
    }
}
