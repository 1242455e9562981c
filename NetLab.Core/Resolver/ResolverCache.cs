using System.Collections.Immutable;
using NetLab.Core.Dns;

namespace NetLab.Core.Resolver;

/// <summary>An answer that is still good.</summary>
/// <param name="Question">To what.</param>
/// <param name="Finding">What was found; for the servers of a zone, the referral.</param>
/// <param name="Expires">When it is forgotten, on the clock of who keeps it.</param>
public sealed record CachedFinding(DnsQuestion Question, DnsFinding Finding, TimeSpan Expires);

/// <summary>
/// What walks have learnt: answers, denials (RFC 2308), and which servers a zone has. Each is good for its time to live, a day at most; of more than the bound
/// what ends soonest goes. Any thread may use it.
/// </summary>
/// <param name="bound">How many findings it keeps.</param>
public sealed class ResolverCache(int bound = 4096)
{
    // RFC 2308 section 5, RFC 8767 section 4: nobody needs more.
    private const uint Longest = 86_400;

    private readonly Lock _gate = new();
    private readonly Dictionary<(DnsName Name, ushort Type), CachedFinding> _findings = [];

    /// <summary>All that is good now, that ends soonest first.</summary>
    public ImmutableArray<CachedFinding> At(TimeSpan now)
    {
        lock (_gate)
            return [.. _findings.Values.Where(kept => kept.Expires > now).OrderBy(kept => kept.Expires)];
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_gate)
            _findings.Clear();
    }

    /// <summary>What is known of a name; null for nothing.</summary>
    public DnsFinding? Find(DnsName name, ushort type, TimeSpan now)
    {
        lock (_gate)
            return _findings.TryGetValue((name, type), out var kept) && kept.Expires > now && kept.Finding.Kind != DnsFindingKind.Referral ? kept.Finding : null;
    }

    /// <summary>The deepest zone around a name whose servers are known; null for none.</summary>
    public (DnsName Zone, ImmutableArray<DnsNameServer> Servers)? ServersAbove(DnsName name, TimeSpan now)
    {
        lock (_gate)
        {
            for (var zone = name; !zone.IsRoot; zone = zone.Parent)
            {
                if (_findings.TryGetValue((zone, DnsType.Ns), out var kept) && kept.Expires > now && kept.Finding.Kind == DnsFindingKind.Referral)
                    return (zone, kept.Finding.Servers);
            }
        }

        return null;
    }

    /// <summary>Keeps an answer or a denial; of an alias and of what failed there is nothing to keep.</summary>
    public void Keep(DnsName name, ushort type, DnsFinding finding, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (finding.Kind is DnsFindingKind.Answer or DnsFindingKind.Alias)
            Put(name, type, finding, finding.Records.Min(record => record.TimeToLive), now);
        else if (finding.Kind is DnsFindingKind.NoData or DnsFindingKind.NoName)
            Put(name, type, finding, finding.TimeToLive, now);
    }

    /// <summary>Keeps the servers of a zone.</summary>
    public void KeepServers(DnsName zone, ImmutableArray<DnsNameServer> servers, uint timeToLive, TimeSpan now) =>
        Put(zone, DnsType.Ns, new DnsFinding(DnsFindingKind.Referral, $"the servers of {zone}") { Zone = zone, Servers = servers }, timeToLive, now);

    private void Put(DnsName name, ushort type, DnsFinding finding, uint timeToLive, TimeSpan now)
    {
        if (timeToLive == 0)
            return;
        lock (_gate)
        {
            if (_findings.Count >= bound && !_findings.ContainsKey((name, type)))
                _findings.Remove(_findings.MinBy(kept => kept.Value.Expires).Key);
            // An answer about a zone's servers is worth more than the referral to them, but the walk needs the addresses that came with that.
            if (type == DnsType.Ns && finding.Kind != DnsFindingKind.Referral && _findings.TryGetValue((name, type), out var kept) && kept.Finding.Kind == DnsFindingKind.Referral && kept.Expires > now)
                return;
            _findings[(name, type)] = new CachedFinding(new DnsQuestion(name, type), finding, now + TimeSpan.FromSeconds(Math.Min(timeToLive, Longest)));
        }
    }
}
