using NetLab.Core;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Panes;

/// <summary>
/// What each call of an actor sent or received: a line that says who, which way and how many, then the bytes in hexadecimal and as text.
/// Control bytes are dots in the text; nothing of it reaches the terminal as it is.
/// </summary>
public sealed class BytesPane : ListPane
{
    // Row numbers at which the calls begin; a call takes one row for its head and one for each 16 (or 8) bytes.
    private readonly List<int> _starts = [];
    private long _first = -1;
    private long _end = -1;
    private int _perRow = 16;
    private int _count;
    private int _linked = -1;
    private int _seenCursor = -1;
    private long _linkedEnd = -1;
    private byte[] _buffer = new byte[4096];

    /// <inheritdoc/>
    public override string Title => "bytes";

    /// <inheritdoc/>
    public override string Note(PaneContext context)
    {
        long sent = 0, received = 0;
        var rows = context.Lab.View.Bytes.Rows;
        for (int index = 0; index < rows.Count; index++)
        {
            if (rows[index].Direction == Direction.Sent)
                sent += rows[index].Length;
            else
                received += rows[index].Length;
        }

        return rows.Count == 0 ? "" : $"▶ {sent} sent  ◀ {received} received";
    }

    /// <inheritdoc/>
    protected override int Count(PaneContext context) => _count;

    /// <inheritdoc/>
    public override void Draw(Canvas canvas, PaneContext context)
    {
        var rows = context.Lab.View.Bytes.Rows;
        if (rows.Count == 0)
        {
            canvas.Write(1, 0, Theme.Faint, "Nothing sent or received yet.");
            return;
        }

        Measure(rows, BytesARow(canvas.Width));
        if (_seenCursor != context.Cursor.Version || _linkedEnd != rows.End)
            (_linked, _seenCursor, _linkedEnd) = (Linked(rows, context), context.Cursor.Version, rows.End);
        Fit(canvas.Height, 0);
        Reveal(context);
        State.Fit(_count, canvas.Height);
        for (int y = 0; y < canvas.Height && State.Top + y < _count; y++)
        {
            int place = _starts.BinarySearch(State.Top + y);
            int call = place >= 0 ? place : ~place - 1;
            int part = State.Top + y - _starts[call];
            var line = canvas.Slice(new Rectangle(1, y, canvas.Width - 1, 1));
            if (part == 0)
                DrawHead(line, rows[call], context);
            else
                DrawBytes(line, rows[call], (part - 1) * _perRow, context);
            Mark(canvas.Slice(new Rectangle(0, y, canvas.Width, 1)), State.Top + y, part == 0 && call == _linked);
        }
    }

    /// <inheritdoc/>
    protected override Moment? MomentAt(int row, PaneContext context)
    {
        var rows = context.Lab.View.Bytes.Rows;
        int place = _starts.BinarySearch(row);
        int call = place >= 0 ? place : ~place - 1;
        return call >= 0 && call < rows.Count ? context.Lab.View.Moments.Of(rows[call]) : null;
    }

    /// <inheritdoc/>
    protected override int RowOf(Moment moment, PaneContext context) => _linked >= 0 && _linked < _starts.Count ? _starts[_linked] : -1;

    // The bytes of the call that the moment holds.
    private int Linked(RowRing<BytesRow> rows, PaneContext context)
    {
        if (context.Cursor.IsFrom(this) || context.Cursor.Moment is not { Calls.Count: > 0 } moment)
            return -1;
        for (int index = rows.Count - 1; index >= 0; index--)
        {
            if (moment.IsOf(rows[index].Tuple) && context.Lab.View.Moments.Of(rows[index]) is { } own && own.Calls.Any(moment.HoldsCall))
                return index;
        }

        return -1;
    }

    // Offset, two bytes a group of hexadecimal digits, text: six columns and three and a half for each byte.
    private static int BytesARow(int width) => width >= 65 ? 16 : width >= 36 ? 8 : 4;

    private void Measure(RowRing<BytesRow> rows, int perRow)
    {
        if (rows.First == _first && rows.End == _end && perRow == _perRow)
            return;
        (_first, _end, _perRow, _count) = (rows.First, rows.End, perRow, 0);
        _starts.Clear();
        for (int index = 0; index < rows.Count; index++)
        {
            _starts.Add(_count);
            _count += 1 + (rows[index].Length + perRow - 1) / perRow;
        }
    }

    private static void DrawHead(Canvas canvas, in BytesRow row, PaneContext context)
    {
        string actor = context.Names[row.Actor];
        int index = 0;
        while (index < context.Lab.View.Steps.Actors.Count && context.Lab.View.Steps.Actors[index].Actor.Name != actor)
            index++;
        int x = canvas.Write(0, 0, Theme.Now, row.Direction == Direction.Sent ? "▶ " : "◀ ");
        x = canvas.Write(x, 0, Theme.Actor(index).Bold, actor);
        canvas.Write(x + 1, 0, Theme.Text, $"{(row.Direction == Direction.Sent ? "sent" : "received")} {FigureText.Count(row.Length, "byte")}");
    }

    private void DrawBytes(Canvas canvas, in BytesRow row, int offset, PaneContext context)
    {
        if (!context.Lab.Journal.TryGet(row.Reference, ref _buffer, out _, out var data))
        {
            canvas.Write(2, 0, Theme.Faint, "(dropped from the journal)");
            return;
        }

        if (offset >= data.Length)
        {
            canvas.Write(2, 0, Theme.Faint, "…");
            return;
        }

        var bytes = data.Slice(offset, Math.Min(_perRow, data.Length - offset));
        Span<char> text = stackalloc char[_perRow];
        canvas.Write(0, 0, Theme.Faint, $"{offset,4:x4}");
        for (int index = 0; index < bytes.Length; index++)
        {
            canvas.Write(6 + index * 5 / 2, 0, Theme.Text, $"{bytes[index]:x2}");
            text[index] = bytes[index] is >= 0x20 and < 0x7f ? (char)bytes[index] : '.';
        }

        canvas.Write(7 + _perRow * 5 / 2, 0, Theme.Done, text[..bytes.Length]);
    }
}
