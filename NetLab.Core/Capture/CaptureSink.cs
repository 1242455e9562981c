namespace NetLab.Core.Capture;

/// <summary>Where packets are saved: a stream, one file, which another program may read while it grows, or a ring of files.</summary>
public sealed class CaptureSink : IDisposable
{
    // As many as keep a ring's loss small when its oldest file goes.
    private const int RingFiles = 10;
    private readonly CaptureFileWriter? _file;
    private readonly CaptureRing? _ring;

    private CaptureSink(CaptureFileWriter? file, CaptureRing? ring) => (_file, _ring) = (file, ring);

    /// <summary>Whether it takes packets of several link types: pcapng does, pcap does not.</summary>
    public bool TakesAnyLinkType => _file is PcapngWriter;

    /// <summary>Saves to a stream, such as standard output, in the pcap format.</summary>
    /// <param name="stream">The stream; disposed of with the sink.</param>
    /// <param name="linkType">The LINKTYPE_ value of every packet.</param>
    /// <param name="snapLength">Bytes kept of a packet at most.</param>
    public static CaptureSink To(Stream stream, ushort linkType, int snapLength) => new(new PcapWriter(stream, linkType, snapLength), null);

    /// <summary>Saves to a file, in pcapng if its name ends so, else in pcap.</summary>
    /// <param name="path">Its path; what it held is lost.</param>
    /// <param name="linkType">The LINKTYPE_ value of every packet.</param>
    /// <param name="snapLength">Bytes kept of a packet at most.</param>
    /// <param name="ringSize">Null for one file; else about how many bytes ten files PATH0 to PATH9 hold, of which the oldest is written over.</param>
    /// <param name="obstacle">Why not, when the answer is null.</param>
    public static CaptureSink? To(string path, ushort linkType, int snapLength, long? ringSize, out Obstacle? obstacle)
    {
        ArgumentNullException.ThrowIfNull(path);
        obstacle = null;
        try
        {
            return ringSize is { } size
                ? new(null, new CaptureRing(path, Math.Max(1, size / RingFiles), RingFiles, Begin))
                : new(Begin(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)), null);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            obstacle = new Obstacle(refused switch
            {
                DirectoryNotFoundException => $"There is no folder for {path}.",
                UnauthorizedAccessException => Directory.Exists(path) ? $"{path} is a folder." : $"You may not write {path}.",
                _ => $"{path} could not be written: {refused.Message}",
            });
            return null;
        }

        CaptureFileWriter Begin(Stream stream) =>
            path.EndsWith(".pcapng", StringComparison.OrdinalIgnoreCase) ? new PcapngWriter(stream, snapLength) : new PcapWriter(stream, linkType, snapLength);
    }

    /// <summary>Saves a packet.</summary>
    /// <param name="time">When it was captured.</param>
    /// <param name="linkType">The LINKTYPE_ value; unless <see cref="TakesAnyLinkType"/>, the sink's own.</param>
    /// <param name="originalLength">Its length on the wire in bytes.</param>
    /// <param name="bytes">The captured bytes.</param>
    /// <exception cref="IOException">The disk is full, or the reader of a pipe has gone.</exception>
    public void Write(Timestamp time, ushort linkType, int originalLength, ReadOnlySpan<byte> bytes)
    {
        _file?.Write(time, linkType, originalLength, bytes);
        _ring?.Write(time, linkType, originalLength, bytes);
    }

    /// <summary>Hands everything over to the file: call it when no packet is there for the moment.</summary>
    /// <exception cref="IOException">The disk is full, or the reader of a pipe has gone.</exception>
    public void Flush()
    {
        _file?.Flush();
        _ring?.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _ring?.Dispose();
    }
}
