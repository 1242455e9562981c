using System.Buffers.Binary;

namespace NetLab.Core.Dns;

/// <summary>
/// Writes one message after another into a buffer of its own, each name that stood before as a pointer (RFC 1035 section 4.1.4).
/// Allocates nothing once it is made. Room for EDNS is kept from the beginning.
/// </summary>
/// <param name="most">How many octets a message may have at the most, from 512 to 65,535.</param>
public sealed class DnsMessageWriter(int most)
{
    // Suffixes written so far: open addressing, each slot the offset plus one. A full table only means less compression.
    private const int Slots = 512;
    private readonly byte[] _octets = new byte[Math.Clamp(most, 512, ushort.MaxValue)];
    private readonly ushort[] _suffixes = new ushort[Slots];
    private DnsEdns? _edns;
    private int _limit;
    private int _at;
    private int _names;

    /// <summary>How many octets are written, without EDNS.</summary>
    public int Length => _at;

    /// <summary>Begins a message.</summary>
    /// <param name="id">The transaction's number.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="edns">The EDNS record that ends it; null for none.</param>
    /// <param name="limit">A lower bound than the writer's own, in octets.</param>
    public void Begin(ushort id, DnsFlags flags, DnsEdns? edns = null, int limit = ushort.MaxValue)
    {
        _edns = edns;
        _limit = Math.Min(limit, _octets.Length) - (edns?.EncodedLength ?? 0);
        _at = DnsHeader.Length;
        _octets.AsSpan(0, _at).Clear();
        if (_names > 0)
            Array.Clear(_suffixes);
        _names = 0;
        BinaryPrimitives.WriteUInt16BigEndian(_octets, id);
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(2), (ushort)flags);
    }

    /// <summary>Says that something was left out (TC).</summary>
    public void SetTruncated() => _octets[2] |= 0x02;

    /// <summary>Writes a question; false where it does not fit.</summary>
    public bool TryWrite(DnsQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        int start = _at;
        if (!TryName(question.Name.Wire, NameCompression.Allowed) || !TryNumber(question.Type) || !TryNumber(question.Class))
            return TakeBack(start);
        Count(DnsSection.Question);
        return true;
    }

    /// <summary>Writes records one after another; false where one does not fit.</summary>
    public bool TryWrite(DnsSection section, ReadOnlySpan<DnsRecord> records)
    {
        foreach (var record in records)
        {
            if (!TryWrite(section, record.Name, record))
                return false;
        }

        return true;
    }

    /// <summary>Writes records one after another; false where one does not fit.</summary>
    public bool TryWrite(DnsSection section, System.Collections.Immutable.ImmutableArray<DnsRecord> records) => TryWrite(section, records.AsSpan());

    /// <summary>Writes a record; false, and nothing written, where it does not fit.</summary>
    /// <param name="section">The section it stands in; sections follow each other in their order.</param>
    /// <param name="owner">Its owner, which may differ from the record's (a wildcard's answer).</param>
    /// <param name="record">The rest of it.</param>
    public bool TryWrite(DnsSection section, DnsName owner, DnsRecord record)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(record);
        int start = _at;
        if (!TryName(owner.Wire, NameCompression.Allowed) || !TryNumber(record.Type) || !TryNumber(record.Class)
            || !TryNumber((ushort)(record.TimeToLive >> 16)) || !TryNumber((ushort)record.TimeToLive) || !TryNumber(0))
            return TakeBack(start);
        int data = _at;
        if (!TryData(record.Data))
            return TakeBack(start);
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(data - 2), (ushort)(_at - data));
        Count(section);
        return true;
    }

    /// <summary>Ends the message with its EDNS record.</summary>
    /// <returns>The message, good until the next begins.</returns>
    public ReadOnlySpan<byte> Finish()
    {
        if (_edns is not null)
        {
            _at += _edns.Write(_octets.AsSpan(_at));
            Count(DnsSection.Additional);
        }

        return _octets.AsSpan(0, _at);
    }

    private bool TryData(DnsData data)
    {
        var definition = DnsTypeDefinition.Find(data.Type);
        var octets = data.Octets;
        // By index: the enumerator of an interface would be garbage.
        for (int index = 0; index < (definition?.Fields.Count ?? 0); index++)
        {
            var field = definition!.Fields[index];
            if (field is not NameField { Compression: NameCompression.Allowed } name)
            {
                int length = field.Measure(octets);
                if (!TryOctets(octets[..length]))
                    return false;
                octets = octets[length..];
                continue;
            }

            int end = name.Measure(octets);
            if (!TryName(octets[..end], NameCompression.Allowed))
                return false;
            octets = octets[end..];
        }

        return TryOctets(octets);
    }

    private bool TryName(ReadOnlySpan<byte> name, NameCompression compression)
    {
        int at = 0;
        for (; name[at] != 0; at += name[at] + 1)
        {
            int slot = Slot(name[at..], out int offset);
            if (offset > 0 && compression == NameCompression.Allowed)
                return TryOctets(name[..at]) && TryNumber((ushort)(0xC000 | offset));
            // A pointer has 14 bits; half-full is full enough.
            if (offset == 0 && _at + at < 0x4000 && _names < Slots / 2 && _at + name.Length <= _limit)
            {
                _suffixes[slot] = (ushort)(_at + at + 1);
                _names++;
                WriteAhead(name, at);
            }
        }

        return TryOctets(name);
    }

    // What a slot points to must already stand there when the next suffix of the same name is looked up.
    private void WriteAhead(ReadOnlySpan<byte> name, int from) => name[from..].CopyTo(_octets.AsSpan(_at + from));

    private int Slot(ReadOnlySpan<byte> suffix, out int offset)
    {
        uint hash = 2166136261;
        foreach (byte octet in suffix)
            hash = (hash ^ octet) * 16777619;
        for (int slot = (int)(hash % Slots); ; slot = (slot + 1) % Slots)
        {
            offset = _suffixes[slot] - 1;
            if (offset < 0)
            {
                offset = 0;
                return slot;
            }

            if (IsAt(offset, suffix))
                return slot;
        }
    }

    // The suffix may stand there in parts, joined by pointers that this writer wrote itself.
    private bool IsAt(int offset, ReadOnlySpan<byte> suffix)
    {
        while (offset < _octets.Length)
        {
            int length = _octets[offset];
            if (length >= 0xC0)
            {
                int target = (length & 0x3F) << 8 | _octets[offset + 1];
                if (target >= offset)
                    return false;
                offset = target;
                continue;
            }

            if (length != suffix[0] || offset + length >= _octets.Length || !_octets.AsSpan(offset + 1, length).SequenceEqual(suffix.Slice(1, length)))
                return false;
            if (length == 0)
                return true;
            offset += length + 1;
            suffix = suffix[(length + 1)..];
        }

        return false;
    }

    private bool TryOctets(ReadOnlySpan<byte> octets)
    {
        if (_at + octets.Length > _limit)
            return false;
        octets.CopyTo(_octets.AsSpan(_at));
        _at += octets.Length;
        return true;
    }

    private bool TryNumber(ushort number)
    {
        if (_at + 2 > _limit)
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(_at), number);
        _at += 2;
        return true;
    }

    // Suffixes that the record put into the table must go with it.
    private bool TakeBack(int start)
    {
        _at = start;
        Array.Clear(_suffixes);
        _names = 0;
        return false;
    }

    private void Count(DnsSection section)
    {
        var count = _octets.AsSpan(4 + 2 * (int)section);
        BinaryPrimitives.WriteUInt16BigEndian(count, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(count) + 1));
    }
}
