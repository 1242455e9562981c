using System.Buffers.Binary;
using System.Collections.Immutable;

namespace NetLab.Core.Dns;

/// <summary>What the OPT record says (RFC 6891 section 6.1).</summary>
/// <param name="BufferSize">The largest message that the sender takes over UDP, in octets.</param>
public sealed record DnsEdns(ushort BufferSize = DnsEdns.DefaultBufferSize)
{
    /// <summary>A message of this size passes every IPv6 link in one piece (DNS Flag Day 2020).</summary>
    public const ushort DefaultBufferSize = 1232;

    private const ushort DnssecOk = 0x8000;
    private const int FixedLength = 11;

    /// <summary>The upper eight bits of the response code.</summary>
    public byte ExtendedCode { get; init; }

    /// <summary>The version; 0 is the only one.</summary>
    public byte Version { get; init; }

    /// <summary>All sixteen flags, the top one being DO (RFC 3225).</summary>
    public ushort Flags { get; init; }

    /// <summary>Whether DNSSEC's records are wanted (DO).</summary>
    public bool WantsDnssec => (Flags & DnssecOk) != 0;

    /// <summary>The options in their order.</summary>
    public ImmutableArray<DnsOption> Options { get; init; } = [];

    /// <summary>How many octets the record takes in a message.</summary>
    public int EncodedLength
    {
        get
        {
            int length = FixedLength;
            foreach (var option in Options)
                length += 4 + option.Octets.Length;
            return length;
        }
    }

    /// <summary>The same with DO set.</summary>
    public DnsEdns WithDnssec() => this with { Flags = (ushort)(Flags | DnssecOk) };

    /// <summary>Reads an OPT record.</summary>
    internal static bool TryRead(DnsRecordView record, out DnsEdns? edns, out DnsError error)
    {
        edns = null;
        var options = ImmutableArray.CreateBuilder<DnsOption>();
        var data = record.Data;
        for (int at = 0; at < data.Length;)
        {
            int length = at + 4 <= data.Length ? BinaryPrimitives.ReadUInt16BigEndian(data[(at + 2)..]) : data.Length;
            if (at + 4 + length > data.Length)
            {
                error = new DnsError(DnsErrorKind.DataLength, record.DataOffset + at);
                return false;
            }

            options.Add(new DnsOption(BinaryPrimitives.ReadUInt16BigEndian(data[at..]), data.Slice(at + 4, length)));
            at += 4 + length;
        }

        error = DnsError.None;
        edns = new DnsEdns(record.Class)
        {
            ExtendedCode = (byte)(record.TimeToLive >> 24),
            Version = (byte)(record.TimeToLive >> 16),
            Flags = (ushort)record.TimeToLive,
            Options = options.ToImmutable(),
        };
        return true;
    }

    /// <summary>Writes the record.</summary>
    /// <returns>How many octets it took.</returns>
    internal int Write(Span<byte> to)
    {
        to[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(to[1..], DnsType.Opt);
        BinaryPrimitives.WriteUInt16BigEndian(to[3..], BufferSize);
        to[5] = ExtendedCode;
        to[6] = Version;
        BinaryPrimitives.WriteUInt16BigEndian(to[7..], Flags);
        BinaryPrimitives.WriteUInt16BigEndian(to[9..], (ushort)(EncodedLength - FixedLength));
        int at = FixedLength;
        foreach (var option in Options)
        {
            BinaryPrimitives.WriteUInt16BigEndian(to[at..], option.Code);
            BinaryPrimitives.WriteUInt16BigEndian(to[(at + 2)..], (ushort)option.Octets.Length);
            option.Octets.CopyTo(to[(at + 4)..]);
            at += 4 + option.Octets.Length;
        }

        return at;
    }

    /// <inheritdoc/>
    public bool Equals(DnsEdns? other) => other is not null && (BufferSize, ExtendedCode, Version, Flags)
        == (other.BufferSize, other.ExtendedCode, other.Version, other.Flags) && Options.AsSpan().SequenceEqual(other.Options.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(BufferSize, ExtendedCode, Version, Flags, Options.Length);
}
