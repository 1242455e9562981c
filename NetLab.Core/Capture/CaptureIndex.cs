using Microsoft.Win32.SafeHandles;

namespace NetLab.Core.Capture;

/// <summary>
/// Opens a capture file for looking at any of its packets. The index grows behind the reader, 32 bytes a packet: <see cref="Build"/> runs on
/// one thread while others already look at what is indexed. A gzipped file is first unpacked into a temporary one.
/// </summary>
public sealed class CaptureIndex : IDisposable
{
    private const int ChunkShift = 16, ChunkLength = 1 << ChunkShift;
    private readonly CaptureFileReader _reader;
    private readonly SafeFileHandle _file;
    private Slot[][] _chunks = [];
    private long _count;
    private long _indexed;

    private CaptureIndex(CaptureFileReader reader, SafeFileHandle file, long length) => (_reader, _file, Length) = (reader, file, length);

    /// <summary>Packets indexed so far.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Bytes indexed so far, of <see cref="Length"/>.</summary>
    public long Indexed => Volatile.Read(ref _indexed);

    /// <summary>The file's length in bytes, unpacked.</summary>
    public long Length { get; }

    /// <summary>What is wrong with the file, once <see cref="Build"/> has come so far; null while nothing is.</summary>
    public string? Trouble => _reader.Trouble;

    /// <summary>Opens a file; nothing is indexed yet.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="obstacle">Why not, when the answer is null.</param>
    public static CaptureIndex? Open(string path, out Obstacle? obstacle)
    {
        string plain = path;
        try
        {
            if (IsGzip(path))
                plain = Unpack(path);
            // The descriptors keep a temporary file alive; its name goes at once.
            var reader = CaptureFileReader.Open(plain, out obstacle);
            if (reader is null)
                return null;
            var file = File.OpenHandle(plain, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);
            return new CaptureIndex(reader, file, RandomAccess.GetLength(file));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            obstacle = new Obstacle($"{path} could not be opened: {refused.Message}");
            return null;
        }
        finally
        {
            if (plain != path)
                File.Delete(plain);
        }
    }

    /// <summary>Indexes the file to its end, or until it is cancelled; may be called again to go on.</summary>
    public void Build(CancellationToken cancellation)
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
            Volatile.Write(ref _count, index + 1);
            Volatile.Write(ref _indexed, _reader.Position);
        }

        Volatile.Write(ref _indexed, _reader.Position);
    }

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
        ref readonly var slot = ref Volatile.Read(ref _chunks)[(number - 1) >> ChunkShift][(number - 1) & (ChunkLength - 1)];
        if (buffer.Length < slot.Captured)
            buffer = new byte[slot.Captured];
        var bytes = buffer.AsSpan(0, slot.Captured);
        for (int done = 0; done < bytes.Length;)
        {
            int count = RandomAccess.Read(_file, bytes[done..], slot.Offset + done);
            if (count == 0)
                return false;
            done += count;
        }

        packet = new CapturedPacket
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
        return true;
    }

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

    private static string Unpack(string path)
    {
        string plain = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var input = new CaptureInput(File.OpenRead(path));
        using var output = new FileStream(plain, FileMode.CreateNew, FileAccess.Write);
        input.Unzip();
        // What is damaged ends the copy; the reader then finds the file cut off.
        while (input.TryEnsure(1))
        {
            output.Write(input.Available);
            input.Advance(input.Available.Length);
        }

        return plain;
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
