namespace NetLab.Core.Capture;

/// <summary>Writes libpcap's classic format with nanosecond stamps, little-endian.</summary>
public sealed class PcapWriter : CaptureFileWriter
{
    private const uint NanosecondMagic = 0xA1B23C4D;
    private readonly ushort _linkType;

    /// <summary>Begins a file; its header is handed over at once.</summary>
    /// <param name="stream">Where to; disposed of with the writer.</param>
    /// <param name="linkType">The LINKTYPE_ value of every packet.</param>
    /// <param name="snapLength">Bytes kept of a packet at most.</param>
    public PcapWriter(Stream stream, ushort linkType, int snapLength = 262_144)
        : base(stream)
    {
        _linkType = ForFile(linkType);
        var header = Record(24);
        header.Clear();
        U32(header, 0, NanosecondMagic);
        U16(header, 4, 2);
        U16(header, 6, 4);
        U32(header, 16, (uint)snapLength);
        U32(header, 20, _linkType);
        Flush();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The packet has another link type than the file.</exception>
    public override void Write(Timestamp time, ushort linkType, int originalLength, ReadOnlySpan<byte> bytes)
    {
        if (ForFile(linkType) != _linkType)
            throw new ArgumentException($"A pcap file holds one link type: {_linkType}, not {linkType}. pcapng holds several.", nameof(linkType));
        // Seconds are 32 bits without a sign: from 1970 to 2106.
        long nanoseconds = Math.Clamp(time.Nanoseconds, 0, uint.MaxValue * 1_000_000_000L + 999_999_999);
        var record = Record(16 + bytes.Length);
        U32(record, 0, (uint)(nanoseconds / 1_000_000_000));
        U32(record, 4, (uint)(nanoseconds % 1_000_000_000));
        U32(record, 8, (uint)bytes.Length);
        U32(record, 12, (uint)Math.Max(originalLength, bytes.Length));
        bytes.CopyTo(record[16..]);
        Packets++;
    }
}
