using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NetLab.Core.Dns;

namespace NetLab.Core.Resolver;

/// <summary>How much of a name the servers on the way are told (RFC 9156).</summary>
public enum NameDisclosure
{
    /// <summary>The whole name to each.</summary>
    Whole,

    /// <summary>To each only one label more than its zone has.</summary>
    Minimised,
}

/// <summary>What bounds a walk, and where it begins.</summary>
public sealed record WalkSettings
{
    /// <summary>The servers of the root.</summary>
    public ImmutableArray<DnsNameServer> Root { get; init; } = RootHints.BuiltIn;

    /// <summary>The port of every server on the way.</summary>
    public int Port { get; init; } = 53;

    /// <summary>How long the whole walk may take.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a server is awaited at first; the second time it is twice that.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>How many queries may be sent.</summary>
    public int Queries { get; init; } = 100;

    /// <summary>How many aliases may follow one another.</summary>
    public int Aliases { get; init; } = 16;

    /// <summary>How deep searches for servers' addresses may lie in each other.</summary>
    public int Depth { get; init; } = 6;

    /// <summary>How much of the name the servers are told.</summary>
    public NameDisclosure Disclosure { get; init; } = NameDisclosure.Whole;
}

/// <summary>What a walk came to.</summary>
/// <param name="Finding">The answer, or that there is no record or no name; its records are the whole chain of aliases with what it leads to.</param>
/// <param name="Duration">How long the walk took.</param>
public sealed record WalkResult(DnsFinding Finding, TimeSpan Duration);

/// <summary>A walk broke: the message says where and why, in a sentence.</summary>
public sealed class DnsWalkException(string message) : Exception(message);

/// <summary>
/// Walks from the root to the servers that know a name (RFC 1034 section 5.3.3). Everything is bounded: time, queries, aliases, and searches within
/// searches; servers that are dead or lame are passed over, what leads in a circle is recognised.
/// </summary>
/// <param name="settings">Bounds and beginning.</param>
/// <param name="cache">What earlier walks learnt; null to begin at the root with nothing.</param>
public sealed class IterativeResolver(WalkSettings settings, ResolverCache? cache = null)
{
    private readonly ResolverCache _cache = cache ?? new ResolverCache(bound: 1024);

    /// <summary>Looks for a name's records.</summary>
    /// <param name="walk">Is told of every step.</param>
    /// <param name="cancel">Ends the walk.</param>
    /// <exception cref="DnsWalkException">It broke.</exception>
    public async Task<WalkResult> ResolveAsync(DnsWalk walk, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(walk);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(settings.Time);
        long begun = Stopwatch.GetTimestamp();
        try
        {
            var finding = await FollowAsync(walk, patience.Token).ConfigureAwait(false);
            return new WalkResult(finding, Stopwatch.GetElapsedTime(begun));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new DnsWalkException($"The walk took longer than {settings.Time.TotalSeconds:0.#} s{Where(walk)}.");
        }
    }

    private async Task<DnsFinding> FollowAsync(DnsWalk walk, CancellationToken cancel)
    {
        var (name, type) = (walk.Question.Name, walk.Question.Type);
        var records = ImmutableArray.CreateBuilder<DnsRecord>();
        var seen = new HashSet<DnsName> { name };
        string reason = "the question";
        while (true)
        {
            var search = walk.Begin(new DnsSearch(walk, new DnsQuestion(name, type), reason));
            var finding = await SearchAsync(walk, search, [], cancel).ConfigureAwait(false);
            records.AddRange(finding.Records);
            if (finding.Kind != DnsFindingKind.Alias)
                return finding with { Records = records.ToImmutable() };
            if (!seen.Add(finding.Target!))
                throw new DnsWalkException($"The aliases lead in a circle: {name} is one of {finding.Target}, where the walk has been.");
            if (seen.Count > settings.Aliases)
                throw new DnsWalkException($"More than {settings.Aliases} aliases follow one another, up to {name}.");
            (name, reason) = (finding.Target!, $"the alias {finding.Target}");
        }
    }

    // Down from the deepest zone whose servers are known.
    private async Task<DnsFinding> SearchAsync(DnsWalk walk, DnsSearch search, ImmutableList<DnsName> pending, CancellationToken cancel)
    {
        var (name, type) = (search.Question.Name, search.Question.Type);
        if (_cache.Find(name, type, Now) is { } known)
            return known;
        var (zone, servers) = _cache.ServersAbove(name, Now) ?? (DnsName.Root, settings.Root);
        // How many labels the servers are told: one more than the zone has, or all of them.
        int told = zone.LabelCount + 1;
        while (true)
        {
            var visit = search.Enter(new DnsZoneVisit(walk, zone, servers));
            DnsFinding finding;
            while (true)
            {
                bool isWhole = settings.Disclosure == NameDisclosure.Whole || told >= name.LabelCount;
                finding = await AskZoneAsync(walk, visit, isWhole ? name : Last(name, told), isWhole ? type : DnsType.A, pending, cancel).ConfigureAwait(false);
                if (isWhole || finding.Kind == DnsFindingKind.Referral)
                    break;
                // A server that denies a name above one that exists is wrong, but not rare (RFC 9156 section 2.3).
                told = finding.Kind is DnsFindingKind.NoData or DnsFindingKind.Answer ? told + 1 : name.LabelCount;
            }

            if (finding.Kind != DnsFindingKind.Referral)
            {
                _cache.Keep(name, type, finding, Now);
                return finding;
            }

            (zone, servers) = (finding.Zone!, finding.Servers);
            told = Math.Max(told, zone.LabelCount + 1);
            _cache.KeepServers(zone, servers, finding.TimeToLive, Now);
        }
    }

    // One server after another until one helps; those that did not answer in time are asked once more, and more patiently.
    private async Task<DnsFinding> AskZoneAsync(DnsWalk walk, DnsZoneVisit visit, DnsName name, ushort type, ImmutableList<DnsName> pending, CancellationToken cancel)
    {
        var failures = new List<string>();
        var silent = new List<(DnsName, IPAddress)>();
        var glueless = new List<DnsName>();
        foreach (var server in visit.Servers)
        {
            if (server.Addresses.IsEmpty)
                glueless.Add(server.Name);
            foreach (var address in server.Addresses.Where(IsReachable))
            {
                if (await AskAsync(server.Name, address, settings.Patience).ConfigureAwait(false) is { } finding)
                    return finding;
            }
        }

        foreach (var server in glueless)
        {
            foreach (var address in await AddressesAsync(walk, visit, server, pending, failures, cancel).ConfigureAwait(false))
            {
                if (await AskAsync(server, address, settings.Patience).ConfigureAwait(false) is { } finding)
                    return finding;
            }
        }

        foreach (var (server, address) in silent.ToArray())
        {
            if (await AskAsync(server, address, 2 * settings.Patience).ConfigureAwait(false) is { } finding)
                return finding;
        }

        throw new DnsWalkException($"The walk broke at {visit.Zone}: {(failures.Count > 0 ? string.Join("; ", failures.Distinct()) : "it has no server with an address that can be reached here")}.");

        async Task<DnsFinding?> AskAsync(DnsName server, IPAddress address, TimeSpan wait)
        {
            if (walk.Queries >= settings.Queries)
                throw new DnsWalkException($"The walk was given up after {settings.Queries} queries, at {visit.Zone}.");
            var query = visit.Ask(new DnsWalkQuery(walk, server, new IPEndPoint(address, settings.Port), new DnsQuestion(name, type)));
            var outcome = await AskOnceAsync(query, visit.Zone, wait, cancel).ConfigureAwait(false);
            query.End(outcome);
            if (outcome.Finding is { Kind: DnsFindingKind.Circle })
                throw new DnsWalkException($"The walk broke at {visit.Zone}: {outcome.Says}.");
            if (outcome.Finding is { Kind: not DnsFindingKind.Lame } finding)
                return finding;
            failures.Add($"{Shown(server, query.Address)}: {outcome.Says}");
            if (outcome.Exchange is null && outcome.Duration >= wait)
                silent.Add((server, address));
            return null;
        }
    }

    private static async Task<DnsQueryOutcome> AskOnceAsync(DnsWalkQuery query, DnsName zone, TimeSpan wait, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(wait);
        long begun = Stopwatch.GetTimestamp();
        string says;
        try
        {
            var exchange = await DnsClient.AskAsync(
                query.Address, query.Question.Name, query.Question.Type, new DnsEdns(), DnsTransport.Udp, patience.Token, DnsFlags.None).ConfigureAwait(false);
            var finding = DnsFinding.Read(exchange.Message, query.Question.Name, query.Question.Type, zone);
            return new DnsQueryOutcome(exchange.Duration, finding.Says, exchange, finding);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new DnsQueryOutcome(wait, $"no answer within {wait.TotalMilliseconds:0} ms", null, null);
        }
        catch (OperationCanceledException)
        {
            // It stands in the walk as what it was waiting for.
            query.End(new DnsQueryOutcome(Stopwatch.GetElapsedTime(begun), "no answer when the walk was given up", null, null));
            throw;
        }
        catch (SocketException error)
        {
            says = error.SocketErrorCode == SocketError.ConnectionRefused ? "nobody listens there (ICMP port unreachable)" : error.Message;
        }
        catch (DnsExchangeException error)
        {
            says = error.Message;
        }

        return new DnsQueryOutcome(Stopwatch.GetElapsedTime(begun), says, null, null);
    }

    // A server without glue: its name is looked for as any other, unless that is what is being done already.
    private async Task<ImmutableArray<IPAddress>> AddressesAsync(
        DnsWalk walk, DnsZoneVisit visit, DnsName server, ImmutableList<DnsName> pending, List<string> failures, CancellationToken cancel)
    {
        if (pending.Contains(server) || pending.Count >= settings.Depth)
        {
            failures.Add(pending.Contains(server)
                ? $"to find {server} one has to ask {visit.Zone} first, whose server it is" : $"{server} lies behind more than {settings.Depth} names without addresses");
            return [];
        }

        var found = ImmutableArray.CreateBuilder<IPAddress>();
        string? failure = null;
        foreach (ushort type in (ushort[])[DnsType.A, DnsType.Aaaa])
        {
            if (found.Count > 0)
                break;
            try
            {
                var search = visit.Begin(new DnsSearch(walk, new DnsQuestion(server, type), $"the address of {server}"));
                var finding = await SearchAsync(walk, search, pending.Add(server), cancel).ConfigureAwait(false);
                found.AddRange(finding.Records.Select(record => record.Data.Address).OfType<IPAddress>().Where(IsReachable));
                failure = finding.Kind == DnsFindingKind.Answer ? null : $"{server} has no address: {finding.Says}";
            }
            catch (DnsWalkException broken)
            {
                failure = $"{server} has no address, since {char.ToLowerInvariant(broken.Message[0])}{broken.Message[1..].TrimEnd('.')}";
                break;
            }
        }

        if (found.Count == 0 && failure is not null)
            failures.Add(failure);
        return found.ToImmutable();
    }

    private static TimeSpan Now => TimeSpan.FromMilliseconds(Environment.TickCount64);

    private static bool IsReachable(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? Socket.OSSupportsIPv4 : Socket.OSSupportsIPv6;

    private static DnsName Last(DnsName name, int labels)
    {
        while (name.LabelCount > labels)
            name = name.Parent;
        return name;
    }

    private static string Shown(DnsName server, IPEndPoint address) => $"{server} ({address})";

    private static string Where(DnsWalk walk)
    {
        if (walk.Searches is not [.., { Zones: [.., var visit] }])
            return "";
        return visit.Queries is [.., var query] ? $" and was at {visit.Zone}, waiting for {Shown(query.Server, query.Address)}" : $" and was at {visit.Zone}";
    }
}
