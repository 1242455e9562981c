using NetLab.Core;
using NetLab.Core.Packets;

namespace NetLab.Tui.Commands;

/// <summary>Some packets with copies of their bytes, and the text that they become. One thread has it at a time.</summary>
internal sealed class PacketBatch : IDisposable
{
    private const int MostPackets = 1_024, MostBytes = 192 << 10;
    private readonly List<Entry> _entries = new(MostPackets);
    private readonly ManualResetEventSlim _done = new(initialState: true);
    private readonly ByteOutput _printed = new(null);
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(MostBytes);
    private int _used;
    private Exception? _fault;

    /// <summary>The text.</summary>
    public ByteOutput Output { get; } = new(null);

    /// <summary>Whether it should be printed before more is added.</summary>
    public bool IsFull => _entries.Count == MostPackets || _used >= MostBytes;

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
        _entries.Clear();
        _printed.Clear();
        Output.Clear();
        _used = 0;
    }

    /// <summary>Adds a packet to be printed.</summary>
    public void Add(Frame frame, FrameContext? context, SequenceOrigin? origin)
    {
        var bytes = frame.Bytes;
        if (_bytes.Length - _used < bytes.Length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _used + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(_used));
        _entries.Add(new Entry(frame.LinkType, _used, bytes.Length, frame.WireLength, frame.Interface, frame.Number, frame.Time, context, origin));
        _used += bytes.Length;
    }

    /// <summary>Adds a packet that is printed at once.</summary>
    public void AddPrinted(Frame frame, PacketPrinter printer)
    {
        int before = _printed.Kept.Length;
        printer.Print(frame, _printed);
        _entries.Add(new Entry(frame.LinkType, before, _printed.Kept.Length - before, -1, 0, 0, default, null, null));
    }

    /// <summary>Prints what matches.</summary>
    public void Print(DisplayFilter? filter, PacketPrinter printer, Dissection scratch)
    {
        try
        {
            foreach (ref readonly var entry in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_entries))
            {
                if (entry.WireLength < 0)
                {
                    Output.Write(_printed.Kept.Slice(entry.Offset, entry.Length));
                    continue;
                }

                var frame = new Frame(entry.LinkType, _bytes.AsSpan(entry.Offset, entry.Length), entry.WireLength)
                {
                    Number = entry.Number,
                    Time = entry.Time,
                    Interface = entry.Interface,
                    Context = entry.Context,
                    Origin = entry.Origin,
                };
                if (filter is null || filter.Matches(frame, scratch))
                    printer.Print(frame, Output);
            }
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

    // A wire length below 0 marks what is printed already.
    private readonly record struct Entry(
        LinkType LinkType, int Offset, int Length, int WireLength, int Interface, long Number, Timestamp Time, FrameContext? Context, SequenceOrigin? Origin);
}
