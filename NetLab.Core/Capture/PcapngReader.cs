using System.Buffers.Binary;
using System.Text;

namespace NetLab.Core.Capture;

/// <summary>Reads pcapng (draft-ietf-opsawg-pcapng): any number of sections and interfaces; blocks without packets are passed over.</summary>
internal sealed class PcapngReader : CaptureFileReader
{
    private const uint SectionHeader = 0x0A0D0D0A, InterfaceDescription = 1, ObsoletePacket = 2, SimplePacket = 3, EnhancedPacket = 6;
    private const uint ByteOrderMagic = 0x1A2B3C4D;
    private const int HeaderAndTrailer = 12;
    private const uint MaxInterfaces = 65_535;
    private bool _bigEndian;
    private int _sectionBegin;
    private uint _maxBlockLength = 16 << 20;

    private PcapngReader(CaptureInput input)
        : base(input)
    {
    }

    public override CaptureFormat Format => CaptureFormat.Pcapng;

    internal static PcapngReader? Begin(CaptureInput input) =>
        input.TryEnsure(12) && IsByteOrderMagic(input.Available[8..]) ? new PcapngReader(input) : null;

    public override bool TryRead(out CapturedPacket packet)
    {
        packet = default;
        while (End == CaptureEnd.NotYet)
        {
            if (!Input.TryEnsure(8))
                return Input.Available.IsEmpty ? Finish() : CutOff("in the header of a block");
            uint type = U32(Input.Available);
            if (type == SectionHeader && !BeginSection())
                return false;
            uint length = U32(Input.Available[4..]);
            if (length < HeaderAndTrailer || length % 4 != 0)
                return Malformed($"a block would have {length} bytes");
            if (type is not (SectionHeader or InterfaceDescription or ObsoletePacket or SimplePacket or EnhancedPacket))
            {
                if (!Skip(length))
                    return false;
                continue;
            }

            if (length > _maxBlockLength)
                return Malformed($"a block would have {length} bytes");
            if (!Input.TryEnsure((int)length))
                return CutOff($"in a block after packet {Packets}");
            var block = Input.Available[..(int)length];
            if (U32(block[^4..]) != length)
                return Malformed($"a block begins with the length {length} and ends with {U32(block[^4..])}");
            if (!Take(type, block[8..^4], ref packet))
                return false;
            Input.Advance((int)length);
            if (packet.Number != 0)
                return true;
        }

        return false;
    }

    // A section has its own byte order and its own interfaces.
    private bool BeginSection()
    {
        if (!Input.TryEnsure(16))
            return CutOff("in the header of a section");
        if (!IsByteOrderMagic(Input.Available[8..]))
            return Malformed("a section tells no byte order");
        _bigEndian = BinaryPrimitives.ReadUInt32BigEndian(Input.Available[8..]) == ByteOrderMagic;
        if (U16(Input.Available[12..]) != 1)
            return Malformed($"a section is of pcapng version {U16(Input.Available[12..])}, which is not known");
        _sectionBegin = Interfaces.Count;
        return true;
    }

    private bool Take(uint type, ReadOnlySpan<byte> body, ref CapturedPacket packet) => type switch
    {
        InterfaceDescription => TakeInterface(body),
        EnhancedPacket or ObsoletePacket => TakePacket(body, type == EnhancedPacket, ref packet),
        SimplePacket => TakeSimplePacket(body, ref packet),
        _ => true,
    };

    private bool TakeInterface(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8)
            return Malformed("an interface's description is too short");
        if (Interfaces.Count == MaxInterfaces)
            return Malformed($"it describes more than {MaxInterfaces} interfaces");
        byte resolution = 6;
        long offset = 0;
        string? name = null;
        var options = new PcapngOptions(body[8..], _bigEndian);
        while (options.TryRead(out ushort code, out var value))
        {
            if (code == 2)
                name = Encoding.UTF8.GetString(value);
            else if (code == 9 && value.Length == 1)
                resolution = value[0];
            else if (code == 14 && value.Length == 8)
                offset = _bigEndian ? BinaryPrimitives.ReadInt64BigEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value);
        }

        // A block holds a packet and its options.
        _maxBlockLength = Math.Max(_maxBlockLength, MaxPacketLength(U16(body)) + 65_536);
        AddInterface(new CaptureInterface(U16(body), U32(body[4..]), TimestampResolution.FromOptions(resolution, offset), name));
        return true;
    }

    private bool TakePacket(ReadOnlySpan<byte> body, bool enhanced, ref CapturedPacket packet)
    {
        if (body.Length < 20)
            return Malformed($"the block of packet {Packets + 1} is too short");
        long index = _sectionBegin + (enhanced ? U32(body) : (long)U16(body));
        if (index >= Interfaces.Count)
            return Malformed($"packet {Packets + 1} is of interface {index - _sectionBegin}, which no block describes");
        uint captured = U32(body[12..]);
        if (captured > (uint)body.Length - 20)
            return Malformed($"packet {Packets + 1} would have {captured} bytes, more than its block");
        var source = Interfaces[(int)index];
        if (captured > MaxPacketLength(source.LinkType))
            return Malformed($"packet {Packets + 1} would have {captured} bytes, and {MaxPacketLength(source.LinkType)} is the most");
        packet = new CapturedPacket
        {
            Number = ++Packets,
            Time = source.Resolution.ToTimestamp(((ulong)U32(body[4..]) << 32) | U32(body[8..])),
            HasTime = true,
            LinkType = source.LinkType,
            Interface = (int)index - _sectionBegin,
            InterfaceIndex = (int)index,
            OriginalLength = (int)Math.Min(U32(body[16..]), int.MaxValue),
            Offset = Input.Position + 28,
            Bytes = body.Slice(20, (int)captured),
            Options = body[Math.Min(body.Length, 20 + (((int)captured + 3) & ~3))..],
            IsBigEndian = _bigEndian,
        };
        return true;
    }

    private bool TakeSimplePacket(ReadOnlySpan<byte> body, ref CapturedPacket packet)
    {
        if (body.Length < 4)
            return Malformed($"the block of packet {Packets + 1} is too short");
        if (_sectionBegin >= Interfaces.Count)
            return Malformed($"packet {Packets + 1} is of interface 0, which no block describes");
        var source = Interfaces[_sectionBegin];
        uint original = U32(body), captured = source.SnapLength == 0 ? original : Math.Min(original, source.SnapLength);
        if (captured > (uint)body.Length - 4 || captured > MaxPacketLength(source.LinkType))
            return Malformed($"packet {Packets + 1} would have {captured} bytes, more than its block");
        packet = new CapturedPacket
        {
            Number = ++Packets,
            LinkType = source.LinkType,
            InterfaceIndex = _sectionBegin,
            OriginalLength = (int)Math.Min(original, int.MaxValue),
            Offset = Input.Position + 12,
            Bytes = body.Slice(4, (int)captured),
            IsBigEndian = _bigEndian,
        };
        return true;
    }

    // Names, statistics, secrets, custom and unknown blocks are passed over, however long they are.
    private bool Skip(uint length)
    {
        long begin = Input.Position;
        if (!Input.TrySkip(length - 4L) || !Input.TryEnsure(4))
            return CutOff($"in a block after packet {Packets}");
        uint trailer = U32(Input.Available);
        if (trailer != length)
            return Malformed($"the block that begins at byte {begin} with the length {length} ends with {trailer}");
        Input.Advance(4);
        return true;
    }

    private static bool IsByteOrderMagic(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt32BigEndian(bytes) is ByteOrderMagic or 0x4D3C2B1A;

    private uint U32(ReadOnlySpan<byte> bytes) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private ushort U16(ReadOnlySpan<byte> bytes) =>
        _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
