using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace NetLab.Core;

/// <summary>
/// An IPv4 or IPv6 address in 16 bytes that can lie in a ring and be compared without garbage. IPv4 is kept in its mapped form
/// (::ffff:a.b.c.d, RFC 4291 section 2.5.5.2), so that a dual-stack socket's address equals the address in its packets.
/// </summary>
public readonly struct IpAddress : IEquatable<IpAddress>, ISpanFormattable
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    private readonly ulong _high;
    private readonly ulong _low;

    private IpAddress(ulong high, ulong low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>127.0.0.1.</summary>
    public static IpAddress Loopback => FromIPv4(0x7F000001);

    /// <summary>0.0.0.0.</summary>
    public static IpAddress AnyIPv4 => FromIPv4(0);

    /// <summary>The text's longest form.</summary>
    public const int MaxTextLength = 45;

    /// <summary>Whether this is an IPv4 address.</summary>
    public bool IsIPv4 => _high == 0 && (_low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>Whether this is 0.0.0.0 or ::, which a socket has that is bound to no address yet.</summary>
    public bool IsUnspecified => _high == 0 && (_low == 0 || _low == MappedPrefix);

    /// <summary>Whether this is in 127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => IsIPv4 ? (byte)(_low >> 24) == 127 : _high == 0 && _low == 1;

    /// <summary>The IPv4 address as a number in host order (127.0.0.1 is 0x7F000001); meaningless for IPv6.</summary>
    public uint IPv4 => (uint)_low;

    /// <summary>From an IPv4 address as a number in host order.</summary>
    public static IpAddress FromIPv4(uint address) => new(0, MappedPrefix | address);

    /// <summary>From 4 (IPv4) or 16 (IPv6) bytes in network order.</summary>
    /// <exception cref="ArgumentException">Any other length.</exception>
    public static IpAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
        _ => throw new ArgumentException("An address has 4 or 16 bytes.", nameof(bytes)),
    };

    /// <summary>From the class library's form; the scope of a link-local address is lost.</summary>
    public static IpAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return FromBytes(bytes[..length]);
    }

    /// <summary>Reads "127.0.0.1" or "::1" (without brackets); a scope after % is refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        if (text.Contains('%') || !IPAddress.TryParse(text, out var parsed))
            return false;
        // The class library reads "1" and "127.1" as inet_aton does; here an address has all its parts.
        if (parsed.AddressFamily == AddressFamily.InterNetwork && text.Count('.') != 3)
            return false;
        address = From(parsed);
        return true;
    }

    /// <summary>Writes the 16 bytes in network order; IPv4 in its mapped form.</summary>
    public void WriteMapped(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
    }

    /// <summary>The class library's form.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        WriteMapped(bytes);
        return new IPAddress(IsIPv4 ? bytes[12..] : bytes);
    }

    /// <summary>Writes the address as text (RFC 5952 for IPv6), without brackets.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
    {
        if (!IsIPv4)
            return TryFormatIPv6(destination, out charsWritten);
        uint a = IPv4;
        return destination.TryWrite($"{a >> 24}.{(byte)(a >> 16)}.{(byte)(a >> 8)}.{(byte)a}", out charsWritten);
    }

    // RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as "::".
    private bool TryFormatIPv6(Span<char> destination, out int charsWritten)
    {
        Span<char> text = stackalloc char[MaxTextLength];
        int length = 0;
        var (start, count) = LongestZeroRun();
        for (int group = 0; group < 8; group++)
        {
            if (group == start)
            {
                "::".CopyTo(text[length..]);
                length += 2;
                group += count - 1;
                continue;
            }

            if (group > 0 && text[length - 1] != ':')
                text[length++] = ':';
            Group(group).TryFormat(text[length..], out int digits, "x");
            length += digits;
        }

        charsWritten = text[..length].TryCopyTo(destination) ? length : 0;
        return charsWritten > 0;
    }

    private ushort Group(int index) => (ushort)((index < 4 ? _high : _low) >> (48 - 16 * (index & 3)));

    private (int Start, int Count) LongestZeroRun()
    {
        int bestStart = -1, bestCount = 1;
        for (int index = 0; index < 8; index++)
        {
            int end = index;
            while (end < 8 && Group(end) == 0)
                end++;
            if (end - index > bestCount)
                (bestStart, bestCount) = (index, end - index);
            index = Math.Max(index, end);
        }

        return (bestStart, bestCount);
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<char> text = stackalloc char[MaxTextLength];
        TryFormat(text, out int length);
        return new string(text[..length]);
    }

    /// <inheritdoc/>
    public bool Equals(IpAddress other) => _high == other._high && _low == other._low;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IpAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_high, _low);

    /// <summary>Whether both are the same address.</summary>
    public static bool operator ==(IpAddress left, IpAddress right) => left.Equals(right);

    /// <summary>Whether they are different addresses.</summary>
    public static bool operator !=(IpAddress left, IpAddress right) => !left.Equals(right);
}
