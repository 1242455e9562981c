using System.Buffers.Binary;

namespace NetLab.Core.Dns;

/// <summary>How a message travels.</summary>
public enum DnsCarrier : byte
{
    /// <summary>As a datagram: what is too long is cut off.</summary>
    Datagram,

    /// <summary>Behind its length in a stream (RFC 1035 section 4.2.2).</summary>
    Stream,
}

/// <summary>
/// Answers queries out of zones, octets to octets; for one thread at a time. An answer once made is kept, and then only its number, flags
/// and the case of its question's letters are the query's: so most answers make no garbage.
/// </summary>
/// <param name="zones">The zones.</param>
public sealed class ZoneResponder(ZoneSet zones)
{
    /// <summary>The longest answer that fits every datagram without EDNS (RFC 1035 section 4.2.1).</summary>
    public const int LeastDatagram = 512;

    private static readonly DnsEdns s_edns = new(), s_secureEdns = new DnsEdns().WithDnssec(), s_badVersion = new() { ExtendedCode = DnsDigText.BadVersion >> 4 };
    private readonly DnsMessageWriter _writer = new(ushort.MaxValue);
    private readonly ZoneReply _reply = new();
    private readonly AnswerCache _cache = new();

    /// <summary>Answers a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="answer">Where the answer goes; for <see cref="DnsCarrier.Stream"/> 65,535 octets, for a datagram at least 1,232.</param>
    /// <param name="carrier">How it travels.</param>
    /// <returns>The answer's length; 0 where there is none to be given (a response, or no header).</returns>
    public int Answer(ReadOnlySpan<byte> query, Span<byte> answer, DnsCarrier carrier)
    {
        if (!DnsHeader.TryRead(query, out var header) || header.IsResponse)
            return 0;
        if (header.Opcode != 0)
            return Bare(header, DnsDigText.NotImplemented, answer);
        var reader = new DnsMessageReader(query);
        if (header.QuestionCount != 1 || !reader.TryReadQuestion(out var question) || question.Name.EncodedLength != question.Name.Length
            || !TryReadRest(ref reader, out var edns) || reader.Offset != query.Length)
            return Bare(header, DnsDigText.Malformed, answer);
        var flags = (DnsFlags)header.Flags & (DnsFlags.RecursionDesired | DnsFlags.CheckingDisabled);
        // What is sent to say more than 1,232 octets are taken is not believed: they might not pass (DNS Flag Day 2020).
        int limit = carrier == DnsCarrier.Stream ? answer.Length
            : edns is null ? LeastDatagram : Math.Clamp((int)edns.Value.BufferSize, LeastDatagram, DnsEdns.DefaultBufferSize);
        var asked = query[DnsHeader.Length..question.End];
        if (edns is { Version: > 0 })
            return Refused(header.Id, flags, asked, DnsDigText.BadVersion, s_badVersion, answer);
        var own = edns is null ? null : edns.Value.WantsDnssec ? s_secureEdns : s_edns;
        if (Refusal(question.Type, question.Class) is var code and not 0)
            return Refused(header.Id, flags, asked, code, own, answer);
        int variant = (edns is null ? 0 : edns.Value.WantsDnssec ? 2 : 1) | (carrier == DnsCarrier.Stream ? 4 : 0);
        var kept = _cache.Find(asked, variant);
        if (kept.IsEmpty)
            kept = Make(question, asked, variant, own);
        if (kept.Length > limit)
            return Cut(header.Id, flags, own, limit, question, carrier, answer);
        kept.CopyTo(answer);
        asked.CopyTo(answer[DnsHeader.Length..]);
        BinaryPrimitives.WriteUInt16BigEndian(answer, header.Id);
        BinaryPrimitives.WriteUInt16BigEndian(answer[2..], (ushort)(BinaryPrimitives.ReadUInt16BigEndian(answer[2..]) | (ushort)flags));
        return kept.Length;
    }

    /// <summary>Makes an answer one without records that says it was cut off.</summary>
    /// <returns>Its length.</returns>
    public static int CutOff(Span<byte> answer)
    {
        var reader = new DnsMessageReader(answer);
        int length = reader.TryReadQuestion(out var question) ? question.End : DnsHeader.Length;
        answer[2] |= (byte)((int)DnsFlags.Truncated >> 8);
        answer[6..DnsHeader.Length].Clear();
        return length;
    }

    // Only the OPT record of what follows the question matters; there is at most one (RFC 6891 section 6.1.1).
    private static bool TryReadRest(ref DnsMessageReader reader, out Opt? edns)
    {
        edns = null;
        while (reader.TryReadRecord(out var record))
        {
            if (record.Type != DnsType.Opt)
                continue;
            if (edns is not null || record.Section != DnsSection.Additional || !record.Name.IsRoot || !AreOptions(record.Data))
                return false;
            edns = new Opt(record.Class, (byte)(record.TimeToLive >> 16), (record.TimeToLive & 0x8000) != 0);
        }

        return !reader.Error.IsError;
    }

    private static bool AreOptions(ReadOnlySpan<byte> data)
    {
        while (data.Length >= 4 && 4 + BinaryPrimitives.ReadUInt16BigEndian(data[2..]) <= data.Length)
            data = data[(4 + BinaryPrimitives.ReadUInt16BigEndian(data[2..]))..];
        return data.IsEmpty;
    }

    // Zones are of class IN; transfers are not given; what else lies from 128 to 252 is no type that can be asked for (RFC 6895 section 3.1).
    private static int Refusal(ushort type, ushort @class) =>
        type is 251 or 252 || @class != DnsType.ClassIn ? DnsDigText.Refused
        : type is 253 or 254 ? DnsDigText.NotImplemented
        : type is DnsType.Opt or (>= 128 and < 251) ? DnsDigText.Malformed : 0;

    private ReadOnlySpan<byte> Make(scoped in DnsQuestionView view, scoped ReadOnlySpan<byte> asked, int variant, DnsEdns? edns)
    {
        Fill(view, (variant & 4) != 0 ? DnsCarrier.Stream : DnsCarrier.Datagram, out var question);
        _writer.Begin(0, _reply.Flags(0), edns);
        _writer.TryWrite(question);
        _reply.Write(_writer);
        var octets = _writer.Finish();
        _cache.Keep(asked, variant, octets);
        return octets;
    }

    private void Fill(in DnsQuestionView view, DnsCarrier carrier, out DnsQuestion question)
    {
        question = new DnsQuestion(DnsName.From(view.Name), view.Type, view.Class);
        _reply.Clear();
        zones.Answer(question, _reply);
        if (view.Type == DnsType.Any && carrier == DnsCarrier.Datagram)
            _reply.KeepOneType();
    }

    // Too long: first without the addresses that were only a courtesy, then nothing but TC, so that a forged query gains nothing.
    private int Cut(ushort id, DnsFlags flags, DnsEdns? edns, int limit, in DnsQuestionView view, DnsCarrier carrier, Span<byte> answer)
    {
        Fill(view, carrier, out var question);
        _writer.Begin(id, _reply.Flags(flags), edns, limit);
        _writer.TryWrite(question);
        if (!_reply.Write(_writer))
        {
            _writer.Begin(id, _reply.Flags(flags), edns, limit);
            _writer.TryWrite(question);
            _writer.SetTruncated();
        }

        var octets = _writer.Finish();
        octets.CopyTo(answer);
        return octets.Length;
    }

    private static int Bare(DnsHeader header, int code, Span<byte> answer)
    {
        answer[..DnsHeader.Length].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(answer, header.Id);
        int flags = 0x8000 | header.Opcode << 11 | header.Flags & (int)(DnsFlags.RecursionDesired | DnsFlags.CheckingDisabled) | code;
        BinaryPrimitives.WriteUInt16BigEndian(answer[2..], (ushort)flags);
        return DnsHeader.Length;
    }

    private static int Refused(ushort id, DnsFlags flags, ReadOnlySpan<byte> asked, int code, DnsEdns? edns, Span<byte> answer)
    {
        answer[..DnsHeader.Length].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(answer, id);
        BinaryPrimitives.WriteUInt16BigEndian(answer[2..], (ushort)((int)(DnsFlags.Response | flags) | code & 15));
        answer[5] = 1;
        asked.CopyTo(answer[DnsHeader.Length..]);
        int length = DnsHeader.Length + asked.Length;
        if (edns is null)
            return length;
        answer[11] = 1;
        return length + edns.Write(answer[length..]);
    }

    private readonly record struct Opt(ushort BufferSize, byte Version, bool WantsDnssec);
}
