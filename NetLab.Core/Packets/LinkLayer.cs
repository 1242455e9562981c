using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>Finds the network layer under any link layer: through VLAN tags, PPPoE and PPP, cooked and loopback headers.</summary>
public static class LinkLayer
{
    /// <summary>How deep VLAN tags may be stacked before the walk gives up.</summary>
    private const int MaxTags = 8;

    /// <summary>Finds where the network layer begins and what it is.</summary>
    /// <param name="linkType">What the frame begins with.</param>
    /// <param name="frame">The captured bytes.</param>
    /// <param name="etherType">What the network layer is; an unknown EtherType comes as it is.</param>
    /// <param name="offset">Where it begins.</param>
    /// <returns>False where the link layer is cut off, unknown, or carries no EtherType.</returns>
    public static bool TryFindNetwork(LinkType linkType, ReadOnlySpan<byte> frame, out EtherType etherType, out int offset)
    {
        etherType = EtherType.None;
        offset = 0;
        switch (linkType)
        {
            case LinkType.Ethernet:
                if (!EthernetHeader.TryRead(frame, out var ethernet))
                    return false;
                etherType = (EtherType)ethernet.TypeOrLength;
                offset = EthernetHeader.Length;
                // The common case stays short: no tag, no PPPoE.
                return etherType is EtherType.Ipv4 or EtherType.Ipv6 || TryUnwrap(frame, ref etherType, ref offset);
            case LinkType.LinuxCooked:
                if (!LinuxCookedHeader.TryRead(frame, out var cooked))
                    return false;
                etherType = (EtherType)cooked.Protocol;
                offset = LinuxCookedHeader.Length;
                return TryUnwrap(frame, ref etherType, ref offset);
            case LinkType.LinuxCooked2:
                if (!LinuxCooked2Header.TryRead(frame, out var cooked2))
                    return false;
                etherType = (EtherType)cooked2.Protocol;
                offset = LinuxCooked2Header.Length;
                return TryUnwrap(frame, ref etherType, ref offset);
            case LinkType.Null or LinkType.Loop:
                if (!LoopbackHeader.TryRead(frame, out var loopback))
                    return false;
                etherType = loopback.EtherType;
                offset = LoopbackHeader.Length;
                return etherType != EtherType.None;
            case LinkType.Raw or LinkType.RawLive or LinkType.Ipv4 or LinkType.Ipv6:
                etherType = ByVersion(frame);
                return etherType != EtherType.None;
            case LinkType.Slip:
                offset = 16;
                etherType = frame.Length > offset ? ByVersion(frame[offset..]) : EtherType.None;
                return etherType != EtherType.None;
            case LinkType.Ppp:
                return TryPpp(frame, ref etherType, ref offset);
            case LinkType.PktAp or LinkType.User2:
                return TryPktAp(frame, out etherType, out offset);
            default:
                return false;
        }
    }

    /// <summary>IPv4 or IPv6 by the first nibble, else None.</summary>
    public static EtherType ByVersion(ReadOnlySpan<byte> packet) => packet.IsEmpty ? EtherType.None
        : (packet[0] >> 4) switch { 4 => EtherType.Ipv4, 6 => EtherType.Ipv6, _ => EtherType.None };

    /// <summary>The length of a PKTAP header and the link type of what follows it.</summary>
    public static bool TryReadPktAp(ReadOnlySpan<byte> frame, out int length, out LinkType inner)
    {
        length = 0;
        inner = default;
        if (frame.Length < 12)
            return false;
        uint written = BinaryPrimitives.ReadUInt32LittleEndian(frame);
        inner = (LinkType)BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]);
        length = (int)Math.Min(written, int.MaxValue);
        return length >= 108 && length <= frame.Length && inner is not (LinkType.PktAp or LinkType.User2);
    }

    private static bool TryPktAp(ReadOnlySpan<byte> frame, out EtherType etherType, out int offset)
    {
        etherType = EtherType.None;
        offset = 0;
        if (!TryReadPktAp(frame, out int length, out var inner)
            || !TryFindNetwork(inner, frame[length..], out etherType, out offset))
            return false;
        offset += length;
        return true;
    }

    private static bool TryUnwrap(ReadOnlySpan<byte> frame, ref EtherType etherType, ref int offset)
    {
        for (int tags = 0; VlanTag.IsTag((ushort)etherType) && tags < MaxTags; tags++)
        {
            if (!VlanTag.TryRead(frame[offset..], out var tag))
                return false;
            etherType = (EtherType)tag.InnerType;
            offset += VlanTag.Length;
        }

        if (etherType != EtherType.PppoeSession)
            return true;
        if (!PppoeHeader.TryRead(frame[offset..], out _))
            return false;
        offset += PppoeHeader.Length;
        return TryPpp(frame, ref etherType, ref offset);
    }

    private static bool TryPpp(ReadOnlySpan<byte> frame, ref EtherType etherType, ref int offset)
    {
        if (!PppProtocol.TryRead(frame[offset..], out ushort protocol, out int length))
            return false;
        etherType = PppProtocol.ToEtherType(protocol);
        offset += length;
        return etherType != EtherType.None;
    }
}
