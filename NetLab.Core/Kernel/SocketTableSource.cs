using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>
/// Writes what changes in the socket table into the journal, sample by sample: <see cref="EventKind.Socket"/>, sampled. What lives shorter than the interval
/// may be missed.
/// </summary>
public sealed class SocketTableSource : IDisposable
{
    private const int LongestMilliseconds = 2_000, EagerSamples = 8;
    private readonly SocketTable _table;
    private readonly JournalWriter _writer;
    private readonly int _milliseconds;
    private readonly SamplingPace _pace;
    private readonly FileDescriptor _wake = FileDescriptor.OpenEvent();
    private readonly Thread _thread;
    private readonly SocketRows[] _samples = [new(), new()];
    private readonly Dictionary<ulong, int>[] _indexes = [[], []];
    private readonly Lock _gate = new();
    private int _current;
    private long _written;
    private volatile bool _stopping;

    private SocketTableSource(SocketTable table, JournalWriter writer, Duration interval, SamplingPace pace)
    {
        (_table, _writer, _pace) = (table, writer, pace);
        _milliseconds = (int)Math.Clamp(interval.Nanoseconds / 1_000_000, 1, 3_600_000);
        _thread = new Thread(Run) { IsBackground = true, Name = "netlab-sockets" };
    }

    /// <summary>How often the table is sampled when the caller names no interval: every 250 ms.</summary>
    public static Duration DefaultInterval => Duration.FromMilliseconds(250);

    /// <summary>Why the table says less than it could; null when nothing is missing.</summary>
    public Obstacle? Obstacle => _table.Obstacle;

    /// <summary>Begins to sample; the first sample's rows are all <see cref="RowChange.Appeared"/>. While nothing changes it samples less often, down to every 2 s.</summary>
    /// <param name="journal">Where to.</param>
    /// <param name="kinds">Which protocols.</param>
    /// <param name="ports">Which ports.</param>
    /// <param name="interval">How often.</param>
    public static SocketTableSource Start(Journal journal, SocketKinds kinds, PortFilter ports, Duration interval) =>
        Start(journal, new SocketQuery { Kinds = kinds, Ports = ports }, interval);

    /// <summary>The same for any query, at either pace.</summary>
    /// <param name="journal">Where to.</param>
    /// <param name="query">Which sockets.</param>
    /// <param name="interval">How often.</param>
    /// <param name="pace">Whether it goes slower while nothing changes.</param>
    public static SocketTableSource Start(Journal journal, SocketQuery query, Duration interval, SamplingPace pace = SamplingPace.Easing)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var source = new SocketTableSource(new SocketTable(journal.Names, query), journal.OpenWriter("sockets"), interval, pace);
        source._thread.Start();
        return source;
    }

    /// <summary>Samples now, on the caller's thread; when it returns, the sample is in the journal.</summary>
    public void Sample()
    {
        lock (_gate)
        {
            if (_stopping)
                return;
            _table.Refresh();
            WriteChanges();
        }
    }

    /// <summary>Samples often again: something is about to happen.</summary>
    public void Hurry() => _wake.Signal();

    /// <summary>Takes no further sample.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wake.Signal();
        _thread.Join();
        lock (_gate)
            _table.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        FileDescriptor.Watch[] watches = [new(_wake.Number)];
        int wait = _milliseconds, eager = EagerSamples;
        while (!_stopping)
        {
            long before = Volatile.Read(ref _written);
            long began = Environment.TickCount64;
            Sample();
            // A table so large that reading it takes as long as the interval would else keep a core busy.
            int rest = (int)Math.Min(3 * (Environment.TickCount64 - began), LongestMilliseconds);
            // On a machine on which nothing happens looking often is for nothing.
            eager = _pace == SamplingPace.Steady || Volatile.Read(ref _written) != before ? EagerSamples : eager - 1;
            wait = eager > 0 ? _milliseconds : Math.Min(wait * 2, Math.Max(_milliseconds, LongestMilliseconds));
            if (FileDescriptor.Wait(watches, Math.Max(wait, rest)) == 0)
                continue;
            _wake.Unsignal();
            eager = EagerSamples;
        }
    }

    private void WriteChanges()
    {
        var (before, known) = (_samples[_current], _indexes[_current]);
        _current ^= 1;
        var (after, index) = (_samples[_current], _indexes[_current]);
        after.Clear();
        index.Clear();
        foreach (ref readonly var row in _table.Rows)
        {
            if (!index.TryAdd(row.Key, after.Count))
                continue; // a socket that moved within the table while it was read
            after.Add() = row;
            if (!known.Remove(row.Key, out int place))
                Write(row, RowChange.Appeared);
            else if (row.DiffersFrom(before.Span[place]))
                Write(row, RowChange.Changed);
        }

        foreach (int place in known.Values)
            Write(before.Span[place], RowChange.Gone);
    }

    private void Write(in SocketRow row, RowChange change)
    {
        var entry = new LabEvent
        {
            Time = _table.Time,
            Kind = EventKind.Socket,
            Provenance = Provenance.Sampled,
            Process = row.Process,
            ProcessId = row.ProcessId,
            Tuple = row.Tuple,
        };
        entry.Detail.Socket = row.Detail;
        entry.Detail.Socket.Change = change;
        _writer.Append(entry);
        Volatile.Write(ref _written, _written + 1);
    }
}

/// <summary>How often the socket table is sampled while nothing in it changes.</summary>
public enum SamplingPace
{
    /// <summary>Ever less often, down to every 2 s.</summary>
    Easing,

    /// <summary>As often as ever: where the table alone tells the states, what changes next is not to be missed.</summary>
    Steady,
}
