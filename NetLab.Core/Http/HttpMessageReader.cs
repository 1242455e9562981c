using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace NetLab.Core.Http;

/// <summary>
/// Takes the bytes of one HTTP/1.x message apart (RFC 9112), in place and without garbage: each line and the body as marks side by side, behind each line
/// the marks within it. What has not come yet is simply not there; a line that is cut off is marked as far as it goes.
/// </summary>
/// <param name="bytes">The message from its first byte; what stands behind the message is not touched.</param>
/// <param name="kind">Which message it is.</param>
public ref struct HttpMessageReader(ReadOnlySpan<byte> bytes, HttpMessageKind kind)
{
    private static readonly SearchValues<byte> s_blanks = SearchValues.Create(" \t"u8);
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private Stage _stage;
    private Within _within;
    private int _pending, _given;
    private long _left;
    private bool _chunked, _encoded, _badLength;
    private long _length = -1;

    private enum Stage
    {
        StartLine,
        Fields,
        Body,
        ChunkLine,
        ChunkData,
        ChunkEnd,
        Trailers,
        Whole,
        Lost,
    }

    /// <summary>How many bytes were taken.</summary>
    public int Position { get; private set; }

    /// <summary>The status code; 0 before the status line, or in a request.</summary>
    public int StatusCode { get; private set; }

    /// <summary>By what the body ends; known behind the empty line.</summary>
    public HttpFraming Framing { get; private set; }

    /// <summary>What Content-Length says; -1 where it says nothing that counts.</summary>
    public readonly long ContentLength => _length;

    /// <summary>Whether the header was read to its empty line.</summary>
    public readonly bool HasHeader => Framing != HttpFraming.Unknown;

    /// <summary>Whether the message is there to its end; one that ends with the connection never says so.</summary>
    public readonly bool IsWhole => _stage == Stage.Whole && _given == _pending;

    /// <summary>Whether something was not as the protocol has it, so that nobody can say where the message ends.</summary>
    public readonly bool IsLost => _stage == Stage.Lost;

    /// <summary>The next mark.</summary>
    /// <returns>False where the message, or what came of it, ends.</returns>
    public bool Read(out HttpMark mark)
    {
        if (_given < _pending)
        {
            mark = _within[_given++];
            return true;
        }

        (_given, _pending) = (0, 0);
        if (_stage == Stage.Whole || Position == _bytes.Length)
        {
            mark = default;
            return false;
        }

        mark = _stage switch
        {
            Stage.StartLine => kind == HttpMessageKind.Request ? ReadRequestLine() : ReadStatusLine(),
            Stage.Fields => ReadField(HttpPart.Field),
            Stage.Body => ReadBody(),
            Stage.ChunkLine => ReadChunkLine(),
            Stage.ChunkData => ReadChunkData(),
            Stage.ChunkEnd => ReadChunkEnd(),
            Stage.Trailers => ReadField(HttpPart.Trailer),
            _ => Take(HttpPart.Malformed, _bytes.Length - Position),
        };
        return true;
    }

    private HttpMark ReadRequestLine()
    {
        var line = Line(out int content, out int start);
        int method = line.IndexOf((byte)' ');
        int version = line.LastIndexOf((byte)' ');
        if (method <= 0)
        {
            // Not whole yet, or no request line.
            if (IsCut(content, line.Length))
                return Add(Take(HttpPart.RequestLine, line.Length), HttpPart.Method, start, content);
            return Lose(line.Length);
        }

        _stage = Stage.Fields;
        var mark = Take(HttpPart.RequestLine, line.Length);
        Add(mark, HttpPart.Method, start, method);
        bool hasVersion = version > method && line[(version + 1)..content].StartsWith("HTTP/"u8);
        int targetEnd = hasVersion ? version : content;
        Add(mark, HttpPart.Target, start + method + 1, targetEnd - method - 1);
        if (hasVersion)
            Add(mark, HttpPart.Version, start + version + 1, content - version - 1);
        return mark;
    }

    private HttpMark ReadStatusLine()
    {
        var line = Line(out int content, out int start);
        var protocol = "HTTP/"u8;
        if (!line[..Math.Min(content, protocol.Length)].SequenceEqual(protocol[..Math.Min(content, protocol.Length)]) || (content < protocol.Length && !IsCut(content, line.Length)))
            return Lose(line.Length);
        var text = line[..content];
        int version = text.IndexOf((byte)' ');
        var rest = version < 0 ? default : text[(version + 1)..];
        bool isStatus = rest.Length >= 3 && Utf8Parser.TryParse(rest[..3], out int status, out int digits) && digits == 3 && status is >= 100 and <= 999
            && (rest.Length == 3 || rest[3] == ' ');
        if (!isStatus && !IsCut(content, line.Length))
            return Lose(line.Length);
        var mark = Take(HttpPart.StatusLine, line.Length);
        Add(mark, HttpPart.Version, start, version < 0 ? content : version);
        if (!isStatus)
        {
            if (version >= 0)
                Add(mark, HttpPart.Status, start + version + 1, rest.Length);
            return mark;
        }

        _stage = Stage.Fields;
        StatusCode = int.Parse(rest[..3], System.Globalization.CultureInfo.InvariantCulture);
        Add(mark, HttpPart.Status, start + version + 1, 3);
        if (rest.Length > 4)
            Add(mark, HttpPart.Reason, start + version + 5, rest.Length - 4);
        return mark;
    }

    private HttpMark ReadField(HttpPart part)
    {
        var line = Line(out int content, out int start);
        bool isTrailer = part == HttpPart.Trailer, isCut = IsCut(content, line.Length);
        if (content == 0)
        {
            if (isCut)
                return Take(isTrailer ? HttpPart.TrailerEnd : HttpPart.EmptyLine, line.Length);
            if (isTrailer)
                _stage = Stage.Whole;
            else
                Frame();
            return Take(isTrailer ? HttpPart.TrailerEnd : HttpPart.EmptyLine, line.Length);
        }

        var text = line[..content];
        var (nameOf, valueOf) = isTrailer ? (HttpPart.TrailerName, HttpPart.TrailerValue) : (HttpPart.FieldName, HttpPart.FieldValue);
        bool isFolded = text[0] is (byte)' ' or (byte)'\t';
        int colon = isFolded ? -1 : text.IndexOf((byte)':');
        if (!isFolded && colon <= 0 && !isCut)
            return Take(HttpPart.Malformed, line.Length);
        var mark = Take(part, line.Length);
        if (!isFolded)
            Add(mark, nameOf, start, colon < 0 ? content : colon);
        if (!isFolded && colon < 0)
            return mark;
        var value = text[(colon + 1)..];
        int lead = value.IndexOfAnyExcept(s_blanks);
        if (lead < 0)
            return mark;
        int last = value.LastIndexOfAnyExcept(s_blanks);
        Add(mark, valueOf, start + colon + 1 + lead, last - lead + 1);
        if (!isTrailer && !isFolded && !isCut)
            Note(text[..colon], value[lead..(last + 1)]);
        return mark;
    }

    private HttpMark ReadBody()
    {
        int count = _bytes.Length - Position;
        if (Framing == HttpFraming.Length)
        {
            count = (int)Math.Min(_left, count);
            _left -= count;
            if (_left == 0)
                _stage = Stage.Whole;
        }

        return Take(HttpPart.Body, count);
    }

    private HttpMark ReadChunkLine()
    {
        var line = Line(out int content, out int start);
        var text = line[..content];
        int semicolon = text.IndexOf((byte)';');
        var size = (semicolon < 0 ? text : text[..semicolon]).TrimEnd(" \t"u8);
        bool isSize = size.Length is > 0 and <= 15 && Utf8Parser.TryParse(size, out _left, out int digits, 'x') && digits == size.Length;
        bool isCut = IsCut(content, line.Length);
        if (!isSize && !(isCut && size.IsEmpty))
            return Lose(line.Length);
        var mark = Take(HttpPart.ChunkLine, line.Length);
        Add(mark, HttpPart.ChunkSize, start, size.Length);
        if (semicolon >= 0)
            Add(mark, HttpPart.ChunkExtension, start + semicolon + 1, content - semicolon - 1);
        if (!isCut)
            _stage = _left == 0 ? Stage.Trailers : Stage.ChunkData;
        return mark;
    }

    private HttpMark ReadChunkData()
    {
        int count = (int)Math.Min(_left, _bytes.Length - Position);
        _left -= count;
        if (_left == 0)
            _stage = Stage.ChunkEnd;
        return Take(HttpPart.ChunkData, count);
    }

    private HttpMark ReadChunkEnd()
    {
        var rest = _bytes[Position..];
        if (rest.StartsWith("\r\n"u8))
        {
            _stage = Stage.ChunkLine;
            return Take(HttpPart.ChunkEnd, 2);
        }

        if (rest[0] == '\n')
        {
            _stage = Stage.ChunkLine;
            return Take(HttpPart.ChunkEnd, 1);
        }

        return rest is [(byte)'\r'] ? Take(HttpPart.ChunkEnd, 1) : Lose(rest.Length);
    }

    // Section 6.3: what the body ends with.
    private void Frame()
    {
        if (kind == HttpMessageKind.ResponseToHead || StatusCode is (>= 100 and < 200) or 204 or 304)
            Framing = HttpFraming.None;
        else if (_encoded)
            Framing = _chunked ? HttpFraming.Chunked : kind == HttpMessageKind.Request ? HttpFraming.None : HttpFraming.Close;
        else if (_length >= 0 && !_badLength)
            Framing = _length == 0 ? HttpFraming.None : HttpFraming.Length;
        else
            Framing = kind == HttpMessageKind.Request ? HttpFraming.None : HttpFraming.Close;
        _left = _length;
        _stage = Framing switch { HttpFraming.None => Stage.Whole, HttpFraming.Chunked => Stage.ChunkLine, _ => Stage.Body };
    }

    private void Note(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8))
        {
            // Only the last coding ends the body.
            int comma = value.LastIndexOf((byte)',');
            _encoded = true;
            _chunked = Ascii.EqualsIgnoreCase(value[(comma + 1)..].Trim(" \t"u8), "chunked"u8);
        }
        else if (Ascii.EqualsIgnoreCase(name, "Content-Length"u8))
        {
            // "42, 42" is what a proxy makes of two fields that agree.
            foreach (var range in value.Split((byte)','))
            {
                var one = value[range].Trim(" \t"u8);
                bool isNumber = one.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && Utf8Parser.TryParse(one, out long length, out int digits) && digits == one.Length
                    && (_length < 0 || _length == length);
                if (isNumber)
                    _length = long.Parse(one, System.Globalization.CultureInfo.InvariantCulture);
                else
                    _badLength = true;
            }
        }
    }

    // The line at the position with its end, which a bare LF may be (section 2.2), and how long it is without; without an LF what there is.
    private readonly ReadOnlySpan<byte> Line(out int content, out int start)
    {
        start = Position;
        var rest = _bytes[start..];
        int end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..(end + 1)];
        content = end < 0 ? line.Length : end;
        if (content > 0 && line[content - 1] == '\r')
            content--;
        return line;
    }

    private readonly bool IsCut(int content, int length) => content == length || (length == content + 1 && _bytes[Position + length - 1] == '\r');

    private HttpMark Take(HttpPart part, int length)
    {
        var mark = new HttpMark(part, Position, length);
        Position += length;
        return mark;
    }

    private HttpMark Lose(int length)
    {
        _stage = Stage.Lost;
        return Take(HttpPart.Malformed, length);
    }

    private HttpMark Add(HttpMark line, HttpPart part, int start, int length)
    {
        _within[_pending++] = new HttpMark(part, start, length);
        return line;
    }

    [InlineArray(3)]
    private struct Within
    {
        private HttpMark _first;
    }
}
