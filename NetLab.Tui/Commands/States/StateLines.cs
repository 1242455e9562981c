using System.Globalization;
using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Commands;

/// <summary>
/// Changes of state as lines in columns that hold whatever the addresses are: with little room an address is shortened (of loopback only the port is left), never the
/// port; the time has milliseconds instead of microseconds, and a cause that does not fit is left out.
/// </summary>
internal sealed class StateLines
{
    private const int ProcessIdWidth = 7, StateWidth = 11, SpentWidth = 8, CauseWidth = 12, Spaces = 6;
    private const int LeastEndpoint = 6, UsualEndpoint = 15, WidestEndpoint = 47; // :65535, 127.0.0.1:45026, [8 groups of 4]:65535
    private const int NarrowTerminal = 110;
    private readonly int? _columns;
    private readonly int _endpointWidth, _timeWidth, _processWidth;
    private readonly TimeSpan _offset;
    private readonly Provenance _usual;
    private readonly Paint _paint;

    /// <summary>Lines for a terminal, or for something that takes lines of any width.</summary>
    /// <param name="columns">The terminal's width; null for as wide as the longest address.</param>
    /// <param name="offset">Local time less UTC.</param>
    /// <param name="usual">How the changes are known, unless a line says otherwise.</param>
    /// <param name="paint">Colours.</param>
    public StateLines(int? columns, TimeSpan offset, Provenance usual, Paint paint)
    {
        (_timeWidth, _processWidth) = columns < NarrowTerminal ? (12, 8) : (15, 12);
        int room = (columns ?? int.MaxValue) - (_timeWidth + ProcessIdWidth + _processWidth + StateWidth + 3 + StateWidth + SpentWidth + Spaces);
        int besideCause = (room - CauseWidth) / 2;
        _endpointWidth = Math.Clamp(besideCause < UsualEndpoint ? room / 2 : besideCause, LeastEndpoint, WidestEndpoint);
        (_columns, _offset, _usual, _paint) = (columns, offset, usual, paint);
    }

    /// <summary>The line above.</summary>
    public string Heading => _paint.Faint(
        $"{Padded("TIME", _timeWidth)} {"PID",ProcessIdWidth} {Padded("PROCESS", _processWidth)} {Padded("LOCAL", _endpointWidth)} {Padded("REMOTE", _endpointWidth)} "
        + $"{"FROM",-StateWidth} → {"TO",-StateWidth} {"SPENT",SpentWidth}{(HasRoomFor("CAUSE") ? " CAUSE" : "")} ({_usual.Name()})");

    /// <summary>The line of one change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="processId">Its process, or 0.</param>
    /// <param name="process">That process's name, as the kernel has it.</param>
    public string Line(StateChange change, int processId, string process)
    {
        string name = EventText.Printable(process);
        string id = processId == 0 ? "-" : processId.ToString(CultureInfo.InvariantCulture);
        string spent = change.Spent > Duration.Zero ? change.Spent.ToString() : "";
        string how = change.Provenance == _usual ? "" : $" ({change.Provenance.Name()})";
        string cause = change.Cause + how;
        string line = $"{TimeOfDay(change.Time)} {id,ProcessIdWidth} {Padded(name.Length == 0 ? "-" : name, _processWidth)} "
            + $"{Padded(Short(change.End.Tuple.Local, _endpointWidth), _endpointWidth)} {Padded(Short(change.End.Tuple.Remote, _endpointWidth), _endpointWidth)} "
            + $"{change.From.Name(),-StateWidth} → {Painted(change.To)} {spent,SpentWidth} {(HasRoomFor(cause) ? _paint.Faint(cause) : "")}";
        return line.TrimEnd();
    }

    /// <summary>An endpoint in so many columns at most: whole, else without what says least, with … where something was left out.</summary>
    internal static string Short(Endpoint endpoint, int width)
    {
        if (endpoint.IsUnknown)
            return "*";
        string whole = endpoint.ToString();
        if (whole.Length <= width)
            return whole;
        string port = string.Create(CultureInfo.InvariantCulture, $":{endpoint.Port}");
        if (endpoint.Address.IsLoopback || endpoint.Address.IsUnspecified)
            return port;
        // The end of an address tells more hosts apart than its beginning.
        int room = width - port.Length - 1;
        return room <= 0 ? port : $"…{whole[..^port.Length][^room..]}{port}";
    }

    private string TimeOfDay(Timestamp time)
    {
        var local = time.ToDateTime() + _offset;
        return local.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture)[.._timeWidth];
    }

    private bool HasRoomFor(string cause) =>
        _columns is not { } columns
        || _timeWidth + ProcessIdWidth + _processWidth + 2 * _endpointWidth + StateWidth + 3 + StateWidth + SpentWidth + Spaces + cause.Length <= columns;

    private string Painted(TcpState state)
    {
        string name = state.Name().PadRight(StateWidth);
        return state switch
        {
            TcpState.Listen => _paint.Now(name),
            TcpState.Established => _paint.Done(name),
            TcpState.Closed => _paint.Faint(name),
            _ => _paint.Waiting(name),
        };
    }

    private static string Padded(string text, int width)
    {
        int columns = TextWidth.Of(text);
        if (columns <= width)
            return text + new string(' ', width - columns);
        string cut = text[..TextWidth.Fit(text, width - 1)];
        return cut + "…" + new string(' ', width - 1 - TextWidth.Of(cut));
    }
}
