namespace NetLab.Core.Dns;

/// <summary>An answer while a zone puts it together.</summary>
/// <param name="zone">The zone.</param>
internal sealed class ZoneReply(Zone zone)
{
    private readonly List<DnsRecord> _answers = [], _authorities = [], _additionals = [];
    private bool _isAuthoritative = true;
    private int _code;

    /// <summary>Adds what was asked for, and the addresses of what it names.</summary>
    public void Add(DnsRecord record)
    {
        _answers.Add(record);
        if (record.Type is DnsType.Ns or DnsType.Mx or DnsType.Srv && record.Data.FirstName is { } target)
            _additionals.AddRange(zone.Addresses(target));
    }

    /// <summary>Goes on with an alias's target; null where the chain comes back to itself, which is a server's failure, as named has it.</summary>
    public DnsName? Follow(DnsRecord alias)
    {
        if (_answers.Contains(alias))
        {
            _code = DnsDigText.Failure;
            return null;
        }

        _answers.Add(alias);
        return alias.Data.FirstName;
    }

    /// <summary>Goes on below a DNAME's target, with the CNAME that says so to who knows no DNAME (RFC 6672 section 3.1).</summary>
    public DnsName? Move(DnsRecord moved, DnsName name)
    {
        if (!_answers.Contains(moved))
            _answers.Add(moved);
        if (name.Substitute(moved.Name, moved.Data.FirstName!) is { } target)
            return Follow(new DnsRecord(name, DnsType.ClassIn, moved.TimeToLive, DnsData.OfName(DnsType.Cname, target)));
        _code = DnsDigText.TooLongName;
        return null;
    }

    /// <summary>Says who has what was asked for, with the glue that is known.</summary>
    public void Refer(IEnumerable<DnsRecord> servers)
    {
        _isAuthoritative = _answers.Count > 0;
        foreach (var server in servers)
        {
            _authorities.Add(server);
            _additionals.AddRange(zone.Addresses(server.Data.FirstName!));
        }
    }

    /// <summary>Says that there is nothing, and how long that may be remembered (RFC 2308 section 3).</summary>
    public void NothingAt(int code)
    {
        _code = code;
        _authorities.Add(zone.Soa with { TimeToLive = Math.Min(zone.Soa.TimeToLive, Zone.Minimum(zone.Soa.Data)) });
    }

    /// <summary>The answer to the query.</summary>
    public DnsMessage ToMessage(DnsMessage query) =>
        new(query.Id, DnsFlags.Response | query.Flags & DnsFlags.RecursionDesired | (_isAuthoritative ? DnsFlags.Authoritative : 0) | (DnsFlags)_code)
        {
            Questions = query.Questions,
            Answers = [.. _answers],
            Authorities = [.. _authorities],
            Additionals = [.. _additionals.Distinct().Where(record => !_answers.Contains(record))],
            Edns = query.Edns is null ? null : new DnsEdns() { Flags = (ushort)(query.Edns.Flags & 0x8000) },
        };
}
