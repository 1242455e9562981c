using System.Text;

namespace NetLab.Core.Dns;

/// <summary>
/// A domain name that stands for itself (RFC 1035 section 3.1): its labels behind their length octets, the root's empty one last.
/// Names are equal without regard to the case of ASCII letters (RFC 4343), and keep the case they came with.
/// </summary>
public sealed class DnsName : IEquatable<DnsName>
{
    private readonly byte[] _wire;

    private DnsName(byte[] wire) => _wire = wire;

    /// <summary>The root.</summary>
    public static DnsName Root { get; } = new([0]);

    /// <summary>The name uncompressed, as it goes onto the wire; 1 to 255 octets.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    /// <summary>Whether it is the root.</summary>
    public bool IsRoot => _wire.Length == 1;

    /// <summary>Whether its leftmost label is the asterisk alone (RFC 4592 section 2.1.1).</summary>
    public bool IsWildcard => _wire is [1, (byte)'*', ..];

    /// <summary>How many labels it has without the root.</summary>
    public int LabelCount
    {
        get
        {
            int count = 0;
            for (int at = 0; _wire[at] != 0; at += _wire[at] + 1)
                count++;
            return count;
        }
    }

    /// <summary>The name without its leftmost label; the root's parent is the root.</summary>
    public DnsName Parent => IsRoot ? this : new(_wire[(_wire[0] + 1)..]);

    /// <summary>Copies a name out of a message.</summary>
    public static DnsName From(DnsNameView name)
    {
        byte[] wire = new byte[name.Length];
        int at = 0;
        foreach (var label in name)
        {
            wire[at++] = (byte)label.Length;
            label.CopyTo(wire.AsSpan(at));
            at += label.Length;
        }

        return new DnsName(wire);
    }

    /// <summary>Copies the uncompressed name at the beginning of <paramref name="wire"/>, which must be whole (<see cref="Measure"/>).</summary>
    internal static DnsName FromWire(ReadOnlySpan<byte> wire) => new(wire[..Measure(wire)].ToArray());

    /// <summary>The length in octets of the uncompressed name at the beginning of the octets; -1 where there is none.</summary>
    internal static int Measure(ReadOnlySpan<byte> wire)
    {
        int at = 0;
        while (at < wire.Length && at < DnsNameView.MaxLength)
        {
            int length = wire[at];
            if (length == 0)
                return at + 1;
            if (length > 63)
                return -1;
            at += length + 1;
        }

        return -1;
    }

    /// <summary>The labels of this name before those of another; null where that is longer than 255 octets.</summary>
    public DnsName? Before(DnsName suffix)
    {
        ArgumentNullException.ThrowIfNull(suffix);
        int length = _wire.Length - 1 + suffix._wire.Length;
        return length > DnsNameView.MaxLength ? null : new DnsName([.. _wire.AsSpan(0, _wire.Length - 1), .. suffix._wire]);
    }

    /// <summary>The name whose leftmost label is the asterisk, below this one (RFC 4592); null where that is longer than 255 octets.</summary>
    public DnsName? Wildcard() => new DnsName([1, (byte)'*', 0]).Before(this);

    /// <summary>Whether it is <paramref name="ancestor"/> or lies below it.</summary>
    public bool IsWithin(DnsName ancestor)
    {
        ArgumentNullException.ThrowIfNull(ancestor);
        int at = 0, from = _wire.Length - ancestor._wire.Length;
        while (at < from)
            at += _wire[at] + 1;
        return at == from && EqualsIgnoreCase(_wire.AsSpan(from), ancestor._wire);
    }

    /// <summary>What stands before <paramref name="from"/> in this name, put before <paramref name="to"/> (RFC 6672 section 2.2); null where it is too long.</summary>
    public DnsName? Substitute(DnsName from, DnsName to)
    {
        ArgumentNullException.ThrowIfNull(from);
        return new DnsName([.. _wire.AsSpan(0, _wire.Length - from._wire.Length), 0]).Before(to);
    }

    /// <summary>Reads a name as zone files write it (RFC 1035 section 5.1): <c>\X</c> and <c>\DDD</c> stand for an octet, <c>@</c> for the origin.</summary>
    /// <param name="text">The name. Without a dot at its end it is relative to <paramref name="origin"/>.</param>
    /// <param name="origin">What a relative name is relative to.</param>
    /// <exception cref="DnsTextException">The name is none.</exception>
    public static DnsName Parse(ReadOnlySpan<char> text, DnsName? origin = null)
    {
        origin ??= Root;
        if (text is "@")
            return origin;
        if (text is ".")
            return Root;
        if (text.IsEmpty)
            throw new DnsTextException("a name is empty");
        Span<byte> wire = stackalloc byte[DnsNameView.MaxLength + 1];
        int length = 0, end = 1;
        bool absolute = false;
        for (int at = 0; at < text.Length;)
        {
            bool dot = text[at] == '.';
            byte octet = DnsText.Octet(text, ref at);
            if (dot)
            {
                absolute = at == text.Length;
                length = EndLabel(wire, length, ref end, text);
                continue;
            }

            if (end >= DnsNameView.MaxLength)
                throw new DnsTextException($"the name {DnsText.Shown(text)} is longer than 255 octets");
            wire[end++] = octet;
        }

        if (!absolute)
            length = EndLabel(wire, length, ref end, text);
        wire[length] = 0;
        var name = new DnsName(wire[..(length + 1)].ToArray());
        return absolute ? name : name.Before(origin) ?? throw new DnsTextException($"the name {DnsText.Shown(text)} is longer than 255 octets with its origin");
    }

    private static int EndLabel(Span<byte> wire, int start, ref int end, ReadOnlySpan<char> text)
    {
        int label = end - start - 1;
        if (label is 0 or > 63)
            throw new DnsTextException($"the name {DnsText.Shown(text)} has {(label == 0 ? "an empty label" : "a label longer than 63 octets")}");
        if (end >= DnsNameView.MaxLength)
            throw new DnsTextException($"the name {DnsText.Shown(text)} is longer than 255 octets");
        wire[start] = (byte)label;
        start = end++;
        return start;
    }

    /// <summary>The name for the reverse look-up of an address (RFC 1035 section 3.5, RFC 3596 section 2.5).</summary>
    public static DnsName Reverse(System.Net.IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        byte[] octets = address.GetAddressBytes();
        Array.Reverse(octets);
        return Parse(octets.Length == 4
            ? string.Join('.', octets) + ".in-addr.arpa."
            : string.Concat(octets.Select(octet => $"{octet & 15:x}.{octet >> 4:x}.")) + "ip6.arpa.");
    }

    /// <summary>The name with its dot at the end, as zone files write it and dig shows it: never a control character.</summary>
    public override string ToString()
    {
        if (IsRoot)
            return ".";
        var text = new StringBuilder(_wire.Length);
        for (int at = 0; _wire[at] != 0; at += _wire[at] + 1)
        {
            foreach (byte octet in _wire.AsSpan(at + 1, _wire[at]))
                DnsText.AppendOctet(text, octet, ".\\\"();@$ ");
            text.Append('.');
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(DnsName? other) => other is not null && EqualsIgnoreCase(_wire, other._wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsName);

    /// <inheritdoc/>
    public override int GetHashCode() => HashOf(_wire);

    /// <summary>Compares names, and names with the octets of one (<see cref="Wire"/>), so that a part of a name is looked up without a copy.</summary>
    internal static IEqualityComparer<DnsName> ByWire { get; } = new WireComparer();

    private static int HashOf(ReadOnlySpan<byte> wire)
    {
        uint hash = 2166136261;
        foreach (byte octet in wire)
            hash = (hash ^ ToLower(octet)) * 16777619;
        return (int)hash;
    }

    // Length octets are below 64 and so no letters: the whole name can be compared at once.
    private static bool EqualsIgnoreCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
            return false;
        for (int at = 0; at < left.Length; at++)
        {
            if (left[at] != right[at] && ToLower(left[at]) != ToLower(right[at]))
                return false;
        }

        return true;
    }

    private static uint ToLower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? octet | 0x20u : octet;

    private sealed class WireComparer : IEqualityComparer<DnsName>, IAlternateEqualityComparer<ReadOnlySpan<byte>, DnsName>
    {
        public bool Equals(DnsName? x, DnsName? y) => x is null ? y is null : x.Equals(y);

        public int GetHashCode(DnsName obj) => HashOf(obj._wire);

        public bool Equals(ReadOnlySpan<byte> alternate, DnsName other) => EqualsIgnoreCase(alternate, other._wire);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => HashOf(alternate);

        public DnsName Create(ReadOnlySpan<byte> alternate) => FromWire(alternate);
    }
}
