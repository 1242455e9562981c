using System.Runtime.InteropServices;
using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>What names a row of the socket table: a time-wait socket has no inode, a listener shares its port with its children.</summary>
/// <param name="Protocol">IPPROTO_TCP or IPPROTO_UDP.</param>
/// <param name="Tuple">Its addresses.</param>
/// <param name="Inode">Its inode.</param>
public readonly record struct SocketKey(byte Protocol, FourTuple Tuple, ulong Inode);

/// <summary>A row of the socket table, as last sampled.</summary>
public struct SocketEntry
{
    /// <summary>What names it.</summary>
    public SocketKey Key;

    /// <summary>Its owner's name.</summary>
    public NameId Process;

    /// <summary>Its owner.</summary>
    public int ProcessId;

    /// <summary>What the kernel says of it.</summary>
    public SocketDetail Detail;

    /// <summary>When it was sampled last.</summary>
    public Timestamp Sampled;

    /// <summary>When it was seen first.</summary>
    public Timestamp Appeared;

    /// <summary>When it was found gone; <see cref="Timestamp.MaxValue"/> while it is there.</summary>
    public Timestamp Gone;

    /// <summary>What is left of its timer at <paramref name="now"/>; zero when it is due.</summary>
    public readonly Duration TimerRemaining(Timestamp now)
    {
        var left = Detail.TimerRemaining - (now - Sampled);
        return left > Duration.Zero ? left : Duration.Zero;
    }
}

/// <summary>The socket table as it was sampled last, in the order in which the sockets were first seen. Gone rows linger a moment.</summary>
public sealed class SocketsView
{
    private readonly List<SocketEntry> _rows = [];
    private readonly Dictionary<SocketKey, int> _places = [];
    private readonly Dictionary<(byte Protocol, FourTuple Tuple), int> _newest = [];
    private Timestamp? _first;

    /// <summary>How long a gone row is still shown: 2 s.</summary>
    public static Duration Linger => Duration.FromSeconds(2);

    /// <summary>How long a new row is lit: 1 s.</summary>
    public static Duration Fresh => Duration.FromSeconds(1);

    /// <summary>When the newest row was seen first; what the first sample of all told of is not new.</summary>
    public Timestamp Newest { get; private set; }

    /// <summary>Counts what was taken in: rows that were chosen or sorted before are to be chosen again when it differs.</summary>
    public long Version { get; private set; }

    /// <summary>Whether a row has come so lately that it is lit.</summary>
    public bool IsFresh(in SocketEntry row, Timestamp now) => row.Gone == Timestamp.MaxValue && row.Appeared != _first && now - row.Appeared < Fresh;

    /// <summary>The rows.</summary>
    public ReadOnlySpan<SocketEntry> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>How many sockets there are, the lingering not counted.</summary>
    public int Count { get; private set; }

    /// <summary>Takes in an event of kind socket.</summary>
    public void Fold(in LabEvent entry)
    {
        Version++;
        _first ??= entry.Time;
        var key = new SocketKey(entry.Detail.Socket.Protocol, entry.Tuple, entry.Detail.Socket.Inode);
        if (!_places.TryGetValue(key, out int place) && !(entry.Detail.Socket.Change == RowChange.Changed && IsRenamed(key, out place)))
        {
            if (entry.Detail.Socket.Change == RowChange.Gone)
                return;
            place = _rows.Count;
            _places.Add(key, place);
            _newest[(key.Protocol, key.Tuple)] = place;
            _rows.Add(new SocketEntry { Key = key, Appeared = entry.Time, Gone = Timestamp.MaxValue });
            Count++;
            Newest = entry.Time == _first ? Newest : entry.Time;
        }

        ref var row = ref CollectionsMarshal.AsSpan(_rows)[place];
        if (entry.Detail.Socket.Change == RowChange.Gone)
        {
            if (row.Gone == Timestamp.MaxValue)
                Count--;
            row.Gone = entry.Time;
            return;
        }

        if (row.Gone != Timestamp.MaxValue)
        {
            Count++;
            (row.Gone, row.Appeared, Newest) = (Timestamp.MaxValue, entry.Time, entry.Time);
        }

        row.Detail = entry.Detail.Socket;
        row.Sampled = entry.Time;
        (row.Process, row.ProcessId) = (entry.Process, entry.ProcessId);
    }

    /// <summary>Lets the rows go that have been gone long enough.</summary>
    /// <returns>Whether a row went.</returns>
    public bool Advance(Timestamp now)
    {
        if (_rows.Count == Count)
            return false;
        int before = _rows.Count;
        _rows.RemoveAll(row => row.Gone != Timestamp.MaxValue && now - row.Gone > Linger);
        if (_rows.Count == before)
            return false;
        Version++;
        _places.Clear();
        _newest.Clear();
        for (int place = 0; place < _rows.Count; place++)
        {
            var key = _rows[place].Key;
            _places[key] = place;
            _newest[(key.Protocol, key.Tuple)] = place;
        }

        return true;
    }

    // A connection gets its inode when it is accepted, and loses it when it is closed: the same socket under another key.
    private bool IsRenamed(SocketKey key, out int place)
    {
        if (!_newest.TryGetValue((key.Protocol, key.Tuple), out place))
            return false;
        ref var row = ref CollectionsMarshal.AsSpan(_rows)[place];
        if (row.Gone != Timestamp.MaxValue || (row.Key.Inode != 0 && key.Inode != 0))
            return false;
        _places.Remove(row.Key);
        _places.Add(key, place);
        row.Key = key;
        return true;
    }

    /// <summary>Forgets every row.</summary>
    public void Clear()
    {
        _rows.Clear();
        _places.Clear();
        _newest.Clear();
        (Count, _first) = (0, null);
        Version++;
    }

    /// <summary>The state as the table names it: a UDP socket has none.</summary>
    public static string StateName(in SocketDetail detail) =>
        detail.Protocol == 6 ? detail.State.Name() : detail.State == TcpState.Established ? "CONNECTED" : "UNCONNECTED";
}
