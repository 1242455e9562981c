using System.Collections.Immutable;

namespace NetLab.Core.Dns;

/// <summary>One question (RFC 1035 section 4.1.2).</summary>
/// <param name="Name">The name asked for.</param>
/// <param name="Type">The type asked for.</param>
/// <param name="Class">The class asked for.</param>
public sealed record DnsQuestion(DnsName Name, ushort Type, ushort Class = DnsType.ClassIn)
{
    /// <summary>As dig prints it behind its semicolon.</summary>
    public override string ToString() => $"{Name}\t\t{DnsType.ClassText(Class)}\t{DnsType.ToText(Type)}";
}

/// <summary>One resource record (RFC 1035 section 4.1.3).</summary>
/// <param name="Name">Its owner.</param>
/// <param name="Class">Its class.</param>
/// <param name="TimeToLive">How long it may be kept, in seconds.</param>
/// <param name="Data">Its type and data.</param>
public sealed record DnsRecord(DnsName Name, ushort Class, uint TimeToLive, DnsData Data)
{
    /// <summary>Its type.</summary>
    public ushort Type => Data.Type;

    /// <summary>Reads a record from one line of a zone file: owner, time to live, class, type, data.</summary>
    /// <exception cref="DnsTextException">The line is none.</exception>
    public static DnsRecord Parse(string line, DnsName? origin = null)
    {
        var words = DnsTokens.Split(line, origin);
        var name = DnsName.Parse(words.Next("owner").Text, origin);
        uint timeToLive = DurationField.Seconds(words.Next("time to live").Text, "time to live");
        string word = words.Next("class").Text;
        if (!DnsType.TryParseClass(word, out ushort @class))
            throw new DnsTextException($"{DnsText.Shown(word)} is no class");
        word = words.Next("type").Text;
        if (!DnsType.TryParse(word, out ushort type))
            throw new DnsTextException($"{DnsText.Shown(word)} is no record type");
        return new DnsRecord(name, @class, timeToLive, DnsData.Parse(type, words));
    }

    /// <summary>As a zone file has it, tabs between.</summary>
    public override string ToString() => $"{Name}\t{TimeToLive}\t{DnsType.ClassText(Class)}\t{DnsType.ToText(Type)}\t{Data}";
}

/// <summary>A whole message that stands for itself. The reader of messages in place, without garbage, is <see cref="DnsMessageReader"/>.</summary>
/// <param name="Id">The transaction's number.</param>
/// <param name="Flags">All flags, with opcode and the lower four bits of the response code.</param>
public sealed record DnsMessage(ushort Id, DnsFlags Flags)
{
    /// <summary>What is asked.</summary>
    public ImmutableArray<DnsQuestion> Questions { get; init; } = [];

    /// <summary>The answers.</summary>
    public ImmutableArray<DnsRecord> Answers { get; init; } = [];

    /// <summary>Who has authority.</summary>
    public ImmutableArray<DnsRecord> Authorities { get; init; } = [];

    /// <summary>What may help besides, without EDNS.</summary>
    public ImmutableArray<DnsRecord> Additionals { get; init; } = [];

    /// <summary>EDNS (RFC 6891); null in a message without.</summary>
    public DnsEdns? Edns { get; init; }

    /// <summary>The opcode: 0 query, 4 notify, 5 update.</summary>
    public int Opcode => (int)Flags >> 11 & 15;

    /// <summary>The response code with the eight bits that EDNS adds.</summary>
    public int ResponseCode => (int)Flags & 15 | (Edns?.ExtendedCode ?? 0) << 4;

    /// <summary>A query for one name and type.</summary>
    public static DnsMessage Query(ushort id, DnsName name, ushort type, DnsEdns? edns = null) =>
        new(id, DnsFlags.RecursionDesired) { Questions = [new(name, type)], Edns = edns };

    /// <summary>Reads a message whole.</summary>
    /// <param name="octets">The message, without the length that TCP puts before it.</param>
    /// <param name="message">What was read; up to the error where there is one.</param>
    /// <param name="error">The first thing that is wrong, and where.</param>
    public static bool TryDecode(ReadOnlySpan<byte> octets, out DnsMessage message, out DnsError error)
    {
        var reader = new DnsMessageReader(octets);
        message = new DnsMessage(0, DnsFlags.None);
        if (reader.Error.IsError)
        {
            error = reader.Error;
            return false;
        }

        var questions = ImmutableArray.CreateBuilder<DnsQuestion>();
        ImmutableArray<DnsRecord>.Builder[] sections = [ImmutableArray.CreateBuilder<DnsRecord>(), ImmutableArray.CreateBuilder<DnsRecord>(), ImmutableArray.CreateBuilder<DnsRecord>()];
        DnsEdns? edns = null;
        while (reader.TryReadQuestion(out var question))
            questions.Add(new DnsQuestion(DnsName.From(question.Name), question.Type, question.Class));
        error = DnsError.None;
        while (!error.IsError && reader.TryReadRecord(out var record))
        {
            if (record is { Type: DnsType.Opt, Section: DnsSection.Additional, Name.IsRoot: true } && edns is null)
                DnsEdns.TryRead(record, out edns, out error);
            else if (DnsData.TryRead(reader, record, out var data, out error))
                sections[(int)record.Section - 1].Add(new DnsRecord(DnsName.From(record.Name), record.Class, record.TimeToLive, data));
        }

        if (!error.IsError)
            error = reader.Error;
        if (!error.IsError && reader.Offset < octets.Length)
            error = new DnsError(DnsErrorKind.BytesAfter, reader.Offset);
        message = new DnsMessage(reader.Header.Id, (DnsFlags)reader.Header.Flags)
        {
            Questions = questions.ToImmutable(),
            Answers = sections[0].ToImmutable(),
            Authorities = sections[1].ToImmutable(),
            Additionals = sections[2].ToImmutable(),
            Edns = edns,
        };
        return !error.IsError;
    }

    /// <summary>The message as it goes onto the wire, names compressed; what does not fit is left out and TC is set (RFC 2181 section 9).</summary>
    /// <param name="most">How many octets there may be, from 512 to 65,535.</param>
    public byte[] Encode(int most = ushort.MaxValue)
    {
        var writer = new DnsMessageWriter(most);
        writer.Begin(Id, Flags, Edns);
        foreach (var question in Questions)
            writer.TryWrite(question);
        bool whole = writer.TryWrite(DnsSection.Answer, Answers) && writer.TryWrite(DnsSection.Authority, Authorities);
        if (!whole)
            writer.SetTruncated();
        else
            writer.TryWrite(DnsSection.Additional, Additionals);
        return writer.Finish().ToArray();
    }
}
