using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Core.Session;
using NetLab.Core.Views;

namespace NetLab.Tui.Panes;

/// <summary>Whether a filter hides what does not match, or only lights what does.</summary>
internal enum FilterUse
{
    /// <summary>Only the matches are in the list.</summary>
    Hide,

    /// <summary>All packets are in the list, the matches lit.</summary>
    Light,
}

/// <summary>
/// The rows of the packet list: all packets of a log, or those that a display filter lets through. The filter goes on with what comes; of a file
/// another thread looks through it, of the journal each frame a part.
/// </summary>
internal sealed class ShownPackets : IDisposable
{
    // A frame has some 30 ms; this many filters take a few of them.
    private const int PacketsAFrame = 8_192;

    private readonly CaptureFileLog? _file;
    private PacketSelection? _selection;
    private FileSelection? _running;

    public ShownPackets(IPacketLog log) => (Log, _file) = (log, log as CaptureFileLog);

    /// <summary>All packets.</summary>
    public IPacketLog Log { get; }

    /// <summary>The filter; null for none.</summary>
    public DisplayFilter? Filter { get; private set; }

    /// <summary>What the filter does.</summary>
    public FilterUse Use { get; set; }

    /// <summary>Whether the filter has packets left to look at.</summary>
    public bool IsAtWork => _running is { } running ? !running.IsDone : _selection is not null && _selection.Examined < Log.End;

    /// <summary>How much of the log the filter has seen, from 0 to 1.</summary>
    public double Progress => _selection is null || Log.End == Log.First ? 1 : (double)(_selection.Examined - Log.First) / (Log.End - Log.First);

    /// <summary>How many packets match; all without a filter.</summary>
    public long Matches => _selection?.Matches.Count ?? Log.End - Log.First;

    /// <summary>How many rows there are.</summary>
    public int Count => IsHiding ? _selection!.Matches.Count : (int)Math.Min(int.MaxValue, Log.End - Log.First);

    /// <summary>How many rows have fallen out at the top since the log began.</summary>
    public long Dropped => IsHiding ? _selection!.Matches.First : Log.First;

    private bool IsHiding => _selection is not null && Use == FilterUse.Hide;

    /// <summary>Sets the filter; null takes it away.</summary>
    public void Set(DisplayFilter? filter)
    {
        _running?.Dispose();
        (_running, _selection, Filter) = (null, null, filter);
        if (filter is null)
        {
            Use = FilterUse.Hide;
            return;
        }

        _running = _file?.Select(filter);
        _selection = _running?.Selection ?? PacketSelection.Of(Log, filter);
    }

    /// <summary>Goes on with the filter.</summary>
    public void Advance()
    {
        if (_file is null)
            _selection?.Advance(PacketsAFrame);
    }

    /// <summary>The packet of a row.</summary>
    public long PlaceAt(int row) => IsHiding ? _selection!.Matches[_selection.Matches.First + row] : Log.First + row;

    /// <summary>The packets that are shown now, for another thread, whatever happens to the filter.</summary>
    public (int Count, Func<int, long> PlaceAt) Places()
    {
        if (!IsHiding)
        {
            long start = Log.First;
            return (Count, row => start + row);
        }

        var matches = _selection!.Matches;
        long first = matches.First;
        return (matches.Count, row => matches[first + row]);
    }

    /// <summary>The row of a packet, or of the next one that is in the list.</summary>
    public int RowOf(long place) => Math.Clamp((int)(IsHiding ? _selection!.Matches.Find(place) - _selection.Matches.First : place - Log.First), 0, Math.Max(0, Count - 1));

    /// <summary>Whether a packet matches the filter that lights.</summary>
    public bool IsLit(long place) => _selection is { } selection && Use == FilterUse.Light
        && selection.Matches.Find(place) is var number && number < selection.Matches.End && selection.Matches[number] == place;

    /// <summary>The next match after a packet, or the last one before it; -1 for none.</summary>
    public long Match(long place, int direction)
    {
        if (_selection?.Matches is not { } matches)
            return -1;
        long number = direction > 0 ? matches.Find(place + 1) : matches.Find(place) - 1;
        return number >= matches.First && number < matches.End ? matches[number] : -1;
    }

    /// <summary>The first packet that is not before a time; of a log whose times go back and forth, one near it.</summary>
    public long PlaceOf(Timestamp time)
    {
        long low = Log.First, high = Log.End;
        while (low < high)
        {
            long middle = low + (high - low) / 2;
            if (Log.Row(middle).Time < time)
                low = middle + 1;
            else
                high = middle;
        }

        return Math.Min(low, Log.End - 1);
    }

    /// <summary>The packet of the journal that an event is, near a time; -1 for none.</summary>
    public long PlaceOf(Timestamp time, EventReference reference)
    {
        // What belongs together lies close together in time.
        const int Reach = 1_024;
        long near = PlaceOf(time), last = Math.Min(Log.End, near + Reach);
        for (long place = Math.Max(Log.First, near - Reach); place < last; place++)
        {
            if (Log.Row(place).Reference == reference)
                return place;
        }

        return -1;
    }

    public void Dispose() => _running?.Dispose();
}
