using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>The 16 bytes of a Linux cooked capture, version 1 (LINKTYPE_LINUX_SLL).</summary>
public readonly ref struct LinuxCookedHeader
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 16;

    private readonly ReadOnlySpan<byte> _bytes;

    private LinuxCookedHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the header; false where fewer than 16 bytes are there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out LinuxCookedHeader header)
    {
        header = new(bytes);
        return bytes.Length >= Length;
    }

    /// <summary>0 to us, 1 broadcast, 2 multicast, 3 to another host, 4 sent by us.</summary>
    public ushort PacketType => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>The device's ARPHRD_ type.</summary>
    public ushort HardwareType => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>The sender's link-layer address, at most eight bytes.</summary>
    public ReadOnlySpan<byte> Address => _bytes.Slice(6, Math.Min((int)AddressLength, 8));

    /// <summary>How long the sender's address is said to be, in bytes.</summary>
    public ushort AddressLength => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>The EtherType of what follows; 1 and 4 are Novell 802.3 and 802.2 LLC.</summary>
    public ushort Protocol => BinaryPrimitives.ReadUInt16BigEndian(_bytes[14..]);
}
