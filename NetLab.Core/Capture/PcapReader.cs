using System.Buffers.Binary;

namespace NetLab.Core.Capture;

/// <summary>Reads libpcap's classic format (pcap-savefile(5)) in both byte orders, and its relatives of Kuznetzov and of IXIA.</summary>
internal sealed class PcapReader : CaptureFileReader
{
    private const int FileHeaderLength = 24;
    private readonly bool _bigEndian;
    private readonly int _headerLength;
    private readonly uint _nanosecondsAFraction;
    private readonly ushort _minorVersion;
    private readonly ushort _linkType;
    private readonly uint _maxLength;

    private PcapReader(CaptureInput input, Variant variant)
        : base(input)
    {
        var header = input.Available;
        (_bigEndian, _headerLength) = (variant.BigEndian, variant.HeaderLength);
        _nanosecondsAFraction = variant.Nanoseconds ? 1u : 1_000u;
        _minorVersion = variant.BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(header[6..]) : BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        _linkType = (ushort)U32(header[20..]); // the upper bits tell the length of the FCS
        uint snapLength = U32(header[16..]);
        _maxLength = MaxPacketLength(_linkType);
        AddInterface(new CaptureInterface(_linkType, snapLength, variant.Nanoseconds ? TimestampResolution.Nanoseconds : TimestampResolution.Microseconds));
        input.Advance(variant.FileHeaderLength);
    }

    public override CaptureFormat Format => CaptureFormat.Pcap;

    internal static PcapReader? Begin(CaptureInput input)
    {
        if (!input.TryEnsure(FileHeaderLength))
            return null;
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(input.Available);
        if ((Find(magic, bigEndian: true) ?? Find(BinaryPrimitives.ReverseEndianness(magic), bigEndian: false)) is not { } variant)
            return null;
        return input.TryEnsure(variant.FileHeaderLength) ? new PcapReader(input, variant) : null;
    }

    public override bool TryRead(out CapturedPacket packet)
    {
        packet = default;
        if (End != CaptureEnd.NotYet)
            return false;
        if (!Input.TryEnsure(_headerLength))
            return Input.Available.IsEmpty ? Finish() : CutOff($"in the header of packet {Packets + 1}");
        var header = Input.Available;
        uint captured = U32(header[8..]), original = U32(header[12..]);
        // Before version 2.3 the lengths stood the other way round; in 2.3 it depends on who wrote.
        if (_minorVersion < 3 || (_minorVersion == 3 && captured > original))
            (captured, original) = (original, captured);
        if (captured > _maxLength)
            return Malformed($"packet {Packets + 1} would have {captured} bytes, and {_maxLength} is the most");
        if (!Input.TryEnsure(_headerLength + (int)captured))
            return CutOff($"in packet {Packets + 1}");
        header = Input.Available;
        packet = new CapturedPacket
        {
            Number = ++Packets,
            Time = new Timestamp(U32(header) * 1_000_000_000L + (long)U32(header[4..]) * _nanosecondsAFraction),
            HasTime = true,
            LinkType = _linkType,
            Interface = -1,
            OriginalLength = (int)Math.Min(original, int.MaxValue),
            Offset = Input.Position + _headerLength,
            Bytes = header.Slice(_headerLength, (int)captured),
            IsBigEndian = _bigEndian,
        };
        Input.Advance(_headerLength + (int)captured);
        return true;
    }

    private static Variant? Find(uint magic, bool bigEndian) => magic switch
    {
        0xA1B2C3D4 => new(bigEndian, Nanoseconds: false, 16, FileHeaderLength),
        0xA1B23C4D => new(bigEndian, Nanoseconds: true, 16, FileHeaderLength),
        // Kuznetzov's: the interface's index, protocol and packet type follow the lengths.
        0xA1B2CD34 => new(bigEndian, Nanoseconds: false, 24, FileHeaderLength),
        // IXIA's lcap, of hardware and of software: the length of all records follows the file's header.
        0x1C0001AC or 0x1C0001AB => new(bigEndian, Nanoseconds: true, 16, FileHeaderLength + 4),
        _ => null,
    };

    private uint U32(ReadOnlySpan<byte> bytes) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private readonly record struct Variant(bool BigEndian, bool Nanoseconds, int HeaderLength, int FileHeaderLength);
}
