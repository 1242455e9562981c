using System.Buffers.Binary;

namespace NetLab.Core.Capture;

/// <summary>
/// Writes packets to a capture file. Only whole packets go to the stream, so that another program may read the file while it grows; call
/// <see cref="Flush"/> when nothing more comes for a while. Nothing is allocated for a packet.
/// </summary>
public abstract class CaptureFileWriter : IDisposable
{
    private const int BufferSize = 256 << 10;
    private readonly Stream _stream;
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private int _used;

    private protected CaptureFileWriter(Stream stream) => _stream = stream;

    /// <summary>Bytes written, with those that are not flushed yet.</summary>
    public long Length { get; private set; }

    /// <summary>Packets written.</summary>
    public long Packets { get; private protected set; }

    /// <summary>Writes a packet.</summary>
    /// <param name="time">When it was captured.</param>
    /// <param name="linkType">The LINKTYPE_ value; a pcap file has but one.</param>
    /// <param name="originalLength">Its length on the wire in bytes.</param>
    /// <param name="bytes">The captured bytes.</param>
    public abstract void Write(Timestamp time, ushort linkType, int originalLength, ReadOnlySpan<byte> bytes);

    /// <summary>Hands everything over to the stream.</summary>
    /// <exception cref="IOException">The disk is full, or the reader of a pipe has gone.</exception>
    public void Flush()
    {
        _stream.Write(_buffer, 0, _used);
        _used = 0;
        _stream.Flush();
    }

    /// <summary>Flushes, and disposes of the stream.</summary>
    public void Dispose()
    {
        try
        {
            Flush();
        }
        finally
        {
            _stream.Dispose();
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>A LINKTYPE_ value for files: live, libpcap on Linux calls raw IP 12.</summary>
    private protected static ushort ForFile(ushort linkType) => linkType == 12 ? (ushort)101 : linkType;

    /// <summary>Room for a record, which goes to the stream in one piece.</summary>
    private protected Span<byte> Record(int length)
    {
        if (_used + length > _buffer.Length)
        {
            _stream.Write(_buffer, 0, _used);
            _used = 0;
            if (length > _buffer.Length)
                _buffer = GC.AllocateUninitializedArray<byte>(length);
        }

        var record = _buffer.AsSpan(_used, length);
        _used += length;
        Length += length;
        return record;
    }

    private protected static void U32(Span<byte> record, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(record[offset..], value);

    private protected static void U16(Span<byte> record, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(record[offset..], value);
}
