using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NetLab.Core.Dns;

/// <summary>A place on earth with its size and how exactly it is known (RFC 1876), the whole data of LOC.</summary>
/// <param name="name">What it is called.</param>
public sealed class LocationField(string name) : DnsField(name)
{
    private const int Length = 16;
    private const uint Zero = 1u << 31; // The equator, the prime meridian; unit 1/1000 second of arc.
    private const uint SeaLevel = 10_000_000; // Altitudes count from 100 km below; unit 1 cm.

    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> data)
    {
        if (data.Length < Length || data[0] != 0)
            return -1;
        for (int at = 1; at < 4; at++)
        {
            if (data[at] >> 4 > 9 || (data[at] & 15) > 9)
                return -1;
        }

        return Math.Abs((long)Word(data, 4) - Zero) <= 90 * 3_600_000L && Math.Abs((long)Word(data, 8) - Zero) <= 180 * 3_600_000L ? Length : -1;
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text)
    {
        WriteAngle(text, Word(field, 4), 'N', 'S');
        WriteAngle(text, Word(field, 8), 'E', 'W');
        text.Append(CultureInfo.InvariantCulture, $"{((long)Word(field, 12) - SeaLevel) / 100m:0.00}m");
        for (int at = 1; at < 4; at++)
        {
            decimal centimetres = Power(field[at] & 15) * (field[at] >> 4);
            text.Append(centimetres < 100
                ? string.Create(CultureInfo.InvariantCulture, $" {centimetres / 100:0.00}m")
                : string.Create(CultureInfo.InvariantCulture, $" {centimetres / 100:0}m"));
        }
    }

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to)
    {
        Span<byte> field = stackalloc byte[Length];
        field.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(field[4..], ParseAngle(words, 90, "N", "S"));
        BinaryPrimitives.WriteUInt32BigEndian(field[8..], ParseAngle(words, 180, "E", "W"));
        decimal altitude = Metres(words.Next("altitude").Text, "altitude");
        if (altitude is < -100_000m or > 42_849_672.95m)
            throw new DnsTextException("the altitude is not between -100000 and 42849672.95 m");
        BinaryPrimitives.WriteUInt32BigEndian(field[12..], (uint)(altitude * 100 + SeaLevel));
        field[1] = ParsePrecision(words, "size", 0x12);
        field[2] = ParsePrecision(words, "horizontal precision", 0x16);
        field[3] = ParsePrecision(words, "vertical precision", 0x13);
        to.Write(field);
    }

    private static uint Word(ReadOnlySpan<byte> field, int at) => BinaryPrimitives.ReadUInt32BigEndian(field[at..]);

    private static decimal Power(int exponent)
    {
        decimal power = 1;
        for (; exponent > 0; exponent--)
            power *= 10;
        return power;
    }

    private static void WriteAngle(StringBuilder text, uint value, char positive, char negative)
    {
        long angle = (long)value - Zero;
        char side = angle < 0 ? negative : positive;
        angle = Math.Abs(angle);
        text.Append(CultureInfo.InvariantCulture, $"{angle / 3_600_000} {angle / 60_000 % 60} {angle / 1000 % 60}.{angle % 1000:000} {side} ");
    }

    private static uint ParseAngle(DnsTokens words, uint most, string positive, string negative)
    {
        decimal angle = words.Number("degrees", most) * 3600m;
        if (char.IsAsciiDigit(words.Peek.Text.FirstOrDefault()))
            angle += words.Number("minutes", 59) * 60;
        if (char.IsAsciiDigit(words.Peek.Text.FirstOrDefault()))
        {
            string word = words.Next("seconds").Text;
            if (!decimal.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) || seconds >= 60)
                throw new DnsTextException($"the seconds {DnsText.Shown(word)} are not below 60");
            angle += seconds;
        }

        string side = words.Next("direction").Text.ToUpperInvariant();
        if (side != positive && side != negative)
            throw new DnsTextException($"the direction {DnsText.Shown(side)} is neither {positive} nor {negative}");
        if (angle > most * 3600m)
            throw new DnsTextException($"the angle is greater than {most} degrees");
        return (uint)(Zero + (side == positive ? 1 : -1) * (long)(angle * 1000));
    }

    private static decimal Metres(string word, string what) =>
        decimal.TryParse(word.EndsWith('m') ? word.AsSpan(0, word.Length - 1) : word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out decimal metres)
            ? metres
            : throw new DnsTextException($"the {what} {DnsText.Shown(word)} is no length in metres");

    // One digit and a power of ten, in centimetres.
    private static byte ParsePrecision(DnsTokens words, string what, byte otherwise)
    {
        if (words.IsAtEnd)
            return otherwise;
        decimal centimetres = Metres(words.Next(what).Text, what) * 100;
        if (centimetres is < 0 or > 9_000_000_000m)
            throw new DnsTextException($"the {what} is not between 0 and 90000000 m");
        int exponent = 0;
        for (; centimetres >= 10; exponent++)
            centimetres /= 10;
        return (byte)((int)centimetres << 4 | exponent);
    }
}
