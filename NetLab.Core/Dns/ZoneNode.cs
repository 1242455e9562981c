namespace NetLab.Core.Dns;

/// <summary>One name of a zone and its records; one without any lies between others (RFC 4592 section 2.2.2).</summary>
internal sealed class ZoneNode
{
    private const ushort Signature = 46, NextSecure = 47;

    /// <summary>No records.</summary>
    public static List<DnsRecord> Nothing { get; } = [];

    /// <summary>All records in their order.</summary>
    public List<DnsRecord> Records { get; private set; } = Nothing;

    /// <summary>Those of them that are NS.</summary>
    public List<DnsRecord> Servers { get; private set; } = Nothing;

    /// <summary>The alias; null for none.</summary>
    public DnsRecord? Cname { get; private set; }

    /// <summary>What everything below is moved to; null for nothing.</summary>
    public DnsRecord? Dname { get; private set; }

    /// <summary>Adds a record.</summary>
    /// <returns>Null, or why it can't be, a clause about the name.</returns>
    public string? Add(DnsRecord record)
    {
        if (record.Type == DnsType.Cname ? Cname is not null : record.Type == DnsType.Dname && Dname is not null)
            return "has more than one CNAME or DNAME";
        if (Records.Count == 0)
            Records = [];
        // Records of one type have one time to live: the first's (RFC 2181 section 5.2).
        else if (Records.Find(other => other.Type == record.Type) is { } first && first.TimeToLive != record.TimeToLive)
            record = record with { TimeToLive = first.TimeToLive };
        if (Records.Contains(record))
            return null;
        Records.Add(record);
        switch (record.Type)
        {
            case DnsType.Cname:
                Cname = record;
                break;
            case DnsType.Dname:
                Dname = record;
                break;
            case DnsType.Ns:
                Servers = [.. Servers, record];
                break;
        }

        return Cname is not null && Records.Exists(other => other.Type is not (DnsType.Cname or Signature or NextSecure))
            ? "has a CNAME and other records, which can't be (RFC 2181 section 10.1)"
            : null;
    }
}
