using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using NetLab.Core.Dns;

namespace NetLab.Core.Resolver;

/// <summary>
/// Walks from the root to the servers that know a name (RFC 1034 section 5.3.3), and tells each step. One question at a time, so that the steps have an
/// order. Time, questions, aliases and searches within searches are bounded; servers that are dead or lame are passed over, what leads in a circle is
/// recognised. One object serves one walk.
/// </summary>
/// <param name="settings">Beginning and bounds.</param>
/// <param name="cache">What answers bring goes there.</param>
/// <param name="clock">The kernel's clock.</param>
/// <param name="told">Is given each question when it is known what came of it.</param>
public sealed class IterativeResolver(WalkSettings settings, DnsCache cache, Func<Timestamp> clock, Action<DnsWalkStep>? told = null)
{
    private readonly HashSet<DnsName> _wanted = [];
    private int _questions;

    /// <summary>Walks; the walk is ended when this returns, whatever came of it.</summary>
    public async Task RunAsync(DnsWalk walk, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(walk);
        using var whole = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        whole.CancelAfter(settings.Time);
        try
        {
            var end = await FollowAsync(walk, walk.Question, 0, whole.Token).ConfigureAwait(false);
            walk.End(end.Outcome, end.Says, end.Records, clock());
        }
        catch (OperationCanceledException)
        {
            string says = cancel.IsCancellationRequested ? "stopped" : $"given up after {settings.Time.TotalSeconds:0.#} s{Waiting(walk)}";
            walk.End(DnsWalkOutcome.Failed, says, [], clock());
        }
    }

    // What came of a search; an alias's target where it goes on there.
    private sealed record Ending(DnsWalkOutcome Outcome, string Says, ImmutableArray<DnsRecord> Records, DnsName? Target = null)
    {
        public static Ending Broken(string says) => new(DnsWalkOutcome.Failed, says, []);
    }

    // One search after another as long as aliases lead on.
    private async Task<Ending> FollowAsync(DnsWalk walk, DnsQuestion question, int level, CancellationToken cancel)
    {
        var records = ImmutableArray.CreateBuilder<DnsRecord>();
        var seen = new HashSet<DnsName>();
        while (seen.Count < settings.Aliases)
        {
            if (!seen.Add(question.Name))
                return new Ending(DnsWalkOutcome.Failed, $"the aliases lead back to {question.Name}", records.ToImmutable());
            var end = await DescendAsync(walk, question, level, cancel).ConfigureAwait(false);
            records.AddRange(end.Records);
            if (end.Target is null)
                return end with { Records = records.ToImmutable() };
            question = question with { Name = end.Target };
            Turn(walk, level++, question, $"an alias: on to {end.Target}");
        }

        return new Ending(DnsWalkOutcome.Failed, $"more than {settings.Aliases} aliases follow each other", records.ToImmutable());
    }

    // From the root from referral to referral.
    private async Task<Ending> DescendAsync(DnsWalk walk, DnsQuestion question, int level, CancellationToken cancel)
    {
        var visit = new Visit(DnsName.Root, settings.Root, level);
        int known = 0, shortened = 0;
        while (true)
        {
            int told = settings.Disclosure == NameDisclosure.Whole ? question.Name.LabelCount : NameMinimisation.Labels(known, question.Name.LabelCount, shortened);
            bool isWhole = told == question.Name.LabelCount;
            if (!isWhole)
                shortened++;
            var asked = isWhole ? question : new DnsQuestion(Last(question.Name, told), DnsType.A);
            var (finding, end) = await AskZoneAsync(walk, visit, asked, cancel).ConfigureAwait(false);
            if (finding is null)
                return end!;
            if (finding is { Kind: DnsFindingKind.Referral, Zone: { } zone })
            {
                visit = new Visit(zone, finding.Servers, visit.Level + 1);
                known = zone.LabelCount;
            }
            else if (isWhole)
            {
                return end!;
            }
            else
            {
                // A server that denies a name above one that exists is wrong, but not rare (RFC 9156 section 2.3).
                known = finding.Kind is DnsFindingKind.NoData or DnsFindingKind.Answer ? told : question.Name.LabelCount;
            }
        }
    }

    private sealed record Visit(DnsName Zone, ImmutableArray<DnsNameServer> Servers, int Level);

    // One server after another until one helps; those that were silent are asked once more, and more patiently.
    private async Task<(DnsFinding? Finding, Ending? End)> AskZoneAsync(DnsWalk walk, Visit visit, DnsQuestion question, CancellationToken cancel)
    {
        string? last = null;
        var silent = new List<(DnsName Server, IPAddress Address)>();
        await foreach (var (server, address) in AddressesAsync(walk, visit, name => last = $"no address of {name}, which serves {visit.Zone}, could be found", cancel).ConfigureAwait(false))
        {
            if (await TryAsync(server, address, settings.Patience).ConfigureAwait(false) is { } got)
                return got;
        }

        foreach (var (server, address) in silent.ToArray())
        {
            if (await TryAsync(server, address, 2 * settings.Patience).ConfigureAwait(false) is { } got)
                return got;
        }

        return (null, Ending.Broken(last ?? $"{visit.Zone} has no server that can be reached from here"));

        async Task<(DnsFinding?, Ending?)?> TryAsync(DnsName server, IPAddress address, TimeSpan wait)
        {
            if (_questions++ >= settings.Questions)
                return (null, Ending.Broken($"given up after {settings.Questions} questions, at {visit.Zone}"));
            var step = new DnsWalkStep
            {
                Level = visit.Level,
                Zone = visit.Zone,
                Question = question,
                Server = server,
                Address = new Endpoint(IpAddress.From(address), settings.Port),
                Sent = clock(),
                Outcome = DnsWalkOutcome.Waiting,
            };
            var (finding, outcome, reply) = await AskAsync(walk, step, wait, cancel).ConfigureAwait(false);
            if (finding is { Kind: not (DnsFindingKind.Lame or DnsFindingKind.Circle) })
                return (finding, EndOf(finding, outcome));
            last = $"the walk broke at {visit.Zone}: {outcome.Address} {outcome.Says}";
            if (finding is { Kind: DnsFindingKind.Circle })
                return (null, Ending.Broken(last));
            if (reply == Reply.None)
                silent.Add((server, address));
            return null;
        }
    }

    private static Ending EndOf(DnsFinding finding, DnsWalkStep step) => finding.Kind switch
    {
        DnsFindingKind.Answer => new(DnsWalkOutcome.Answered, $"{finding.Says}, from {step.Address}", finding.Records),
        DnsFindingKind.Alias => new(DnsWalkOutcome.Alias, "", finding.Records, finding.Target),
        _ => new(OutcomeOf(finding.Kind), $"{finding.Says}, says {step.Address}", finding.Records),
    };

    private static DnsWalkOutcome OutcomeOf(DnsFindingKind kind) => kind switch
    {
        DnsFindingKind.Answer => DnsWalkOutcome.Answered,
        DnsFindingKind.Alias => DnsWalkOutcome.Alias,
        DnsFindingKind.Referral => DnsWalkOutcome.Referred,
        DnsFindingKind.NoData => DnsWalkOutcome.NoData,
        DnsFindingKind.NoName => DnsWalkOutcome.NoSuchName,
        DnsFindingKind.Lame => DnsWalkOutcome.Lame,
        _ => DnsWalkOutcome.Failed,
    };

    // The addresses that came along first: a server whose address nobody gave is looked for itself, from the root.
    private async IAsyncEnumerable<(DnsName Server, IPAddress Address)> AddressesAsync(
        DnsWalk walk, Visit visit, Action<DnsName> notFound, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var server in visit.Servers)
        {
            foreach (var address in server.Addresses.Where(IsReachable))
                yield return (server.Name, address);
        }

        foreach (var server in visit.Servers.Where(server => !server.Addresses.Any(IsReachable)))
        {
            var found = await FindAsync(walk, server.Name, visit.Level, cancel).ConfigureAwait(false);
            if (found.Length == 0)
                notFound(server.Name);
            foreach (var address in found)
                yield return (server.Name, address);
        }
    }

    private async Task<ImmutableArray<IPAddress>> FindAsync(DnsWalk walk, DnsName name, int level, CancellationToken cancel)
    {
        var question = new DnsQuestion(name, DnsType.A);
        if (_wanted.Count == settings.Depth || !_wanted.Add(name))
        {
            Turn(walk, level + 1, question, _wanted.Contains(name) ? $"{name} is being looked for already: a loop" : $"{name}: too many servers need others first");
            return [];
        }

        ImmutableArray<IPAddress> found = [];
        foreach (ushort type in (ushort[])[DnsType.A, DnsType.Aaaa])
        {
            Turn(walk, level + 1, question with { Type = type }, $"no glue: the address of {name} first");
            var end = await FollowAsync(walk, question with { Type = type }, level + 2, cancel).ConfigureAwait(false);
            found = [.. end.Records.Select(record => record.Data.Address).OfType<IPAddress>().Where(IsReachable)];
            // Where there is no such name, or no way to it, there is none for IPv6 either.
            if (found.Length > 0 || end.Outcome != DnsWalkOutcome.NoData)
                break;
        }

        _wanted.Remove(name);
        return found;
    }

    private enum Reply
    {
        Came,
        None,
    }

    private async Task<(DnsFinding? Finding, DnsWalkStep Step, Reply Reply)> AskAsync(DnsWalk walk, DnsWalkStep step, TimeSpan wait, CancellationToken cancel)
    {
        int place = walk.Add(step);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(wait);
        DnsFinding? finding = null;
        DnsMessage? query = null;
        var reply = Reply.Came;
        var server = new IPEndPoint(step.Address.Address.ToIPAddress(), step.Address.Port);
        step = step with { Outcome = DnsWalkOutcome.Failed };
        try
        {
            var exchange = await DnsClient.AskAsync(
                server, step.Question.Name, step.Question.Type, new DnsEdns(), DnsTransport.Udp, patience.Token, DnsFlags.None,
                asking: asked => query = asked).ConfigureAwait(false);
            finding = DnsFinding.Read(exchange.Message, step.Question.Name, step.Question.Type, step.Zone);
            if (finding.Kind != DnsFindingKind.Lame)
                cache.Take(exchange.Message, step.Zone, clock());
            step = step with
            {
                Query = exchange.Query,
                Answer = exchange.Answer,
                Carrier = exchange.Transport == DnsTransport.Tcp ? DnsCarrier.Stream : DnsCarrier.Datagram,
                Took = new Duration(exchange.Duration.Ticks * 100),
                Outcome = OutcomeOf(finding.Kind),
                Says = finding.Says,
            };
        }
        catch (OperationCanceledException)
        {
            reply = Reply.None;
            step = step with { Query = query?.Encode(), Took = clock() - step.Sent, Says = cancel.IsCancellationRequested ? "had not answered by then" : "did not answer" };
        }
        catch (SocketException error)
        {
            // Only who was reached can refuse; what has no way there was never sent.
            step = error.SocketErrorCode == SocketError.ConnectionRefused
                ? step with { Query = query?.Encode(), Took = clock() - step.Sent, Says = "refused: nobody listens there" }
                : step with { Took = clock() - step.Sent, Says = error.Message };
        }
        catch (DnsExchangeException error)
        {
            step = step with { Query = query?.Encode(), Took = clock() - step.Sent, Says = error.Without(server) };
        }

        step = step with { Ended = clock() };
        walk.Change(place, step);
        told?.Invoke(step);
        cancel.ThrowIfCancellationRequested();
        return (finding, step, reply);
    }

    private static void Turn(DnsWalk walk, int level, DnsQuestion question, string says) =>
        walk.Add(new DnsWalkStep { Level = level, Zone = DnsName.Root, Question = question, Outcome = DnsWalkOutcome.Turn, Says = says });

    private static string Waiting(DnsWalk walk) =>
        walk.Steps.LastOrDefault(step => step.Outcome != DnsWalkOutcome.Turn) is { } step ? $", at {step.Zone}: {step.Address} {step.Says}" : "";

    private static bool IsReachable(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? Socket.OSSupportsIPv4 : Socket.OSSupportsIPv6;

    private static DnsName Last(DnsName name, int labels)
    {
        while (name.LabelCount > labels)
            name = name.Parent;
        return name;
    }
}
