namespace NetLab.Core.Dns;

/// <summary>Types that say where a service is.</summary>
internal static class ServiceRecords
{
    public static readonly DnsTypeDefinition[] All =
    [
        new(DnsType.Srv, new NumberField("priority", 2), new NumberField("weight", 2), new NumberField("port", 2), new NameField("target")),
        new(35, // NAPTR, RFC 3403
            new NumberField("order", 2), new NumberField("preference", 2), new TextField("flags"), new TextField("services"),
            new TextField("expression"), new NameField("replacement")),
        new(36, new NumberField("preference", 2), new NameField("exchanger")), // KX, RFC 2230
        new(256, new NumberField("priority", 2), new NumberField("weight", 2), new LongTextField("target")), // URI, RFC 7553
        new(DnsType.Svcb, new NumberField("priority", 2), new NameField("target"), new ServiceParametersField("parameters")),
        new(DnsType.Https, new NumberField("priority", 2), new NameField("target"), new ServiceParametersField("parameters")),
    ];
}
