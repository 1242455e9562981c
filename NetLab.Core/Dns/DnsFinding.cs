using System.Collections.Immutable;
using System.Net;

namespace NetLab.Core.Dns;

/// <summary>What an answer brings somebody who walks from the root.</summary>
public enum DnsFindingKind
{
    /// <summary>The records that were asked for.</summary>
    Answer,

    /// <summary>The name is an alias of another one, where the walk goes on.</summary>
    Alias,

    /// <summary>Another zone, further down, knows.</summary>
    Referral,

    /// <summary>The name has no record of the type (RFC 2308 section 2.2).</summary>
    NoData,

    /// <summary>The name does not exist (NXDOMAIN).</summary>
    NoName,

    /// <summary>Aliases that lead back to where they began; no other server would say otherwise.</summary>
    Circle,

    /// <summary>Nothing that helps: the server does not serve the zone, or refers to where one was.</summary>
    Lame,
}

/// <summary>A server of a zone by its name, with the addresses that came along.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Addresses">The glue; empty where its name is to be asked for.</param>
public sealed record DnsNameServer(DnsName Name, ImmutableArray<IPAddress> Addresses);

/// <summary>An authoritative server's answer, read by one who asked for a name of a zone (RFC 1034 section 5.3.3).</summary>
/// <param name="Kind">What it brings.</param>
/// <param name="Says">The same in a few words, of the server: "refers to test.", "says REFUSED: it does not serve a.test.".</param>
public sealed record DnsFinding(DnsFindingKind Kind, string Says)
{
    /// <summary>The records: the aliases followed and what was asked for. Only names of the zone are believed.</summary>
    public ImmutableArray<DnsRecord> Records { get; init; } = [];

    /// <summary>Where an alias leads.</summary>
    public DnsName? Target { get; init; }

    /// <summary>The zone of a referral.</summary>
    public DnsName? Zone { get; init; }

    /// <summary>The servers of a referral's zone.</summary>
    public ImmutableArray<DnsNameServer> Servers { get; init; } = [];

    /// <summary>For how many seconds a denial (RFC 2308 section 5) or a referral holds; 0 where nobody says.</summary>
    public uint TimeToLive { get; init; }

    /// <summary>Reads an answer.</summary>
    /// <param name="message">The answer.</param>
    /// <param name="name">What was asked for.</param>
    /// <param name="type">Of which type.</param>
    /// <param name="zone">The zone whose server was asked.</param>
    public static DnsFinding Read(DnsMessage message, DnsName name, ushort type, DnsName zone)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(zone);
        // Of aliases in a circle servers say SERVFAIL, but show them.
        if (message.ResponseCode is not (0 or 3))
            return Chain(message, name, type, zone) is { Kind: DnsFindingKind.Circle } circle ? circle : Lame($"says {DnsDigText.CodeText(message.ResponseCode)}: it does not serve {zone}");
        bool isAuthoritative = (message.Flags & DnsFlags.Authoritative) != 0;
        if (Chain(message, name, type, zone) is { } found)
            return isAuthoritative ? found : Lame($"answers without authority over {zone}");
        var soa = message.Authorities.FirstOrDefault(record => record.Type == DnsType.Soa && name.IsWithin(record.Name) && record.Name.IsWithin(zone));
        if (message.ResponseCode == 3)
            return isAuthoritative || soa is not null ? Denial(DnsFindingKind.NoName, $"there is no {name}", soa) : Lame($"denies {name} without authority");
        // What a server says of its own zone counts; who refers says nothing with authority.
        return soa is not null ? Denial(DnsFindingKind.NoData, $"{name} has no {DnsType.ToText(type)}", soa)
            : Referral(message, name, zone, isAuthoritative)
            ?? (isAuthoritative ? Denial(DnsFindingKind.NoData, $"{name} has no {DnsType.ToText(type)}", null) : Lame("gives neither an answer nor a referral"));
    }

    // From the name over its aliases to the records, as far as the zone goes.
    private static DnsFinding? Chain(DnsMessage message, DnsName name, ushort type, DnsName zone)
    {
        var records = ImmutableArray.CreateBuilder<DnsRecord>();
        var seen = new HashSet<DnsName>();
        var at = name;
        while (at.IsWithin(zone))
        {
            if (!seen.Add(at))
                return new DnsFinding(DnsFindingKind.Circle, $"gives aliases that lead back to {at}") { Records = records.ToImmutable() };
            var here = message.Answers.Where(record => record.Name.Equals(at)).ToArray();
            if (here.Where(record => record.Type == type || (type == DnsType.Any && here.Length > 0)).ToArray() is { Length: > 0 } asked)
            {
                records.AddRange(asked);
                return new DnsFinding(DnsFindingKind.Answer, asked is [var one] ? $"{one.Data}" : $"{asked.Length} records") { Records = records.ToImmutable() };
            }

            if (here.FirstOrDefault(record => record.Type == DnsType.Cname) is { Data.FirstName: { } target } alias)
            {
                // The alias that DNAME makes comes with the DNAME that made it (RFC 6672 section 3.1).
                records.AddRange(message.Answers.Where(record => record.Type == DnsType.Dname && !record.Name.Equals(at) && at.IsWithin(record.Name) && record.Name.IsWithin(zone)));
                records.Add(alias);
                at = target;
                continue;
            }

            // A server that makes no alias of its DNAME leaves that to who asks.
            if (message.Answers.FirstOrDefault(record => record.Type == DnsType.Dname && at.IsWithin(record.Name) && !record.Name.Equals(at)) is not { Data.FirstName: { } to } moved
                || at.Substitute(moved.Name, to) is not { } becomes)
                break;
            records.Add(moved);
            at = becomes;
        }

        return records.Count == 0 ? null : new DnsFinding(DnsFindingKind.Alias, $"alias {at}") { Records = records.ToImmutable(), Target = at };
    }

    private static DnsFinding? Referral(DnsMessage message, DnsName name, DnsName zone, bool isAuthoritative)
    {
        var servers = message.Authorities.Where(record => record.Type == DnsType.Ns).ToArray();
        if (servers.Length == 0)
            return null;
        var child = servers[0].Name;
        if (child.Equals(zone) && isAuthoritative)
            return null;
        if (child.Equals(zone) || !child.IsWithin(zone))
            return Lame($"refers back to {child}: a loop");
        if (!name.IsWithin(child))
            return Lame($"refers to {child}, where {name} does not lie");
        return new DnsFinding(DnsFindingKind.Referral, $"refers to {child}")
        {
            Zone = child,
            TimeToLive = servers.Min(record => record.TimeToLive),
            Servers =
            [
                .. servers.Where(record => record.Name.Equals(child)).Select(record => record.Data.FirstName).OfType<DnsName>()
                    .Select(server => new DnsNameServer(server, Glue(message, server, zone))),
            ],
        };
    }

    // Only addresses of names below the zone that refers: others are nothing that it could know (RFC 2181 section 5.4.1).
    private static ImmutableArray<IPAddress> Glue(DnsMessage message, DnsName server, DnsName zone) => !server.IsWithin(zone) ? [] :
        [.. message.Additionals.Where(record => record.Name.Equals(server)).Select(record => record.Data.Address).OfType<IPAddress>()];

    private static DnsFinding Denial(DnsFindingKind kind, string says, DnsRecord? soa) => new(kind, says)
    {
        TimeToLive = soa is null ? 0 : Math.Min(soa.TimeToLive, Minimum(soa)),
    };

    // The last of SOA's numbers (RFC 2308 section 4).
    private static uint Minimum(DnsRecord soa) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(soa.Data.Octets[^4..]);

    private static DnsFinding Lame(string says) => new(DnsFindingKind.Lame, says);
}
