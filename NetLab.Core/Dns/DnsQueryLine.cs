using System.Text;

namespace NetLab.Core.Dns;

/// <summary>A query and its answer in a line, for a server's log: <c>www.example. A: NOERROR, 1 answer, 56 bytes</c>.</summary>
public static class DnsQueryLine
{
    /// <summary>The line; never a control character.</summary>
    /// <param name="query">The query's octets.</param>
    /// <param name="answer">The answer's; empty where none was given.</param>
    /// <param name="carrier">How they travelled.</param>
    public static string Of(ReadOnlySpan<byte> query, ReadOnlySpan<byte> answer, DnsCarrier carrier)
    {
        var line = new StringBuilder(96);
        var reader = new DnsMessageReader(query);
        if (reader.TryReadQuestion(out var question))
        {
            line.Append(DnsName.From(question.Name)).Append(' ');
            if (question.Class != DnsType.ClassIn)
                line.Append(DnsType.ClassText(question.Class)).Append(' ');
            line.Append(DnsType.ToText(question.Type));
        }
        else
        {
            line.Append($"{query.Length} bytes that are no query");
        }

        line.Append(carrier == DnsCarrier.Stream ? " over TCP: " : ": ");
        if (!DnsHeader.TryRead(answer, out var header))
            return line.Append("not answered").ToString();
        line.Append(DnsDigText.CodeText(Code(answer, header))).Append(", ");
        line.Append(header.AnswerCount).Append(header.AnswerCount == 1 ? " answer, " : " answers, ");
        if (!header.IsAuthoritative && header is { ResponseCode: 0, AuthorityCount: > 0 })
            line.Append("referred, ");
        if (header.IsTruncated)
            line.Append("cut off, ");
        return line.Append(answer.Length).Append(" bytes").ToString();
    }

    private static int Code(ReadOnlySpan<byte> answer, DnsHeader header)
    {
        var reader = new DnsMessageReader(answer);
        int code = header.ResponseCode;
        while (reader.TryReadRecord(out var record))
            code |= record.Type == DnsType.Opt ? (int)(record.TimeToLive >> 24) << 4 : 0;
        return code;
    }
}
