using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>The 20 bytes of a Linux cooked capture, version 2 (LINKTYPE_LINUX_SLL2).</summary>
public readonly ref struct LinuxCooked2Header
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 20;

    private readonly ReadOnlySpan<byte> _bytes;

    private LinuxCooked2Header(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads the header; false where fewer than 20 bytes are there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out LinuxCooked2Header header)
    {
        header = new(bytes);
        return bytes.Length >= Length;
    }

    /// <summary>The EtherType of what follows; 1 and 4 are Novell 802.3 and 802.2 LLC.</summary>
    public ushort Protocol => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>The interface's index on the host that captured.</summary>
    public uint InterfaceIndex => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    /// <summary>The device's ARPHRD_ type.</summary>
    public ushort HardwareType => BinaryPrimitives.ReadUInt16BigEndian(_bytes[8..]);

    /// <summary>0 to us, 1 broadcast, 2 multicast, 3 to another host, 4 sent by us.</summary>
    public byte PacketType => _bytes[10];

    /// <summary>How long the sender's address is said to be, in bytes.</summary>
    public byte AddressLength => _bytes[11];

    /// <summary>The sender's link-layer address, at most eight bytes.</summary>
    public ReadOnlySpan<byte> Address => _bytes.Slice(12, Math.Min((int)AddressLength, 8));
}
