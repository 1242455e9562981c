using System.Buffers.Binary;

namespace NetLab.Core.Dns;

/// <summary>
/// A zone whose records are known, and its answers (RFC 1034 section 4.3.2 as RFC 4592 and RFC 6672 have it). It does not change once it is
/// made, so any number of threads may ask it.
/// </summary>
public sealed class Zone
{
    // A name has at most 127 labels.
    private const int MostLabels = 128;

    // Every name that exists, also the empty ones between the zone's top and a name with records (RFC 4592 section 2.2.2).
    private readonly Dictionary<DnsName, ZoneNode> _nodes = new(DnsName.ByWire);
    private readonly Dictionary<DnsName, ZoneNode>.AlternateLookup<ReadOnlySpan<byte>> _byWire;

    /// <summary>A zone of these records.</summary>
    /// <param name="records">Its records; one of them its SOA.</param>
    /// <param name="file">Where they come from, for messages.</param>
    /// <param name="places">Where each of them stands; null where that is not known.</param>
    /// <exception cref="ZoneException">They make no zone.</exception>
    public Zone(IReadOnlyList<DnsRecord> records, string file, IReadOnlyList<ZonePlace>? places = null)
    {
        ArgumentNullException.ThrowIfNull(records);
        var tops = records.Where(record => record.Type == DnsType.Soa).Distinct().ToList();
        if (tops.Count != 1)
            throw new ZoneException(file, 0, $"a zone has one SOA record, not {tops.Count}");
        (Soa, Origin) = (tops[0], tops[0].Name);
        _byWire = _nodes.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int index = 0; index < records.Count; index++)
        {
            var record = records[index];
            var place = places?[index] ?? new ZonePlace(file, 0);
            if (!record.Name.IsWithin(Origin))
                throw new ZoneException(place.File, place.Line, $"{record.Name} lies outside the file's zone ({Origin})");
            for (var name = record.Name; _nodes.TryAdd(name, new ZoneNode()) && !name.Equals(Origin); name = name.Parent)
            {
            }

            if (_nodes[record.Name].Add(record) is { } mistake)
                throw new ZoneException(place.File, place.Line, $"{record.Name} {mistake}");
        }
    }

    /// <summary>The zone's top.</summary>
    public DnsName Origin { get; }

    /// <summary>Its SOA record.</summary>
    public DnsRecord Soa { get; }

    /// <summary>How many names exist in it, empty ones too.</summary>
    public int NameCount => _nodes.Count;

    /// <summary>The last field of a SOA's data: how long it may be remembered that something does not exist, in seconds (RFC 2308).</summary>
    internal static uint Minimum(DnsData soa) => BinaryPrimitives.ReadUInt32BigEndian(soa.Octets[^4..]);

    /// <summary>Answers a question about a name of the zone.</summary>
    /// <param name="query">The query, with one question of class IN.</param>
    /// <returns>The whole answer; what is too long for its way is cut off when it is encoded.</returns>
    public DnsMessage Answer(DnsMessage query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var reply = new ZoneReply();
        var zones = new ZoneSet([this]);
        zones.Answer(query.Questions[0], reply);
        return reply.ToMessage(query);
    }

    /// <summary>One name of a chain.</summary>
    /// <returns>The name that the chain goes on with, or null at its end.</returns>
    internal DnsName? Step(DnsName name, ushort type, ZoneReply reply)
    {
        var wire = name.Wire;
        // Where the labels below the zone's top begin, the leftmost first.
        Span<byte> labels = stackalloc byte[MostLabels];
        int depth = 0, top = wire.Length - Origin.Wire.Length;
        for (int at = 0; at < top; at += wire[at] + 1)
            labels[depth++] = (byte)at;
        // From the top down: what is delegated away, or moved by DNAME, hides what lies below.
        var closest = wire[top..];
        ZoneNode? node = null;
        for (int level = depth; level >= 0; level--)
        {
            var ancestor = level == depth ? closest : wire[labels[level]..];
            if (!_byWire.TryGetValue(ancestor, out node))
                break;
            closest = ancestor;
            bool isTop = level == depth, isName = level == 0;
            // DS stands above the cut (RFC 4035 section 3.1.4.1).
            if (!isTop && node.Servers.Count > 0 && !(type == DnsType.Ds && isName))
            {
                reply.Refer(this, node.Servers);
                return null;
            }

            if (!isName && node.Dname is { } moved)
            {
                var next = reply.Move(moved, name);
                // The CNAME that DNAME makes is itself what was asked for.
                return type is DnsType.Cname or DnsType.Any ? null : next;
            }
        }

        if (node is null)
        {
            Span<byte> wildcard = stackalloc byte[DnsNameView.MaxLength + 2];
            (wildcard[0], wildcard[1]) = (1, (byte)'*');
            closest.CopyTo(wildcard[2..]);
            if (!_byWire.TryGetValue(wildcard[..(2 + closest.Length)], out node))
            {
                reply.Deny(this, DnsDigText.NoSuchName);
                return null;
            }
        }

        return Found(name, type, node, reply);
    }

    private DnsName? Found(DnsName name, ushort type, ZoneNode node, ZoneReply reply)
    {
        if (node.Cname is { } alias && type is not (DnsType.Cname or DnsType.Any))
            return reply.Follow(name, alias);
        bool any = false;
        foreach (var record in node.Records)
        {
            if (record.Type != type && type != DnsType.Any)
                continue;
            if (type == DnsType.Any)
                reply.Add(name, record);
            else
                reply.Add(this, name, record);
            any = true;
        }

        if (!any)
            reply.Deny(this, 0);
        return null;
    }

    /// <summary>The records of a name, whatever it is; none where it does not exist.</summary>
    internal List<DnsRecord> RecordsAt(ReadOnlySpan<byte> name) => _byWire.TryGetValue(name, out var node) ? node.Records : ZoneNode.Nothing;
}
