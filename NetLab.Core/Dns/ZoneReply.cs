namespace NetLab.Core.Dns;

/// <summary>An answer while zones put it together; it may be used for one after another.</summary>
internal sealed class ZoneReply
{
    private readonly List<(DnsName Owner, DnsRecord Record)> _answers = [];
    private readonly List<DnsRecord> _authorities = [], _additionals = [];
    private DnsName? _cut;

    /// <summary>The response code.</summary>
    public int Code { get; private set; }

    /// <summary>Whether the answer is authoritative: it is no bare referral.</summary>
    public bool IsAuthoritative { get; private set; } = true;

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _answers.Clear();
        _authorities.Clear();
        _additionals.Clear();
        (Code, IsAuthoritative, _cut) = (0, true, null);
    }

    /// <summary>Adds what was asked for.</summary>
    public void Add(DnsName owner, DnsRecord record) => _answers.Add((owner, record));

    /// <summary>Adds what was asked for, and the addresses of what it names.</summary>
    public void Add(Zone zone, DnsName owner, DnsRecord record)
    {
        _answers.Add((owner, record));
        if (record.Type is DnsType.Ns or DnsType.Mx or DnsType.Srv or DnsType.Svcb or DnsType.Https && record.Data.FirstName is { } target)
            // A service's target "." is the owner itself (RFC 9460 section 2.5.2).
            AddAddresses(zone, target.IsRoot && record.Type is DnsType.Svcb or DnsType.Https ? owner : target);
    }

    /// <summary>Goes on with an alias's target; null where the chain comes back to itself, which is a server's failure, as named has it.</summary>
    public DnsName? Follow(DnsName owner, DnsRecord alias)
    {
        foreach (var (before, record) in _answers)
        {
            if (record.Type != DnsType.Cname || !before.Equals(owner))
                continue;
            Fail();
            return null;
        }

        _answers.Add((owner, alias));
        return alias.Data.FirstName;
    }

    /// <summary>Goes on below a DNAME's target, with the CNAME that says so to who knows no DNAME (RFC 6672 section 3.1).</summary>
    public DnsName? Move(DnsRecord moved, DnsName name)
    {
        if (!_answers.Exists(one => ReferenceEquals(one.Record, moved)))
            _answers.Add((moved.Name, moved));
        if (name.Substitute(moved.Name, moved.Data.FirstName!) is { } target)
            return Follow(name, new DnsRecord(name, DnsType.ClassIn, moved.TimeToLive, DnsData.OfName(DnsType.Cname, target)));
        Code = DnsDigText.TooLongName;
        return null;
    }

    /// <summary>Says who has what was asked for, with the glue that is known.</summary>
    public void Refer(Zone zone, List<DnsRecord> servers)
    {
        (IsAuthoritative, _cut) = (_answers.Count > 0, servers[0].Name);
        foreach (var server in servers)
        {
            _authorities.Add(server);
            AddAddresses(zone, server.Data.FirstName!);
        }
    }

    /// <summary>Says that there is nothing, and how long that may be remembered (RFC 2308 section 3).</summary>
    public void Deny(Zone zone, int code)
    {
        Code = code;
        uint seconds = Math.Min(zone.Soa.TimeToLive, Zone.Minimum(zone.Soa.Data));
        _authorities.Add(seconds == zone.Soa.TimeToLive ? zone.Soa : zone.Soa with { TimeToLive = seconds });
    }

    /// <summary>Says that a chain has no end; what was found of it stays.</summary>
    public void Fail() => Code = DnsDigText.Failure;

    /// <summary>Says that no zone here has the name.</summary>
    public void Refuse() => (Code, IsAuthoritative) = (DnsDigText.Refused, false);

    /// <summary>Keeps one type's records of an answer to ANY (RFC 8482 section 4.1); a DNAME keeps its CNAME.</summary>
    public void KeepOneType()
    {
        if (_answers.Count == 0)
            return;
        var (owner, first) = _answers[0];
        _answers.RemoveAll(one => one.Record.Type != first.Type && one.Owner.Equals(owner));
    }

    /// <summary>The answer to the query.</summary>
    public DnsMessage ToMessage(DnsMessage query) =>
        new(query.Id, Flags(query.Flags))
        {
            Questions = query.Questions,
            Answers = [.. _answers.Select(one => one.Record with { Name = one.Owner })],
            Authorities = [.. _authorities],
            Additionals = [.. _additionals],
            Edns = query.Edns is null ? null : new DnsEdns() { Flags = (ushort)(query.Edns.Flags & 0x8000) },
        };

    /// <summary>Writes everything behind the question; what does not fit is left out, and TC set where it was needed (RFC 2181 section 9, RFC 9471).</summary>
    /// <returns>False where TC was set.</returns>
    public bool Write(DnsMessageWriter writer)
    {
        foreach (var (owner, record) in _answers)
        {
            if (!writer.TryWrite(DnsSection.Answer, owner, record))
                return Truncated(writer);
        }

        foreach (var record in _authorities)
        {
            if (!writer.TryWrite(DnsSection.Authority, record.Name, record))
                return Truncated(writer);
        }

        foreach (var record in _additionals)
        {
            // Glue within the delegation can be got nowhere else; other addresses can be asked for.
            if (!writer.TryWrite(DnsSection.Additional, record.Name, record) && _cut is not null && record.Name.IsWithin(_cut))
                return Truncated(writer);
        }

        return true;
    }

    /// <summary>The response's flags with its code.</summary>
    public DnsFlags Flags(DnsFlags query) =>
        DnsFlags.Response | query & (DnsFlags.RecursionDesired | DnsFlags.CheckingDisabled) | (IsAuthoritative ? DnsFlags.Authoritative : 0) | (DnsFlags)(Code & 15);

    private static bool Truncated(DnsMessageWriter writer)
    {
        writer.SetTruncated();
        return false;
    }

    private void AddAddresses(Zone zone, DnsName target)
    {
        if (!target.IsWithin(zone.Origin))
            return;
        foreach (var record in zone.RecordsAt(target.Wire))
        {
            if (record.Type is DnsType.A or DnsType.Aaaa && !_additionals.Contains(record) && !_answers.Exists(one => ReferenceEquals(one.Record, record)))
                _additionals.Add(record);
        }
    }
}
