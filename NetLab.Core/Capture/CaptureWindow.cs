using Microsoft.Win32.SafeHandles;

namespace NetLab.Core.Capture;

/// <summary>A stretch of a capture file in memory, so that packets side by side cost one read. It belongs to one thread.</summary>
public sealed class CaptureWindow
{
    private const int Size = 256 << 10;
    private byte[] _bytes = [];
    private long _start;
    private int _length;

    internal bool TryGet(SafeFileHandle file, long offset, int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if ((offset < _start || offset + count > _start + _length) && !Move(file, offset, count))
            return false;
        bytes = _bytes.AsSpan((int)(offset - _start), count);
        return true;
    }

    // What is looked at next lies mostly behind, but one who scrolls up looks before.
    private bool Move(SafeFileHandle file, long offset, int count)
    {
        bool backwards = offset < _start && offset + Size > _start;
        _start = backwards ? Math.Max(0, offset + count - Size) : offset;
        if (_start > offset)
            _start = offset;
        int wanted = Math.Max(Size, (int)(offset - _start) + count);
        if (_bytes.Length < wanted)
            _bytes = GC.AllocateUninitializedArray<byte>(wanted);
        _length = 0;
        while (_length < _bytes.Length && RandomAccess.Read(file, _bytes.AsSpan(_length), _start + _length) is > 0 and var more)
            _length += more;
        return offset + count <= _start + _length;
    }
}
