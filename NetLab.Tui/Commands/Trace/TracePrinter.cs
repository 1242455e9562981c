using System.Collections.Frozen;
using NetLab.Core;
using NetLab.Core.Session;
using NetLab.Core.Views;

namespace NetLab.Tui.Commands;

/// <summary>
/// Prints a trace in order of time. A call stands where it began, with what it returned: so that listen stands before LISTEN, and close before FIN_WAIT_1.
/// A call that slept while other things happened stands twice, as strace has it: where it fell asleep, and where it returned.
/// </summary>
internal sealed class TracePrinter
{
    // What the kernel tells late (a SYN_RCVD when the last ACK has come) is older than what was told before.
    private static readonly Duration s_lag = Duration.FromMilliseconds(200);
    private static readonly Duration s_asleep = Duration.FromMilliseconds(1);
    private static readonly FrozenSet<string> s_waits = FrozenSet.Create(
        "accept", "accept4", "connect", "recvfrom", "recvmsg", "recvmmsg", "read", "readv", "sendto", "sendmsg", "sendmmsg", "write", "writev", "sendfile",
        "poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait", "epoll_pwait2", "io_uring_enter");

    private readonly ProgramTrace _trace;
    private readonly TextWriter _output;
    private readonly ITraceLines _lines;
    private readonly PriorityQueue<Item, (Timestamp Time, long Order)> _held = new();
    private readonly Dictionary<int, Item> _running = [];
    private readonly Stack<Item> _free = new();
    private long _order, _missed;

    /// <summary>A printer.</summary>
    /// <param name="trace">What it prints.</param>
    /// <param name="output">Where to.</param>
    /// <param name="form">As text or as JSON.</param>
    /// <param name="paint">Colour for text.</param>
    public TracePrinter(ProgramTrace trace, TextWriter output, TimelineForm form, Paint paint)
    {
        (_trace, _output) = (trace, output);
        _lines = form == TimelineForm.Json ? new TraceJson(trace) : new TraceText(trace, paint);
        trace.Happened = Take;
        trace.StateChanged = change => Hold(change.Time, ItemKind.State).Change = change;
    }

    private enum ItemKind
    {
        Call,
        Resumed,
        Packet,
        State,
        Dropped,
    }

    /// <summary>Takes in what happened and prints what is old enough.</summary>
    public void Update(Timestamp now)
    {
        _trace.Update(now);
        Print(now, now - s_lag);
    }

    /// <summary>Prints all the rest.</summary>
    public void Finish(Timestamp now)
    {
        _trace.Update(Timestamp.MaxValue);
        Print(now, Timestamp.MaxValue);
    }

    /// <summary>Prints all the rest, and how the program ended.</summary>
    public void Finish(Timestamp now, int processId, string program, int code)
    {
        Finish(now);
        if (_lines.End(now, processId, program, code) is { } line)
            _output.WriteLine(line);
        _output.Flush();
    }

    private void Take(LabEvent entry)
    {
        switch (entry.Kind)
        {
            case EventKind.Syscall when entry.Detail.Syscall.Phase == SyscallPhase.Entered && _lines.Place == CallPlace.Return:
                break;
            case EventKind.Syscall when entry.Detail.Syscall.Phase == SyscallPhase.Entered:
                var item = Hold(entry.Time, ItemKind.Call);
                item.Entry = entry;
                _running[entry.ThreadId] = item;
                break;
            case EventKind.Syscall:
                Return(entry);
                break;
            case EventKind.Packet:
                Hold(entry.Time, ItemKind.Packet).Row = _trace.Packets.Rows[^1];
                break;
            case EventKind.Dropped:
                Hold(entry.Time, ItemKind.Dropped).Entry = entry;
                break;
        }
    }

    private void Return(in LabEvent entry)
    {
        if (!_running.Remove(entry.ThreadId, out var item))
            item = Hold(entry.Time, ItemKind.Call);
        else if (item.IsPrinted)
            item = Hold(entry.Time, ItemKind.Resumed);
        (item.Entry, item.IsReturned) = (entry, true);
    }

    private Item Hold(Timestamp time, ItemKind kind)
    {
        var item = _free.TryPop(out var used) ? used : new Item();
        (item.Kind, item.IsPrinted, item.IsReturned) = (kind, false, false);
        _held.Enqueue(item, (time, _order++));
        return item;
    }

    private void Print(Timestamp now, Timestamp until)
    {
        while (_held.TryPeek(out var item, out var key) && key.Time <= until)
        {
            _held.Dequeue();
            if (Line(item, key.Time) is { } line)
                _output.WriteLine(line);
            item.IsPrinted = true;
            // A call that still runs is looked for when it returns.
            if (item.Kind != ItemKind.Call || item.IsReturned)
                _free.Push(item);
        }

        if (_trace.Missed > _missed)
        {
            _output.WriteLine(_lines.Missed(now, _trace.Missed - _missed));
            _missed = _trace.Missed;
        }

        _output.Flush();
    }

    private string? Line(Item item, Timestamp time)
    {
        switch (item.Kind)
        {
            case ItemKind.Call when !_trace.Concerns(item.Entry):
                return null;
            case ItemKind.Call when !item.IsReturned:
                return _lines.Entered(item.Entry);
            case ItemKind.Call when Slept(item.Entry):
                var resumed = Hold(item.Entry.Time, ItemKind.Resumed);
                (resumed.Entry, resumed.IsReturned) = (item.Entry, true);
                var entered = item.Entry;
                (entered.Time, entered.Detail.Syscall.Phase) = (time, SyscallPhase.Entered);
                return _lines.Entered(entered);
            case ItemKind.Call:
                return _lines.Call(item.Entry, time);
            case ItemKind.Resumed:
                return _trace.Concerns(item.Entry) ? _lines.Resumed(item.Entry) : null;
            case ItemKind.State:
                return _trace.Concerns(item.Change!.End.Tuple) ? _lines.State(item.Change) : null;
            case ItemKind.Packet:
                return _trace.Packets.TryParse(item.Row, out var headers) && _trace.Concerns(headers.FourTuple) ? _lines.Packet(item.Row) : null;
            default:
                return _lines.Dropped(item.Entry);
        }
    }

    // Whether something stands between the beginning of a call, whose turn it is, and its return. A close that only had to wait for a processor stays whole.
    private bool Slept(in LabEvent returned) =>
        returned.Detail.Syscall.Duration >= s_asleep && s_waits.Contains(_trace.Journal.Names[returned.Detail.Syscall.Name]) && _held.TryPeek(out _, out var next) && next.Time < returned.Time;

    // Used again and again, so that a trace allocates little.
    private sealed class Item
    {
        public ItemKind Kind;
        public LabEvent Entry;
        public PacketRow Row;
        public StateChange? Change;
        public bool IsReturned;
        public bool IsPrinted;
    }
}
