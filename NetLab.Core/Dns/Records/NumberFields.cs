using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NetLab.Core.Dns;

/// <summary>An unsigned number, the most significant octet first.</summary>
/// <param name="name">What it is called.</param>
/// <param name="length">How many octets it takes: 1, 2 or 4.</param>
public class NumberField(string name, int length) : DnsField(name)
{
    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> data) => data.Length >= length ? length : -1;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text) => text.Append(Value(field));

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to) => Put(words.Number(Name, uint.MaxValue >> 32 - 8 * length), to);

    /// <summary>The number.</summary>
    protected static uint Value(ReadOnlySpan<byte> field)
    {
        uint value = 0;
        foreach (byte octet in field)
            value = value << 8 | octet;
        return value;
    }

    /// <summary>Writes the number.</summary>
    protected void Put(uint value, IBufferWriter<byte> to)
    {
        for (int shift = 8 * (length - 1); shift >= 0; shift -= 8)
            to.Write([(byte)(value >> shift)]);
    }
}

/// <summary>A span in seconds; in text a unit may follow the number, as in <c>1h30m</c>.</summary>
/// <param name="name">What it is called.</param>
public sealed class DurationField(string name) : NumberField(name, 4)
{
    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to) => Put(Seconds(words.Next(Name).Text, Name), to);

    /// <summary>Reads a span: a number of seconds, or numbers with w, d, h, m and s.</summary>
    /// <exception cref="DnsTextException">The text is none, or more than 2^32 - 1 seconds.</exception>
    public static uint Seconds(string text, string what)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!TrySeconds(text, out uint seconds))
            throw new DnsTextException($"the {what} {DnsText.Shown(text)} is no number of seconds");
        return seconds;
    }

    internal static bool TrySeconds(string text, out uint seconds)
    {
        seconds = 0;
        ulong sum = 0, number = 0;
        bool digits = false;
        foreach (char c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                number = number * 10 + (uint)(c - '0');
                digits = true;
                if (number > uint.MaxValue)
                    return false;
                continue;
            }

            int unit = (c | 0x20) switch { 'w' => 604800, 'd' => 86400, 'h' => 3600, 'm' => 60, 's' => 1, _ => 0 };
            if (unit == 0 || !digits)
                return false;
            sum += number * (ulong)unit;
            number = 0;
            digits = false;
        }

        sum += number;
        seconds = (uint)sum;
        return sum <= uint.MaxValue && text.Length > 0 && char.IsAsciiDigit(text[0]);
    }
}

/// <summary>A moment, in seconds of 32 bits; in text <c>YYYYMMDDHHmmSS</c> in UTC (RFC 4034 section 3.2).</summary>
/// <param name="name">What it is called.</param>
public sealed class MomentField(string name) : NumberField(name, 4)
{
    private const string Form = "yyyyMMddHHmmss";

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text) =>
        text.Append(DateTime.UnixEpoch.AddSeconds(Value(field)).ToString(Form, CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to)
    {
        string word = words.Next(Name).Text;
        if (word.Length <= 10 && uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out uint seconds))
            Put(seconds, to);
        else if (DateTime.TryParseExact(word, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            && (moment - DateTime.UnixEpoch).TotalSeconds is >= 0 and <= uint.MaxValue and double since)
            Put((uint)since, to);
        else
            throw new DnsTextException($"the {Name} {DnsText.Shown(word)} is no time in the form YYYYMMDDHHmmSS");
    }
}

/// <summary>The number of a record type; in text its mnemonic.</summary>
/// <param name="name">What it is called.</param>
public sealed class TypeField(string name) : NumberField(name, 2)
{
    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text) => text.Append(DnsType.ToText((ushort)Value(field)));

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to)
    {
        string word = words.Next(Name).Text;
        Put(DnsType.TryParse(word, out ushort type) ? type : throw new DnsTextException($"the {Name} {DnsText.Shown(word)} is no record type"), to);
    }
}

/// <summary>An IP address.</summary>
/// <param name="name">What it is called.</param>
/// <param name="length">How many octets it takes: 4 or 16.</param>
public sealed class AddressField(string name, int length) : DnsField(name)
{
    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> data) => data.Length >= length ? length : -1;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text) => text.Append(new IPAddress(field));

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to) => to.Write(Read(words.Next(Name).Text, length));

    internal static byte[] Read(string word, int length)
    {
        // IPAddress also takes 10.1 and 0x7f.1, and a scope behind %: a zone file may not.
        bool isShape = length == 4 ? word.Count(c => c == '.') == 3 && word.All(c => c == '.' || char.IsAsciiDigit(c)) : !word.Contains('%');
        return isShape && IPAddress.TryParse(word, out var address)
            && address.AddressFamily == (length == 4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6)
            ? address.GetAddressBytes()
            : throw new DnsTextException($"{DnsText.Shown(word)} is no {(length == 4 ? "IPv4" : "IPv6")} address");
    }
}
