using Microsoft.Win32.SafeHandles;

namespace NetLab.Core.Capture;

/// <summary>
/// Opens a capture file for looking at any of its packets. The index grows behind the reader, 32 bytes a packet: <see cref="Build"/> runs on
/// one thread while others already look at what is indexed. What is gzipped is unpacked meanwhile into a temporary file.
/// </summary>
public sealed class CaptureIndex : IDisposable
{
    private const int ChunkShift = 16, ChunkLength = 1 << ChunkShift;
    private readonly CaptureFileReader _reader;
    private readonly SafeFileHandle _file;
    private readonly FileStream? _packed;
    private Slot[][] _chunks = [];

    /// <summary>What a packet takes in it, bytes.</summary>
    public static int BytesAPacket => System.Runtime.CompilerServices.Unsafe.SizeOf<Slot>();
    private long _count;
    private long _indexed;

    private CaptureIndex(CaptureFileReader reader, SafeFileHandle file, FileStream? packed) =>
        (_reader, _file, _packed, Length) = (reader, file, packed, packed?.Length ?? RandomAccess.GetLength(file));

    /// <summary>Packets indexed so far.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Bytes indexed so far, of <see cref="Length"/>.</summary>
    public long Indexed => Volatile.Read(ref _indexed);

    /// <summary>The file's length in bytes, as it lies on the disk.</summary>
    public long Length { get; }

    /// <summary>What is wrong with the file, once <see cref="Build"/> has come so far; null while nothing is.</summary>
    public string? Trouble => _reader.Trouble;

    /// <summary>Opens a file; nothing is indexed yet.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="obstacle">Why not, when the answer is null.</param>
    public static CaptureIndex? Open(string path, out Obstacle? obstacle)
    {
        try
        {
            if (!IsGzip(path))
            {
                return CaptureFileReader.Open(path, out obstacle) is { } reader
                    ? new CaptureIndex(reader, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess), null)
                    : null;
            }

            var packed = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var unpacked = new UnpackedCopy(packed);
            if (CaptureFileReader.Open(unpacked, path, out obstacle) is { } unpacker)
                return new CaptureIndex(unpacker, unpacked.Copy, packed);
            unpacked.Copy.Dispose();
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            obstacle = new Obstacle(refused is UnauthorizedAccessException ? $"You may not read {path}." : $"{path} could not be opened: {refused.Message}");
            return null;
        }
    }

    /// <summary>Indexes the file to its end, or until it is cancelled; may be called again to go on.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <param name="each">Called with each packet before it is counted.</param>
    public void Build(CancellationToken cancellation, CapturedPacketHandler? each = null)
    {
        while (!cancellation.IsCancellationRequested && _reader.TryRead(out var packet))
        {
            long index = _count;
            int chunk = (int)(index >> ChunkShift);
            if (chunk == _chunks.Length)
                Volatile.Write(ref _chunks, [.. _chunks, new Slot[ChunkLength]]);
            _chunks[chunk][index & (ChunkLength - 1)] = new Slot
            {
                Time = packet.HasTime ? packet.Time.Nanoseconds : long.MinValue,
                Offset = packet.Offset,
                Captured = packet.Bytes.Length,
                Original = packet.OriginalLength,
                Interface = packet.Interface,
                LinkType = packet.LinkType,
                InterfaceIndex = (ushort)packet.InterfaceIndex,
            };
            each?.Invoke(packet);
            Volatile.Write(ref _count, index + 1);
            Volatile.Write(ref _indexed, _packed?.Position ?? _reader.Position);
        }

        Volatile.Write(ref _indexed, _packed?.Position ?? _reader.Position);
    }

    /// <summary>When a packet was captured; the epoch where the file does not tell.</summary>
    /// <param name="number">Its number, from 1 to <see cref="Count"/>.</param>
    public Timestamp TimeOf(long number) => SlotOf(number).Time is var time and not long.MinValue ? new Timestamp(time) : default;

    /// <summary>Reads a packet. Safe for several threads, each with its own buffer.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="buffer">Where its bytes go; replaced by a larger one when it is too small.</param>
    /// <param name="packet">The packet, without its options.</param>
    /// <returns>False when it is not indexed (yet), or when the file has become shorter since.</returns>
    public bool TryGet(long number, ref byte[] buffer, out CapturedPacket packet)
    {
        packet = default;
        if (number < 1 || number > Count)
            return false;
        ref readonly var slot = ref SlotOf(number);
        if (buffer.Length < slot.Captured)
            buffer = new byte[slot.Captured];
        if (!Read(buffer.AsSpan(0, slot.Captured), slot.Offset))
            return false;
        packet = Packet(number, slot, buffer.AsSpan(0, slot.Captured));
        return true;
    }

    /// <summary>Reads a packet through a window on the file, so that its neighbours come with it. Safe for several threads, each with its own window.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="window">What was read of the file last; the packet's bytes lie in it.</param>
    /// <param name="packet">The packet, without its options; valid until the window is used again.</param>
    /// <returns>False when it is not indexed (yet), or when the file has become shorter since.</returns>
    public bool TryGet(long number, CaptureWindow window, out CapturedPacket packet)
    {
        ArgumentNullException.ThrowIfNull(window);
        packet = default;
        if (number < 1 || number > Count)
            return false;
        ref readonly var slot = ref SlotOf(number);
        if (!window.TryGet(_file, slot.Offset, slot.Captured, out var bytes))
            return false;
        packet = Packet(number, slot, bytes);
        return true;
    }

    private ref readonly Slot SlotOf(long number) =>
        ref Volatile.Read(ref _chunks)[(number - 1) >> ChunkShift][(number - 1) & (ChunkLength - 1)];

    private bool Read(Span<byte> bytes, long offset)
    {
        for (int done = 0; done < bytes.Length;)
        {
            int count = RandomAccess.Read(_file, bytes[done..], offset + done);
            if (count == 0)
                return false;
            done += count;
        }

        return true;
    }

    private static CapturedPacket Packet(long number, in Slot slot, ReadOnlySpan<byte> bytes) =>
        new()
        {
            Number = number,
            Time = slot.Time == long.MinValue ? default : new Timestamp(slot.Time),
            HasTime = slot.Time != long.MinValue,
            LinkType = slot.LinkType,
            Interface = slot.Interface,
            InterfaceIndex = slot.InterfaceIndex,
            OriginalLength = slot.Original,
            Offset = slot.Offset,
            Bytes = bytes,
        };

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _file.Dispose();
    }

    private static bool IsGzip(string path)
    {
        if (!File.Exists(path))
            return false;
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        Span<byte> head = stackalloc byte[3];
        return RandomAccess.Read(file, head, 0) == 3 && head is [0x1F, 0x8B, 8];
    }

    private struct Slot
    {
        internal long Time;
        internal long Offset;
        internal int Captured;
        internal int Original;
        internal int Interface;
        internal ushort LinkType;
        internal ushort InterfaceIndex;
    }
}

/// <summary>Takes a packet of a file; it is valid during the call.</summary>
public delegate void CapturedPacketHandler(in CapturedPacket packet);
