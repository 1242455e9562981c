namespace NetLab.Core.Packets;

/// <summary>How far a dissection goes: up to a tier of the stack, with checksums verified or not.</summary>
[Flags]
public enum DissectionScope
{
    /// <summary>The frame and its link layer only.</summary>
    Link = 0,

    /// <summary>Up to ARP and IP.</summary>
    Network = 1,

    /// <summary>Up to TCP, UDP and ICMP.</summary>
    Transport = 2,

    /// <summary>Up to what they carry.</summary>
    Application = 3,

    /// <summary>Checksums are verified as well.</summary>
    Checksums = 4,

    /// <summary>All.</summary>
    Everything = Application | Checksums,
}

/// <summary>Turns a frame's bytes into layers with fields. Pure: the same bytes give the same layers; it never throws over what they say.</summary>
public static class Dissector
{
    /// <summary>Dissects one frame into <paramref name="dissection"/>, whose earlier content is forgotten.</summary>
    public static void Dissect(in Frame frame, Dissection dissection, DissectionScope scope = DissectionScope.Everything)
    {
        ArgumentNullException.ThrowIfNull(dissection);
        dissection.Clear();
        var context = new DissectionContext(frame, dissection, scope);
        FrameLayer.Dissect(ref context, frame);
        Link(ref context, frame.LinkType, 0);
        dissection.EndLayer();
    }

    /// <summary>Dissects one frame for a selection of fields only: no other is kept, and nothing above them is looked at.</summary>
    public static void Dissect(in Frame frame, Dissection dissection, FieldSelection selection)
    {
        ArgumentNullException.ThrowIfNull(dissection);
        ArgumentNullException.ThrowIfNull(selection);
        dissection.Clear();
        var context = new DissectionContext(frame, dissection, selection.Scope, selection);
        FrameLayer.Dissect(ref context, frame);
        Link(ref context, frame.LinkType, 0);
        dissection.EndLayer();
    }

    internal static void Link(ref DissectionContext context, LinkType linkType, int at)
    {
        int end = context.Bytes.Length;
        switch (linkType)
        {
            case LinkType.Ethernet: EthernetLayer.Dissect(ref context, at, end); break;
            case LinkType.LinuxCooked: CookedLayer.Dissect(ref context, at, end); break;
            case LinkType.LinuxCooked2: CookedLayer.Dissect2(ref context, at, end); break;
            case LinkType.Null or LinkType.Loop: LoopbackLayer.Dissect(ref context, at, end); break;
            case LinkType.Raw or LinkType.RawLive or LinkType.Ipv4 or LinkType.Ipv6: Ip(ref context, at, end); break;
            case LinkType.Slip when end >= at + 16: Ip(ref context, at + 16, end); break;
            case LinkType.Ppp: PppLayer.Dissect(ref context, at, end); break;
            case LinkType.PktAp or LinkType.User2 when LinkLayer.TryReadPktAp(context.Bytes[at..], out int length, out var inner):
                Link(ref context, inner, at + length);
                break;
            default: DataLayer.Dissect(ref context, at, end); break;
        }
    }

    internal static void Ip(ref DissectionContext context, int at, int end) =>
        Network(ref context, LinkLayer.ByVersion(context.Bytes[at..end]), at, end);

    internal static void Network(ref DissectionContext context, EtherType type, int at, int end)
    {
        if (!context.Wants(ProtocolTier.Network))
            return;
        switch (type)
        {
            case EtherType.Ipv4: Ipv4Layer.Dissect(ref context, at, end); break;
            case EtherType.Ipv6: Ipv6Layer.Dissect(ref context, at, end); break;
            case EtherType.Arp: ArpLayer.Dissect(ref context, at, end); break;
            case EtherType.Vlan or EtherType.ServiceVlan or EtherType.StackedVlan or EtherType.StackedVlan9200:
                VlanLayer.Dissect(ref context, type, at, end);
                break;
            case EtherType.PppoeSession or EtherType.PppoeDiscovery: PppoeLayer.Dissect(ref context, type, at, end); break;
            default: DataLayer.Dissect(ref context, at, end); break;
        }
    }
}
