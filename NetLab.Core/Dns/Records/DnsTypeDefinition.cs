namespace NetLab.Core.Dns;

/// <summary>What the data of one record type consists of. The lists stand in the files beside this one, a file a group of types.</summary>
/// <param name="Type">The type's number.</param>
/// <param name="Fields">Its fields in order; together they take all of the data.</param>
public sealed record DnsTypeDefinition(ushort Type, params IReadOnlyList<DnsField> Fields)
{
    private static readonly Dictionary<ushort, DnsTypeDefinition> s_all =
        ((IEnumerable<DnsTypeDefinition>)[.. HostRecords.All, .. TextRecords.All, .. ServiceRecords.All, .. SecurityRecords.All, .. KeyRecords.All])
        .ToDictionary(definition => definition.Type);

    /// <summary>Every type whose data NetLab knows.</summary>
    public static IReadOnlyCollection<DnsTypeDefinition> All => s_all.Values;

    /// <summary>The type's definition; null where NetLab does not know it, so that RFC 3597 holds.</summary>
    public static DnsTypeDefinition? Find(ushort type) => s_all.GetValueOrDefault(type);
}
