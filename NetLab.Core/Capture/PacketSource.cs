using NetLab.Core.Interop;

namespace NetLab.Core.Capture;

/// <summary>How packets come out of the kernel.</summary>
public enum PacketDelivery
{
    /// <summary>Each at once; the kernel's buffer then holds few packets, since each takes the room of the longest.</summary>
    AtOnce,

    /// <summary>Packed in blocks, a little late; the kernel's buffer is used whole.</summary>
    InBlocks,
}

/// <summary>What to capture.</summary>
/// <param name="Interface">The interface's name.</param>
/// <param name="Filter">libpcap's filter; empty for everything.</param>
public sealed record PacketRequest(string Interface = "lo", string Filter = "")
{
    /// <summary>Bytes kept of each packet: 262,144, as tcpdump.</summary>
    public int SnapLength { get; init; } = 262_144;

    /// <summary>The kernel's buffer, 8 MiB.</summary>
    public int BufferSize { get; init; } = 8 << 20;

    /// <summary>How packets come out of the kernel.</summary>
    public PacketDelivery Delivery { get; init; }

    /// <summary>How late a packet may come out of a block that is not full, in milliseconds.</summary>
    public int BlockMilliseconds { get; init; } = PacketCapture.BlockMilliseconds;

    /// <summary>The journal's lane, 32 MiB.</summary>
    public long LaneCapacity { get; init; } = 32 << 20;
}

/// <summary>
/// Packets by libpcap: <see cref="EventKind.Packet"/>, observed, as they pass, with the kernel's nanosecond stamps. Each packet is copied once,
/// out of libpcap's buffer into the journal. What the kernel drops is counted and written as <see cref="EventKind.Dropped"/>.
/// </summary>
public sealed class PacketSource : IDisposable
{
    // A packet gets its stamp a little before it lies in the buffer; what is older than this has come out of it.
    private static readonly Duration s_stampToBuffer = Duration.FromMilliseconds(1);

    // The kernel's timer that closes a block runs in steps of up to 10 ms (CONFIG_HZ).
    private static readonly Duration s_kernelTimer = Duration.FromMilliseconds(10);

    // How often in a flood the readers hear how far it has come.
    private const int PacketsAWord = 1_024;

    private readonly PcapHandle _handle;
    private readonly JournalWriter _writer;
    private readonly NameId _name;
    private readonly long _nanosecondsAFraction;
    private readonly FileDescriptor _wake = FileDescriptor.OpenEvent();
    private readonly object _gate = new(); // a monitor: Flush waits on it
    private readonly Thread _thread;
    private long _number;
    private long _dropped;
    private readonly Duration _lateness;
    private Timestamp _drained;
    private Timestamp _seenUpTo;
    private volatile bool _stopping;

    private PacketSource(PcapHandle handle, JournalWriter writer, PacketRequest request)
    {
        (_handle, _writer) = (handle, writer);
        _lateness = request.Delivery == PacketDelivery.AtOnce ? Duration.Zero : Duration.FromMilliseconds(request.BlockMilliseconds) + s_kernelTimer;
        _name = writer.Names.Intern("packets");
        _nanosecondsAFraction = Pcap.TimestampPrecision(handle) == Pcap.NanosecondPrecision ? 1 : 1_000;
        LinkType = (ushort)Pcap.LinkType(handle);
        _thread = new Thread(Run) { IsBackground = true, Name = "netlab-packets" };
        _thread.Start();
    }

    /// <summary>The link type (LINKTYPE_ value) of every packet.</summary>
    public ushort LinkType { get; }

    /// <summary>How many packets were captured.</summary>
    public long Captured => Volatile.Read(ref _number);

    /// <summary>How many packets the kernel dropped because nobody had read its buffer in time.</summary>
    public long DroppedByKernel => Volatile.Read(ref _dropped);

    /// <summary>Why the capture ended by itself, such as an interface that went away; null while it runs.</summary>
    public Obstacle? Ended { get; private set; }

    /// <summary>Begins to capture into the journal.</summary>
    /// <param name="journal">Where to.</param>
    /// <param name="request">What.</param>
    /// <param name="obstacle">Why not, when the answer is null.</param>
    public static PacketSource? Start(Journal journal, PacketRequest request, out Obstacle? obstacle)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(request);
        var handle = PacketCapture.Open(request, out obstacle, out _);
        return handle is null ? null : new PacketSource(handle, journal.OpenWriter("packets", request.LaneCapacity), request);
    }

    /// <summary>Says in libpcap's words what is wrong with a filter.</summary>
    /// <returns>Null for a good filter, and where there is no libpcap to ask.</returns>
    public static string? FilterMistake(string filter)
    {
        const int ethernet = 1;
        if (!Pcap.IsAvailable)
            return null;
        using var handle = Pcap.OpenDead(ethernet, 262_144);
        if (Pcap.Compile(handle, out var program, filter, 1, uint.MaxValue) < 0)
            return Pcap.LastError(handle);
        Pcap.FreeCode(ref program);
        return null;
    }

    /// <summary>Returns when every packet that had passed before the call is in the journal, also in a flood that does not end; at the latest after 2 s.</summary>
    public void Flush()
    {
        long began = Environment.TickCount64;
        var called = KernelClock.Now;
        var isOut = called + _lateness;
        lock (_gate)
        {
            // A drain counts that began when the last of them must have been out. In a flood a drain has no end, but packets that came after the
            // call tell that those before it are there.
            while (_drained < isOut && _seenUpTo - s_stampToBuffer < called && _thread.IsAlive && !_stopping && Environment.TickCount64 - began < 2_000)
            {
                var left = isOut - KernelClock.Now;
                if (left <= Duration.Zero)
                    _wake.Signal();
                Monitor.Wait(_gate, left <= Duration.Zero ? 100 : (int)(left.Nanoseconds / 1_000_000) + 1);
            }
        }
    }

    /// <summary>Stops capturing.</summary>
    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        _wake.Signal();
        _thread.Join();
        _handle.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        ThreadNice.PreferOwn();
        Span<PollEntry> entries =
            [new(Pcap.SelectableDescriptor(_handle), PollEvents.Readable), new(_wake.Number, PollEvents.Readable)];
        while (!_stopping)
        {
            // Also without a packet one looks now and then: that is how the kernel's drop count becomes known.
            Poll.Wait(entries, TimeSpan.FromSeconds(1));
            if (entries[1].Came != PollEvents.None)
                _wake.Unsignal();
            if (!Drain())
                break;
        }

        _writer.ToldUpTo(Timestamp.MaxValue);
    }

    private bool Drain()
    {
        var began = KernelClock.Now;
        int result = 0;
        while (!_stopping && (result = Pcap.Next(_handle, out var header, out var bytes)) == 1)
        {
            Write(header, bytes);
            // In a flood the buffer is never empty, and what came and what was lost are to be seen all the same.
            if (_number % PacketsAWord == 0)
            {
                CountDrops(began);
                TellUpTo(TimeOf(header));
            }
        }

        CountDrops(began);
        _writer.ToldUpTo(began - s_stampToBuffer - _lateness);
        if (result < 0)
            Ended = new Obstacle($"The capture ended: {Pcap.LastError(_handle)}.");
        lock (_gate)
        {
            _drained = began;
            Monitor.PulseAll(_gate);
        }

        return result == 0;
    }

    private void TellUpTo(Timestamp time)
    {
        _writer.ToldUpTo(time - s_stampToBuffer);
        lock (_gate)
        {
            _seenUpTo = time;
            Monitor.PulseAll(_gate);
        }
    }

    private Timestamp TimeOf(in PcapPacketHeader header) => new(header.Seconds * 1_000_000_000 + header.Fraction * _nanosecondsAFraction);

    private void Write(in PcapPacketHeader header, ReadOnlySpan<byte> bytes)
    {
        var entry = new LabEvent
        {
            Kind = EventKind.Packet,
            Provenance = Provenance.Observed,
            Time = TimeOf(header),
        };
        entry.Detail.Packet.Number = ++_number;
        entry.Detail.Packet.OriginalLength = (int)Math.Min(header.Length, int.MaxValue);
        entry.Detail.Packet.LinkType = LinkType;
        _writer.Append(entry, bytes);
    }

    private void CountDrops(Timestamp now)
    {
        if (Pcap.Statistics(_handle, out var statistics) < 0 || statistics.Dropped == (uint)_dropped)
            return;
        var entry = new LabEvent { Kind = EventKind.Dropped, Provenance = Provenance.Observed, Time = now };
        entry.Detail.Dropped = new DroppedDetail { Source = _name, Count = statistics.Dropped - (uint)_dropped };
        _dropped += entry.Detail.Dropped.Count;
        _writer.Append(entry);
    }
}
