using NetLab.Core;
using NetLab.Core.Session;
using NetLab.Core.Views;

namespace NetLab.Tui.Commands;

/// <summary>
/// Prints the changes of a watch in order of time. A line waits a moment for its turn: what the SYN tells of a state is known later than what the kernel tells, and
/// connect() has no port when it begins.
/// </summary>
internal sealed class StatePrinter : IDisposable
{
    private static readonly Duration s_lag = Duration.FromMilliseconds(100);
    private readonly StateWatch _watch;
    private readonly StateFilter _filter;
    private readonly CommandContext _context;
    private readonly StateLines? _lines;
    private readonly PriorityQueue<StateChange, (Timestamp Time, long Order)> _held = new();
    private readonly JsonLineBuffer _json;
    private long _order, _printed, _lost;

    /// <summary>A printer.</summary>
    /// <param name="watch">What it prints.</param>
    /// <param name="filter">Which of its changes.</param>
    /// <param name="context">Where to.</param>
    /// <param name="lines">How as text; null for JSON.</param>
    public StatePrinter(StateWatch watch, StateFilter filter, CommandContext context, StateLines? lines)
    {
        (_watch, _filter, _context, _lines, _json) = (watch, filter, context, lines, new JsonLineBuffer(context.OutputBytes));
        watch.Changed = change => _held.Enqueue(change, (change.Time, _order++));
        if (lines is not null)
        {
            context.Output.WriteLine(lines.Heading);
            context.Output.Flush();
        }
    }

    /// <summary>Frees the writer of JSON.</summary>
    public void Dispose() => _json.Dispose();

    /// <summary>After how many lines it ends.</summary>
    public long Most { get; init; } = long.MaxValue;

    /// <summary>Whether lines wait.</summary>
    public bool IsHolding => _held.Count > 0;

    /// <summary>Prints what is old enough; everything with <see cref="Timestamp.MaxValue"/>.</summary>
    /// <returns>Whether as many were printed as were wanted.</returns>
    public bool Print(Timestamp now)
    {
        bool any = false;
        while (_printed < Most && _held.TryPeek(out var change, out var key) && (now == Timestamp.MaxValue || key.Time <= now - s_lag))
        {
            _held.Dequeue();
            var (processId, process) = _watch.Owner(change.End);
            string name = _watch.Journal.Names[process];
            if (!_filter.Matches(new StateFact(change.End.Tuple, processId, name, change.From, change.To)))
                continue;
            if (_lines is null)
                WriteJson(change, processId, process);
            else
                _context.Output.WriteLine(_lines.Line(change, processId, name));
            _printed++;
            any = true;
        }

        any |= TellLost();
        if (any)
        {
            _context.Output.Flush();
            _json.Flush();
        }

        return _printed >= Most;
    }

    private void WriteJson(StateChange change, int processId, NameId process)
    {
        EventJson.WriteState(_json.Begin(), change, processId, process, _watch.Journal.Names);
        _json.End();
    }

    private void WriteDropped(long count)
    {
        EventJson.WriteDropped(_json.Begin(), _context.Clock(), "states", count);
        _json.End();
    }

    private bool TellLost()
    {
        long lost = _watch.Lost - _lost;
        if (lost == 0)
            return false;
        _lost += lost;
        if (_lines is null)
            WriteDropped(lost);
        else
            _context.Error.WriteLine($"netlab: {lost} events were lost; {_lost} in all.");
        return true;
    }
}
