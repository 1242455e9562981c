using NetLab.Core.Dns;

namespace NetLab.Core.Resolver;

/// <summary>What a stub resolver found.</summary>
/// <param name="Exchange">The query and a server's answer; null where the machine's own file of hosts said it.</param>
/// <param name="FromHosts">What that file said.</param>
public sealed record StubAnswer(DnsExchange? Exchange, IReadOnlyList<DnsRecord> FromHosts);

/// <summary>Looks names up as programs do: in the machine's file of hosts, then with the servers of resolv.conf, short names in its domains.</summary>
/// <param name="settings">What resolv.conf says.</param>
/// <param name="hosts">What the file of hosts says; null to ask servers only.</param>
public sealed class StubResolver(ResolverSettings settings, HostsFile? hosts)
{
    private const int NoSuchName = 3;
    private readonly DnsClient _client = new(settings);

    /// <summary>Asks for a name as it stands.</summary>
    /// <exception cref="DnsExchangeException">Nobody answered.</exception>
    public async Task<StubAnswer> AskAsync(DnsName name, ushort type, DnsEdns? edns, CancellationToken cancel) =>
        new(await _client.AskAsync(name, type, edns, settings.Transport, cancel).ConfigureAwait(false), []);

    /// <summary>Looks a name up: the first of the names that it may stand for which has such a record, else the answer that says most.</summary>
    /// <param name="text">The name as it was written: whether it ends in a dot matters.</param>
    /// <param name="name">The name as it stands.</param>
    /// <param name="type">The type.</param>
    /// <param name="edns">What EDNS says; null for a query without.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="DnsExchangeException">Nobody answered.</exception>
    public async Task<StubAnswer> LookUpAsync(string text, DnsName name, ushort type, DnsEdns? edns, CancellationToken cancel)
    {
        if (hosts?.Find(new DnsQuestion(name, type)) is { Count: > 0 } known)
            return new StubAnswer(null, known);
        DnsExchange? first = null;
        foreach (var candidate in text.Length == 0 ? [name] : settings.Candidates(text))
        {
            var exchange = await _client.AskAsync(candidate, type, edns, settings.Transport, cancel).ConfigureAwait(false);
            if (exchange.Message.ResponseCode is not (0 or NoSuchName) || exchange.Message.Answers.Any(record => record.Type == type || type == DnsType.Any))
                return new StubAnswer(exchange, []);
            // That the name is there without such a record says more than that another one is not there.
            if (first is null || (first.Message.ResponseCode == NoSuchName && exchange.Message.ResponseCode == 0))
                first = exchange;
        }

        return new StubAnswer(first, []);
    }
}
