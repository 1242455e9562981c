namespace NetLab.Core.Dns;

/// <summary>Types that hold text, and the place on earth.</summary>
internal static class TextRecords
{
    public static readonly DnsTypeDefinition[] All =
    [
        new(DnsType.Txt, new TextListField("text")),
        new(99, new TextListField("text")), // SPF, RFC 7208
        new(13, new TextField("processor"), new TextField("system")), // HINFO
        new(29, new LocationField("location")), // LOC, RFC 1876
        new(257, new NumberField("flags", 1), new TagField("tag"), new LongTextField("value")), // CAA, RFC 8659
    ];
}
