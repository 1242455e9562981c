using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace NetLab.Core.Dns;

/// <summary>The parameters of a service binding (RFC 9460 section 2.1): keys in rising order, each with a value behind its length.</summary>
/// <param name="name">What they are called.</param>
public sealed class ServiceParametersField(string name) : DnsField(name)
{
    private static readonly string[] s_keys = ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath"];

    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> data)
    {
        int last = -1;
        for (int at = 0; at < data.Length;)
        {
            if (at + 4 > data.Length)
                return -1;
            int key = BinaryPrimitives.ReadUInt16BigEndian(data[at..]), length = BinaryPrimitives.ReadUInt16BigEndian(data[(at + 2)..]);
            if (key <= last || at + 4 + length > data.Length || !IsValue(key, data.Slice(at + 4, length)))
                return -1;
            last = key;
            at += 4 + length;
        }

        return data.Length;
    }

    private static bool IsValue(int key, ReadOnlySpan<byte> value) => key switch
    {
        0 => IsRising(value),
        1 => AreProtocols(value),
        2 => value.IsEmpty,
        3 => value.Length == 2,
        4 => value.Length > 0 && value.Length % 4 == 0,
        5 => value.Length > 0,
        6 => value.Length > 0 && value.Length % 16 == 0,
        _ => true,
    };

    // A protocol's name is not empty (RFC 9460 section 7.1.1).
    private static bool AreProtocols(ReadOnlySpan<byte> value)
    {
        int at = 0;
        while (at < value.Length && value[at] > 0)
            at += value[at] + 1;
        return at == value.Length && at > 0;
    }

    // Mandatory keys stand in strictly rising order (RFC 9460 section 8).
    private static bool IsRising(ReadOnlySpan<byte> keys)
    {
        int last = -1;
        for (int at = 0; at + 2 <= keys.Length; at += 2)
        {
            int key = BinaryPrimitives.ReadUInt16BigEndian(keys[at..]);
            if (key <= last)
                return false;
            last = key;
        }

        return keys.Length > 0 && keys.Length % 2 == 0;
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text)
    {
        for (int at = 0; at < field.Length; at += 4 + BinaryPrimitives.ReadUInt16BigEndian(field[(at + 2)..]))
        {
            int key = BinaryPrimitives.ReadUInt16BigEndian(field[at..]);
            var value = field.Slice(at + 4, BinaryPrimitives.ReadUInt16BigEndian(field[(at + 2)..]));
            text.Append(at > 0 ? " " : "").Append(KeyText(key));
            if (key == 2 || value.IsEmpty)
                continue;
            text.Append('=');
            WriteValue(text, key, value);
        }
    }

    private static void WriteValue(StringBuilder text, int key, ReadOnlySpan<byte> value)
    {
        switch (key)
        {
            case 0:
                for (int at = 0; at < value.Length; at += 2)
                    text.Append(at > 0 ? "," : "").Append(KeyText(BinaryPrimitives.ReadUInt16BigEndian(value[at..])));
                break;
            case 1:
                text.Append('"');
                for (int at = 0; at < value.Length; at += value[at] + 1)
                {
                    text.Append(at > 0 ? "," : "");
                    // A comma inside a protocol's name is escaped twice: once as a list's, once as a text's (RFC 9460 appendix A.1).
                    foreach (byte octet in value.Slice(at + 1, value[at]))
                    {
                        if (octet is (byte)',' or (byte)'\\')
                            text.Append("\\\\");
                        DnsText.AppendOctet(text, octet, "\"\\");
                    }
                }

                text.Append('"');
                break;
            case 3:
                text.Append(BinaryPrimitives.ReadUInt16BigEndian(value));
                break;
            case 4 or 6:
                int length = key == 4 ? 4 : 16;
                for (int at = 0; at < value.Length; at += length)
                    text.Append(at > 0 ? "," : "").Append(new IPAddress(value.Slice(at, length)));
                break;
            case 5:
                text.Append(Convert.ToBase64String(value));
                break;
            default:
                DnsText.AppendQuoted(text, value);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to)
    {
        var parameters = new SortedDictionary<int, byte[]>();
        while (!words.IsAtEnd)
        {
            string word = words.Next(Name).Text;
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            int key = Key(equals < 0 ? word : word[..equals]);
            byte[] value = ParseValue(key, equals < 0 ? "" : word[(equals + 1)..]);
            if (value.Length > ushort.MaxValue || !IsValue(key, value))
                throw new DnsTextException($"the parameter {KeyText(key)} has no value that it may have");
            if (!parameters.TryAdd(key, value))
                throw new DnsTextException($"the parameter {KeyText(key)} stands twice");
        }

        Span<byte> head = stackalloc byte[4];
        foreach (var (key, value) in parameters)
        {
            BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)key);
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)value.Length);
            to.Write(head);
            to.Write(value);
        }
    }

    private static byte[] ParseValue(int key, string text)
    {
        switch (key)
        {
            case 0:
                return [.. text.Split(',').Select(Key).Order().SelectMany(number => (byte[])[(byte)(number >> 8), (byte)number])];
            case 1:
                return ParseList(text);
            case 3:
                return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
                    ? [(byte)(port >> 8), (byte)port]
                    : throw new DnsTextException($"the port {DnsText.Shown(text)} is no number from 0 to 65535");
            case 4 or 6:
                return [.. text.Split(',').SelectMany(address => AddressField.Read(address, key == 4 ? 4 : 16))];
            case 5:
                return BinaryField.Octets(text, "parameter ech", BinaryForm.Base64);
            default:
                return DnsText.Octets(text);
        }
    }

    private static byte[] ParseList(string text)
    {
        var value = new List<byte>();
        var item = new List<byte>();
        byte[] octets = DnsText.Octets(text);
        for (int at = 0; at <= octets.Length; at++)
        {
            if (at == octets.Length || octets[at] == ',')
            {
                if (item.Count is 0 or > 255)
                    throw new DnsTextException("a protocol of the parameter alpn has not 1 to 255 octets");
                value.Add((byte)item.Count);
                value.AddRange(item);
                item.Clear();
                continue;
            }

            if (octets[at] == '\\' && at + 1 < octets.Length)
                at++;
            item.Add(octets[at]);
        }

        return [.. value];
    }

    private static string KeyText(int key) => key < s_keys.Length ? s_keys[key] : $"key{key}";

    private static int Key(string text)
    {
        int key = Array.IndexOf(s_keys, text);
        if (key >= 0)
            return key;
        return text.StartsWith("key", StringComparison.Ordinal)
            && ushort.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out ushort number)
            ? number
            : throw new DnsTextException($"there is no parameter {DnsText.Shown(text)}");
    }
}
