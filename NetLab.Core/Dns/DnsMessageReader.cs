using System.Buffers.Binary;

namespace NetLab.Core.Dns;

/// <summary>The four sections of a message after its header.</summary>
public enum DnsSection : byte
{
    /// <summary>What is asked.</summary>
    Question,

    /// <summary>The answers.</summary>
    Answer,

    /// <summary>Who has authority.</summary>
    Authority,

    /// <summary>What may help besides.</summary>
    Additional,
}

/// <summary>One question (RFC 1035 section 4.1.2).</summary>
public readonly ref struct DnsQuestionView
{
    /// <summary>The name asked for.</summary>
    public DnsNameView Name { get; internal init; }

    /// <summary>The type asked for.</summary>
    public ushort Type { get; internal init; }

    /// <summary>The class asked for; in multicast DNS the top bit asks for a unicast answer.</summary>
    public ushort Class { get; internal init; }

    /// <summary>Where the question ends in the message.</summary>
    public int End { get; internal init; }
}

/// <summary>One resource record (RFC 1035 section 4.1.3).</summary>
public readonly ref struct DnsRecordView
{
    /// <summary>The section it stands in.</summary>
    public DnsSection Section { get; internal init; }

    /// <summary>Its owner.</summary>
    public DnsNameView Name { get; internal init; }

    /// <summary>Its type.</summary>
    public ushort Type { get; internal init; }

    /// <summary>Its class; for OPT the sender's UDP buffer in octets (RFC 6891).</summary>
    public ushort Class { get; internal init; }

    /// <summary>Its time to live in seconds; for OPT the extended code, the version and flags.</summary>
    public uint TimeToLive { get; internal init; }

    /// <summary>Where its type field begins in the message.</summary>
    public int TypeOffset => Name.Offset + Name.EncodedLength;

    /// <summary>Where its data begins in the message.</summary>
    public int DataOffset { get; internal init; }

    /// <summary>Its data.</summary>
    public ReadOnlySpan<byte> Data { get; internal init; }

    /// <summary>Where the record ends in the message.</summary>
    public int End => DataOffset + Data.Length;
}

/// <summary>
/// Reads a message from its first octet to its last, without allocation: the header, then every question, then every record.
/// The first thing that can't be read ends the walk, and <see cref="Error"/> says what it is and where. Never loops, never throws.
/// </summary>
public ref struct DnsMessageReader
{
    private readonly ReadOnlySpan<byte> _message;
    private int _section;
    private int _left;

    /// <summary>Begins at the message's header.</summary>
    /// <param name="message">The whole message, without the length that TCP puts before it.</param>
    public DnsMessageReader(ReadOnlySpan<byte> message)
    {
        _message = message;
        if (!DnsHeader.TryRead(message, out var header))
        {
            Error = new DnsError(DnsErrorKind.Truncated, 0);
            return;
        }

        Offset = DnsHeader.Length;
        _left = header.QuestionCount;
    }

    /// <summary>The message's header; only where there was no error at the start.</summary>
    public readonly DnsHeader Header => DnsHeader.TryRead(_message, out var header) ? header : default;

    /// <summary>Where the next question or record begins.</summary>
    public int Offset { get; private set; }

    /// <summary>What ended the walk early.</summary>
    public DnsError Error { get; private set; }

    /// <summary>Reads the next question; false after the last one, or at an error.</summary>
    public bool TryReadQuestion(out DnsQuestionView question)
    {
        question = default;
        if (Error.IsError || _section != 0 || _left == 0)
            return false;
        if (!DnsNameView.TryRead(_message, Offset, out var name, out var error))
            return Fail(error);
        int at = Offset + name.EncodedLength;
        if (at + 4 > _message.Length)
            return Fail(new DnsError(DnsErrorKind.Truncated, Offset));
        question = new DnsQuestionView
        {
            Name = name,
            Type = BinaryPrimitives.ReadUInt16BigEndian(_message[at..]),
            Class = BinaryPrimitives.ReadUInt16BigEndian(_message[(at + 2)..]),
            End = at + 4,
        };
        Offset = at + 4;
        _left--;
        return true;
    }

    /// <summary>Reads the next record of any section, past the questions that were not read; false after the last one, or at an error.</summary>
    public bool TryReadRecord(out DnsRecordView record)
    {
        record = default;
        while (_section == 0 && TryReadQuestion(out _))
        {
        }

        if (Error.IsError)
            return false;
        while (_left == 0)
        {
            if (_section == (int)DnsSection.Additional)
                return false;
            _section++;
            var header = Header;
            _left = (DnsSection)_section switch
            {
                DnsSection.Answer => header.AnswerCount,
                DnsSection.Authority => header.AuthorityCount,
                _ => header.AdditionalCount,
            };
        }

        if (!DnsNameView.TryRead(_message, Offset, out var name, out var error))
            return Fail(error);
        int at = Offset + name.EncodedLength;
        if (at + 10 > _message.Length)
            return Fail(new DnsError(DnsErrorKind.Truncated, Offset));
        int length = BinaryPrimitives.ReadUInt16BigEndian(_message[(at + 8)..]);
        if (at + 10 + length > _message.Length)
            return Fail(new DnsError(DnsErrorKind.Truncated, Offset));
        record = new DnsRecordView
        {
            Section = (DnsSection)_section,
            Name = name,
            Type = BinaryPrimitives.ReadUInt16BigEndian(_message[at..]),
            Class = BinaryPrimitives.ReadUInt16BigEndian(_message[(at + 2)..]),
            TimeToLive = BinaryPrimitives.ReadUInt32BigEndian(_message[(at + 4)..]),
            DataOffset = at + 10,
            Data = _message.Slice(at + 10, length),
        };
        Offset = at + 10 + length;
        _left--;
        return true;
    }

    /// <summary>Reads a name inside a record's data, which may point anywhere before it in the message.</summary>
    /// <param name="record">The record.</param>
    /// <param name="offset">Where the name begins in the record's data.</param>
    /// <param name="name">The name.</param>
    /// <param name="error">What is wrong and where; also where the name runs beyond the data.</param>
    public readonly bool TryReadName(DnsRecordView record, int offset, out DnsNameView name, out DnsError error)
    {
        if (!DnsNameView.TryRead(_message, record.DataOffset + offset, out name, out error))
            return false;
        if (offset + name.EncodedLength <= record.Data.Length)
            return true;
        error = new DnsError(DnsErrorKind.DataLength, record.DataOffset + offset);
        return false;
    }

    private bool Fail(DnsError error)
    {
        Error = error;
        return false;
    }
}
