using System.Buffers;
using System.Text;

namespace NetLab.Core.Dns;

/// <summary>A text of at most 255 octets behind its length (RFC 1035 section 3.3), in quotes.</summary>
/// <param name="name">What it is called.</param>
public class TextField(string name) : DnsField(name)
{
    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> data) => !data.IsEmpty && data.Length > data[0] ? data[0] + 1 : -1;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text) => DnsText.AppendQuoted(text, field[1..]);

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to)
    {
        byte[] octets = DnsText.Octets(words.Next(Name).Text);
        if (octets.Length > 255)
            throw new DnsTextException($"the {Name} has {octets.Length} octets; 255 is the most, and several may follow each other");
        to.Write([(byte)octets.Length]);
        to.Write(octets);
    }
}

/// <summary>A word of at most 255 octets behind its length, without quotes (the tag of CAA).</summary>
/// <param name="name">What it is called.</param>
public sealed class TagField(string name) : TextField(name)
{
    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text)
    {
        // Nothing at all would be no word.
        if (field.Length == 1)
            text.Append("\"\"");
        foreach (byte octet in field[1..])
            DnsText.AppendOctet(text, octet, " \"\\;()");
    }
}

/// <summary>One text or more, up to the data's end.</summary>
/// <param name="name">What one is called.</param>
public sealed class TextListField(string name) : DnsField(name)
{
    private readonly TextField _one = new(name);

    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> data)
    {
        int at = 0;
        while (at < data.Length)
        {
            int length = _one.Measure(data[at..]);
            if (length < 0)
                return -1;
            at += length;
        }

        return at > 0 ? at : -1;
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text)
    {
        for (int at = 0; at < field.Length; at += field[at] + 1)
        {
            if (at > 0)
                text.Append(' ');
            _one.Write(field.Slice(at, field[at] + 1), text);
        }
    }

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to)
    {
        do
            _one.Parse(words, to);
        while (!words.IsAtEnd);
    }
}

/// <summary>A text without a length, up to the data's end, in quotes (CAA's value, URI's target).</summary>
/// <param name="name">What it is called.</param>
public sealed class LongTextField(string name) : DnsField(name)
{
    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> data) => data.Length;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> field, StringBuilder text) => DnsText.AppendQuoted(text, field);

    /// <inheritdoc/>
    public override void Parse(DnsTokens words, IBufferWriter<byte> to) => to.Write(DnsText.Octets(words.Next(Name).Text));
}
