namespace NetLab.Core.Packets;

/// <summary>The fields of IPv6 and its extension headers.</summary>
internal static class Ipv6Layer
{
    public static readonly ProtocolDefinition Protocol = new("ipv6", "Internet Protocol Version 6", ProtocolTier.Network);

    private static readonly FieldDefinition Version = Protocol.Number("ipv6.version", "Version");
    private static readonly FieldDefinition TrafficClass = Protocol.Hex("ipv6.tclass", "Traffic Class", 8);
    private static readonly FieldDefinition FlowLabel = Protocol.Hex("ipv6.flow", "Flow Label", 6);
    private static readonly FieldDefinition PayloadLength = Protocol.Number("ipv6.plen", "Payload Length");
    private static readonly FieldDefinition NextHeader = Protocol.Number("ipv6.nxt", "Next Header", Ipv4Layer.IpProtocolName);
    private static readonly FieldDefinition HopLimit = Protocol.Number("ipv6.hlim", "Hop Limit");
    private static readonly FieldDefinition Source = Protocol.Value("ipv6.src", "Source Address", FieldKind.Ipv6);
    private static readonly FieldDefinition Destination = Protocol.Value("ipv6.dst", "Destination Address", FieldKind.Ipv6);
    private static readonly FieldDefinition Extension = Protocol.Value("ipv6.ext", "Extension Header", FieldKind.Bytes);
    private static readonly FieldDefinition FragmentOffset = Protocol.Number("ipv6.fraghdr.offset", "Fragment Offset");
    private static readonly FieldDefinition FragmentMore = Protocol.Flag("ipv6.fraghdr.more", "More Fragments");
    private static readonly FieldDefinition FragmentId = Protocol.Hex("ipv6.fraghdr.ident", "Fragment Identification", 8);
    private static readonly FieldDefinition RoutingType = Protocol.Number("ipv6.routing.type", "Routing Type");
    private static readonly FieldDefinition SegmentsLeft = Protocol.Number("ipv6.routing.segleft", "Segments Left");

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        int layer = context.Into.Begin(Protocol, at, Math.Min(Ipv6Header.Length, end - at));
        if (!Ipv6Header.TryRead(context.Bytes[at..end], out var ip))
        {
            context.Short(end, "the header has fewer than 40 bytes or another version");
            return;
        }

        context.Add(Version, at, 1, 6);
        context.Add(TrafficClass, at, 2, ip.TrafficClass);
        context.Add(FlowLabel, at + 1, 3, ip.FlowLabel);
        context.Bytes16(PayloadLength, at + 4);
        context.Bytes8(NextHeader, at + 6);
        context.Bytes8(HopLimit, at + 7);
        context.Span(Source, at + 8, 16);
        context.Span(Destination, at + 24, 16);
        int length = ip.PayloadLength;
        var next = ip.NextHeader;
        int start = at;
        at += Ipv6Header.Length;
        bool jumbo = length == 0 && next == IpProtocol.HopByHop;
        if (jumbo)
            length = end - at;
        bool isFragment = false;
        int destinationAt = start + 24;
        while (Ipv6Extension.IsExtension(next) && next != IpProtocol.Mobility)
        {
            if (!Ipv6Extension.TryRead(next, context.Bytes[at..end], out var extension) || at + extension.Length > end || extension.Length > length)
            {
                context.Short(end, "an extension header is cut off");
                return;
            }

            if (jumbo && extension.JumboLength is > 0 and <= int.MaxValue and var jumboLength)
                length = (int)jumboLength;
            ExtensionFields(ref context, extension, at);
            if (next == IpProtocol.Routing && extension.SegmentsLeft > 0 && extension.Length >= 24)
                destinationAt = extension.RoutingType == 4 ? at + 8 : at + extension.Length - 16;
            isFragment |= next == IpProtocol.Fragment && (extension.MoreFragments || extension.FragmentOffset > 0);
            bool later = next == IpProtocol.Fragment && extension.FragmentOffset > 0;
            next = extension.NextHeader;
            at += extension.Length;
            length -= extension.Length;
            jumbo = false;
            context.Into.Resize(layer, at - start);
            if (later)
            {
                DataLayer.Dissect(ref context, at, Math.Min(end, at + length));
                return;
            }
        }

        new IpPayload(start + 8, destinationAt, 16, next, length, isFragment).Dissect(ref context, at, Math.Min(end, at + length));
    }

    private static void ExtensionFields(ref DissectionContext context, Ipv6Extension extension, int at)
    {
        context.Span(Extension, at, extension.Length);
        context.Indent++;
        if (extension.Kind == IpProtocol.Fragment)
        {
            context.Add(FragmentOffset, at + 2, 2, (ulong)extension.FragmentOffset / 8);
            context.Flag(FragmentMore, at + 3, 1, extension.MoreFragments);
            context.Bytes32(FragmentId, at + 4);
        }
        else if (extension.Kind == IpProtocol.Routing)
        {
            context.Bytes8(RoutingType, at + 2);
            context.Bytes8(SegmentsLeft, at + 3);
        }

        context.Indent--;
    }
}
