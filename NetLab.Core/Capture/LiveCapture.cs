using NetLab.Core.Interop;

namespace NetLab.Core.Capture;

/// <summary>What the kernel counted since a capture began.</summary>
/// <param name="Received">Packets that passed the filter.</param>
/// <param name="Dropped">Packets of these that were lost because the buffer was full.</param>
/// <param name="DroppedByInterface">Packets that the interface lost.</param>
public readonly record struct CaptureStatistics(long Received, long Dropped, long DroppedByInterface);

/// <summary>
/// A capture that its caller reads packet by packet on a thread of its own, with no journal between: for commands that print or save all that comes.
/// Packets come as they pass, with the kernel's nanosecond stamps; nothing is copied or allocated for one.
/// </summary>
public sealed class LiveCapture : IDisposable
{
    private readonly PcapHandle _handle;
    private readonly FileDescriptor _wake = FileDescriptor.OpenEvent();
    private readonly long _nanosecondsAFraction;
    private long _number;

    private LiveCapture(PcapHandle handle)
    {
        _handle = handle;
        _nanosecondsAFraction = Pcap.TimestampPrecision(handle) == Pcap.NanosecondPrecision ? 1 : 1_000;
        LinkType = (ushort)Pcap.LinkType(handle);
    }

    /// <summary>The link type (LINKTYPE_ value) of every packet.</summary>
    public ushort LinkType { get; }

    /// <summary>How many packets were read.</summary>
    public long Captured => _number;

    /// <summary>Why the capture ended by itself, such as an interface that went away; null while it runs.</summary>
    public Obstacle? Ended { get; private set; }

    /// <summary>Begins to capture.</summary>
    /// <param name="request">What.</param>
    /// <param name="obstacle">Why not, when the answer is null.</param>
    /// <param name="refusal">The kind of that obstacle.</param>
    public static LiveCapture? Open(PacketRequest request, out Obstacle? obstacle, out CaptureRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(request);
        var handle = PacketCapture.Open(request, out obstacle, out refusal);
        return handle is null ? null : new LiveCapture(handle);
    }

    /// <summary>Reads the next packet, if one is there; never waits.</summary>
    /// <param name="packet">The packet; valid until the next call.</param>
    /// <returns>False when none is there now, or the capture has <see cref="Ended"/>.</returns>
    public bool TryRead(out CapturedPacket packet)
    {
        packet = default;
        if (Ended is not null)
            return false;
        int result = Pcap.Next(_handle, out var header, out var bytes);
        if (result < 0)
            Ended = new Obstacle($"The capture ended: {Pcap.LastError(_handle)}.");
        if (result != 1)
            return false;
        packet = new CapturedPacket
        {
            Number = ++_number,
            Time = new Timestamp(header.Seconds * 1_000_000_000 + header.Fraction * _nanosecondsAFraction),
            HasTime = true,
            LinkType = LinkType,
            Interface = -1,
            OriginalLength = (int)Math.Min(header.Length, int.MaxValue),
            Bytes = bytes,
        };
        return true;
    }

    /// <summary>How late a packet may come at the most: when the capture is to end, what passed before comes in this time.</summary>
    public static Duration Latency => Duration.FromMilliseconds(3 * PacketCapture.BlockMilliseconds);

    /// <summary>Waits until a packet is there, <see cref="Wake"/> is called, from now on or before, or the time is over.</summary>
    /// <param name="patience">At most this long.</param>
    public void Wait(Duration patience)
    {
        Span<PollEntry> entries =
            [new(Pcap.SelectableDescriptor(_handle), PollEvents.Readable), new(_wake.Number, PollEvents.Readable)];
        Poll.Wait(entries, patience.ToTimeSpan());
        if (entries[1].Came != PollEvents.None)
            _wake.Unsignal();
    }

    /// <summary>Ends the present wait, or else the next one, from any thread.</summary>
    public void Wake() => _wake.Signal();

    /// <summary>What the kernel counted; null when libpcap does not tell.</summary>
    public CaptureStatistics? Statistics() =>
        Pcap.Statistics(_handle, out var counted) < 0 ? null : new(counted.Received, counted.Dropped, counted.DroppedByInterface);

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle.Dispose();
        _wake.Dispose();
    }
}
