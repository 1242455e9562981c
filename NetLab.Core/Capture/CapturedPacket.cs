using System.Buffers.Binary;

namespace NetLab.Core.Capture;

/// <summary>One packet of a capture file. Its spans lie in the reader's buffer and are valid until the next read.</summary>
public readonly ref struct CapturedPacket
{
    private const ushort CommentOption = 1;

    /// <summary>Its place in the file, from 1.</summary>
    public long Number { get; internal init; }

    /// <summary>When it was captured; zero where <see cref="HasTime"/> is false.</summary>
    public Timestamp Time { get; internal init; }

    /// <summary>Whether the file tells a time: a Simple Packet Block has none.</summary>
    public bool HasTime { get; internal init; }

    /// <summary>The LINKTYPE_ value by which its first byte is read.</summary>
    public ushort LinkType { get; internal init; }

    /// <summary>The interface that saw it, counted in its section from 0 (Wireshark's frame.interface_id); -1 in pcap, which names none.</summary>
    public int Interface { get; internal init; }

    /// <summary>The same interface's place in <see cref="CaptureFileReader.Interfaces"/>, which holds those of all sections.</summary>
    public int InterfaceIndex { get; internal init; }

    /// <summary>Its length on the wire in bytes; 0 in some files, more than <see cref="Bytes"/> where it was cut.</summary>
    public int OriginalLength { get; internal init; }

    /// <summary>Where <see cref="Bytes"/> begin in the file, after decompression.</summary>
    public long Offset { get; internal init; }

    /// <summary>The captured bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; internal init; }

    /// <summary>Its pcapng options as they lie in the file; empty in pcap.</summary>
    public ReadOnlySpan<byte> Options { get; internal init; }

    /// <summary>Whether the file's numbers are big-endian, which <see cref="Options"/> are read by.</summary>
    public bool IsBigEndian { get; internal init; }

    /// <summary>A comment (opt_comment, UTF-8), by its place from 0.</summary>
    /// <param name="index">Which of the packet's comments.</param>
    /// <param name="comment">Its bytes, which nobody has made safe for a terminal.</param>
    /// <returns>False when there are not that many.</returns>
    public bool TryGetComment(int index, out ReadOnlySpan<byte> comment)
    {
        var options = new PcapngOptions(Options, IsBigEndian);
        while (options.TryRead(out ushort code, out comment))
        {
            if (code == CommentOption && index-- == 0)
                return true;
        }

        comment = default;
        return false;
    }
}

/// <summary>Reads the options of a pcapng block one by one; what overruns the block ends them.</summary>
internal ref struct PcapngOptions(ReadOnlySpan<byte> rest, bool bigEndian)
{
    private ReadOnlySpan<byte> _rest = rest;

    internal bool TryRead(out ushort code, out ReadOnlySpan<byte> value)
    {
        code = 0;
        value = default;
        if (_rest.Length < 4)
            return false;
        code = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_rest) : BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        int length = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) : BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]);
        if (code == 0 || length > _rest.Length - 4)
            return false;
        value = _rest.Slice(4, length);
        _rest = _rest[Math.Min(_rest.Length, 4 + ((length + 3) & ~3))..];
        return true;
    }
}
