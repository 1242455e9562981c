using NetLab.Core.Packets;

namespace NetLab.Core.Dns;

/// <summary>
/// A name inside a message (RFC 1035 section 3.1), compressed or not. Reading it once checks every pointer and length, so that
/// walking its labels afterwards can't fail. Nothing is copied.
/// </summary>
public readonly ref struct DnsNameView
{
    /// <summary>The longest name in octets, with its length octets and the root's.</summary>
    public const int MaxLength = 255;

    private readonly ReadOnlySpan<byte> _message;

    private DnsNameView(ReadOnlySpan<byte> message, int offset, int encodedLength, int length, int labelCount)
    {
        _message = message;
        Offset = offset;
        EncodedLength = encodedLength;
        Length = length;
        LabelCount = labelCount;
    }

    /// <summary>Where the name begins in the message.</summary>
    public int Offset { get; }

    /// <summary>How many octets it takes there, its pointer included.</summary>
    public int EncodedLength { get; }

    /// <summary>How many octets it would take uncompressed, at most 255.</summary>
    public int Length { get; }

    /// <summary>How many labels it has without the root.</summary>
    public int LabelCount { get; }

    /// <summary>Whether it is the root.</summary>
    public bool IsRoot => LabelCount == 0;

    /// <summary>Its labels, the leftmost first.</summary>
    public LabelEnumerator GetEnumerator() => new(_message, Offset);

    /// <summary>Reads the name at <paramref name="offset"/>.</summary>
    /// <param name="message">The whole message, from its header on.</param>
    /// <param name="offset">Where the name begins.</param>
    /// <param name="name">The name.</param>
    /// <param name="error">What is wrong and where, if it can't be read.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, int offset, out DnsNameView name, out DnsError error)
    {
        name = default;
        int at = offset, encoded = -1, length = 0, labels = 0;
        // Each pointer must point before the run of labels it ends: so the walk always ends.
        int runStart = offset;
        while (true)
        {
            if ((uint)at >= (uint)message.Length)
                return Fail(DnsErrorKind.Truncated, offset, out error);
            int octet = message[at];
            if (octet == 0)
            {
                length++;
                if (encoded < 0)
                    encoded = at + 1 - offset;
                break;
            }

            switch (octet & 0xC0)
            {
                case 0:
                    length += octet + 1;
                    labels++;
                    if (length >= MaxLength)
                        return Fail(DnsErrorKind.NameTooLong, offset, out error);
                    at += octet + 1;
                    break;
                case 0xC0:
                    if (at + 1 >= message.Length)
                        return Fail(DnsErrorKind.Truncated, offset, out error);
                    if (encoded < 0)
                        encoded = at + 2 - offset;
                    int target = (octet & 0x3F) << 8 | message[at + 1];
                    if (target < DnsHeader.Length || target >= message.Length)
                        return Fail(DnsErrorKind.PointerOutside, at, out error);
                    if (target >= runStart)
                        return Fail(DnsErrorKind.PointerLoop, at, out error);
                    at = runStart = target;
                    break;
                default:
                    return Fail(DnsErrorKind.ReservedLabel, at, out error);
            }
        }

        name = new DnsNameView(message, offset, encoded, length, labels);
        error = default;
        return true;
    }

    private static bool Fail(DnsErrorKind kind, int offset, out DnsError error)
    {
        error = new DnsError(kind, offset);
        return false;
    }

    /// <summary>Whether two names are equal, ASCII letters compared without case (RFC 4343).</summary>
    public bool Equals(DnsNameView other)
    {
        if (LabelCount != other.LabelCount || Length != other.Length)
            return false;
        var left = GetEnumerator();
        var right = other.GetEnumerator();
        while (left.MoveNext() && right.MoveNext())
        {
            if (left.Current.Length != right.Current.Length || !EqualsIgnoreCase(left.Current, right.Current))
                return false;
        }

        return true;
    }

    private static bool EqualsIgnoreCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (int index = 0; index < left.Length; index++)
        {
            if (ToLower(left[index]) != ToLower(right[index]))
                return false;
        }

        return true;
    }

    private static int ToLower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? octet | 0x20 : octet;

    /// <summary>
    /// Writes the name as zone files have it (RFC 4343 section 2.1): dots inside labels as \., other octets that do not print as
    /// \DDD, with the root's dot at the end.
    /// </summary>
    public void WriteTo(ref Utf8Line line)
    {
        if (IsRoot)
            line.Character((byte)'.');
        foreach (var label in this)
        {
            WriteLabel(ref line, label);
            line.Character((byte)'.');
        }
    }

    /// <summary>Writes one label in the form of zone files.</summary>
    public static void WriteLabel(ref Utf8Line line, ReadOnlySpan<byte> label)
    {
        foreach (byte octet in label)
        {
            if (octet is (byte)'.' or (byte)'\\' or (byte)'"' or (byte)';' or (byte)'(' or (byte)')' or (byte)'@' or (byte)'$')
            {
                line.Character((byte)'\\');
                line.Character(octet);
            }
            else if (octet is > 0x20 and < 0x7F)
            {
                line.Character(octet);
            }
            else
            {
                line.Character((byte)'\\');
                line.Padded(octet, 3);
            }
        }
    }

    /// <summary>The name as text in the form of zone files; allocates.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[4 * MaxLength];
        var line = new Utf8Line(text);
        WriteTo(ref line);
        return System.Text.Encoding.ASCII.GetString(line.Written);
    }

    /// <summary>Walks the labels of a name that was read.</summary>
    public ref struct LabelEnumerator
    {
        private readonly ReadOnlySpan<byte> _message;
        private int _next;
        private int _start;
        private int _length;

        internal LabelEnumerator(ReadOnlySpan<byte> message, int offset)
        {
            _message = message;
            _next = offset;
        }

        /// <summary>The label's octets.</summary>
        public readonly ReadOnlySpan<byte> Current => _message.Slice(_start, _length);

        /// <summary>Where the label's octets begin in the message.</summary>
        public readonly int Offset => _start;

        /// <summary>Steps to the next label; false at the root.</summary>
        public bool MoveNext()
        {
            if (_message.IsEmpty)
                return false;
            while (_message[_next] >= 0xC0)
                _next = (_message[_next] & 0x3F) << 8 | _message[_next + 1];
            _length = _message[_next];
            _start = _next + 1;
            _next = _start + _length;
            return _length > 0;
        }
    }
}
