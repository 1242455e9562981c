using System.Buffers;
using System.Text;

namespace NetLab.Core.Dns;

/// <summary>How octets are written as text.</summary>
public enum BinaryForm
{
    /// <summary>Hexadecimal digits.</summary>
    Hexadecimal,

    /// <summary>Base64 (RFC 4648 section 4).</summary>
    Base64,
}

/// <summary>Octets up to the data's end. dig writes a blank after each 56 characters.</summary>
/// <param name="name">What they are called.</param>
/// <param name="form">How they are written.</param>
public sealed class BinaryField(string name, BinaryForm form) : DnsField(name)
{
    private const int Width = 56;

    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> data) => data.IsEmpty ? -1 : data.Length;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text)
    {
        string digits = form == BinaryForm.Base64 ? Convert.ToBase64String(field) : Convert.ToHexString(field);
        for (int at = 0; at < digits.Length; at += Width)
            text.Append(at > 0 ? " " : "").Append(digits.AsSpan(at, Math.Min(Width, digits.Length - at)));
    }

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to) => to.Write(Octets(words.Rest(Name), Name, form));

    internal static byte[] Octets(string digits, string what, BinaryForm form)
    {
        try
        {
            return form == BinaryForm.Base64 ? Convert.FromBase64String(digits) : Convert.FromHexString(digits);
        }
        catch (FormatException)
        {
            throw new DnsTextException($"the {what} is not {(form == BinaryForm.Base64 ? "base64" : "pairs of hexadecimal digits")}");
        }
    }
}

/// <summary>Octets behind their length; <c>-</c> where there are none (NSEC3's salt, RFC 5155 section 3.3).</summary>
/// <param name="name">What they are called.</param>
public sealed class SaltField(string name) : DnsField(name)
{
    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> data) => !data.IsEmpty && data.Length > data[0] ? data[0] + 1 : -1;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text) =>
        text.Append(field.Length == 1 ? "-" : Convert.ToHexString(field[1..]));

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to)
    {
        string word = words.Next(Name).Text;
        byte[] octets = word == "-" ? [] : BinaryField.Octets(word, Name, BinaryForm.Hexadecimal);
        if (octets.Length > 255)
            throw new DnsTextException($"the {Name} is longer than 255 octets");
        to.Write([(byte)octets.Length]);
        to.Write(octets);
    }
}

/// <summary>Octets behind their length, in base32 with the extended hexadecimal alphabet (RFC 4648 section 7) without padding.</summary>
/// <param name="name">What they are called.</param>
public sealed class HashField(string name) : DnsField(name)
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> data) => !data.IsEmpty && data[0] > 0 && data.Length > data[0] ? data[0] + 1 : -1;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text)
    {
        uint held = 0;
        int bits = 0;
        foreach (byte octet in field[1..])
        {
            held = held << 8 | octet;
            for (bits += 8; bits >= 5; bits -= 5)
                text.Append(Digits[(int)(held >> bits - 5 & 31)]);
        }

        if (bits > 0)
            text.Append(Digits[(int)(held << 5 - bits & 31)]);
    }

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to)
    {
        string word = words.Next(Name).Text;
        var octets = new List<byte>();
        uint held = 0;
        int bits = 0;
        foreach (char c in word)
        {
            int digit = Digits.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal);
            if (digit < 0)
                throw new DnsTextException($"the {Name} {DnsText.Shown(word)} is not base32 (digits 0 to 9, A to V)");
            held = held << 5 | (uint)digit;
            bits += 5;
            if (bits < 8)
                continue;
            bits -= 8;
            octets.Add((byte)(held >> bits));
        }

        if (octets.Count is 0 or > 255)
            throw new DnsTextException($"the {Name} has {octets.Count} octets; 1 to 255 may be");
        to.Write([(byte)octets.Count]);
        to.Write(octets.ToArray());
    }
}

/// <summary>The types that exist at a name, in windows of 256 (RFC 4034 section 4.1.2).</summary>
/// <param name="name">What they are called.</param>
public sealed class TypeBitmapField(string name) : DnsField(name)
{
    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> data)
    {
        int last = -1;
        for (int at = 0; at < data.Length; at += 2 + data[at + 1])
        {
            if (at + 2 > data.Length || data[at] <= last || data[at + 1] is 0 or > 32 || at + 2 + data[at + 1] > data.Length)
                return -1;
            last = data[at];
        }

        return data.Length;
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text)
    {
        bool first = true;
        for (int at = 0; at < field.Length; at += 2 + field[at + 1])
        {
            for (int bit = 0; bit < 8 * field[at + 1]; bit++)
            {
                if ((field[at + 2 + bit / 8] & 0x80 >> bit % 8) == 0)
                    continue;
                text.Append(first ? "" : " ").Append(DnsType.ToText((ushort)(field[at] << 8 | bit)));
                first = false;
            }
        }
    }

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to)
    {
        var types = new SortedSet<ushort>();
        while (!words.IsAtEnd)
        {
            string word = words.Next(Name).Text;
            types.Add(DnsType.TryParse(word, out ushort type) ? type : throw new DnsTextException($"{DnsText.Shown(word)} is no record type"));
        }

        foreach (var window in types.GroupBy(type => type >> 8))
        {
            byte[] bits = new byte[(window.Last() & 0xFF) / 8 + 1];
            foreach (ushort type in window)
                bits[(type & 0xFF) / 8] |= (byte)(0x80 >> type % 8);
            to.Write([(byte)window.Key, (byte)bits.Length]);
            to.Write(bits);
        }
    }
}
