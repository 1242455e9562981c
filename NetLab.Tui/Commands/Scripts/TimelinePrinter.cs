using NetLab.Core;
using NetLab.Core.Session;
using NetLab.Core.Views;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>How a timeline is printed.</summary>
internal enum TimelineForm
{
    /// <summary>Aligned columns for people.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}

/// <summary>
/// Prints what happens in order of time. A line waits a second before it is printed, since what happened before it may become known after it (the
/// kernel tells of a SYN_RCVD when the last ACK has come; a busy machine reads its trace late).
/// </summary>
internal sealed class TimelinePrinter
{
    private static readonly Duration s_lag = Duration.FromSeconds(1);

    private readonly Laboratory _lab;
    private readonly TextWriter _output;
    private readonly TimelineForm _form;
    private readonly PriorityQueue<Func<string>, (Timestamp Time, long Order)> _lines = new();
    private readonly Paint _paint;
    private long _order;
    private int _actorWidth = 6;
    private Timestamp? _start;

    public TimelinePrinter(Laboratory lab, TextWriter output, TimelineForm form, Paint paint)
    {
        (_lab, _output, _form, _paint) = (lab, output, form, paint);
        var before = lab.View.Folded;
        lab.View.Folded = (in LabEvent entry, EventReference reference, ReadOnlySpan<byte> data) =>
        {
            before?.Invoke(entry, reference, data);
            Take(entry, data);
        };
        // Whose socket it is may become known after the change: that is asked when the line is printed.
        lab.View.StateChanged = change =>
            _lines.Enqueue(() => _form == TimelineForm.Json ? EventJson.State(change, Names) : StateLine(change), (change.Time, _order++));
        if (lab.View.Steps.Script is { } script)
            _actorWidth = Math.Max(4, script.Actors.Max(actor => actor.Name.Length));
    }

    private NameTable Names => _lab.Journal.Names;

    /// <summary>Prints what is old enough; everything with <see cref="Timestamp.MaxValue"/>.</summary>
    public void Print(Timestamp now)
    {
        bool any = false;
        while (_lines.TryPeek(out var line, out var key) && (now == Timestamp.MaxValue || key.Time <= now - s_lag))
        {
            _lines.Dequeue();
            _output.WriteLine(line());
            any = true;
        }

        if (any)
            _output.Flush();
    }

    private void Add(Timestamp time, string? line)
    {
        if (line is not null)
            _lines.Enqueue(() => line, (time, _order++));
    }

    private void Take(in LabEvent entry, ReadOnlySpan<byte> data) =>
        Add(entry.Time, _form == TimelineForm.Json ? Json(entry, data) : Text(entry, data));

    private string? Json(in LabEvent entry, ReadOnlySpan<byte> data) => entry.Kind switch
    {
        EventKind.Packet => EventJson.Packet(entry, _lab.View.Packets, _lab.View.Packets.Rows[^1]),
        EventKind.Syscall => EventJson.Call(entry, data, Names),
        EventKind.Bytes => EventJson.Bytes(entry, data, Names),
        EventKind.Step => EventJson.Step(entry, data, _lab.View.Steps, Names),
        EventKind.Expectation => EventJson.Expectation(entry, data, _lab.View.Steps),
        EventKind.Dropped => EventJson.Dropped(entry, Names),
        _ => null,
    };

    private string? Text(in LabEvent entry, ReadOnlySpan<byte> data) => entry.Kind switch
    {
        EventKind.Packet => Line(entry.Time, "", _paint.Faint(EventText.Packet(_lab.View.Packets, _lab.View.Packets.Rows[^1]))),
        EventKind.Syscall => Line(entry.Time, Names[entry.Actor], EventText.Call(entry, data, Names)),
        EventKind.Step when entry.Detail.Step.Status == StepStatus.Failed =>
            Line(entry.Time, Names[entry.Actor], _paint.Failed($"✗ {EventText.Printable(System.Text.Encoding.UTF8.GetString(data))}")),
        EventKind.Dropped => Line(entry.Time, "", _paint.Failed($"{entry.Detail.Dropped.Count} events of {Names[entry.Detail.Dropped.Source]} were lost")),
        _ => null,
    };

    private string StateLine(StateChange change)
    {
        string name = change.End.SocketName.IsNone ? change.End.Tuple.Local.ToString() : Names[change.End.SocketName];
        return Line(change.Time, Names[change.End.Actor], _paint.Now($"● {name}  {EventText.State(change)}"));
    }

    private string Line(Timestamp time, string actor, string text)
    {
        _start ??= _lab.Run?.Started ?? time;
        return $"{(time - _start.Value).Seconds,10:0.000000}  {actor.PadRight(_actorWidth)}  {text}";
    }
}
