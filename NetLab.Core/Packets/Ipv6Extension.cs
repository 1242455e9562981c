using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>One IPv6 extension header (RFC 8200 section 4), or AH (RFC 4302), which chains alike.</summary>
public readonly ref struct Ipv6Extension
{
    private readonly ReadOnlySpan<byte> _bytes;

    private Ipv6Extension(IpProtocol kind, ReadOnlySpan<byte> bytes)
    {
        Kind = kind;
        _bytes = bytes;
    }

    /// <summary>Whether a next-header value announces an extension that this type reads.</summary>
    public static bool IsExtension(IpProtocol protocol) => protocol is IpProtocol.HopByHop or IpProtocol.Routing
        or IpProtocol.Fragment or IpProtocol.DestinationOptions or IpProtocol.Authentication or IpProtocol.Mobility;

    /// <summary>Reads the first eight bytes; false where they are not there. <see cref="Length"/> may still reach beyond the bytes.</summary>
    public static bool TryRead(IpProtocol kind, ReadOnlySpan<byte> bytes, out Ipv6Extension extension)
    {
        extension = new(kind, bytes);
        return bytes.Length >= 8;
    }

    /// <summary>Which extension it is.</summary>
    public IpProtocol Kind { get; }

    /// <summary>What follows it.</summary>
    public IpProtocol NextHeader => (IpProtocol)_bytes[0];

    /// <summary>Its length in bytes, as it says: AH counts words of four bytes less two, the others words of eight less one.</summary>
    public int Length => Kind switch
    {
        IpProtocol.Fragment => 8,
        IpProtocol.Authentication => (_bytes[1] + 2) * 4,
        _ => (_bytes[1] + 1) * 8,
    };

    /// <summary>A fragment's place in the whole, in bytes.</summary>
    public int FragmentOffset => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]) & 0xFFF8;

    /// <summary>Whether more fragments follow.</summary>
    public bool MoreFragments => (_bytes[3] & 1) != 0;

    /// <summary>The identification, shared by the fragments of one packet.</summary>
    public uint Identification => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    /// <summary>The routing header's type: 0 deprecated, 2 mobile, 4 segment routing.</summary>
    public byte RoutingType => _bytes[2];

    /// <summary>The routing header's count of addresses still to visit.</summary>
    public byte SegmentsLeft => _bytes[3];

    /// <summary>The jumbo payload length of a hop-by-hop header (RFC 2675), or 0.</summary>
    public uint JumboLength
    {
        get
        {
            if (Kind != IpProtocol.HopByHop)
                return 0;
            int end = Math.Min(Length, _bytes.Length);
            for (int at = 2; at + 1 < end;)
            {
                if (_bytes[at] == 0)
                {
                    at++;
                    continue;
                }

                if (_bytes[at] == 0xC2 && _bytes[at + 1] == 4 && at + 6 <= end)
                    return BinaryPrimitives.ReadUInt32BigEndian(_bytes[(at + 2)..]);
                at += 2 + _bytes[at + 1];
            }

            return 0;
        }
    }
}
