namespace NetLab.Core.Dns;

/// <summary>DNSSEC (RFC 4034, RFC 5155).</summary>
internal static class SecurityRecords
{
    public static readonly DnsTypeDefinition[] All =
    [
        Digest(43), // DS
        Digest(59), // CDS, RFC 7344
        Key(48), // DNSKEY
        Key(60), // CDNSKEY, RFC 7344
        new(46, // RRSIG
            new TypeField("type covered"), new NumberField("algorithm", 1), new NumberField("labels", 1), new NumberField("original TTL", 4),
            new MomentField("expiration"), new MomentField("inception"), new NumberField("key tag", 2), new NameField("signer"),
            new BinaryField("signature", BinaryForm.Base64)),
        new(47, new NameField("next name"), new TypeBitmapField("types")), // NSEC
        new(50, // NSEC3
            new NumberField("algorithm", 1), new NumberField("flags", 1), new NumberField("iterations", 2), new SaltField("salt"),
            new HashField("next hash"), new TypeBitmapField("types")),
        new(51, // NSEC3PARAM
            new NumberField("algorithm", 1), new NumberField("flags", 1), new NumberField("iterations", 2), new SaltField("salt")),
    ];

    private static DnsTypeDefinition Digest(ushort type) =>
        new(type, new NumberField("key tag", 2), new NumberField("algorithm", 1), new NumberField("digest type", 1), new BinaryField("digest", BinaryForm.Hexadecimal));

    private static DnsTypeDefinition Key(ushort type) =>
        new(type, new NumberField("flags", 2), new NumberField("protocol", 1), new NumberField("algorithm", 1), new BinaryField("key", BinaryForm.Base64));
}
