using NetLab.Core.Packets;
using NetLab.Core.Tcp;
using NetLab.Core.Views;

namespace NetLab.Core.Session;

/// <summary>
/// The connections of a capture file, with the states of their ends as the packets tell them: all of them are inferred. A thread of its own reads the
/// file once, behind its index.
/// </summary>
public sealed class FileConnections : IDisposable
{
    // A file's packets lie in no lane of a journal.
    private const int FileLane = -1;

    // Between two of them who draws gets in.
    private const int PacketsAPiece = 2_048;

    private readonly CaptureFileLog _log;
    private readonly IPacketLog _reader;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private long _examined;
    private volatile bool _isDone;

    /// <summary>Begins to read a file.</summary>
    /// <param name="log">The file; it is its opener's.</param>
    public FileConnections(CaptureFileLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        (_log, _reader) = (log, log.OpenReader());
        View.Sources(trace: false, packets: true);
        _thread = new Thread(Run) { IsBackground = true, Name = "netlab-states" };
        _thread.Start();
    }

    /// <summary>Held by who reads <see cref="View"/> or <see cref="End"/>: the file is still being read.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The connections.</summary>
    public ConnectionsView View { get; } = new();

    /// <summary>The time of the last packet that was read.</summary>
    public Timestamp End { get; private set; }

    /// <summary>Whether the whole file was read.</summary>
    public bool IsDone => _isDone;

    /// <summary>How much of what is indexed was read, from 0 to 1.</summary>
    public double Progress => _isDone ? 1 : _log.Progress * Volatile.Read(ref _examined) / Math.Max(1, _log.End);

    /// <summary>Names the packet at a place of the file, for a <see cref="Moment"/>.</summary>
    public static EventReference ReferenceOf(long place) => new(FileLane, place);

    /// <summary>The place of a packet that <see cref="ReferenceOf"/> named; null for one of a journal.</summary>
    public static long? PlaceOf(EventReference packet) => packet.Lane == FileLane ? packet.Serial : null;

    /// <summary>Waits until the whole file was read.</summary>
    public void Wait() => _thread.Join();

    /// <summary>Gives up; returns when the thread has ended.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsSet)
        {
            bool wasIndexed = _log.IsIndexed;
            long end = Math.Min(_reader.End, _examined + PacketsAPiece);
            if (_examined < end)
                Fold(end);
            else if (wasIndexed)
                break;
            else
                _stop.Wait(10); // the index comes after
        }

        _isDone = true;
    }

    private void Fold(long end)
    {
        lock (Gate)
        {
            for (long place = _examined; place < end; place++)
            {
                if (!_reader.TryGet(place, out var frame))
                    continue;
                End = frame.Time > End ? frame.Time : End;
                if (PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers) && headers.IsTcp)
                    View.Fold(new LabEvent { Kind = EventKind.Packet, Time = frame.Time }, ReferenceOf(place), TcpSegment.Of(headers));
            }

            View.Advance(End);
            Volatile.Write(ref _examined, end);
        }
    }
}
