using System.Net;
using NetLab.Core.Dns;

namespace NetLab.Core.Resolver;

/// <summary>How a query travels.</summary>
public enum DnsTransport
{
    /// <summary>Over UDP; over TCP again where the answer was cut off (RFC 7766 section 5).</summary>
    Udp,

    /// <summary>Over TCP.</summary>
    Tcp,

    /// <summary>Over TLS (RFC 7858).</summary>
    Tls,

    /// <summary>Over HTTPS (RFC 8484).</summary>
    Https,
}

/// <summary>One query and what came back.</summary>
/// <param name="Server">Who answered.</param>
/// <param name="Transport">How.</param>
/// <param name="Query">The query's octets.</param>
/// <param name="Answer">The answer's octets.</param>
/// <param name="Message">The answer.</param>
/// <param name="Duration">From the query's first octet to the answer's last; where there is a connection, with its beginning.</param>
public sealed record DnsExchange(IPEndPoint Server, DnsTransport Transport, ReadOnlyMemory<byte> Query, ReadOnlyMemory<byte> Answer, DnsMessage Message, TimeSpan Duration)
{
    /// <summary>Reads an answer.</summary>
    /// <exception cref="DnsExchangeException">It cannot be read.</exception>
    internal static DnsExchange Read(IPEndPoint server, DnsTransport transport, DnsMessage query, byte[] octets, ReadOnlyMemory<byte> answer, TimeSpan duration)
    {
        if (!DnsMessage.TryDecode(answer.Span, out var message, out var error))
            throw new DnsExchangeException($"{server} gave an answer to {query.Questions[0].Name} that can't be read: {error}");
        return new DnsExchange(server, transport, octets, answer.ToArray(), message, duration);
    }

    /// <summary>Whether a message answers the query: a response with its number, and with its question, or with none where it is an error's.</summary>
    internal static bool IsAnswerTo(DnsMessage query, ReadOnlySpan<byte> octets)
    {
        var reader = new DnsMessageReader(octets);
        if (reader.Error.IsError || !reader.Header.IsResponse || reader.Header.Id != query.Id)
            return false;
        if (!reader.TryReadQuestion(out var question))
            return !reader.Error.IsError && reader.Header.ResponseCode != 0;
        var asked = query.Questions[0];
        return question.Type == asked.Type && question.Class == asked.Class && DnsName.From(question.Name).Equals(asked.Name);
    }
}

/// <summary>No server answered, or none as a server answers.</summary>
/// <param name="message">Who was asked and what happened, a sentence.</param>
public sealed class DnsExchangeException(string message) : Exception(message)
{
    /// <summary>The same without the server that it begins with, for where that is named already.</summary>
    internal string Without(IPEndPoint server) => Message.StartsWith($"{server} ", StringComparison.Ordinal) ? Message[$"{server} ".Length..] : Message;
}
