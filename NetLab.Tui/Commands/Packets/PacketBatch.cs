using NetLab.Core;
using NetLab.Core.Packets;

namespace NetLab.Tui.Commands;

/// <summary>Some packets with copies of their bytes, and the text that they become. One thread has it at a time.</summary>
internal sealed class PacketBatch : IDisposable
{
    private const int MostPackets = 512, MostBytes = 128 << 10;
    private readonly Entry[] _entries = new Entry[MostPackets];
    private readonly FrameContext[] _contexts;
    private readonly bool _hasContexts;
    private readonly ManualResetEventSlim _done = new(initialState: true);
    private readonly ByteOutput _printed = new(null);
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(MostBytes);
    private int _used;
    private int _count;
    private Exception? _fault;

    /// <summary>An empty one.</summary>
    /// <param name="history">Who tells what the packets before say of one; null where nobody asks.</param>
    public PacketBatch(FrameHistory? history)
    {
        _hasContexts = history is not null;
        _contexts = new FrameContext[_hasContexts ? MostPackets : 0];
    }

    /// <summary>The text.</summary>
    public ByteOutput Output { get; } = new(null);

    /// <summary>Whether it should be printed before more is added.</summary>
    public bool IsFull => _count == MostPackets || _used >= MostBytes;

    /// <summary>Waits until it is printed, if it is under way.</summary>
    public void Await()
    {
        _done.Wait();
        if (_fault is { } fault)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
    }

    /// <summary>Begins to fill it: from now on <see cref="Await"/> waits.</summary>
    public void Begin() => _done.Reset();

    /// <summary>Forgets packets and text.</summary>
    public void Clear()
    {
        _count = 0;
        _printed.Clear();
        Output.Clear();
        _used = 0;
    }

    /// <summary>Adds a packet to be printed.</summary>
    public void Add(in Frame frame, FrameContext? context, SequenceOrigin? origin)
    {
        var bytes = frame.Bytes;
        if (_bytes.Length - _used < bytes.Length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _used + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(_used));
        if (context is { } known)
            _contexts[_count] = known;
        Keep(frame, origin is null ? EntryKind.Plain : EntryKind.HasOrigin, _used, bytes.Length) = origin ?? default;
        _used += bytes.Length;
    }

    /// <summary>Adds a packet that is printed at once.</summary>
    public void AddPrinted(in Frame frame, PacketPrinter printer)
    {
        int before = _printed.Kept.Length;
        printer.Print(frame, _printed);
        Keep(frame, EntryKind.Printed, before, _printed.Kept.Length - before);
    }

    /// <summary>Prints what matches.</summary>
    public void Print(DisplayFilter? filter, PacketPrinter printer, Dissection scratch)
    {
        try
        {
            for (int index = 0; index < _count; index++)
                PrintOne(index, filter, printer, scratch);
        }
        catch (Exception fault)
        {
            // The thread that writes throws it anew.
            _fault = fault;
        }
        finally
        {
            _done.Set();
        }
    }

    public void Dispose() => _done.Dispose();

    private ref SequenceOrigin Keep(in Frame frame, EntryKind kind, int offset, int length)
    {
        ref var entry = ref _entries[_count++];
        (entry.Kind, entry.LinkType, entry.Interface) = (kind, (ushort)frame.LinkType, frame.Interface);
        (entry.Offset, entry.Length, entry.WireLength) = (offset, length, frame.WireLength);
        (entry.Number, entry.Time) = (frame.Number, frame.Time);
        return ref entry.Origin;
    }

    private void PrintOne(int index, DisplayFilter? filter, PacketPrinter printer, Dissection scratch)
    {
        ref readonly var entry = ref _entries[index];
        if (entry.Kind == EntryKind.Printed)
        {
            Output.Write(_printed.Kept.Slice(entry.Offset, entry.Length));
            return;
        }

        var frame = new Frame((LinkType)entry.LinkType, _bytes.AsSpan(entry.Offset, entry.Length), entry.WireLength)
        {
            Number = entry.Number,
            Time = entry.Time,
            Interface = entry.Interface,
            Context = _hasContexts ? _contexts[index] : null,
            Origin = entry.Kind == EntryKind.HasOrigin ? entry.Origin : null,
        };
        if (filter is null || filter.Matches(frame, scratch))
            printer.Print(frame, Output);
    }

    private enum EntryKind : byte
    {
        Plain,
        HasOrigin,
        Printed,
    }

    private struct Entry
    {
        public long Number;
        public Timestamp Time;
        public int Offset;
        public int Length;
        public int WireLength;
        public int Interface;
        public SequenceOrigin Origin;
        public ushort LinkType;
        public EntryKind Kind;
    }
}
