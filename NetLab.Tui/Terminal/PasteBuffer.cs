using System.Text;

namespace NetLab.Tui.Terminal;

/// <summary>Gathers a bracketed paste up to its end mark, within a bound.</summary>
internal sealed class PasteBuffer(int capacity)
{
    private byte[] _bytes = [];
    private int _length;
    private long _dropped;
    private int _matched;

    private static ReadOnlySpan<byte> EndMark => "\e[201~"u8;

    /// <summary>Takes the next byte.</summary>
    /// <returns>True if it completed the end mark.</returns>
    public bool Add(byte value)
    {
        if (value == EndMark[_matched])
        {
            return ++_matched == EndMark.Length;
        }

        // Only the first byte of the mark is an ESC, so a mark can begin nowhere inside another.
        foreach (byte held in EndMark[.._matched]) Keep(held);
        _matched = value == EndMark[0] ? 1 : 0;
        if (_matched == 0) Keep(value);
        return false;
    }

    /// <summary>The paste as it stands; the buffer is empty afterwards.</summary>
    public PasteEvent Finish()
    {
        // A terminal sends a pasted line's end as the Enter key, CR.
        string text = Encoding.UTF8.GetString(_bytes, 0, _length).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        PasteEvent paste = new(text, _dropped);
        (_bytes, _length, _dropped, _matched) = ([], 0, 0, 0);
        return paste;
    }

    private void Keep(byte value)
    {
        if (_length == capacity)
        {
            _dropped++;
            return;
        }

        if (_length == _bytes.Length) Array.Resize(ref _bytes, Math.Min(capacity, Math.Max(256, _length * 2)));
        _bytes[_length++] = value;
    }
}
