using System.Collections.Immutable;
using System.Net;
using NetLab.Core.Dns;

namespace NetLab.Core.Resolver;

/// <summary>Where a walk begins: the servers of the root zone (RFC 9609).</summary>
public static class RootHints
{
    /// <summary>The thirteen names and their addresses as of 2024, https://www.iana.org/domains/root/servers.</summary>
    public static ImmutableArray<DnsNameServer> BuiltIn { get; } =
    [
        Server('a', "198.41.0.4", "2001:503:ba3e::2:30"), Server('b', "170.247.170.2", "2801:1b8:10::b"), Server('c', "192.33.4.12", "2001:500:2::c"),
        Server('d', "199.7.91.13", "2001:500:2d::d"), Server('e', "192.203.230.10", "2001:500:a8::e"), Server('f', "192.5.5.241", "2001:500:2f::f"),
        Server('g', "192.112.36.4", "2001:500:12::d0d"), Server('h', "198.97.190.53", "2001:500:1::53"), Server('i', "192.36.148.17", "2001:7fe::53"),
        Server('j', "192.58.128.30", "2001:503:c27::2:30"), Server('k', "193.0.14.129", "2001:7fd::1"), Server('l', "199.7.83.42", "2001:500:9f::42"),
        Server('m', "202.12.27.33", "2001:dc3::35"),
    ];

    /// <summary>One server of the root that only its address is known of.</summary>
    public static ImmutableArray<DnsNameServer> Of(IPAddress address) => [new(DnsName.Parse("root."), [address])];

    /// <summary>Reads a file of hints as IANA publishes it (named.root): NS records of the root, and addresses of the names.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">Its name, for errors.</param>
    /// <exception cref="ZoneException">A line is none of a zone file, or no server has an address.</exception>
    public static ImmutableArray<DnsNameServer> Parse(string text, string file)
    {
        var records = new ZoneFile().Read(text, DnsName.Root, file);
        ImmutableArray<DnsNameServer> servers =
        [
            .. records.Where(record => record.Type == DnsType.Ns && record.Name.IsRoot).Select(record => record.Data.FirstName).OfType<DnsName>()
                .Select(name => new DnsNameServer(name, [.. records.Where(record => record.Name.Equals(name)).Select(record => record.Data.Address).OfType<IPAddress>()])),
        ];
        return servers.Any(server => !server.Addresses.IsEmpty) ? servers : throw new ZoneException(file, 1, "there is no NS record of the root with an address");
    }

    private static DnsNameServer Server(char letter, string v4, string v6) =>
        new(DnsName.Parse($"{letter}.root-servers.net."), [IPAddress.Parse(v4), IPAddress.Parse(v6)]);
}
