namespace NetLab.Core.Dns;

/// <summary>The names of record types and classes (IANA DNS parameters).</summary>
public static class DnsType
{
    /// <summary>A host's IPv4 address.</summary>
    public const ushort A = 1;

    /// <summary>A zone's name server.</summary>
    public const ushort Ns = 2;

    /// <summary>An alias.</summary>
    public const ushort Cname = 5;

    /// <summary>The start of a zone.</summary>
    public const ushort Soa = 6;

    /// <summary>A pointer to another name.</summary>
    public const ushort Ptr = 12;

    /// <summary>A mail exchange.</summary>
    public const ushort Mx = 15;

    /// <summary>Text.</summary>
    public const ushort Txt = 16;

    /// <summary>A host's IPv6 address (RFC 3596).</summary>
    public const ushort Aaaa = 28;

    /// <summary>A service's place (RFC 2782).</summary>
    public const ushort Srv = 33;

    /// <summary>What signs a delegation; it stands above the cut (RFC 4034 section 5).</summary>
    public const ushort Ds = 43;

    /// <summary>A subtree's alias (RFC 6672).</summary>
    public const ushort Dname = 39;

    /// <summary>EDNS (RFC 6891).</summary>
    public const ushort Opt = 41;

    /// <summary>An IPv6 or IPv4 service's endpoint (RFC 9460).</summary>
    public const ushort Svcb = 64;

    /// <summary>A web service's endpoint (RFC 9460).</summary>
    public const ushort Https = 65;

    /// <summary>Every type, in a question.</summary>
    public const ushort Any = 255;

    /// <summary>The internet's class.</summary>
    public const ushort ClassIn = 1;

    private static readonly Dictionary<string, ushort> s_types = Names(Name);
    private static readonly Dictionary<string, ushort> s_classes = Names(ClassName);

    private delegate ReadOnlySpan<byte> Mnemonic(ushort value);

    private static Dictionary<string, ushort> Names(Mnemonic name)
    {
        var numbers = new Dictionary<string, ushort>(StringComparer.OrdinalIgnoreCase);
        for (ushort value = 0; value < 512; value++)
        {
            if (!name(value).IsEmpty)
                numbers.Add(System.Text.Encoding.ASCII.GetString(name(value)), value);
        }

        return numbers;
    }

    /// <summary>Reads a type's mnemonic or <c>TYPE123</c> (RFC 3597 section 5), in any case.</summary>
    public static bool TryParse(string text, out ushort type) => TryParse(text, s_types, "TYPE", out type);

    /// <summary>Reads a class's mnemonic (<c>CH</c>, too) or <c>CLASS123</c>, in any case.</summary>
    public static bool TryParseClass(string text, out ushort value)
    {
        if (TryParse(text, s_classes, "CLASS", out value))
            return true;
        value = 3;
        return "CH".Equals(text, StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryParse(string text, Dictionary<string, ushort> names, string prefix, out ushort value)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (names.TryGetValue(text, out value))
            return true;
        return text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && ushort.TryParse(text.AsSpan(prefix.Length), System.Globalization.NumberStyles.None, null, out value);
    }

    /// <summary>The type's mnemonic, or <c>TYPE123</c>.</summary>
    public static string ToText(ushort type) => Name(type) is { IsEmpty: false } name ? System.Text.Encoding.ASCII.GetString(name) : $"TYPE{type}";

    /// <summary>The class's mnemonic as zone files have it, or <c>CLASS123</c>.</summary>
    public static string ClassText(ushort value) =>
        value == 3 ? "CH" : ClassName(value) is { IsEmpty: false } name ? System.Text.Encoding.ASCII.GetString(name) : $"CLASS{value}";

    /// <summary>The type's mnemonic, empty where it has none here.</summary>
    public static ReadOnlySpan<byte> Name(ushort type) => type switch
    {
        1 => "A"u8,
        2 => "NS"u8,
        3 => "MD"u8,
        4 => "MF"u8,
        5 => "CNAME"u8,
        6 => "SOA"u8,
        7 => "MB"u8,
        8 => "MG"u8,
        9 => "MR"u8,
        10 => "NULL"u8,
        11 => "WKS"u8,
        12 => "PTR"u8,
        13 => "HINFO"u8,
        14 => "MINFO"u8,
        15 => "MX"u8,
        16 => "TXT"u8,
        17 => "RP"u8,
        18 => "AFSDB"u8,
        24 => "SIG"u8,
        25 => "KEY"u8,
        28 => "AAAA"u8,
        29 => "LOC"u8,
        33 => "SRV"u8,
        35 => "NAPTR"u8,
        36 => "KX"u8,
        37 => "CERT"u8,
        39 => "DNAME"u8,
        41 => "OPT"u8,
        42 => "APL"u8,
        43 => "DS"u8,
        44 => "SSHFP"u8,
        45 => "IPSECKEY"u8,
        46 => "RRSIG"u8,
        47 => "NSEC"u8,
        48 => "DNSKEY"u8,
        50 => "NSEC3"u8,
        51 => "NSEC3PARAM"u8,
        52 => "TLSA"u8,
        53 => "SMIMEA"u8,
        59 => "CDS"u8,
        60 => "CDNSKEY"u8,
        61 => "OPENPGPKEY"u8,
        62 => "CSYNC"u8,
        63 => "ZONEMD"u8,
        64 => "SVCB"u8,
        65 => "HTTPS"u8,
        99 => "SPF"u8,
        249 => "TKEY"u8,
        250 => "TSIG"u8,
        251 => "IXFR"u8,
        252 => "AXFR"u8,
        253 => "MAILB"u8,
        254 => "MAILA"u8,
        255 => "ANY"u8,
        256 => "URI"u8,
        257 => "CAA"u8,
        _ => default,
    };

    /// <summary>The class's mnemonic, empty where it has none here.</summary>
    public static ReadOnlySpan<byte> ClassName(ushort value) => value switch
    {
        1 => "IN"u8,
        3 => "CHAOS"u8,
        4 => "HS"u8,
        254 => "NONE"u8,
        255 => "ANY"u8,
        _ => default,
    };
}
