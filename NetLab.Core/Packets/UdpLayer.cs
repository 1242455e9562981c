namespace NetLab.Core.Packets;

/// <summary>The fields of UDP.</summary>
internal static class UdpLayer
{
    public static readonly ProtocolDefinition Protocol = new("udp", "User Datagram Protocol", ProtocolTier.Transport);

    private static readonly FieldDefinition SourcePort = Protocol.Number("udp.srcport", "Source Port");
    private static readonly FieldDefinition DestinationPort = Protocol.Number("udp.dstport", "Destination Port");
    private static readonly FieldDefinition Length = Protocol.Number("udp.length", "Length");
    private static readonly FieldDefinition Checksum = Protocol.Hex("udp.checksum", "Checksum", 4);
    private static readonly FieldDefinition ChecksumState = Protocol.Checksum("udp.checksum.status");
    private static readonly FieldDefinition Offloaded = Protocol.Offload("udp.checksum.partial");
    private static readonly FieldDefinition Stream = Protocol.Number("udp.stream", "Stream index").FromHistory();
    private static readonly FieldDefinition Payload = Protocol.Value("udp.payload", "UDP payload", FieldKind.Bytes);

    public static void Dissect(ref DissectionContext context, IpPayload ip, int at, int end)
    {
        context.Into.Begin(Protocol, at, Math.Min(UdpHeader.HeaderLength, end - at));
        if (!UdpHeader.TryRead(context.Bytes[at..end], out var udp))
        {
            context.Short(end, "the header has fewer than 8 bytes");
            return;
        }

        if (context.History is { } history && history.TransportAt == at)
            context.Add(Stream, at, 0, (ulong)history.Stream);
        context.Bytes16(SourcePort, at);
        context.Bytes16(DestinationPort, at + 2);
        context.Bytes16(Length, at + 4);
        context.Bytes16(Checksum, at + 6);
        // A length of 0 is a jumbogram (RFC 2675 section 4).
        int length = udp.Length == 0 && ip.AddressLength == 16 ? ip.Length : udp.Length;
        if (length < UdpHeader.HeaderLength)
        {
            context.Into.Mark(LayerMark.Malformed, "the length is less than the header's");
            return;
        }

        if (length > ip.Length && !ip.IsFragment)
        {
            context.Checksum(ChecksumState, at + 6, ChecksumStatus.Unverified);
            context.Into.Mark(LayerMark.Malformed, "the length is more than the packet's");
        }
        else
        {
            var status = udp.Checksum == 0 ? ip.AddressLength == 4 ? ChecksumStatus.Absent : ChecksumStatus.Bad
                : ip.Verify(ref context, at, length);
            context.Checksum(ChecksumState, at + 6, status);
            if (status == ChecksumStatus.Bad)
                context.Flag(Offloaded, at + 6, 2, ip.IsOffloaded(ref context, length, udp.Checksum));
        }

        end = Math.Min(end, at + length);
        at += UdpHeader.HeaderLength;
        if (at >= end)
            return;
        context.Span(Payload, at, end - at);
        if (context.Wants(ProtocolTier.Application))
            ApplicationLayer.DissectUdp(ref context, udp.SourcePort, udp.DestinationPort, at, end);
    }
}
