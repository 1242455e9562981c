using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace NetLab.Core.Capture;

/// <summary>What comes out of a gzipped file, which stays readable at any place: it is copied to a temporary file that has no name.</summary>
internal sealed class UnpackedCopy : ForwardStream
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

    public override int Read(Span<byte> buffer)
    {
        int count = _unpacking.Read(buffer);
        RandomAccess.Write(Copy, buffer[..count], _length);
        _length += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacking.Dispose();
        base.Dispose(disposing);
    }
}
