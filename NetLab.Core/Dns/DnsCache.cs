namespace NetLab.Core.Dns;

/// <summary>A record that is remembered, and until when.</summary>
/// <param name="Record">The record, with the time to live that it came with.</param>
/// <param name="Until">When it is to be forgotten.</param>
public readonly record struct DnsCached(DnsRecord Record, Timestamp Until)
{
    /// <summary>How many whole seconds it has left.</summary>
    public long SecondsLeft(Timestamp now) => Math.Max(0, (Until - now).Nanoseconds / 1_000_000_000);
}

/// <summary>The records that answers have brought, each until its time to live is over. Any number of threads may use it.</summary>
public sealed class DnsCache
{
    /// <summary>How many records it holds at the most; the one that would be forgotten first makes room.</summary>
    public const int Bound = 1_000;

    // RFC 8767 section 4: a week is long enough.
    private const uint Longest = 7 * 24 * 3600;
    private readonly Lock _gate = new();
    private readonly Dictionary<(DnsName Name, DnsData Data), DnsCached> _records = [];

    /// <summary>Remembers the records of an answer that its server may speak of: those of its zone (RFC 2181 section 5.4.1).</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="zone">The zone whose server gave it.</param>
    /// <param name="now">When it came.</param>
    public void Take(DnsMessage answer, DnsName zone, Timestamp now)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(zone);
        lock (_gate)
        {
            foreach (var record in answer.Answers.Concat(answer.Authorities).Concat(answer.Additionals))
            {
                if (!record.Name.IsWithin(zone))
                    continue;
                if (_records.Count >= Bound && !_records.ContainsKey((record.Name, record.Data)))
                    _records.Remove(_records.MinBy(entry => entry.Value.Until).Key);
                _records[(record.Name, record.Data)] = new DnsCached(record, now + Duration.FromSeconds(Math.Min(record.TimeToLive, Longest)));
            }
        }
    }

    /// <summary>What is remembered now, the names in their order from the root; what is over goes.</summary>
    public DnsCached[] Now(Timestamp now)
    {
        lock (_gate)
        {
            foreach (var key in _records.Where(entry => entry.Value.Until <= now).Select(entry => entry.Key).ToList())
                _records.Remove(key);
            return [.. _records.Values.OrderBy(entry => SortKey(entry.Record.Name), StringComparer.Ordinal).ThenBy(entry => entry.Record.Type)];
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_gate)
            _records.Clear();
    }

    // Labels from the root down, as RFC 4034 section 6.1 orders names.
    private static string SortKey(DnsName name) => string.Join('\0', name.ToString().ToLowerInvariant().Split('.', StringSplitOptions.RemoveEmptyEntries).Reverse());
}
