namespace NetLab.Core.Dns;

/// <summary>The zones of one server. A name's zone is the one with the longest name that the name ends with (RFC 1034 section 4.3.2 step 2).</summary>
public sealed class ZoneSet
{
    // As named has it (max-query-restarts).
    private const int LongestChain = 12;
    private readonly Dictionary<DnsName, Zone> _zones = new(DnsName.ByWire);
    private readonly Dictionary<DnsName, Zone>.AlternateLookup<ReadOnlySpan<byte>> _byWire;

    /// <summary>A set of these zones.</summary>
    /// <exception cref="ZoneException">Two of them have the same name.</exception>
    public ZoneSet(IReadOnlyList<Zone> zones)
    {
        ArgumentNullException.ThrowIfNull(zones);
        _byWire = _zones.GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (var zone in zones)
        {
            if (!_zones.TryAdd(zone.Origin, zone))
                throw new ZoneException(zone.Origin.ToString(), 0, "the zone is given twice");
        }

        All = zones;
    }

    /// <summary>The zones in the order they were given.</summary>
    public IReadOnlyList<Zone> All { get; }

    /// <summary>The zone that a name lies in; null where there is none here.</summary>
    public Zone? Find(DnsName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Find(name.Wire);
    }

    /// <summary>Puts the answer to a question of class IN together. A chain is followed to the end of its zone, as named does: what lies beyond is the resolver's to ask.</summary>
    internal void Answer(DnsQuestion question, ZoneReply reply)
    {
        var name = question.Name;
        Zone? first = null;
        for (int step = 0; step < LongestChain; step++)
        {
            var zone = Find(name.Wire);
            // The DS of a zone stands in the zone above it (RFC 4035 section 3.1.4.1), if that is here, too.
            if (question.Type == DnsType.Ds && zone is not null && zone.Origin.Equals(name) && !name.IsRoot)
                zone = Find(name.Parent.Wire) ?? zone;
            if (zone is null && first is null)
                reply.Refuse();
            if (zone is null || (first ??= zone) != zone)
                return;
            if (zone.Step(name, question.Type, reply) is not { } next)
                return;
            name = next;
        }

        reply.Fail();
    }

    private Zone? Find(ReadOnlySpan<byte> name)
    {
        while (true)
        {
            if (_byWire.TryGetValue(name, out var zone))
                return zone;
            if (name.Length == 1)
                return null;
            name = name[(name[0] + 1)..];
        }
    }
}
