using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>
/// Writes text as UTF-8 into a span, with no allocation. What does not fit is left out and <see cref="IsFull"/> says so; nothing
/// throws. Text from the network goes through <see cref="Escaped"/> or <see cref="Printable"/>, never through Text.
/// </summary>
/// <param name="destination">Where the text goes.</param>
public ref struct Utf8Line(Span<byte> destination)
{
    // "00" to "99", and "0." to "255.", as they lie in memory.
    private static readonly ushort[] s_pairs = [.. Enumerable.Range(0, 100).Select(value => (ushort)('0' + value / 10 | '0' + value % 10 << 8))];
    private static readonly uint[] s_octets = [.. Enumerable.Range(0, 256).Select(OctetText)];

    private readonly Span<byte> _destination = destination;

    /// <summary>How many bytes are written.</summary>
    public int Length { get; private set; }

    /// <summary>Whether something did not fit.</summary>
    public bool IsFull { get; private set; }

    /// <summary>What is written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _destination[..Length];

    /// <summary>Takes back what was written after the first <paramref name="length"/> bytes.</summary>
    public void TruncateTo(int length) => Length = Math.Clamp(length, 0, Length);

    /// <summary>Writes text of NetLab's own.</summary>
    public void Text(scoped ReadOnlySpan<byte> utf8)
    {
        if (utf8.TryCopyTo(_destination[Length..]))
            Length += utf8.Length;
        else
            IsFull = true;
    }

    /// <summary>Writes one ASCII character.</summary>
    public void Character(byte ascii)
    {
        if ((uint)Length < (uint)_destination.Length)
            _destination[Length++] = ascii;
        else
            IsFull = true;
    }

    /// <summary>Writes text of NetLab's own from characters.</summary>
    public void Text(scoped ReadOnlySpan<char> text)
    {
        if (System.Text.Encoding.UTF8.TryGetBytes(text, _destination[Length..], out int written))
            Length += written;
        else
            IsFull = true;
    }

    /// <summary>Writes a number in decimal.</summary>
    public void Number(uint value)
    {
        if (value < 10)
        {
            Character((byte)('0' + value));
            return;
        }

        if (_destination.Length - Length < 10)
        {
            NumberSlowly(value);
            return;
        }

        int at = Length + CountDigits(value);
        Length = at;
        while (value >= 100)
        {
            (value, uint pair) = Math.DivRem(value, 100);
            at -= 2;
            BinaryPrimitives.WriteUInt16LittleEndian(_destination[at..], s_pairs[pair]);
        }

        if (value >= 10)
            BinaryPrimitives.WriteUInt16LittleEndian(_destination[(at - 2)..], s_pairs[value]);
        else
            _destination[at - 1] = (byte)('0' + value);
    }

    private static uint OctetText(int value)
    {
        uint text = '.';
        for (; value > 9; value /= 10)
            text = text << 8 | (uint)('0' + value % 10);
        return text << 8 | (uint)('0' + value);
    }

    private void NumberSlowly(uint value)
    {
        if (System.Buffers.Text.Utf8Formatter.TryFormat(value, _destination[Length..], out int written))
            Length += written;
        else
            IsFull = true;
    }

    private static int CountDigits(uint value) =>
        value < 100 ? 2 : value < 1000 ? 3 : value < 10_000 ? 4 : value < 100_000 ? 5 : value < 1_000_000 ? 6
        : value < 10_000_000 ? 7 : value < 100_000_000 ? 8 : value < 1_000_000_000 ? 9 : 10;

    /// <summary>Writes a number in decimal.</summary>
    public void Number(int value)
    {
        if (value < 0)
            Character((byte)'-');
        Number((uint)Math.Abs((long)value));
    }

    /// <summary>Writes a number in decimal.</summary>
    public void Number(ulong value)
    {
        if (value <= uint.MaxValue)
            Number((uint)value);
        else if (System.Buffers.Text.Utf8Formatter.TryFormat(value, _destination[Length..], out int written))
            Length += written;
        else
            IsFull = true;
    }

    /// <summary>Writes a number in decimal with leading zeros, <paramref name="width"/> digits.</summary>
    public void Padded(uint value, int width)
    {
        if (_destination.Length - Length < width)
        {
            IsFull = true;
            return;
        }

        int at = Length + width;
        for (; at >= Length + 2; at -= 2)
        {
            (value, uint pair) = Math.DivRem(value, 100);
            BinaryPrimitives.WriteUInt16LittleEndian(_destination[(at - 2)..], s_pairs[pair]);
        }

        if (at > Length)
            _destination[Length] = (byte)('0' + value % 10);
        Length += width;
    }

    /// <summary>Writes a number in lower-case hexadecimal, with leading zeros up to <paramref name="width"/> digits.</summary>
    public void Hex(ulong value, int width = 1)
    {
        int digits = Math.Max(width, (67 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 4);
        if (_destination.Length - Length < digits)
        {
            IsFull = true;
            return;
        }

        for (int at = Length + digits - 1; at >= Length; at--, value >>= 4)
            _destination[at] = HexDigit((uint)value & 15);
        Length += digits;
    }

    private static byte HexDigit(uint nibble) => (byte)(nibble < 10 ? '0' + nibble : 'a' + nibble - 10);

    /// <summary>Writes bytes in hexadecimal, two digits a byte, without anything between.</summary>
    public void HexBytes(scoped ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            Character(HexDigit((uint)value >> 4));
            Character(HexDigit((uint)value & 15));
        }
    }

    /// <summary>Writes a MAC address as aa:bb:cc:dd:ee:ff (any number of bytes).</summary>
    public void Mac(scoped ReadOnlySpan<byte> address)
    {
        for (int index = 0; index < address.Length; index++)
        {
            if (index > 0)
                Character((byte)':');
            Hex(address[index], 2);
        }
    }

    /// <summary>Writes an IPv4 address given in host order.</summary>
    public void Ipv4(uint address)
    {
        if (_destination.Length - Length < 16)
        {
            Number(address >> 24);
            for (int shift = 16; shift >= 0; shift -= 8)
            {
                Character((byte)'.');
                Number((uint)(byte)(address >> shift));
            }

            return;
        }

        Octet(address >> 24);
        Octet((byte)(address >> 16));
        Octet((byte)(address >> 8));
        Octet((byte)address);
        Length--; // the last one's dot
    }

    // Its digits and a dot, four bytes at a time.
    private void Octet(uint value)
    {
        uint text = s_octets[value];
        BinaryPrimitives.WriteUInt32LittleEndian(_destination[Length..], text);
        Length += value >= 100 ? 4 : value >= 10 ? 3 : 2;
    }

    /// <summary>Writes an IPv4 address of four bytes in network order.</summary>
    public void Ipv4(scoped ReadOnlySpan<byte> address) => Ipv4(BinaryPrimitives.ReadUInt32BigEndian(address));

    /// <summary>Writes an IPv6 address of 16 bytes as inet_ntop does: RFC 5952, with mapped and compatible addresses' end dotted.</summary>
    public void Ipv6(scoped ReadOnlySpan<byte> address)
    {
        Span<ushort> groups = stackalloc ushort[8];
        for (int index = 0; index < 8; index++)
            groups[index] = BinaryPrimitives.ReadUInt16BigEndian(address[(2 * index)..]);
        int start = -1, count = 1;
        for (int index = 0; index < 8; index++)
        {
            int end = index;
            while (end < 8 && groups[end] == 0)
                end++;
            if (end - index > count)
                (start, count) = (index, end - index);
            index = Math.Max(index, end);
        }

        for (int index = 0; index < 8; index++)
        {
            if (index == start)
            {
                Text("::"u8);
                index += count - 1;
                continue;
            }

            if (index > 0 && index != start + count)
                Character((byte)':');
            if (index == 6 && start == 0 && (count == 6 || (count == 5 && groups[5] == 0xFFFF)))
            {
                Ipv4(address[12..]);
                return;
            }

            Hex(groups[index]);
        }
    }

    /// <summary>Writes an address as its own family's text.</summary>
    public void Address(IpAddress address)
    {
        if (address.IsIPv4)
        {
            Ipv4(address.IPv4);
            return;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.WriteMapped(bytes);
        Ipv6(bytes);
    }

    /// <summary>Writes bytes as tcpdump writes text of the network: printable ASCII as it is, control bytes as ^X, high bytes as M-x.</summary>
    public void Printable(scoped ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            byte character = value;
            if (character >= 0x80)
            {
                Text("M-"u8);
                character &= 0x7F;
            }

            if (character is < 0x20 or 0x7F)
            {
                Character((byte)'^');
                character ^= 0x40;
            }

            Character(character);
        }
    }

    /// <summary>Writes bytes as Wireshark writes text: printable ASCII as it is, \r \n \t and the like by name, the rest as \xhh.</summary>
    public void Escaped(scoped ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (value is >= 0x20 and < 0x7F)
            {
                Character(value);
                continue;
            }

            Character((byte)'\\');
            switch (value)
            {
                case (byte)'\n': Character((byte)'n'); break;
                case (byte)'\r': Character((byte)'r'); break;
                case (byte)'\t': Character((byte)'t'); break;
                default:
                    Character((byte)'x');
                    Hex(value, 2);
                    break;
            }
        }
    }
}
