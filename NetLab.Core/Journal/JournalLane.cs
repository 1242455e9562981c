using System.Numerics;

namespace NetLab.Core;

/// <summary>Where an event lies: its source's lane and its serial number there. It stays valid until the event is dropped.</summary>
/// <param name="Lane">The lane's place in the journal, from 0.</param>
/// <param name="Serial">The event's number in its lane, from 0.</param>
public readonly record struct EventReference(int Lane, long Serial);

/// <summary>
/// One source's part of the journal: a ring of events and a ring of their data, both of fixed size. One thread writes, many read. The writer
/// never waits: a reader copies and then looks whether the writer has meanwhile passed by.
/// </summary>
internal sealed class JournalLane
{
    private readonly Slot[] _slots;
    private readonly byte[] _data;
    private readonly int _slotMask;
    private long _oldest;      // serial of the oldest event that is whole
    private long _next;        // serial of the next event
    private long _dataEnd;     // position after the newest data, counted from the start of time
    private long _watermark = long.MaxValue;
    private long _dropped;

    internal JournalLane(string source, int index, long capacity)
    {
        (Source, Index) = (source, index);
        // A third for the events, the rest for their data: a packet on loopback is some 100 bytes, an event some 160.
        long slots = Math.Max(64, capacity / 3 / Slot.Size);
        _slots = new Slot[BitOperations.RoundUpToPowerOf2((ulong)slots + 1) / 2];
        _slotMask = _slots.Length - 1;
        _data = GC.AllocateUninitializedArray<byte>((int)Math.Max(4096, capacity - (long)_slots.Length * Slot.Size));
    }

    internal string Source { get; }

    internal int Index { get; }

    internal long Capacity => _data.Length + (long)_slots.Length * Slot.Size;

    /// <summary>The longest data that an event can have; longer data is cut.</summary>
    internal int MaxDataLength => _data.Length / 4;

    internal long Oldest => Volatile.Read(ref _oldest);

    internal long Next => Volatile.Read(ref _next);

    internal long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Before this time the source has told everything.</summary>
    internal Timestamp Watermark
    {
        get => new(Volatile.Read(ref _watermark));
        set => Volatile.Write(ref _watermark, value.Nanoseconds);
    }

    internal long Append(in LabEvent entry, ReadOnlySpan<byte> data)
    {
        if (data.Length > MaxDataLength)
            data = data[..MaxDataLength];
        long serial = _next;
        long position = Contiguous(_dataEnd, data.Length);
        MakeRoom(serial, position + data.Length);
        data.CopyTo(_data.AsSpan((int)(position % _data.Length)));
        ref var slot = ref _slots[serial & _slotMask];
        slot.Event = entry;
        slot.DataPosition = position;
        slot.DataLength = data.Length;
        _dataEnd = position + data.Length;
        Volatile.Write(ref _next, serial + 1);
        return serial;
    }

    internal bool TryPeekTime(long serial, out Timestamp time)
    {
        time = _slots[serial & _slotMask].Event.Time;
        return StillWhole(serial);
    }

    internal bool TryRead(long serial, out LabEvent entry)
    {
        entry = default;
        if (serial < Oldest || serial >= Next)
            return false;
        entry = _slots[serial & _slotMask].Event;
        return StillWhole(serial);
    }

    internal bool TryRead(long serial, ref byte[] buffer, out LabEvent entry, out int length)
    {
        (entry, length) = (default, 0);
        if (serial < Oldest || serial >= Next)
            return false;
        var slot = _slots[serial & _slotMask];
        if (!StillWhole(serial))
            return false;
        (entry, length) = (slot.Event, slot.DataLength);
        if (buffer.Length < length)
            buffer = new byte[(int)BitOperations.RoundUpToPowerOf2((uint)length)];
        _data.AsSpan((int)(slot.DataPosition % _data.Length), length).CopyTo(buffer);
        return StillWhole(serial);
    }

    // Data is never split over the ring's end: what does not fit before it begins at the start.
    private long Contiguous(long position, int length)
    {
        int offset = (int)(position % _data.Length);
        return offset + length > _data.Length ? position + _data.Length - offset : position;
    }

    // What is about to be overwritten is first declared gone, so that a reader that was copying it finds out.
    private void MakeRoom(long serial, long dataEnd)
    {
        long oldest = _oldest;
        while (oldest < serial
            && (serial - oldest >= _slots.Length || _slots[oldest & _slotMask].DataPosition < dataEnd - _data.Length))
            oldest++;
        if (oldest == _oldest)
            return;
        Volatile.Write(ref _dropped, _dropped + oldest - _oldest);
        Volatile.Write(ref _oldest, oldest);
        Interlocked.MemoryBarrier();
    }

    private bool StillWhole(long serial)
    {
        Interlocked.MemoryBarrier();
        return serial >= Volatile.Read(ref _oldest);
    }

    private struct Slot
    {
        internal const int Size = 168;
        internal LabEvent Event;
        internal long DataPosition;
        internal int DataLength;
    }
}
