namespace NetLab.Core.Dns;

/// <summary>Types that hold keys, or what tells a key, of other protocols.</summary>
internal static class KeyRecords
{
    public static readonly DnsTypeDefinition[] All =
    [
        new(44, new NumberField("algorithm", 1), new NumberField("fingerprint type", 1), new BinaryField("fingerprint", BinaryForm.Hexadecimal)), // SSHFP, RFC 4255
        Association(52), // TLSA, RFC 6698
        Association(53), // SMIMEA, RFC 8162
        new(61, new BinaryField("key", BinaryForm.Base64)), // OPENPGPKEY, RFC 7929
    ];

    private static DnsTypeDefinition Association(ushort type) => new(type, new NumberField("usage", 1), new NumberField("selector", 1),
        new NumberField("matching type", 1), new BinaryField("association", BinaryForm.Hexadecimal));
}
