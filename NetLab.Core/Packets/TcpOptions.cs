using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>The kinds of TCP options (IANA).</summary>
public enum TcpOptionKind : byte
{
    /// <summary>End of the list.</summary>
    EndOfList = 0,

    /// <summary>Padding.</summary>
    NoOperation = 1,

    /// <summary>Maximum segment size.</summary>
    MaximumSegmentSize = 2,

    /// <summary>Window scale (RFC 7323).</summary>
    WindowScale = 3,

    /// <summary>SACK permitted (RFC 2018).</summary>
    SackPermitted = 4,

    /// <summary>SACK blocks (RFC 2018).</summary>
    Sack = 5,

    /// <summary>Timestamps (RFC 7323).</summary>
    Timestamps = 8,

    /// <summary>MD5 signature (RFC 2385).</summary>
    Md5 = 19,

    /// <summary>User timeout (RFC 5482).</summary>
    UserTimeout = 28,

    /// <summary>Authentication (RFC 5925).</summary>
    Authentication = 29,

    /// <summary>Multipath TCP (RFC 8684).</summary>
    Multipath = 30,

    /// <summary>Fast open cookie (RFC 7413).</summary>
    FastOpen = 34,

    /// <summary>Accurate ECN order 0.</summary>
    AccurateEcn0 = 172,

    /// <summary>Accurate ECN order 1.</summary>
    AccurateEcn1 = 174,

    /// <summary>Experiments (RFC 6994).</summary>
    Experiment1 = 253,

    /// <summary>Experiments (RFC 6994).</summary>
    Experiment2 = 254,
}

/// <summary>Walks the options of a TCP header, one after the other; never reads beyond the bytes it was given.</summary>
/// <param name="options">The option bytes.</param>
public ref struct TcpOptions(ReadOnlySpan<byte> options)
{
    private readonly ReadOnlySpan<byte> _bytes = options;
    private int _next;

    /// <summary>Where the current option begins, from the first option byte.</summary>
    public int Offset { get; private set; }

    /// <summary>The current option's length in bytes with its kind and length.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the walk ended at an option whose length lies.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>The current option's kind.</summary>
    public readonly TcpOptionKind Kind => (TcpOptionKind)_bytes[Offset];

    /// <summary>The current option's bytes after kind and length.</summary>
    public readonly ReadOnlySpan<byte> Value => Length > 2 ? _bytes.Slice(Offset + 2, Length - 2) : default;

    /// <summary>Steps to the next option; false at the end, after an end-of-list option, or where a length lies.</summary>
    public bool MoveNext()
    {
        if (_next >= _bytes.Length || (Length > 0 && Kind == TcpOptionKind.EndOfList))
            return false;
        Offset = _next;
        if (Kind is TcpOptionKind.EndOfList or TcpOptionKind.NoOperation)
        {
            Length = 1;
        }
        else if (Offset + 1 >= _bytes.Length || _bytes[Offset + 1] < 2 || Offset + _bytes[Offset + 1] > _bytes.Length)
        {
            IsMalformed = true;
            _next = _bytes.Length;
            Length = 0;
            return false;
        }
        else
        {
            Length = _bytes[Offset + 1];
        }

        _next = Offset + Length;
        return true;
    }

    /// <summary>The value as two bytes, where it has them.</summary>
    public readonly ushort UInt16 => Value.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(Value) : (ushort)0;

    /// <summary>The value's four bytes at <paramref name="offset"/>, where it has them.</summary>
    public readonly uint UInt32(int offset) =>
        Value.Length >= offset + 4 ? BinaryPrimitives.ReadUInt32BigEndian(Value[offset..]) : 0;
}
