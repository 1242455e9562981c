using System.Globalization;
using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Commands;

/// <summary>
/// Changes of state as lines in columns that hold whatever the addresses are: with little room an address is shortened (of loopback only the port is left), never the port.
/// </summary>
internal sealed class StateLines
{
    private const int TimeWidth = 15, ProcessIdWidth = 7, ProcessWidth = 12, StateWidth = 11, SpentWidth = 8, LeastEndpoint = 6, WidestEndpoint = 47; // [8 groups of 4]:65535
    private readonly int _endpointWidth;
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
        const int others = TimeWidth + ProcessIdWidth + ProcessWidth + StateWidth + 3 + StateWidth + SpentWidth + 6;
        _endpointWidth = columns is { } width ? Math.Clamp((width - others) / 2, LeastEndpoint, WidestEndpoint) : WidestEndpoint;
        (_offset, _usual, _paint) = (offset, usual, paint);
    }

    /// <summary>The line above.</summary>
    public string Heading => _paint.Faint(
        $"{"TIME",-TimeWidth} {"PID",ProcessIdWidth} {"PROCESS",-ProcessWidth} {Padded("LOCAL", _endpointWidth)} {Padded("REMOTE", _endpointWidth)} "
        + $"{"FROM",-StateWidth} → {"TO",-StateWidth} {"SPENT",SpentWidth} CAUSE ({_usual.Name()})");

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
        string line = $"{TimeOfDay(change.Time)} {id,ProcessIdWidth} {Padded(name.Length == 0 ? "-" : name, ProcessWidth)} "
            + $"{Padded(Short(change.End.Tuple.Local, _endpointWidth), _endpointWidth)} {Padded(Short(change.End.Tuple.Remote, _endpointWidth), _endpointWidth)} "
            + $"{change.From.Name(),-StateWidth} → {Painted(change.To)} {spent,SpentWidth} {_paint.Faint(change.Cause + how)}";
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
        return local.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
    }

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
