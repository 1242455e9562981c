using System.Buffers;
using System.Net;
using System.Text;

namespace NetLab.Core.Dns;

/// <summary>
/// A record's data that stands for itself: as on the wire, but with its names in full. What it consists of, its type's
/// <see cref="DnsTypeDefinition"/> says; of a type that NetLab does not know it is any octets (RFC 3597).
/// </summary>
public sealed class DnsData : IEquatable<DnsData>
{
    private readonly byte[] _octets;

    private DnsData(ushort type, byte[] octets)
    {
        Type = type;
        _octets = octets;
    }

    /// <summary>The record's type.</summary>
    public ushort Type { get; }

    /// <summary>The data as it goes onto the wire without compression; at most 65,535 octets.</summary>
    public ReadOnlySpan<byte> Octets => _octets;

    /// <summary>Data of the octets given; null where they are not what the type wants.</summary>
    public static DnsData? Create(ushort type, ReadOnlySpan<byte> octets) =>
        octets.Length <= ushort.MaxValue && (DnsTypeDefinition.Find(type) is not { } definition || IsWhole(definition, octets))
            ? new DnsData(type, octets.ToArray())
            : null;

    /// <summary>The data of a type that is one name, as NS, CNAME and PTR.</summary>
    public static DnsData OfName(ushort type, DnsName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new DnsData(type, name.Wire.ToArray());
    }

    /// <summary>The data of A or AAAA.</summary>
    public static DnsData OfAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        byte[] octets = address.GetAddressBytes();
        return new DnsData(octets.Length == 4 ? DnsType.A : DnsType.Aaaa, octets);
    }

    private static bool IsWhole(DnsTypeDefinition definition, ReadOnlySpan<byte> octets)
    {
        foreach (var field in definition.Fields)
        {
            int length = field.Measure(octets);
            if (length < 0)
                return false;
            octets = octets[length..];
        }

        return octets.IsEmpty;
    }

    /// <summary>Copies a record's data out of its message, with its names in full.</summary>
    /// <param name="message">The reader that read the record.</param>
    /// <param name="record">The record.</param>
    /// <param name="data">The data.</param>
    /// <param name="error">What is wrong with it, and at which octet of the message.</param>
    public static bool TryRead(DnsMessageReader message, DnsRecordView record, out DnsData data, out DnsError error)
    {
        error = DnsError.None;
        data = null!;
        if (DnsTypeDefinition.Find(record.Type) is not { } definition)
        {
            data = new DnsData(record.Type, record.Data.ToArray());
            return true;
        }

        var octets = new ArrayBufferWriter<byte>(record.Data.Length + 32);
        int at = 0;
        foreach (var field in definition.Fields)
        {
            if (field is NameField)
            {
                if (!message.TryReadName(record, at, out var name, out error))
                    return false;
                octets.Write(DnsName.From(name).Wire);
                at += name.EncodedLength;
                continue;
            }

            int length = field.Measure(record.Data[at..]);
            if (length < 0)
            {
                error = new DnsError(DnsErrorKind.DataLength, record.DataOffset + at);
                return false;
            }

            octets.Write(record.Data.Slice(at, length));
            at += length;
        }

        if (at != record.Data.Length)
        {
            error = new DnsError(DnsErrorKind.DataLength, record.DataOffset + at);
            return false;
        }

        data = new DnsData(record.Type, octets.WrittenSpan.ToArray());
        return true;
    }

    /// <summary>Reads data as zone files have it; <c>\# LENGTH HEX</c> is taken for every type (RFC 3597 section 5).</summary>
    /// <exception cref="DnsTextException">The words are not what the type wants.</exception>
    public static DnsData Parse(ushort type, DnsTokens words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var definition = DnsTypeDefinition.Find(type);
        if (words.Peek is { IsQuoted: false, Text: "\\#" })
            return ParseUnknown(type, words);
        if (definition is null)
            throw new DnsTextException($"the data of {DnsType.ToText(type)} is written as \\# LENGTH HEX");
        var octets = new ArrayBufferWriter<byte>();
        foreach (var field in definition.Fields)
            field.Parse(words, octets);
        if (!words.IsAtEnd)
            throw new DnsTextException($"{DnsText.Shown(words.Peek.Text)} is one word more than {DnsType.ToText(type)} has");
        return Create(type, octets.WrittenSpan) ?? throw new DnsTextException($"that is no data of {DnsType.ToText(type)}");
    }

    private static DnsData ParseUnknown(ushort type, DnsTokens words)
    {
        words.Next("mark");
        uint length = words.Number("length", ushort.MaxValue);
        byte[] octets = length == 0 && words.IsAtEnd ? [] : BinaryField.Octets(words.Rest("data"), "data", BinaryForm.Hexadecimal);
        if (octets.Length != length)
            throw new DnsTextException($"the data has {octets.Length} octets, not {length}");
        return Create(type, octets) ?? throw new DnsTextException($"that is no data of {DnsType.ToText(type)}");
    }

    /// <summary>The first name in the data; null in a type that has none.</summary>
    public DnsName? FirstName
    {
        get
        {
            int at = 0;
            foreach (var part in DnsTypeDefinition.Find(Type)?.Fields ?? [])
            {
                if (part is NameField)
                    return DnsName.FromWire(_octets.AsSpan(at));
                at += part.Measure(_octets.AsSpan(at));
            }

            return null;
        }
    }

    /// <summary>The address of A or AAAA; null in another type.</summary>
    public IPAddress? Address => Type is DnsType.A or DnsType.Aaaa ? new IPAddress(_octets) : null;

    /// <summary>The data as zone files have it and dig shows it: never a control character.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        int at = 0;
        if (DnsTypeDefinition.Find(Type) is not { } definition)
        {
            text.Append("\\# ").Append(_octets.Length);
            if (_octets.Length > 0)
            {
                text.Append(' ');
                new BinaryField("data", BinaryForm.Hexadecimal).Write(_octets, text);
            }

            return text.ToString();
        }

        foreach (var field in definition.Fields)
        {
            int length = field.Measure(_octets.AsSpan(at));
            if (at > 0 && length > 0)
                text.Append(' ');
            field.Write(_octets.AsSpan(at, length), text);
            at += length;
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(DnsData? other) => other is not null && Type == other.Type && _octets.AsSpan().SequenceEqual(other._octets);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsData);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Type);
        hash.AddBytes(_octets);
        return hash.ToHashCode();
    }
}
