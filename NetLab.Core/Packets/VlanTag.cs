using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>The four bytes of an 802.1Q or 802.1ad tag after its EtherType: control information and the next EtherType.</summary>
public readonly ref struct VlanTag
{
    /// <summary>Its length in bytes, the next EtherType included.</summary>
    public const int Length = 4;

    private readonly ReadOnlySpan<byte> _bytes;

    private VlanTag(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the tag; false where fewer than four bytes are there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out VlanTag tag)
    {
        tag = new(bytes);
        return bytes.Length >= Length;
    }

    /// <summary>Whether an EtherType announces such a tag.</summary>
    public static bool IsTag(ushort etherType) => (EtherType)etherType
        is EtherType.Vlan or EtherType.ServiceVlan or EtherType.StackedVlan or EtherType.StackedVlan9200;

    /// <summary>Priority, drop eligibility and identifier.</summary>
    public ushort Control => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>The priority code point, 0 to 7.</summary>
    public int Priority => Control >> 13;

    /// <summary>Whether the frame may be dropped first.</summary>
    public bool IsDropEligible => (Control & 0x1000) != 0;

    /// <summary>The VLAN's number, 0 to 4095.</summary>
    public int Identifier => Control & 0x0FFF;

    /// <summary>The EtherType of what follows.</summary>
    public ushort InnerType => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);
}
