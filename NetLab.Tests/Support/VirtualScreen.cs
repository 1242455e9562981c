using System.Globalization;
using System.Text;
using NetLab.Tui.Rendering;

namespace NetLab.Tests.Support;

/// <summary>
/// What a terminal shows of the bytes that a program writes: characters only, both buffers, no colours. It takes everything,
/// knows the common controls and passes over the rest.
/// </summary>
public sealed class VirtualScreen
{
    private readonly Decoder _decoder = new UTF8Encoding(false).GetDecoder();
    private readonly StringBuilder _sequence = new();
    private string[,] _cells, _other;
    private int _columns, _rows, _x, _y;
    private (int X, int Y) _saved;
    private bool _wraps = true;
    private Kind _state;

    private enum Kind
    {
        Ground,
        Escape,
        Control,
        Text,
        TextEscape,
        Skip,
    }

    public VirtualScreen(int columns, int rows)
    {
        (_columns, _rows) = (columns, rows);
        (_cells, _other) = (Blank(columns, rows), Blank(columns, rows));
    }

    public bool IsAlternate { get; private set; }

    public bool IsCursorVisible { get; private set; } = true;

    public string Text => string.Join('\n', Enumerable.Range(0, _rows).Select(row =>
        string.Concat(Enumerable.Range(0, _columns).Select(column => _cells[row, column])).TrimEnd())).TrimEnd('\n');

    public void Resize(int columns, int rows)
    {
        (_cells, _other) = (Copy(_cells, columns, rows), Copy(_other, columns, rows));
        (_columns, _rows) = (columns, rows);
        (_x, _y) = (Math.Min(_x, columns - 1), Math.Min(_y, rows - 1));
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        char[] characters = new char[_decoder.GetCharCount(bytes, flush: false)];
        int count = _decoder.GetChars(bytes, characters, flush: false);
        for (int i = 0; i < count; i++) Take(characters[i], char.IsHighSurrogate(characters[i]) && i + 1 < count ? characters[++i] : '\0');
    }

    private void Take(char c, char low)
    {
        switch (_state)
        {
            case Kind.Escape:
                _sequence.Clear();
                _state = c switch
                {
                    '[' => Kind.Control,
                    ']' or 'P' or '^' or '_' or 'X' => Kind.Text,
                    '(' or ')' => Kind.Skip,
                    _ => Kind.Ground,
                };
                break;
            case Kind.Control when c is >= '@' and <= '~':
                _state = Kind.Ground;
                Control(_sequence.ToString(), c);
                break;
            case Kind.Control:
                _sequence.Append(c);
                break;
            case Kind.Text:
                _state = c switch { '\a' => Kind.Ground, '\e' => Kind.TextEscape, _ => Kind.Text };
                break;
            case Kind.TextEscape or Kind.Skip:
                _state = Kind.Ground;
                break;
            case Kind.Ground:
                Ground(c, low);
                break;
        }
    }

    private void Ground(char c, char low)
    {
        switch (c)
        {
            case '\e': _state = Kind.Escape; break;
            case '\r': _x = 0; break;
            case '\n': LineFeed(); break;
            case '\b': _x = Math.Max(0, _x - 1); break;
            case '\t': _x = Math.Min(_columns - 1, (_x / 8 + 1) * 8); break;
            case >= ' ': Draw(low == '\0' ? c.ToString() : new string([c, low])); break;
        }
    }

    private void Draw(string glyph)
    {
        int width = TextWidth.Of(glyph);
        if (width == 0)
        {
            if (_x > 0) _cells[_y, _x - 1] += glyph;
            return;
        }

        if (_x + width > _columns)
        {
            if (!_wraps) _x = _columns - width;
            else
            {
                _x = 0;
                LineFeed();
            }
        }

        for (int i = 0; i < width; i++) _cells[_y, _x + i] = i == 0 ? glyph : "";
        _x += width;
    }

    private void LineFeed()
    {
        if (++_y < _rows) return;
        _y = _rows - 1;
        for (int row = 0; row < _rows; row++)
        {
            for (int column = 0; column < _columns; column++) _cells[row, column] = row + 1 < _rows ? _cells[row + 1, column] : " ";
        }
    }

    private void Control(string parameters, char final)
    {
        if (parameters.StartsWith('?'))
        {
            if (final is 'h' or 'l') foreach (string mode in parameters[1..].Split(';')) Mode(mode, final == 'h');
            return;
        }

        int[] numbers = [.. parameters.Split(';').Select(one => int.TryParse(one, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        int first = numbers[0], count = Math.Max(1, first);
        switch (final)
        {
            case 'H' or 'f': Move(Math.Max(1, numbers.ElementAtOrDefault(1)) - 1, count - 1); break;
            case 'A': Move(_x, _y - count); break;
            case 'B': Move(_x, _y + count); break;
            case 'C': Move(_x + count, _y); break;
            case 'D': Move(_x - count, _y); break;
            case 'G': Move(count - 1, _y); break;
            case 'd': Move(_x, count - 1); break;
            case 'X': Erase(_y * _columns + _x, _y * _columns + Math.Min(_columns, _x + count)); break;
            case 'J': Erase(first == 0 ? _y * _columns + _x : 0, first == 1 ? _y * _columns + _x + 1 : _rows * _columns); break;
            case 'K': Erase(_y * _columns + (first == 0 ? _x : 0), _y * _columns + (first == 1 ? _x + 1 : _columns)); break;
        }
    }

    private void Mode(string mode, bool on)
    {
        switch (mode)
        {
            case "25": IsCursorVisible = on; break;
            case "7": _wraps = on; break;
            case "1049" when on != IsAlternate:
                (_cells, _other, IsAlternate) = (_other, _cells, on);
                if (on)
                {
                    _saved = (_x, _y);
                    Erase(0, _rows * _columns);
                }
                else
                {
                    Move(_saved.X, _saved.Y);
                }

                break;
        }
    }

    private void Move(int x, int y) => (_x, _y) = (Math.Clamp(x, 0, _columns - 1), Math.Clamp(y, 0, _rows - 1));

    private void Erase(int from, int to)
    {
        for (int i = from; i < Math.Min(to, _rows * _columns); i++) _cells[i / _columns, i % _columns] = " ";
    }

    private static string[,] Blank(int columns, int rows) => Copy(new string[0, 0], columns, rows);

    private static string[,] Copy(string[,] from, int columns, int rows)
    {
        string[,] cells = new string[rows, columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++) cells[row, column] = row < from.GetLength(0) && column < from.GetLength(1) ? from[row, column] : " ";
        }

        return cells;
    }
}
