namespace NetLab.Core.Packets;

/// <summary>Decides what a transport's payload is: by its port where the port says it, by its first bytes where they do.</summary>
internal static class ApplicationLayer
{
    public static void DissectTcp(ref DissectionContext context, ushort source, ushort destination, int at, int end)
    {
        var payload = context.Bytes[at..end];
        if (source == 53 || destination == 53)
            DnsLayer.DissectTcp(ref context, at, end);
        else if (TlsLayer.Begins(payload))
            TlsLayer.Dissect(ref context, at, end);
        else if (HttpLayer.Begins(payload))
            HttpLayer.Dissect(ref context, at, end);
        else
            DataLayer.Dissect(ref context, at, end);
    }

    public static void DissectUdp(ref DissectionContext context, ushort source, ushort destination, int at, int end)
    {
        if (Is(source, destination, 53))
            DnsLayer.Dissect(ref context, DnsLayer.Protocol, at, end);
        else if (Is(source, destination, 5353))
            DnsLayer.Dissect(ref context, DnsLayer.MulticastProtocol, at, end);
        else if (Is(source, destination, 67) || Is(source, destination, 68))
            DhcpLayer.Dissect(ref context, at, end);
        else if (Is(source, destination, 546) || Is(source, destination, 547))
            Dhcpv6Layer.Dissect(ref context, at, end);
        else if (Is(source, destination, 123))
            NtpLayer.Dissect(ref context, at, end);
        else if (Is(source, destination, 1701))
            L2tpLayer.Dissect(ref context, at, end);
        else if (destination == 4789 && end >= at + 8)
            EthernetLayer.Dissect(ref context, at + 8, end);
        else
            DataLayer.Dissect(ref context, at, end);
    }

    private static bool Is(ushort source, ushort destination, ushort port) => source == port || destination == port;
}
