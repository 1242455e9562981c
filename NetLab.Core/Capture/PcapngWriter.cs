using System.Text;

namespace NetLab.Core.Capture;

/// <summary>Writes pcapng with nanosecond stamps, little-endian: one section, an interface for each link type, comments where there are any.</summary>
public sealed class PcapngWriter : CaptureFileWriter
{
    private const uint SectionHeader = 0x0A0D0D0A, ByteOrderMagic = 0x1A2B3C4D, InterfaceDescription = 1, EnhancedPacket = 6;
    private const int MaxOption = ushort.MaxValue;
    private readonly int _snapLength;
    private ushort[] _linkTypes = [];

    /// <summary>Begins a file; its header is handed over at once.</summary>
    /// <param name="stream">Where to; disposed of with the writer.</param>
    /// <param name="snapLength">Bytes kept of a packet at most.</param>
    public PcapngWriter(Stream stream, int snapLength = 262_144)
        : base(stream)
    {
        _snapLength = snapLength;
        ReadOnlySpan<byte> application = "NetLab"u8;
        int length = 28 + 4 + Padded(application.Length) + 4;
        var block = Block(SectionHeader, length);
        U32(block, 8, ByteOrderMagic);
        U16(block, 12, 1);
        block.Slice(16, 8).Fill(0xFF); // the section's length is not told
        Option(block[24..], 4, application); // shb_userappl
        Flush();
    }

    /// <inheritdoc/>
    public override void Write(Timestamp time, ushort linkType, int originalLength, ReadOnlySpan<byte> bytes) =>
        Write(time, linkType, originalLength, bytes, []);

    /// <summary>Writes a packet with comments (opt_comment), which Wireshark shows beside it.</summary>
    /// <param name="time">When it was captured.</param>
    /// <param name="linkType">The LINKTYPE_ value.</param>
    /// <param name="originalLength">Its length on the wire in bytes.</param>
    /// <param name="bytes">The captured bytes.</param>
    /// <param name="comments">The comments; one longer than 65,535 bytes of UTF-8 is cut.</param>
    public void Write(Timestamp time, ushort linkType, int originalLength, ReadOnlySpan<byte> bytes, ReadOnlySpan<string> comments)
    {
        int source = InterfaceOf(ForFile(linkType));
        int options = 0;
        foreach (string comment in comments)
            options += 4 + Padded(CommentLength(comment));
        int length = 28 + Padded(bytes.Length) + (options == 0 ? 0 : options + 4) + 4;
        var block = Block(EnhancedPacket, length);
        ulong nanoseconds = (ulong)Math.Max(0, time.Nanoseconds);
        U32(block, 8, (uint)source);
        U32(block, 12, (uint)(nanoseconds >> 32));
        U32(block, 16, (uint)nanoseconds);
        U32(block, 20, (uint)bytes.Length);
        U32(block, 24, (uint)Math.Max(originalLength, bytes.Length));
        bytes.CopyTo(block[28..]);
        var rest = block[(28 + Padded(bytes.Length))..];
        foreach (string comment in comments)
        {
            int size = CommentLength(comment);
            U16(rest, 0, 1);
            U16(rest, 2, (ushort)size);
            Encoding.UTF8.GetEncoder().Convert(comment, rest.Slice(4, size), flush: true, out _, out _, out _);
            rest = rest[(4 + Padded(size))..];
        }

        Packets++;
    }

    private int InterfaceOf(ushort linkType)
    {
        int index = Array.IndexOf(_linkTypes, linkType);
        if (index >= 0)
            return index;
        var block = Block(InterfaceDescription, 16 + 8 + 4 + 4);
        U16(block, 8, linkType);
        U32(block, 12, (uint)_snapLength);
        Option(block[16..], 9, [9]); // if_tsresol: nanoseconds
        _linkTypes = [.. _linkTypes, linkType];
        return _linkTypes.Length - 1;
    }

    // A comment is cut before the character that would pass the bound.
    private static int CommentLength(string comment)
    {
        int length = Encoding.UTF8.GetByteCount(comment);
        if (length <= MaxOption)
            return length;
        Span<byte> scratch = new byte[MaxOption];
        Encoding.UTF8.GetEncoder().Convert(comment, scratch, flush: false, out _, out int used, out _);
        return used;
    }

    private Span<byte> Block(uint type, int length)
    {
        var block = Record(length);
        block.Clear();
        U32(block, 0, type);
        U32(block, 4, (uint)length);
        U32(block, length - 4, (uint)length);
        return block;
    }

    private static void Option(Span<byte> destination, ushort code, ReadOnlySpan<byte> value)
    {
        U16(destination, 0, code);
        U16(destination, 2, (ushort)value.Length);
        value.CopyTo(destination[4..]);
    }

    private static int Padded(int length) => (length + 3) & ~3;
}
