using NetLab.Core.Packets;

namespace NetLab.Tui.Commands;

/// <summary>Lines of UTF-8 through one buffer: no garbage a line, and one write(2) for many.</summary>
/// <param name="stream">Where they go when the buffer is full.</param>
internal sealed class LineOutput(Stream stream)
{
    private const int Size = 65_536, LineReserve = 4_096;
    private readonly byte[] _buffer = new byte[Size];
    private int _length;

    /// <summary>Room for the next line; what is written there counts after <see cref="End"/>.</summary>
    public Span<byte> Begin()
    {
        if (Size - _length < LineReserve)
            Flush();
        return _buffer.AsSpan(_length, Size - _length - 1);
    }

    /// <summary>Ends the line that was written into <see cref="Begin"/>'s room.</summary>
    /// <param name="line">What was written there.</param>
    /// <returns>False when it did not fit: then it is to be written again, into more room; a line that fits no buffer is cut.</returns>
    public bool End(in Utf8Line line)
    {
        if (line.IsFull && _length > 0)
        {
            Flush();
            return false;
        }

        _length += line.Length;
        _buffer[_length++] = (byte)'\n';
        return true;
    }

    /// <summary>Hands on what is there.</summary>
    public void Flush()
    {
        stream.Write(_buffer, 0, _length);
        _length = 0;
    }
}
