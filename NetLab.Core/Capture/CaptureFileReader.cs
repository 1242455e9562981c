namespace NetLab.Core.Capture;

/// <summary>The format of a capture file.</summary>
public enum CaptureFormat
{
    /// <summary>libpcap's classic format, with its relatives.</summary>
    Pcap,

    /// <summary>pcapng (draft-ietf-opsawg-pcapng).</summary>
    Pcapng,
}

/// <summary>How a capture file ended.</summary>
public enum CaptureEnd
{
    /// <summary>There may be more.</summary>
    NotYet,

    /// <summary>Whole.</summary>
    Whole,

    /// <summary>In the middle of something: what is whole was read.</summary>
    CutOff,

    /// <summary>At something that cannot be, such as a length that lies: what lies before was read.</summary>
    Malformed,
}

/// <summary>
/// Reads the packets of a pcap or pcapng file one after the other, plain or compressed with gzip, from a file or a pipe. Nothing is allocated
/// for a packet. A damaged file yields what is whole; <see cref="End"/> and <see cref="Trouble"/> then say what is wrong, and where.
/// </summary>
public abstract class CaptureFileReader : IDisposable
{
    private readonly List<CaptureInterface> _interfaces = [];

    private protected CaptureFileReader(CaptureInput input) => Input = input;

    /// <summary>Which format it is.</summary>
    public abstract CaptureFormat Format { get; }

    /// <summary>The interfaces described so far, over all sections.</summary>
    public IReadOnlyList<CaptureInterface> Interfaces => _interfaces;

    /// <summary>Packets read so far.</summary>
    public long Packets { get; private protected set; }

    /// <summary>Bytes read so far, after decompression.</summary>
    public long Position => Input.Position;

    /// <summary>How much of the file was read, from 0 to 1, also of a compressed one; null for a pipe, which has no length.</summary>
    public double? Progress => Input.Progress;

    /// <summary>How the file ended.</summary>
    public CaptureEnd End { get; private set; }

    /// <summary>What is wrong with the file, with the offset in bytes, as one sentence; null while nothing is.</summary>
    public string? Trouble { get; private set; }

    private protected CaptureInput Input { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="obstacle">Why it cannot be read, when the answer is null.</param>
    public static CaptureFileReader? Open(string path, out Obstacle? obstacle) => Open(path, out obstacle, out _);

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="obstacle">Why it cannot be read, when the answer is null.</param>
    /// <param name="refusal">The kind of that obstacle.</param>
    public static CaptureFileReader? Open(string path, out Obstacle? obstacle, out CaptureRefusal refusal)
    {
        refusal = CaptureRefusal.Other;
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            if (Directory.Exists(path))
            {
                obstacle = new Obstacle($"{path} is a folder, not a capture file.");
                return null;
            }

            var reader = Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0), path, out obstacle);
            refusal = reader is null ? CaptureRefusal.Other : CaptureRefusal.None;
            return reader;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            refusal = refused is UnauthorizedAccessException ? CaptureRefusal.NotPermitted : CaptureRefusal.Other;
            obstacle = new Obstacle(refused switch
            {
                FileNotFoundException or DirectoryNotFoundException => $"There is no file {path}.",
                UnauthorizedAccessException => $"You may not read {path}.",
                _ => $"{path} could not be opened: {refused.Message}",
            });
            return null;
        }
    }

    /// <summary>Reads a stream, such as standard input, and disposes of it with the reader.</summary>
    /// <param name="stream">The stream, at its beginning.</param>
    /// <param name="name">What to call it in sentences.</param>
    /// <param name="obstacle">Why it cannot be read, when the answer is null.</param>
    public static CaptureFileReader? Open(Stream stream, string name, out Obstacle? obstacle)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var input = new CaptureInput(stream);
        input.Unzip();
        CaptureFileReader? reader = !input.TryEnsure(4) ? null
            : input.Available is [0x0A, 0x0D, 0x0D, 0x0A, ..] ? PcapngReader.Begin(input)
            : PcapReader.Begin(input);
        obstacle = reader is not null ? null : new Obstacle(
            input.Damage is { } damage ? $"{name} could not be read: {damage}."
            : input.Available.IsEmpty ? $"{name} is empty."
            : $"{name} is not a capture file: it begins neither as pcap nor as pcapng.");
        if (reader is null)
            input.Dispose();
        return reader;
    }

    /// <summary>Reads the next packet.</summary>
    /// <param name="packet">The packet; valid until the next call.</param>
    /// <returns>False at the end; then <see cref="End"/> tells how the file ended.</returns>
    public abstract bool TryRead(out CapturedPacket packet);

    /// <inheritdoc/>
    public void Dispose()
    {
        Input.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void AddInterface(CaptureInterface added) => _interfaces.Add(added);

    /// <summary>Most bytes that a packet of a link type may have: what lies above is a length that lies.</summary>
    private protected static uint MaxPacketLength(ushort linkType) => linkType is 189 or 220 or 231 or 279 ? 128u << 20 : 262_144; // USB, D-Bus, EBHSCR

    private protected bool Finish()
    {
        End = CaptureEnd.Whole;
        return Input.Damage is not null && CutOff("");
    }

    private protected bool CutOff(string where)
    {
        End = CaptureEnd.CutOff;
        Trouble = Input.Damage is { } damage
            ? $"The file could be read only up to byte {Position}: {damage}."
            : $"The file is cut off at byte {Position + Input.Available.Length}, {where}; {Packets} whole packets were read.";
        return false;
    }

    private protected bool Malformed(string what)
    {
        End = CaptureEnd.Malformed;
        Trouble = $"The file is damaged at byte {Position}: {what}; the {Packets} packets before it were read.";
        return false;
    }
}
