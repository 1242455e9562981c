using NetLab.Core.Packets;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>The list of packets: a sign, number, behind the chosen one's a ›, time since the first packet, and the packet's line. What carries data or opens and ends stands out.</summary>
internal sealed class PacketListPart
{
    private readonly SortedSet<long> _marks = [];
    private int _height = 1;
    private long _dropped;
    private int _left;

    /// <summary>Where the list stands.</summary>
    public ListState State { get; } = new();

    /// <summary>How many packets are marked.</summary>
    public int Marks => _marks.Count;

    /// <summary>Rows that fit.</summary>
    public int Height => _height;

    /// <summary>The packet that is looked at: the selected one, or the newest; -1 for none.</summary>
    public long PlaceIn(ShownPackets shown) => shown.Count == 0 ? -1 : shown.PlaceAt(State.Selected < 0 ? shown.Count - 1 : Math.Min(State.Selected, shown.Count - 1));

    /// <summary>Follows the end again, and forgets the marks of packets that a new run has none of.</summary>
    public void Reset()
    {
        State.Unselect();
        State.Follow();
        _marks.Clear();
    }

    /// <summary>Tells how many rows fit, and takes in which fell out at the top.</summary>
    public void Fit(ShownPackets shown, int height)
    {
        _height = Math.Max(1, height);
        if (shown.Dropped > _dropped && !State.Follows)
            State.Dropped((int)Math.Min(int.MaxValue, shown.Dropped - _dropped));
        _dropped = shown.Dropped;
        _marks.RemoveWhere(place => place < shown.Log.First);
    }

    /// <summary>The rows are others now (a filter came or went): the same packet stays selected.</summary>
    public void Refill(ShownPackets shown, long place)
    {
        _dropped = shown.Dropped;
        if (State.Selected >= 0 && place >= 0)
            State.Select(shown.RowOf(place), shown.Count);
    }

    /// <summary>Marks the packet, or takes its mark away.</summary>
    public void ToggleMark(long place)
    {
        if (!_marks.Remove(place))
            _marks.Add(place);
    }

    /// <summary>The next marked packet after a place, or before it; -1 for none.</summary>
    public long Mark(long place, int direction)
    {
        var others = direction > 0 ? _marks.GetViewBetween(place + 1, long.MaxValue) : _marks.GetViewBetween(long.MinValue, place - 1);
        return others.Count == 0 ? -1 : direction > 0 ? others.Min : others.Max;
    }

    /// <summary>Scrolls the lines sideways.</summary>
    public void Shift(int columns) => _left = Math.Clamp(_left + columns, 0, 400);

    /// <summary>Draws the rows.</summary>
    public void Draw(Canvas canvas, ShownPackets shown, Moment? moment, Style selection)
    {
        State.Fit(shown.Count, canvas.Height);
        var last = shown.Log.Row(shown.Log.End - 1);
        // The columns are as wide as the newest packet needs, so that they stand still.
        int digits = Math.Max(2, Digits(last.Number));
        int seconds = 7 + Digits(Math.Abs((last.Time - (shown.Log.Origin ?? last.Time)).Nanoseconds) / 1_000_000_000);
        for (int y = 0; y < canvas.Height && State.Top + y < shown.Count; y++)
        {
            long place = shown.PlaceAt(State.Top + y);
            DrawRow(canvas.Slice(new Rectangle(0, y, canvas.Width, 1)), shown, place, digits, seconds, moment);
            if (State.Top + y == State.Selected)
            {
                canvas.Write(digits + 1, y, Theme.Now, "›");
                canvas.Overlay(new Rectangle(0, y, canvas.Width, 1), selection);
            }
        }

        Scrollbar.Draw(canvas.Slice(new Rectangle(canvas.Width - 1, 0, 1, canvas.Height)), Theme.Border, Theme.Faint, State.Top, shown.Count);
    }

    private void DrawRow(Canvas canvas, ShownPackets shown, long place, int digits, int seconds, Moment? moment)
    {
        var row = shown.Log.Row(place);
        bool isLinked = moment?.HoldsPacket(row.Reference) ?? false, isLit = shown.IsLit(place);
        if (_marks.Contains(place))
            canvas.Write(0, 0, Theme.Waiting, "●");
        else if (isLinked)
            canvas.Write(0, 0, Theme.LinkedSign, "◆");
        else if (isLit)
            canvas.Write(0, 0, Theme.Now, "▸");
        Span<char> text = stackalloc char[32];
        row.Number.TryFormat(text, out int length);
        canvas.WriteField(1, 0, digits, Alignment.Right, isLit ? Theme.Now : Theme.Faint, text[..length]);
        (row.Time - (shown.Log.Origin ?? row.Time)).Seconds.TryFormat(text, out length, "0.000000");
        canvas.WriteField(digits + 2, 0, seconds, Alignment.Right, Theme.Faint, text[..length]);
        Span<byte> buffer = stackalloc byte[1024];
        var line = new Utf8Line(buffer);
        shown.Log.WriteLine(place, ref line);
        var room = canvas.Slice(new Rectangle(digits + seconds + 3, 0, Math.Max(0, canvas.Width - digits - seconds - 4), 1));
        int end = room.Write(-_left, 0, StyleOf(shown.Log, place), line.Written);
        SegmentMark.Draw(room, end, row.Analysis);
        if (isLinked)
            canvas.Overlay(canvas.Bounds, Theme.Linked);
    }

    // Data is what one looks for; bare acknowledgments stand back, resets are seen.
    private static Style StyleOf(IPacketLog log, long place)
    {
        if (!log.TryGet(place, out var frame))
            return Theme.Faint;
        if (!PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers) || !headers.IsTcp)
            return Theme.Text;
        if (headers.TcpFlags.HasFlag(TcpFlags.Rst))
            return Theme.Failed;
        return headers.PayloadLength == 0 && (headers.TcpFlags & (TcpFlags.Syn | TcpFlags.Fin)) == 0 ? Theme.Faint : Theme.Text;
    }

    private static int Digits(long number)
    {
        int digits = 1;
        while ((number /= 10) != 0)
            digits++;
        return digits;
    }
}
