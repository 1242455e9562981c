namespace NetLab.Core.Packets;

/// <summary>What an IP layer tells the layer that it carries.</summary>
/// <param name="SourceAt">Where the source address lies in the frame.</param>
/// <param name="DestinationAt">Where the destination address lies: behind a routing header the last one (RFC 8200 section 8.1).</param>
/// <param name="AddressLength">How many bytes an address has: 4 or 16.</param>
/// <param name="Protocol">What is carried.</param>
/// <param name="Length">Its length in bytes, as IP says; more than was captured where the frame was cut.</param>
/// <param name="IsFragment">Whether it is a part only, so that its checksum can't be verified.</param>
internal readonly record struct IpPayload(int SourceAt, int DestinationAt, int AddressLength, IpProtocol Protocol, int Length, bool IsFragment)
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
            case IpProtocol.Igmp: IgmpLayer.Dissect(ref context, this, at, end); break;
            case IpProtocol.Gre: GreLayer.Dissect(ref context, at, end); break;
            case IpProtocol.Ethernet: EthernetLayer.Dissect(ref context, at, end); break;
            default: DataLayer.Dissect(ref context, at, end); break;
        }
    }

    /// <summary>Verifies a checksum that covers the pseudo-header; unverified where the payload is not whole.</summary>
    public ChecksumStatus Verify(ref DissectionContext context, int at, int length)
    {
        if (!context.VerifiesChecksums || IsFragment || at + length > context.Bytes.Length)
            return ChecksumStatus.Unverified;
        return InternetChecksum.Verify(PseudoHeader(ref context, length), context.Bytes.Slice(at, length));
    }

    /// <summary>Whether a bad checksum is the pseudo-header's sum alone: left to the network card by the host that captured.</summary>
    public bool IsOffloaded(ref DissectionContext context, int length, ushort checksum) =>
        InternetChecksum.IsPartial(PseudoHeader(ref context, length), checksum);

    private ulong PseudoHeader(ref DissectionContext context, int length) => InternetChecksum.Add(
        InternetChecksum.PseudoHeader(context.Bytes.Slice(SourceAt, AddressLength), Protocol, length),
        context.Bytes.Slice(DestinationAt, AddressLength));
}
