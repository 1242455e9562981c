using System.Buffers.Binary;

namespace NetLab.Core.Dns;

/// <summary>
/// A zone whose records are known, and its answers (RFC 1034 section 4.3.2 as RFC 4592 and RFC 6672 have it). It does not change once it is
/// made, so any number of threads may ask it.
/// </summary>
public sealed class Zone
{
    private const int LongestChain = 16;

    // Every name that exists, also the empty ones between the zone's top and a name with records (RFC 4592 section 2.2.2).
    private readonly Dictionary<DnsName, List<DnsRecord>> _names = [];

    /// <summary>A zone of these records.</summary>
    /// <param name="records">Its records; one of them its SOA.</param>
    /// <param name="file">Where they come from, for messages.</param>
    /// <exception cref="ZoneException">They make no zone.</exception>
    public Zone(IReadOnlyList<DnsRecord> records, string file)
    {
        ArgumentNullException.ThrowIfNull(records);
        var tops = records.Where(record => record.Type == DnsType.Soa).ToList();
        if (tops.Count != 1)
            throw new ZoneException(file, 0, $"a zone has one SOA record, not {tops.Count}");
        (Soa, Origin) = (tops[0], tops[0].Name);
        foreach (var record in records.Distinct())
        {
            if (!record.Name.IsWithin(Origin))
                throw new ZoneException(file, 0, $"{record.Name} lies outside the zone {Origin}");
            for (var name = record.Name; _names.TryAdd(name, []) && !name.Equals(Origin); name = name.Parent)
            {
            }

            _names[record.Name].Add(record);
        }

        foreach (var (name, all) in _names)
        {
            if (all.Any(record => record.Type == DnsType.Cname) && all.Any(record => record.Type is not (DnsType.Cname or 46 or 47)))
                throw new ZoneException(file, 0, $"{name} has a CNAME and other records, which can't be (RFC 2181 section 10.1)");
            if (all.Count(record => record.Type is DnsType.Cname) > 1 || all.Count(record => record.Type is DnsType.Dname) > 1)
                throw new ZoneException(file, 0, $"{name} has more than one CNAME or DNAME");
        }
    }

    /// <summary>The zone's top.</summary>
    public DnsName Origin { get; }

    /// <summary>Its SOA record.</summary>
    public DnsRecord Soa { get; }

    /// <summary>The last field of a SOA's data: how long it may be remembered that something does not exist, in seconds (RFC 2308).</summary>
    internal static uint Minimum(DnsData soa) => BinaryPrimitives.ReadUInt32BigEndian(soa.Octets[^4..]);

    /// <summary>Answers a question about a name of the zone.</summary>
    /// <param name="query">The query, with one question of class IN.</param>
    /// <returns>The whole answer; what is too long for its way is cut off when it is encoded.</returns>
    public DnsMessage Answer(DnsMessage query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var question = query.Questions[0];
        var reply = new ZoneReply(this);
        var name = question.Name;
        for (int step = 0; step < LongestChain && name is not null; step++)
            name = Step(name, question.Type, reply);
        return reply.ToMessage(query);
    }

    // One name of a chain; the name that the chain goes on with, or null at its end.
    private DnsName? Step(DnsName name, ushort type, ZoneReply reply)
    {
        if (!name.IsWithin(Origin))
            return null;
        // From the top down: what is delegated away, or moved by DNAME, hides what lies below.
        DnsName closest = Origin;
        foreach (var ancestor in Path(name))
        {
            if (!_names.TryGetValue(ancestor, out var at))
                break;
            closest = ancestor;
            // DS stands above the cut (RFC 4035 section 3.1.4.1).
            if (!ancestor.Equals(Origin) && at.Exists(record => record.Type == DnsType.Ns) && !(type == 43 && ancestor.Equals(name)))
            {
                reply.Refer(at.Where(record => record.Type == DnsType.Ns));
                return null;
            }

            if (!ancestor.Equals(name) && at.Find(record => record.Type == DnsType.Dname) is { } moved)
                return reply.Move(moved, name);
        }

        if (_names.TryGetValue(name, out var records))
            return Found(name, type, records, reply);
        if (closest.Wildcard() is { } wildcard && _names.TryGetValue(wildcard, out records))
            return Found(name, type, records, reply);
        reply.NothingAt(DnsDigText.NoSuchName);
        return null;
    }

    private static DnsName? Found(DnsName name, ushort type, List<DnsRecord> records, ZoneReply reply)
    {
        if (records.Find(record => record.Type == DnsType.Cname) is { } alias && type is not (DnsType.Cname or DnsType.Any))
            return reply.Follow(alias with { Name = name });
        bool any = false;
        foreach (var record in records)
        {
            if (record.Type != type && type != DnsType.Any)
                continue;
            reply.Add(record with { Name = name });
            any = true;
        }

        if (!any)
            reply.NothingAt(0);
        return null;
    }

    // The name's ancestors within the zone from the top down, the name itself last.
    private List<DnsName> Path(DnsName name)
    {
        var path = new List<DnsName>();
        for (; !name.Equals(Origin); name = name.Parent)
            path.Add(name);
        path.Add(Origin);
        path.Reverse();
        return path;
    }

    /// <summary>The addresses of a server's name that the zone knows, as glue or as its own.</summary>
    internal IEnumerable<DnsRecord> Addresses(DnsName name) =>
        _names.TryGetValue(name, out var records) ? records.Where(record => record.Type is DnsType.A or DnsType.Aaaa) : [];
}
