using System.Buffers.Text;
using System.Text;

namespace NetLab.Core.Peers;

/// <summary>
/// Where one HTTP/1.1 response ends (RFC 9112 section 6.3): by its length, by its chunks, or when the server closes. Only what is needed for that is
/// read; the body is passed over. For requests other than HEAD and CONNECT.
/// </summary>
internal sealed class HttpAnswer : LoadAnswer
{
    // As much as common servers allow in a head.
    private const int LongestHead = 64 * 1024;
    private readonly HttpChunks _chunks = new();
    private byte[] _head = new byte[1024];
    private int _headLength, _status;
    private long _left;
    private Part _part;
    private bool _isLast;

    private enum Part
    {
        Head,
        Length,
        Chunks,
        UntilClose,
    }

    public override int Status => _status;

    public override bool IsWholeAtEnd => _part == Part.UntilClose;

    public override void Begin()
    {
        _part = Part.Head;
        _headLength = 0;
    }

    public override AnswerProgress Take(ReadOnlySpan<byte> bytes)
    {
        while (_part == Part.Head)
        {
            int end = TakeHead(bytes, out bool isWhole);
            if (end < 0)
                return AnswerProgress.Wrong;
            if (!isWhole)
                return AnswerProgress.More;
            bytes = bytes[end..];
        }

        switch (_part)
        {
            case Part.UntilClose:
                return AnswerProgress.More;
            case Part.Chunks:
                int taken = _chunks.Take(bytes);
                if (taken < 0 || (_chunks.IsWhole && taken < bytes.Length))
                    return AnswerProgress.Wrong;
                return _chunks.IsWhole ? Whole : AnswerProgress.More;
            default:
                _left -= bytes.Length;
                // Bytes beyond the answer are an answer to nothing.
                return _left < 0 ? AnswerProgress.Wrong : _left == 0 ? Whole : AnswerProgress.More;
        }
    }

    private static ReadOnlySpan<byte> Version => "HTTP/1."u8;

    private AnswerProgress Whole => _isLast ? AnswerProgress.WholeAndLast : AnswerProgress.Whole;

    // How many bytes belong to the head; negative where it is none.
    private int TakeHead(ReadOnlySpan<byte> bytes, out bool isWhole)
    {
        if (_headLength == 0 && EndOf(bytes) is var end and > 0)
        {
            isWhole = true;
            return Parse(bytes[..end]) ? end : -1;
        }

        isWhole = false;
        int before = _headLength;
        if (before + bytes.Length > LongestHead && before >= LongestHead)
            return -1;
        int room = Math.Min(bytes.Length, LongestHead - before);
        if (_head.Length < before + room)
            Array.Resize(ref _head, Math.Min(LongestHead, Math.Max(_head.Length * 2, before + room)));
        bytes[..room].CopyTo(_head.AsSpan(before));
        _headLength += room;
        int from = Math.Max(0, before - 3);
        int found = EndOf(_head.AsSpan(from, _headLength - from));
        if (found < 0)
            return room < bytes.Length || !MayBegin(_head.AsSpan(0, _headLength)) ? -1 : bytes.Length;
        isWhole = true;
        int length = from + found;
        _headLength = 0;
        return Parse(_head.AsSpan(0, length)) ? length - before : -1;
    }

    // Who speaks something else need not be waited for.
    private static bool MayBegin(ReadOnlySpan<byte> head) => head[..Math.Min(head.Length, Version.Length)].SequenceEqual(Version[..Math.Min(head.Length, Version.Length)]);

    private static int EndOf(ReadOnlySpan<byte> bytes) => bytes.IndexOf("\r\n\r\n"u8) is var at and >= 0 ? at + 4 : -1;

    private bool Parse(ReadOnlySpan<byte> head)
    {
        if (head.Length < 14 || !head.StartsWith(Version) || head[8] != ' ' || !TryNumber(head[9..12], out long status) || status < 100)
            return false;
        long length = -1;
        bool isChunked = false;
        _isLast = head[7] == '0';
        var rest = head[(head.IndexOf((byte)'\n') + 1)..];
        while (rest.Length > 2)
        {
            int end = rest.IndexOf("\r\n"u8);
            var line = rest[..end];
            rest = rest[(end + 2)..];
            int colon = line.IndexOf((byte)':');
            if (colon < 1)
                return false;
            var value = line[(colon + 1)..].Trim(" \t"u8);
            if (Ascii.EqualsIgnoreCase(line[..colon], "content-length"u8))
            {
                if (!TryNumber(value, out long told) || (length >= 0 && told != length))
                    return false;
                length = told;
            }
            else if (Ascii.EqualsIgnoreCase(line[..colon], "transfer-encoding"u8))
            {
                isChunked = value.Length >= 7 && Ascii.EqualsIgnoreCase(value[^7..], "chunked"u8);
            }
            else if (Ascii.EqualsIgnoreCase(line[..colon], "connection"u8))
            {
                _isLast = Ascii.EqualsIgnoreCase(value, "close"u8) || (_isLast && !Ascii.EqualsIgnoreCase(value, "keep-alive"u8));
            }
        }

        // 1xx is told on the way; the answer comes after it.
        if (status < 200)
            return status != 101;
        _status = (int)status;
        _chunks.Begin();
        (_part, _left) = status is 204 or 304 ? (Part.Length, 0)
            : isChunked ? (Part.Chunks, 0)
            : length >= 0 ? (Part.Length, length)
            : (Part.UntilClose, 0L);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out long number) =>
        Utf8Parser.TryParse(text, out number, out int used) && used == text.Length && number >= 0 && text[0] is >= (byte)'0' and <= (byte)'9';
}
