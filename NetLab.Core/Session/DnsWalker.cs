using System.Net;
using NetLab.Core.Dns;
using NetLab.Core.Resolver;

namespace NetLab.Core.Session;

/// <summary>
/// Walks from the root to an answer and tells each step. One question at a time, so that the steps have an order; bounded in questions, depth and
/// time. What cannot be reached is said, with where and why.
/// </summary>
/// <param name="root">The root's servers.</param>
/// <param name="port">Every server's port: glue carries none.</param>
/// <param name="cache">What answers bring goes there.</param>
/// <param name="clock">The kernel's clock.</param>
internal sealed class DnsWalker(IReadOnlyList<IpAddress> root, ushort port, DnsCache cache, Func<Timestamp> clock)
{
    private const int MostQuestions = 60, MostAliases = 12, DeepestTurn = 6;
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(900), s_whole = TimeSpan.FromSeconds(5);
    private readonly HashSet<DnsName> _wanted = [];
    private int _questions;

    /// <summary>Walks; the walk is ended when this returns, whatever came of it.</summary>
    public async Task RunAsync(DnsWalk walk, CancellationToken cancel)
    {
        using var whole = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        whole.CancelAfter(s_whole);
        try
        {
            var answers = new List<DnsRecord>();
            var (verdict, _) = await FindAsync(walk, walk.Question, 0, 0, answers, whole.Token).ConfigureAwait(false);
            walk.End(verdict, answers, clock());
        }
        catch (OperationCanceledException)
        {
            string where = walk.Steps.LastOrDefault(step => step.Outcome == DnsWalkOutcome.Failed) is { } last ? $": {last.Address} {last.Says}" : "";
            walk.End(cancel.IsCancellationRequested ? "stopped" : $"given up after {s_whole.TotalSeconds:0} s{where}", [], clock());
        }
    }

    private sealed record Server(DnsName Name, IpAddress? Address);

    // The records go to answers; false where there were none.
    private async Task<(string Verdict, bool IsFound)> FindAsync(DnsWalk walk, DnsQuestion question, int level, int depth, List<DnsRecord> answers, CancellationToken cancel)
    {
        var seen = new HashSet<DnsName>();
        for (int aliases = 0; aliases < MostAliases; aliases++)
        {
            if (!seen.Add(question.Name))
                return ($"the aliases lead back to {question.Name}", false);
            var (verdict, isFound, alias) = await DescendAsync(walk, question, level, depth, answers, cancel).ConfigureAwait(false);
            if (alias is null)
                return (verdict, isFound);
            question = question with { Name = alias };
            Turn(walk, level, question, $"an alias: on to {alias}");
            level++;
        }

        return ($"more than {MostAliases} aliases follow each other", false);
    }

    private async Task<(string Verdict, bool IsFound, DnsName? Alias)> DescendAsync(
        DnsWalk walk, DnsQuestion question, int level, int depth, List<DnsRecord> answers, CancellationToken cancel)
    {
        var zone = DnsName.Root;
        List<Server> servers = [.. root.Select(address => new Server(DnsName.Root, address))];
        while (true)
        {
            string last = $"{zone} has no server";
            List<Server>? below = null;
            var belowZone = zone;
            for (int index = 0; index < servers.Count && below is null; index++)
            {
                var server = servers[index];
                if (server.Address is null)
                {
                    var found = await AddressesAsync(walk, server.Name, level, depth, cancel).ConfigureAwait(false);
                    servers.RemoveAt(index--);
                    servers.InsertRange(index + 1, found);
                    if (found.Count == 0)
                        last = $"no address of {server.Name}, which serves {zone}, could be found";
                    continue;
                }

                if (_questions++ >= MostQuestions)
                    return ($"given up after {MostQuestions} questions", false, null);
                var step = await AskAsync(walk, new DnsWalkStep
                {
                    Level = level,
                    Zone = zone,
                    Question = question,
                    Server = server.Name,
                    Address = new Endpoint(server.Address.Value, port),
                    Sent = clock(),
                    Outcome = DnsWalkOutcome.Waiting,
                }, cancel).ConfigureAwait(false);
                var (said, message) = step;
                switch (said.Outcome)
                {
                    case DnsWalkOutcome.Referred:
                        (below, belowZone) = (Servers(message!), message!.Authorities.First(record => record.Type == DnsType.Ns).Name);
                        break;
                    case DnsWalkOutcome.Answered:
                        answers.AddRange(message!.Answers);
                        return ($"{said.Says}, from {said.Address}", true, null);
                    case DnsWalkOutcome.Alias:
                        answers.AddRange(message!.Answers);
                        return ("", false, Target(message, question.Name));
                    case DnsWalkOutcome.NoData or DnsWalkOutcome.NoSuchName:
                        return ($"{said.Says}, says {said.Address}", false, null);
                    default:
                        last = $"the walk broke at {zone}: {said.Address} {said.Says}";
                        break;
                }
            }

            if (below is null)
                return (last, false, null);
            (zone, servers) = (belowZone, below);
            level++;
        }
    }

    // A server whose address nobody gave is looked for itself, from the root.
    private async Task<List<Server>> AddressesAsync(DnsWalk walk, DnsName name, int level, int depth, CancellationToken cancel)
    {
        var question = new DnsQuestion(name, DnsType.A);
        if (depth == DeepestTurn || !_wanted.Add(name))
        {
            Turn(walk, level + 1, question, depth == DeepestTurn ? $"{name}: too many servers need others first" : $"{name} is being looked for already: a loop");
            return [];
        }

        Turn(walk, level + 1, question, $"no glue: the address of {name} first");
        var found = new List<DnsRecord>();
        await FindAsync(walk, question, level + 2, depth + 1, found, cancel).ConfigureAwait(false);
        _wanted.Remove(name);
        return [.. found.Where(record => record.Type == DnsType.A).Select(record => new Server(name, IpAddress.From(record.Data.Address!)))];
    }

    private async Task<(DnsWalkStep Step, DnsMessage? Message)> AskAsync(DnsWalk walk, DnsWalkStep step, CancellationToken cancel)
    {
        int place = walk.Add(step);
        var client = new DnsClient(new ResolverSettings
        {
            Servers = [new IPEndPoint(step.Address.Address.ToIPAddress(), step.Address.Port)],
            Attempts = 1,
            Timeout = s_patience,
        });
        DnsMessage? message = null;
        try
        {
            var exchange = await client.AskAsync(step.Question.Name, step.Question.Type, new DnsEdns(), DnsTransport.Udp, cancel).ConfigureAwait(false);
            message = exchange.Message;
            cache.Take(message, clock());
            var (outcome, says) = Judge(step, message);
            step = step with
            {
                Query = exchange.Query,
                Answer = exchange.Answer,
                Carrier = exchange.Transport == DnsTransport.Tcp ? DnsCarrier.Stream : DnsCarrier.Datagram,
                Took = new Duration(exchange.Duration.Ticks * 100),
                Outcome = outcome,
                Says = says,
            };
        }
        catch (DnsExchangeException nobody)
        {
            step = step with { Outcome = DnsWalkOutcome.Failed, Took = clock() - step.Sent, Says = Why(nobody.Message, step.Address) };
        }
        catch (OperationCanceledException)
        {
            walk.Change(place, step with { Outcome = DnsWalkOutcome.Failed, Took = clock() - step.Sent, Ended = clock(), Says = "had not answered by then" });
            throw;
        }

        step = step with { Ended = clock() };
        walk.Change(place, step);
        return (step, message);
    }

    private static string Why(string message, Endpoint server) =>
        message.Contains("did not answer", StringComparison.Ordinal) ? "did not answer"
        : message.Contains("refused", StringComparison.OrdinalIgnoreCase) ? "refused: nobody listens there"
        : message.Replace("No server answered: ", "", StringComparison.Ordinal).Replace($"{server}: ", "", StringComparison.Ordinal).TrimEnd('.');

    private static (DnsWalkOutcome Outcome, string Says) Judge(DnsWalkStep step, DnsMessage message)
    {
        var question = step.Question;
        if (message.ResponseCode is not (0 or 3) && message.Answers.Length == 0)
            return (DnsWalkOutcome.Lame, $"says {DnsDigText.CodeText(message.ResponseCode)}: it does not serve {step.Zone}");
        var end = End(message, question.Name, out bool isLoop);
        if (isLoop)
            return (DnsWalkOutcome.Failed, $"gives aliases that lead back to {end}");
        var matching = message.Answers.Where(record => record.Name.Equals(end) && (record.Type == question.Type || question.Type == DnsType.Any)).ToList();
        if (matching.Count > 0)
            return (DnsWalkOutcome.Answered, matching.Count == 1 ? $"{matching[0].Data}" : $"{matching.Count} records");
        if (message.ResponseCode == 3)
            return (DnsWalkOutcome.NoSuchName, $"there is no {end}");
        if (!end.Equals(question.Name))
            return (DnsWalkOutcome.Alias, $"alias {end}");
        if (message.Authorities.FirstOrDefault(record => record.Type == DnsType.Ns) is not { } cut || (message.Flags & DnsFlags.Authoritative) != 0)
        {
            return (message.Flags & DnsFlags.Authoritative) != 0 || message.Authorities.Any(record => record.Type == DnsType.Soa)
                ? (DnsWalkOutcome.NoData, $"{end} has no {DnsType.ToText(question.Type)}") : (DnsWalkOutcome.Lame, "says nothing");
        }

        // Down, and toward the name, or it is no way (RFC 1034 section 5.3.3).
        return cut.Name.IsWithin(step.Zone) && !cut.Name.Equals(step.Zone) && question.Name.IsWithin(cut.Name)
            ? (DnsWalkOutcome.Referred, $"refers to {cut.Name}")
            : (DnsWalkOutcome.Lame, $"refers back to {cut.Name}: a loop");
    }

    // Where the aliases of an answer lead.
    private static DnsName End(DnsMessage message, DnsName name, out bool isLoop)
    {
        var seen = new HashSet<DnsName>();
        isLoop = false;
        while (message.Answers.FirstOrDefault(record => record.Type == DnsType.Cname && record.Name.Equals(name)) is { } alias)
        {
            isLoop = !seen.Add(name);
            if (isLoop)
                return name;
            name = alias.Data.FirstName!;
        }

        return name;
    }

    private static DnsName Target(DnsMessage message, DnsName name) => End(message, name, out _);

    private static List<Server> Servers(DnsMessage message)
    {
        var servers = new List<Server>();
        var cut = message.Authorities.First(record => record.Type == DnsType.Ns).Name;
        foreach (var record in message.Authorities.Where(record => record.Type == DnsType.Ns && record.Name.Equals(cut)))
        {
            var name = record.Data.FirstName!;
            var glue = message.Additionals.Where(other => other.Type == DnsType.A && other.Name.Equals(name)).Select(other => new Server(name, IpAddress.From(other.Data.Address!))).ToList();
            servers.AddRange(glue.Count > 0 ? glue : [new Server(name, null)]);
        }

        // Those that can be asked at once come first.
        return [.. servers.OrderBy(server => server.Address is null)];
    }

    private static void Turn(DnsWalk walk, int level, DnsQuestion question, string says) =>
        walk.Add(new DnsWalkStep { Level = level, Zone = DnsName.Root, Question = question, Outcome = DnsWalkOutcome.Turn, Says = says });
}
