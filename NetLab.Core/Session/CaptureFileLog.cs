using System.Runtime.InteropServices;
using NetLab.Core.Capture;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;
using NetLab.Core.Views;

namespace NetLab.Core.Session;

/// <summary>
/// The packets of a capture file as a log. The file is indexed behind: what is indexed can be looked at, and packets are read from the file when
/// somebody looks at them, never kept. Memory is 60 bytes a packet.
/// </summary>
public sealed class CaptureFileLog : IPacketLog, IDisposable
{
    private const int ChunkShift = 16, ChunkLength = 1 << ChunkShift;

    private readonly CaptureIndex _index;
    private readonly FileRead _reader;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly FrameHistory _history = new(new CaptureAnalysis());
    private Known[][] _known = [];
    private Thread? _thread;
    private volatile bool _isIndexed;

    private CaptureFileLog(CaptureIndex index, string path)
    {
        _index = index;
        _reader = new FileRead(this);
        Name = Path.GetFileName(path);
    }

    /// <summary>What a packet takes in memory: where it lies in the file, and what those before it say of it; bytes.</summary>
    public static int IndexBytesAPacket => CaptureIndex.BytesAPacket + System.Runtime.CompilerServices.Unsafe.SizeOf<Known>();

    /// <summary>The file's name, without its folder.</summary>
    public string Name { get; }

    /// <summary>Whether the file was indexed to its end.</summary>
    public bool IsIndexed => _isIndexed;

    /// <summary>How much of the file is indexed, from 0 to 1.</summary>
    public double Progress => _isIndexed ? 1 : _index.Length == 0 ? 0 : (double)_index.Indexed / _index.Length;

    /// <summary>What is wrong with the file, once the index has come so far; null while nothing is.</summary>
    public string? Trouble => _isIndexed ? _index.Trouble : null;

    /// <inheritdoc/>
    public long First => 0;

    /// <inheritdoc/>
    public long End => _index.Count;

    /// <inheritdoc/>
    public Timestamp? Origin => End == 0 ? null : _index.TimeOf(1);

    /// <summary>Opens a file and begins to index it.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="obstacle">Why not, when the answer is null.</param>
    public static CaptureFileLog? Open(string path, out Obstacle? obstacle)
    {
        if (CaptureIndex.Open(path, out obstacle) is not { } index)
            return null;
        var log = new CaptureFileLog(index, path);
        log._thread = new Thread(log.Build) { IsBackground = true, Name = "netlab-index" };
        log._thread.Start();
        return log;
    }

    /// <inheritdoc/>
    public PacketRow Row(long place)
    {
        ref readonly var known = ref Volatile.Read(ref _known)[place >> ChunkShift][place & (ChunkLength - 1)];
        return new PacketRow(default, _index.TimeOf(place + 1), place + 1, known.SequenceBase, known.AcknowledgmentBase, known.Stream, known.WindowShift)
        {
            Analysis = new SegmentAnalysis(known.Marks, known.Figure, known.RoundTrip),
        };
    }

    /// <inheritdoc/>
    public bool TryGet(long place, out Frame frame) => _reader.TryGet(place, out frame);

    /// <summary>The same packets for another thread.</summary>
    public IPacketLog OpenReader() => new FileRead(this);

    /// <summary>Looks for the packets that pass a test, on a thread of its own, up to the file's end.</summary>
    public FileSelection Select(PacketTest test) => new(this, test);

    /// <summary>Looks for the packets that match a display filter, on a thread of its own, up to the file's end.</summary>
    public FileSelection Select(DisplayFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new FileSelection(this, PacketSelection.Test(this, filter));
    }

    /// <summary>Ends the index and closes the file; selections are disposed of before.</summary>
    public void Dispose()
    {
        _cancellation.Cancel();
        _thread?.Join();
        _index.Dispose();
        _cancellation.Dispose();
    }

    /// <summary>Waits until the file is indexed, for those who want all of it.</summary>
    public void WaitUntilIndexed() => _thread?.Join();

    private void Build()
    {
        _index.Build(_cancellation.Token, Take);
        _isIndexed = true;
    }

    private void Take(in CapturedPacket packet)
    {
        long place = packet.Number - 1;
        int chunk = (int)(place >> ChunkShift);
        if (chunk == _known.Length)
            Volatile.Write(ref _known, [.. _known, new Known[ChunkLength]]);
        var known = _history.Take(new Frame((LinkType)packet.LinkType, packet.Bytes, packet.OriginalLength) { Number = packet.Number, Time = packet.Time });
        _known[chunk][place & (ChunkLength - 1)] = new Known
        {
            SequenceBase = known.SequenceBase,
            AcknowledgmentBase = known.AcknowledgmentBase,
            Stream = known.Stream,
            WindowShift = (byte)known.WindowShift,
            Marks = known.Analysis.Marks,
            Figure = known.Analysis.Figures.Figure,
            RoundTrip = known.Analysis.Figures.RoundTrip,
        };
    }

    // What the packets before it say of one: 28 bytes.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Known
    {
        internal uint SequenceBase;
        internal uint AcknowledgmentBase;
        internal int Stream;
        internal StreamMarks Marks;
        internal byte WindowShift;
        internal uint Figure;
        internal long RoundTrip;
    }

    // One thread's view of the file: what it reads of it is its own.
    private sealed class FileRead(CaptureFileLog log) : IPacketLog
    {
        private readonly CaptureWindow _window = new();

        public long First => 0;

        public long End => log.End;

        public Timestamp? Origin => log.Origin;

        public PacketRow Row(long place) => log.Row(place);

        public bool TryGet(long place, out Frame frame)
        {
            frame = default;
            if (!log._index.TryGet(place + 1, _window, out var packet))
                return false;
            frame = new Frame((LinkType)packet.LinkType, packet.Bytes, packet.OriginalLength)
            {
                Number = packet.Number,
                Time = packet.Time,
                Interface = packet.Interface,
            };
            return true;
        }
    }
}
