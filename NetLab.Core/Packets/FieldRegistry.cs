using System.Collections.Frozen;

namespace NetLab.Core.Packets;

/// <summary>All protocols and fields that the dissector knows, by Wireshark's names: for the display filter, <c>--fields</c> and completion.</summary>
public static class FieldRegistry
{
    /// <summary>The protocols, from the link up.</summary>
    public static IReadOnlyList<ProtocolDefinition> Protocols { get; } =
    [
        FrameLayer.Protocol, EthernetLayer.Protocol, VlanLayer.Protocol, VlanLayer.ServiceProtocol, CookedLayer.Protocol,
        LoopbackLayer.Protocol, PppoeLayer.Protocol, PppLayer.Protocol, ArpLayer.Protocol, Ipv4Layer.Protocol, Ipv6Layer.Protocol,
        IcmpLayer.Protocol, IcmpLayer.Protocol6, IgmpLayer.Protocol, GreLayer.Protocol, TcpLayer.Protocol, UdpLayer.Protocol, DnsLayer.Protocol, DnsLayer.MulticastProtocol,
        HttpLayer.Protocol, TlsLayer.Protocol, DhcpLayer.Protocol, Dhcpv6Layer.Protocol, NtpLayer.Protocol, L2tpLayer.Protocol, DataLayer.Protocol,
    ];

    private static readonly FrozenDictionary<string, FieldDefinition[]> Names = Build();

    /// <summary>All names that can be asked for, sorted.</summary>
    public static IReadOnlyList<string> AllNames { get; } = [.. Names.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Finds what a name stands for: one field, a protocol's presence, or both of a pair (<c>tcp.port</c>, <c>ip.addr</c>).</summary>
    public static bool TryFind(ReadOnlySpan<char> name, out ReadOnlySpan<FieldDefinition> fields)
    {
        bool found = Names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var definitions);
        fields = definitions;
        return found;
    }

    /// <summary>How far a dissection must go to have all of <paramref name="fields"/>.</summary>
    public static DissectionScope ScopeFor(ReadOnlySpan<FieldDefinition> fields)
    {
        var scope = DissectionScope.Link;
        foreach (var field in fields)
        {
            var tier = (DissectionScope)field.Protocol.Tier;
            // What rides on a tunnel or a tag may be of a lower tier than what carries it; IP's own fields are the first ones met.
            scope = (DissectionScope)Math.Max((int)(scope & DissectionScope.Application), (int)tier) | (scope & DissectionScope.Checksums);
            if (field.Name.Contains(".checksum.", StringComparison.Ordinal))
                scope |= DissectionScope.Checksums;
        }

        return scope;
    }

    private static FrozenDictionary<string, FieldDefinition[]> Build()
    {
        var names = new Dictionary<string, FieldDefinition[]>(StringComparer.Ordinal);
        foreach (var protocol in Protocols)
        {
            names[protocol.Name] = [protocol.Presence];
            // One name may have two forms, as Wireshark writes it for DNS and for multicast DNS.
            foreach (var field in protocol.Fields)
                names[field.Name] = names.TryGetValue(field.Name, out var others) ? [.. others, field] : [field];
        }

        void Pair(string name, params string[] parts) => names[name] = [.. parts.Select(part => names[part][0])];
        Pair("eth.addr", "eth.dst", "eth.src");
        Pair("ip.addr", "ip.src", "ip.dst");
        Pair("ipv6.addr", "ipv6.src", "ipv6.dst");
        Pair("tcp.port", "tcp.srcport", "tcp.dstport");
        Pair("udp.port", "udp.srcport", "udp.dstport");
        return names.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
