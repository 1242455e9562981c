namespace NetLab.Core.Kernel;

/// <summary>Where the parts of a ring-buffer page lie (<c>events/header_page</c>).</summary>
/// <param name="CommitOffset">Where the count of used bytes lies; its high bits tell of lost events.</param>
/// <param name="CommitSize">4 or 8.</param>
/// <param name="DataOffset">Where the events begin.</param>
/// <param name="PageSize">The whole page.</param>
internal readonly record struct TracePageLayout(int CommitOffset, int CommitSize, int DataOffset, int PageSize)
{
    /// <summary>As every 64-bit kernel with 4,096-byte pages has it.</summary>
    internal static TracePageLayout Usual => new(8, 8, 16, 4096);

    /// <summary>Reads header_page; <see cref="Usual"/> where it does not say.</summary>
    internal static TracePageLayout Parse(string text)
    {
        if (EventFormat.Parse(text) is not { } header || header["commit"] is not { Size: 4 or 8 } commit || header["data"] is not { Size: > 0 } data)
            return Usual;
        return new TracePageLayout(commit.Offset, commit.Size, data.Offset, data.Offset + data.Size);
    }
}

/// <summary>One event of a page.</summary>
/// <param name="Time">By the trace clock, in nanoseconds.</param>
/// <param name="Offset">Where its record begins in the page.</param>
/// <param name="Length">The record's length in bytes, up to three of them padding.</param>
internal readonly record struct TraceRecord(long Time, int Offset, int Length);

/// <summary>
/// Reads the events of one page of the kernel's ring buffer (kernel documentation: trace/ring-buffer-design; include/linux/ring_buffer.h).
/// Whatever the bytes are, it ends within the page and throws nothing.
/// </summary>
internal ref struct TracePage
{
    private const int HeaderSize = 4, LongestTypeLength = 28, Padding = 29, TimeExtend = 30, TimeStamp = 31, DeltaBits = 27;
    private const ulong UsedMask = 0xFFFFF, Missed = 1UL << 31, MissedStored = 1UL << 30;
    private readonly ReadOnlySpan<byte> _page;
    private readonly int _end;
    private int _position;
    private long _time;

    internal TracePage(ReadOnlySpan<byte> page, in TracePageLayout layout)
    {
        _page = page;
        _position = layout.DataOffset;
        if (page.Length < Math.Max(layout.DataOffset, 8) || layout.CommitOffset + layout.CommitSize > page.Length)
        {
            _end = _position;
            return;
        }

        _time = BitConverter.ToInt64(page);
        ulong commit = layout.CommitSize == 8 ? BitConverter.ToUInt64(page[layout.CommitOffset..]) : BitConverter.ToUInt32(page[layout.CommitOffset..]);
        _end = (int)Math.Min((ulong)page.Length, (ulong)layout.DataOffset + (commit & UsedMask));
        LostEvents = (commit & Missed) != 0;
        if ((commit & MissedStored) != 0 && _end + 8 <= page.Length)
            LostCount = BitConverter.ToInt64(page[_end..]);
    }

    /// <summary>Goes on in a page where an earlier reader stopped.</summary>
    internal TracePage(ReadOnlySpan<byte> page, in TracePageLayout layout, (int Position, long Time) cursor) : this(page, layout) =>
        (_position, _time) = cursor.Position == 0 ? (_position, _time) : cursor;

    /// <summary>Whether events were overwritten before this page was read.</summary>
    internal bool LostEvents { get; }

    /// <summary>How many, where the kernel had room to say; else 0.</summary>
    internal long LostCount { get; }

    /// <summary>Where this reader stands, to go on later.</summary>
    internal readonly (int Position, long Time) Cursor => (_position, _time);

    /// <summary>The next event.</summary>
    internal bool TryRead(out TraceRecord record)
    {
        while (_position + HeaderSize <= _end)
        {
            uint header = Word(_position);
            int type = (int)(header & 31);
            long delta = header >> 5;
            switch (type)
            {
                case TimeExtend when _position + 8 <= _end:
                    _time += ((long)Word(_position + 4) << DeltaBits) + delta;
                    _position += 8;
                    continue;
                case TimeStamp when _position + 8 <= _end:
                    // 59 bits of absolute time; the page's own stamp has the five above.
                    _time = (_time & ~((1L << 59) - 1)) | (((long)Word(_position + 4) << DeltaBits) + delta);
                    _position += 8;
                    continue;
                case Padding when delta != 0 && _position + 8 <= _end:
                    // An event that was taken back. Its delta counts, but for 1, which stands for "none".
                    _time += delta == 1 ? 0 : delta;
                    if (!Skip(Word(_position + 4)))
                        break;
                    continue;
                case > 0 and <= LongestTypeLength:
                    if (Take(_position + HeaderSize, type * 4, delta, out record))
                        return true;
                    break;
                case 0 when _position + 8 <= _end:
                    uint length = Word(_position + 4);
                    if (length >= 4 && length <= _page.Length && Take(_position + 8, (int)length - 4, delta, out record))
                        return true;
                    break;
            }

            _position = _end; // the rest of the page is empty, or no events
        }

        record = default;
        return false;
    }

    private bool Take(int offset, int length, long delta, out TraceRecord record)
    {
        record = default;
        if (offset + length > _end)
            return false;
        _time += delta;
        record = new TraceRecord(_time, offset, length);
        _position = (offset + length + 3) & ~3;
        return true;
    }

    private bool Skip(uint length)
    {
        if (length > _end - _position - HeaderSize)
            return false;
        _position += HeaderSize + (int)((length + 3) & ~3u);
        return true;
    }

    private readonly uint Word(int position) => BitConverter.ToUInt32(_page[position..]);
}
