using System.Globalization;
using System.Net;
using System.Text;

namespace NetLab.Core.Packets;

/// <summary>A value that a display filter names, read as the kind of the field it is compared with.</summary>
internal sealed class FilterValue
{
    private readonly FieldKind _kind;
    private readonly ulong _low;
    private readonly ulong _high;
    private readonly int _prefix;

    private FilterValue(FieldKind kind, byte[] bytes, ulong low = 0, ulong high = 0, int prefix = 0)
    {
        _kind = kind;
        Bytes = bytes;
        _low = low;
        _high = high;
        _prefix = prefix;
    }

    /// <summary>The value as bytes: of text, of an address, of a run of bytes.</summary>
    public byte[] Bytes { get; }

    /// <summary>What a field of a kind is compared with, in words.</summary>
    public static string Wanted(FieldKind kind) => kind switch
    {
        FieldKind.Unsigned or FieldKind.Hex => "a number",
        FieldKind.Boolean => "1, 0, true or false",
        FieldKind.Ipv4 => "an IPv4 address, perhaps with /prefix",
        FieldKind.Ipv6 => "an IPv6 address, perhaps with /prefix",
        FieldKind.Mac => "a MAC address such as 00:11:22:33:44:55",
        FieldKind.Time => "a number of seconds",
        FieldKind.Bytes => "bytes such as 47:45:54, or text in quotes",
        _ => "text",
    };

    /// <summary>Reads a value; null where it is none of the field's kind.</summary>
    public static FilterValue? Read(FieldKind kind, string text, Comparison comparison)
    {
        if (comparison == Comparison.Contains || kind is FieldKind.Text or FieldKind.DnsName)
            return new FilterValue(kind, Encoding.UTF8.GetBytes(text));
        return kind switch
        {
            FieldKind.Unsigned or FieldKind.Hex => ReadRange(text),
            FieldKind.Boolean => text.ToLowerInvariant() switch
            {
                "1" or "true" => new FilterValue(kind, [], 1, 1),
                "0" or "false" => new FilterValue(kind, [], 0, 0),
                _ => null,
            },
            FieldKind.Time => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal seconds)
                && seconds is >= 0 and < 9_000_000_000 ? Exact(kind, (ulong)(seconds * 1_000_000_000m)) : null,
            FieldKind.Ipv4 or FieldKind.Ipv6 => ReadAddress(kind, text),
            FieldKind.Mac => ReadBytes(text) is { Length: 6 } mac ? new FilterValue(kind, mac) : null,
            FieldKind.Bytes => new FilterValue(kind, ReadBytes(text) ?? Encoding.UTF8.GetBytes(text)),
            _ => null,
        };
    }

    private static FilterValue Exact(FieldKind kind, ulong value) => new(kind, [], value, value);

    private static FilterValue? ReadRange(string text)
    {
        int dots = text.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0)
            return ReadNumber(text) is { } value ? Exact(FieldKind.Unsigned, value) : null;
        return ReadNumber(text[..dots]) is { } low && ReadNumber(text[(dots + 2)..]) is { } high
            ? new FilterValue(FieldKind.Unsigned, [], low, high) : null;
    }

    private static ulong? ReadNumber(string text) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong hex) ? hex : null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null;

    private static FilterValue? ReadAddress(FieldKind kind, string text)
    {
        int width = kind == FieldKind.Ipv4 ? 32 : 128, prefix = width;
        int slash = text.IndexOf('/');
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > width))
            return null;
        if (!IpAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out _) || !IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
            return null;
        byte[] bytes = address.GetAddressBytes();
        return bytes.Length * 8 == width ? new FilterValue(kind, bytes, prefix: prefix) : null;
    }

    private static byte[]? ReadBytes(string text)
    {
        string[] parts = text.Split(':', '-', '.');
        byte[] bytes = new byte[parts.Length];
        for (int index = 0; index < parts.Length; index++)
        {
            if (parts[index].Length != 2 || !byte.TryParse(parts[index], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[index]))
                return null;
        }

        return bytes;
    }

    public bool IsEqualTo(Field field, ReadOnlySpan<byte> frame)
    {
        switch (_kind)
        {
            case FieldKind.Ipv4:
                uint mask = _prefix == 0 ? 0 : uint.MaxValue << (32 - _prefix);
                return (((uint)field.Number ^ FieldText.Ipv4(Bytes)) & mask) == 0;
            case FieldKind.Ipv6:
                return HasPrefix(frame.Slice(field.Offset, field.Length));
            case FieldKind.Text or FieldKind.Mac or FieldKind.Bytes:
                return frame.Slice(field.Offset, field.Length).SequenceEqual(Bytes);
            case FieldKind.DnsName:
                return Compare(field, frame) == 0;
            default:
                return field.Number >= _low && field.Number <= _high;
        }
    }

    private bool HasPrefix(ReadOnlySpan<byte> address)
    {
        int whole = _prefix / 8, rest = _prefix % 8;
        return address.Length == 16 && address[..whole].SequenceEqual(Bytes.AsSpan(0, whole))
            && (rest == 0 || (address[whole] ^ Bytes[whole]) >> (8 - rest) == 0);
    }

    public int Compare(Field field, ReadOnlySpan<byte> frame)
    {
        if (_kind == FieldKind.DnsName)
        {
            Span<byte> text = stackalloc byte[1100];
            var line = new Utf8Line(text);
            FieldText.WriteValue(ref line, field, frame);
            return line.Written.SequenceCompareTo(Bytes);
        }

        return _kind switch
        {
            FieldKind.Ipv4 => ((uint)field.Number).CompareTo(FieldText.Ipv4(Bytes)),
            FieldKind.Ipv6 or FieldKind.Mac or FieldKind.Text or FieldKind.Bytes => frame.Slice(field.Offset, field.Length).SequenceCompareTo(Bytes),
            _ => field.Number.CompareTo(_low),
        };
    }

    public bool IsContainedIn(Field field, ReadOnlySpan<byte> frame)
    {
        if (field.Definition.Kind is FieldKind.Text or FieldKind.Bytes or FieldKind.Mac or FieldKind.Ipv6)
            return frame.Slice(field.Offset, field.Length).IndexOf(Bytes) >= 0;
        Span<byte> text = stackalloc byte[1100];
        var line = new Utf8Line(text);
        FieldText.WriteValue(ref line, field, frame);
        return line.Written.IndexOf(Bytes) >= 0;
    }
}
