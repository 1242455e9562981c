namespace NetLab.Core.Dns;

/// <summary>What RFC 1035 says of hosts and zones, and what follows it closely: addresses, names, the start of a zone.</summary>
internal static class HostRecords
{
    private const NameCompression Allowed = NameCompression.Allowed;

    public static readonly DnsTypeDefinition[] All =
    [
        new(DnsType.A, new AddressField("address", 4)),
        new(DnsType.Aaaa, new AddressField("address", 16)),
        new(DnsType.Ns, new NameField("name server", Allowed)),
        new(DnsType.Cname, new NameField("canonical name", Allowed)),
        new(DnsType.Ptr, new NameField("pointer", Allowed)),
        new(DnsType.Dname, new NameField("target")),
        new(DnsType.Mx, new NumberField("preference", 2), new NameField("exchange", Allowed)),
        new(DnsType.Soa,
            new NameField("primary server", Allowed), new NameField("mailbox", Allowed), new NumberField("serial", 4),
            new DurationField("refresh"), new DurationField("retry"), new DurationField("expire"), new DurationField("minimum")),
        new(17, new NameField("mailbox"), new NameField("text name")), // RP, RFC 1183
        new(18, new NumberField("subtype", 2), new NameField("host")), // AFSDB, RFC 1183
    ];
}
