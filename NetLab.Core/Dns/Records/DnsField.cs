using System.Buffers;
using System.Text;

namespace NetLab.Core.Dns;

/// <summary>
/// One field of a record's data: how many octets it takes, how it is written and how it is read as text. A record type is a list of
/// fields (<see cref="DnsTypeDefinition"/>). To add a kind of field, derive from this; to add a type, add a list.
/// </summary>
/// <param name="name">What it is called in the type's RFC.</param>
public abstract class DnsField(string name)
{
    /// <summary>What it is called in the type's RFC.</summary>
    public string Name { get; } = name;

    /// <summary>How many octets it takes at the beginning of the data that is left; -1 where that is no such field.</summary>
    public abstract int Measure(ReadOnlySpan<byte> data);

    /// <summary>Writes the field as zone files have it.</summary>
    public abstract void Write(ReadOnlySpan<byte> field, StringBuilder text);

    /// <summary>Reads the field as zone files have it.</summary>
    /// <exception cref="DnsTextException">The words are no such field.</exception>
    public abstract void Parse(DnsTokens words, IBufferWriter<byte> to);
}

/// <summary>Whether a message may shorten a name in a record's data to a pointer: only in the types of RFC 1035 (RFC 3597 section 4).</summary>
public enum NameCompression
{
    /// <summary>The name is always written in full.</summary>
    Never,

    /// <summary>The name may be a pointer.</summary>
    Allowed,
}

/// <summary>A domain name.</summary>
/// <param name="name">What it is called.</param>
/// <param name="compression">Whether a message may shorten it.</param>
public sealed class NameField(string name, NameCompression compression = NameCompression.Never) : DnsField(name)
{
    /// <summary>Whether a message may shorten it.</summary>
    public NameCompression Compression => compression;

    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> data) => DnsName.Measure(data);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text) => text.Append(DnsName.FromWire(field));

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to) => to.Write(DnsName.Parse(words.Next(Name).Text, words.Origin).Wire);
}
