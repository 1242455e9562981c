using System.Collections.Concurrent;
using NetLab.Core;
using NetLab.Core.Peers;
using NetLab.Core.Session;
using NetLab.Core.Views;

namespace NetLab.Tui.Commands;

/// <summary>
/// Shows one connection as it happens: its bytes both ways and its states, in order of time. A line waits a moment for its turn, because the kernel's word of a state comes
/// a little later than the bytes.
/// </summary>
internal sealed class ConnectTimeline : IPeerLog, IDisposable
{
    private const int MostHeld = 4096;
    private static readonly Duration s_lag = Duration.FromMilliseconds(60);
    private readonly CommandContext _context;
    private readonly TimelineForm _form;
    private readonly StateWatch _watch;
    private readonly Journal _journal = new();
    private readonly JournalReader _reader;
    private readonly ConnectLines _lines;
    private readonly ConcurrentQueue<PeerLogEntry> _log = new();
    private readonly AutoResetEvent _changed = new(false);
    private readonly PriorityQueue<Action, (Timestamp Time, long Order)> _held = new();
    private readonly NameId _process;
    private byte[] _buffer = [];
    private long _order, _missed;
    private FourTuple _tuple;

    /// <summary>A timeline of a connection to a port, before it begins.</summary>
    public ConnectTimeline(CommandContext context, ushort port, TimelineForm form, ByteForm bytes)
    {
        (_context, _form, _watch) = (context, form, new StateWatch([port]));
        // The kernel would name the thread.
        _process = _watch.Journal.Names.Intern("netlab");
        _reader = _journal.OpenReader();
        _journal.Changed = () => _changed.Set();
        _watch.Changed = Hold;
        _lines = new ConnectLines(context.Output, Paint.For(context), bytes, context.Clock());
        Recorder = new PeerRecorder(_journal, context.Clock);
        if (form == TimelineForm.Text && _watch.Provenance != Provenance.Observed)
            context.Error.WriteLine($"netlab: The states are {_watch.Provenance.Name()}; as root they are the kernel's own.");
    }

    /// <summary>Where the client's bytes go.</summary>
    public PeerRecorder Recorder { get; }

    /// <inheritdoc/>
    public void Write(in PeerLogEntry entry)
    {
        _log.Enqueue(entry);
        _changed.Set();
    }

    /// <summary>Waits for something to print.</summary>
    /// <returns>Whether it was interrupted.</returns>
    public bool Wait(int milliseconds, CancellationToken interrupt) =>
        WaitHandle.WaitAny([_changed, interrupt.WaitHandle], milliseconds) == 1;

    /// <summary>Prints what is old enough.</summary>
    public void Print(Timestamp now, StreamClient client)
    {
        _tuple = client.Tuple;
        _watch.Update(now);
        Take();
        while (_held.TryPeek(out var line, out var key) && (now == Timestamp.MaxValue || key.Time <= now - s_lag))
        {
            _held.Dequeue();
            line();
        }

        _context.Output.Flush();
    }

    /// <summary>Prints the rest.</summary>
    public void Finish(StreamClient client)
    {
        _watch.Flush();
        Print(Timestamp.MaxValue, client);
    }

    /// <summary>Stops watching.</summary>
    public void Dispose()
    {
        _watch.Dispose();
        _changed.Dispose();
    }

    private void Take()
    {
        // What is held is bounded: while a flood comes, it is printed as it comes.
        while (_held.Count < MostHeld && _reader.TryRead(Timestamp.MaxValue, out var entry, out var reference))
        {
            if (entry.Kind != EventKind.Bytes || !_journal.TryGet(reference, ref _buffer, out _, out var data))
                continue;
            byte[] bytes = data.ToArray();
            var copy = entry;
            Hold(entry.Time, _form == TimelineForm.Json
                ? () => _context.Output.Write(EventJson.Bytes(copy, bytes, _journal.Names) + "\n")
                : () => _lines.Bytes(copy.Time, copy.Detail.Bytes.Direction, bytes));
        }

        while (_log.TryDequeue(out var line))
        {
            if (_form == TimelineForm.Text && line.Kind == PeerLogKind.Opened)
                Hold(line.Time, () => _lines.Opened(line.Time, line.Tuple));
        }

        long missed = _reader.Missed - _missed;
        _missed += missed;
        if (missed > 0)
            _context.Error.WriteLine($"netlab: {missed} pieces were left out: they came faster than they could be shown.");
    }

    // Whose end it is is known when its line is printed: connect() has no port when it begins.
    private void Hold(StateChange change) => Hold(change.Time, () =>
    {
        if (change.End.Tuple.Remote != _tuple.Remote || (change.End.Tuple.Local.Port != 0 && change.End.Tuple.Local != _tuple.Local))
            return;
        if (_form == TimelineForm.Json)
            _context.Output.Write(JsonLine.Write(json => EventJson.WriteState(json, change, Environment.ProcessId, _process, _watch.Journal.Names)) + "\n");
        else
            _lines.State(change);
    });

    private void Hold(Timestamp time, Action line) => _held.Enqueue(line, (time, _order++));
}
