using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>An IPv4 header (RFC 791 section 3.1). A view: lengths are as written and may lie; check them against the bytes.</summary>
public readonly ref struct Ipv4Header
{
    /// <summary>The length of a header without options, in bytes.</summary>
    public const int MinLength = 20;

    private readonly ReadOnlySpan<byte> _bytes;

    private Ipv4Header(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the fixed part; false where fewer than 20 bytes are there or the version is not 4.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Ipv4Header header)
    {
        header = new(bytes);
        return bytes.Length >= MinLength && bytes[0] >> 4 == 4;
    }

    /// <summary>The header's length in bytes, as its IHL says: 0 to 60.</summary>
    public int HeaderLength => (_bytes[0] & 15) * 4;

    /// <summary>The type of service byte: DSCP and ECN (RFC 2474, RFC 3168).</summary>
    public byte TypeOfService => _bytes[1];

    /// <summary>The packet's length in bytes, as it says.</summary>
    public ushort TotalLength => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>The identification, shared by the fragments of one packet.</summary>
    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>The three flag bits: 4 reserved, 2 don't fragment, 1 more fragments.</summary>
    public int Flags => _bytes[6] >> 5;

    /// <summary>Whether it must not be fragmented.</summary>
    public bool DontFragment => (_bytes[6] & 0x40) != 0;

    /// <summary>Whether more fragments follow.</summary>
    public bool MoreFragments => (_bytes[6] & 0x20) != 0;

    /// <summary>Where this fragment's payload lies in the whole, in units of eight bytes.</summary>
    public int FragmentOffset => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]) & 0x1FFF;

    /// <summary>The time to live, in hops.</summary>
    public byte TimeToLive => _bytes[8];

    /// <summary>What the payload is.</summary>
    public IpProtocol Protocol => (IpProtocol)_bytes[9];

    /// <summary>The header's checksum, as written.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_bytes[10..]);

    /// <summary>The source address as a number in host order.</summary>
    public uint Source => BinaryPrimitives.ReadUInt32BigEndian(_bytes[12..]);

    /// <summary>The destination address as a number in host order.</summary>
    public uint Destination => BinaryPrimitives.ReadUInt32BigEndian(_bytes[16..]);

    /// <summary>Both addresses, eight bytes: what the pseudo-header needs.</summary>
    public ReadOnlySpan<byte> Addresses => _bytes.Slice(12, 8);

    /// <summary>The options as far as they were captured.</summary>
    public ReadOnlySpan<byte> Options => HeaderLength > MinLength
        ? _bytes[MinLength..Math.Min(HeaderLength, _bytes.Length)] : default;

    /// <summary>Whether the header's checksum is right; unverified where the header is not all there.</summary>
    public ChecksumStatus ChecksumStatus => HeaderLength < MinLength || HeaderLength > _bytes.Length
        ? ChecksumStatus.Unverified : InternetChecksum.Verify(0, _bytes[..HeaderLength]);
}
