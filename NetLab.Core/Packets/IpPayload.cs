namespace NetLab.Core.Packets;

/// <summary>What an IP layer tells the layer that it carries.</summary>
/// <param name="AddressesAt">Where source and destination address lie side by side in the frame.</param>
/// <param name="AddressesLength">How many bytes they have together: 8 or 32.</param>
/// <param name="Protocol">What is carried.</param>
/// <param name="Length">Its length in bytes, as IP says; more than was captured where the frame was cut.</param>
/// <param name="IsFragment">Whether it is a part only, so that its checksum can't be verified.</param>
internal readonly record struct IpPayload(int AddressesAt, int AddressesLength, IpProtocol Protocol, int Length, bool IsFragment)
{
    public void Dissect(ref DissectionContext context, int at, int end)
    {
        if (!context.Wants(ProtocolTier.Transport))
            return;
        switch (Protocol)
        {
            case IpProtocol.Tcp: TcpLayer.Dissect(ref context, this, at, end); break;
            case IpProtocol.Udp: UdpLayer.Dissect(ref context, this, at, end); break;
            case IpProtocol.Icmp: IcmpLayer.Dissect(ref context, this, at, end); break;
            case IpProtocol.Icmpv6: IcmpLayer.Dissect6(ref context, this, at, end); break;
            case IpProtocol.Ipv4: Dissector.Network(ref context, EtherType.Ipv4, at, end); break;
            case IpProtocol.Ipv6: Dissector.Network(ref context, EtherType.Ipv6, at, end); break;
            case IpProtocol.Ethernet: EthernetLayer.Dissect(ref context, at, end); break;
            default: DataLayer.Dissect(ref context, at, end); break;
        }
    }

    /// <summary>Verifies a checksum that covers the pseudo-header; unverified where the payload is not whole.</summary>
    public ChecksumStatus Verify(ref DissectionContext context, int at, int length)
    {
        if (!context.VerifiesChecksums || IsFragment || at + length > context.Bytes.Length)
            return ChecksumStatus.Unverified;
        ulong pseudo = InternetChecksum.PseudoHeader(context.Bytes.Slice(AddressesAt, AddressesLength), Protocol, length);
        return InternetChecksum.Verify(pseudo, context.Bytes.Slice(at, length));
    }

    /// <summary>Whether a bad checksum is the pseudo-header's sum alone: left to the network card by the host that captured.</summary>
    public bool IsOffloaded(ref DissectionContext context, int length, ushort checksum) => InternetChecksum.IsPartial(
        InternetChecksum.PseudoHeader(context.Bytes.Slice(AddressesAt, AddressesLength), Protocol, length), checksum);
}
