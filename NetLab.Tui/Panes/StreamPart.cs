using System.Buffers;
using System.Globalization;
using System.Text;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>How a stream's octets are shown.</summary>
internal enum StreamForm
{
    /// <summary>As text: UTF-8, what does not print as a dot.</summary>
    Text,

    /// <summary>In hexadecimal and as text.</summary>
    Hex,
}

/// <summary>
/// A followed stream: what both ends said, in order, each in its colour and behind its own sign (▶ from the one that opened the connection, ◀ from
/// the other); what was not captured, and how each ended.
/// </summary>
internal sealed class StreamPart(FollowedStream stream)
{
    private readonly List<(int Piece, int Start, int Length)> _rows = [];
    private readonly List<int> _firstRows = [];
    private int _version = -1;
    private int _width;
    private int _height = 1;

    /// <summary>The stream.</summary>
    public FollowedStream Stream => stream;

    /// <summary>How its octets are shown.</summary>
    public StreamForm Form { get; private set; }

    /// <summary>Where the list of rows stands.</summary>
    public ListState State { get; } = new();

    /// <summary>Takes a key.</summary>
    /// <returns>False when it means nothing here.</returns>
    public bool Take(KeyEvent key)
    {
        if (key.Is('v'))
        {
            long octet = OctetAt(Math.Max(0, State.Selected < 0 ? State.Top : State.Selected));
            Form = Form == StreamForm.Text ? StreamForm.Hex : StreamForm.Text;
            Rebuild(0);
            State.Select(_rows.FindLastIndex(row => row.Start >= 0 && row.Start <= octet), _rows.Count);
            return true;
        }

        if (Movement.Of(key, _height, _rows.Count) is not { } rows)
            return false;
        State.Move(rows, _rows.Count);
        return true;
    }

    /// <summary>The wheel.</summary>
    public void Scroll(int rows) => State.Scroll(rows, _rows.Count, _height);

    /// <summary>A click on a row.</summary>
    public void Click(int y)
    {
        if (State.Top + y < _rows.Count)
            State.Select(State.Top + y, _rows.Count);
    }

    /// <summary>The packet that brought what is selected; -1 for none.</summary>
    public long Place()
    {
        if (State.Selected < 0 || State.Selected >= _rows.Count)
            return -1;
        lock (stream.Gate)
        {
            var (piece, start, length) = _rows[State.Selected];
            return length > 0 ? stream.PlaceOf(start) : stream.Pieces[piece].Place;
        }
    }

    /// <summary>All of it as text, each turn behind its sign.</summary>
    public string Text()
    {
        lock (stream.Gate)
        {
            var text = new StringBuilder();
            foreach (var piece in stream.Pieces)
            {
                text.Append(piece.Sender == 0 ? "▶ " : "◀ ");
                if (piece.Kind == StreamChunkKind.Data)
                    text.Append(EventText.Printable(Encoding.UTF8.GetString(stream.Octets.Slice(piece.Start, (int)piece.Length)).ReplaceLineEndings("\u2028")).Replace('\u2028', '\n'));
                else
                    text.Append(Say(piece));
                text.Append('\n');
            }

            return text.ToString();
        }
    }

    /// <summary>Writes all octets, one end's after the other's as they came.</summary>
    public void Write(Stream output)
    {
        lock (stream.Gate)
            output.Write(stream.Octets);
    }

    /// <summary>Draws it.</summary>
    public void Draw(Canvas canvas)
    {
        lock (stream.Gate)
        {
            _height = Math.Max(1, canvas.Height);
            if (_width != canvas.Width)
            {
                _width = canvas.Width;
                Rebuild(0);
            }
            else if (_version != stream.Version)
            {
                // The last piece may have grown; those before it stand.
                Rebuild(Math.Max(0, _firstRows.Count - 1));
            }

            if (_rows.Count == 0)
            {
                canvas.Write(1, 0, Theme.Faint, "Nothing was said yet.");
                return;
            }

            State.Fit(_rows.Count, canvas.Height);
            for (int y = 0; y < canvas.Height && State.Top + y < _rows.Count; y++)
            {
                DrawRow(canvas.Slice(new Rectangle(0, y, canvas.Width, 1)), _rows[State.Top + y]);
                if (State.Top + y == State.Selected)
                    canvas.Overlay(new Rectangle(0, y, canvas.Width, 1), Theme.Selection);
            }

            Scrollbar.Draw(canvas.Slice(new Rectangle(canvas.Width - 1, 0, 1, canvas.Height)), Theme.Border, Theme.Faint, State.Top, _rows.Count);
        }
    }

    private long OctetAt(int row) => row < _rows.Count ? _rows[row].Start : 0;

    // A head for each turn, then its lines; what is no data is a line of its own.
    private void Rebuild(int from)
    {
        if (from == 0)
        {
            _rows.Clear();
            _firstRows.Clear();
            if (_version < 0)
                State.Select(0, 2);
        }
        else
        {
            _rows.RemoveRange(_firstRows[from], _rows.Count - _firstRows[from]);
            _firstRows.RemoveRange(from, _firstRows.Count - from);
        }

        for (int index = from; index < stream.Pieces.Count; index++)
        {
            var piece = stream.Pieces[index];
            _firstRows.Add(_rows.Count);
            _rows.Add((index, piece.Start, 0));
            if (piece.Kind == StreamChunkKind.Data)
                AddLines(index, piece);
        }

        _version = stream.Version;
    }

    private void AddLines(int index, StreamPiece piece)
    {
        int end = piece.Start + (int)piece.Length, room = Math.Max(8, _width - 4);
        int perRow = HexView.BytesPerRow(_width - 4);
        for (int at = piece.Start; at < end;)
        {
            int length = Form == StreamForm.Hex ? Math.Min(perRow, end - at) : LineLength(stream.Octets[at..end], room);
            _rows.Add((index, at, length));
            at += length;
        }
    }

    // Up to the line's end, or as much as fits.
    private static int LineLength(ReadOnlySpan<byte> text, int room)
    {
        int at = 0;
        for (int columns = 0; at < text.Length;)
        {
            if (text[at] == '\n')
                return at + 1;
            bool isText = Rune.DecodeFromUtf8(text[at..], out var rune, out int size) == OperationStatus.Done;
            columns += isText ? Math.Max(1, TextWidth.Of(rune)) : 1;
            if (columns > room)
                break;
            at += size;
        }

        return Math.Max(1, at);
    }

    private void DrawRow(Canvas canvas, (int Piece, int Start, int Length) row)
    {
        var piece = stream.Pieces[row.Piece];
        var style = Theme.Actor(piece.Sender);
        string sign = piece.Sender == 0 ? "▶" : "◀";
        if (row.Length == 0)
        {
            canvas.Write(0, 0, style.Bold, sign);
            if (piece.Kind == StreamChunkKind.Data)
                canvas.Write(2, 0, Theme.Faint, Say(piece));
            else
                canvas.Write(2, 0, piece.Kind is StreamChunkKind.Missing or StreamChunkKind.Reset ? Theme.Failed : Theme.Faint, Say(piece));
            return;
        }

        canvas.Write(0, 0, style, sign);
        var inside = canvas.Slice(new Rectangle(2, 0, canvas.Width - 3, 1));
        var octets = stream.Octets.Slice(row.Start, row.Length);
        if (Form == StreamForm.Hex)
        {
            DrawHex(inside, octets, row.Start - piece.Start, style);
            return;
        }

        Span<byte> text = stackalloc byte[1024];
        inside.Write(0, 0, style, text[..Readable(octets, text)]);
    }

    private void DrawHex(Canvas canvas, ReadOnlySpan<byte> octets, int offset, Style style)
    {
        int perRow = HexView.BytesPerRow(_width - 4);
        canvas.Write(0, 0, Theme.Faint, $"{offset,6:x6}");
        Span<char> text = stackalloc char[16];
        for (int index = 0; index < octets.Length; index++)
        {
            canvas.Write(8 + index * 5 / 2, 0, style, $"{octets[index]:x2}");
            text[index] = octets[index] is >= 0x20 and < 0x7f ? (char)octets[index] : '.';
        }

        canvas.Write(9 + perRow * 5 / 2, 0, style, text[..octets.Length]);
    }

    // Control characters and what is no UTF-8 become dots; the line's end goes.
    private static int Readable(ReadOnlySpan<byte> octets, Span<byte> into)
    {
        int length = 0;
        for (int at = 0; at < octets.Length && length + 4 <= into.Length;)
        {
            bool isText = Rune.DecodeFromUtf8(octets[at..], out var rune, out int size) == OperationStatus.Done && !Rune.IsControl(rune);
            if (isText)
                length += rune.EncodeToUtf8(into[length..]);
            else if (at + size < octets.Length || octets[at] is not ((byte)'\n' or (byte)'\r'))
                into[length++] = rune.Value == '\r' && octets[(at + 1)..] is [(byte)'\n', ..] ? (byte)' ' : (byte)'.';
            at += size;
        }

        return length;
    }

    private string Say(StreamPiece piece)
    {
        var sender = piece.Sender == 0 ? stream.Ends.Local : stream.Ends.Remote;
        return piece.Kind switch
        {
            StreamChunkKind.Data => string.Create(CultureInfo.InvariantCulture, $"{sender}  {FigureText.Count(piece.Length, "byte")}  packet {piece.Number}"),
            StreamChunkKind.Missing => string.Create(CultureInfo.InvariantCulture, $"✗ {FigureText.Count(piece.Length, "byte")} of {sender} were not captured"),
            StreamChunkKind.End => $"■ {sender} ends (FIN)",
            StreamChunkKind.Reset => $"✗ {sender} resets (RST)",
            _ => "□ the ports begin a new connection",
        };
    }
}
