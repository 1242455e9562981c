using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace NetLab.Core.Capture;

/// <summary>What comes out of a gzipped file, which stays readable at any place: it is copied to a temporary file that has no name.</summary>
internal sealed class UnpackedCopy : Stream
{
    private readonly GZipStream _unpacking;
    private long _length;

    internal UnpackedCopy(Stream packed)
    {
        _unpacking = new GZipStream(packed, CompressionMode.Decompress);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Copy = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        // The descriptor keeps the file alive; its name goes at once.
        File.Delete(path);
    }

    /// <summary>What was unpacked so far; whoever takes it disposes of it.</summary>
    internal SafeFileHandle Copy { get; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = _unpacking.Read(buffer);
        RandomAccess.Write(Copy, buffer[..count], _length);
        _length += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacking.Dispose();
        base.Dispose(disposing);
    }
}
