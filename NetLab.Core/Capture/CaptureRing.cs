namespace NetLab.Core.Capture;

/// <summary>
/// Writes one capture file after the other, each up to a size, and keeps only the last ones: FILE0, FILE1, … as <c>tcpdump -C -W</c> names
/// them. Every file can be read for itself.
/// </summary>
public sealed class CaptureRing : IDisposable
{
    private readonly string _path;
    private readonly long _fileSize;
    private readonly int _files;
    private readonly Func<Stream, CaptureFileWriter> _begin;
    private CaptureFileWriter _writer;
    private int _index;

    /// <summary>Begins the first file.</summary>
    /// <param name="path">What the files' names begin with.</param>
    /// <param name="fileSize">A file's size in bytes at which the next begins; a packet is never split.</param>
    /// <param name="files">How many files are kept.</param>
    /// <param name="begin">Begins a file's format on a stream.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public CaptureRing(string path, long fileSize, int files, Func<Stream, CaptureFileWriter> begin)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fileSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(files, 1);
        (_path, _fileSize, _files, _begin) = (path, fileSize, files, begin);
        _writer = begin(Create(0));
    }

    /// <summary>Packets written, also to files that are gone.</summary>
    public long Packets { get; private set; }

    /// <summary>The file that is being written.</summary>
    public string CurrentPath => Name(_index);

    /// <summary>Writes a packet; see <see cref="CaptureFileWriter.Write"/>.</summary>
    public void Write(Timestamp time, ushort linkType, int originalLength, ReadOnlySpan<byte> bytes)
    {
        if (_writer.Packets > 0 && _writer.Length >= _fileSize)
        {
            _writer.Dispose();
            _index = (_index + 1) % _files;
            _writer = _begin(Create(_index));
        }

        _writer.Write(time, linkType, originalLength, bytes);
        Packets++;
    }

    /// <summary>Hands everything over to the file.</summary>
    public void Flush() => _writer.Flush();

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    // Zeros lead so that the names sort, as tcpdump has it.
    private string Name(int index) =>
        _path + index.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft((_files - 1).ToString(System.Globalization.CultureInfo.InvariantCulture).Length, '0');

    private FileStream Create(int index) => new(Name(index), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
}
