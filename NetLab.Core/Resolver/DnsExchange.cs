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
}

/// <summary>One query and what came back.</summary>
/// <param name="Server">Who answered.</param>
/// <param name="Transport">How.</param>
/// <param name="Query">The query's octets.</param>
/// <param name="Answer">The answer's octets.</param>
/// <param name="Message">The answer.</param>
/// <param name="Duration">From the query's first octet to the answer's last; with TCP, its connection too.</param>
public sealed record DnsExchange(IPEndPoint Server, DnsTransport Transport, ReadOnlyMemory<byte> Query, ReadOnlyMemory<byte> Answer, DnsMessage Message, TimeSpan Duration);

/// <summary>No server answered, or none as a server answers.</summary>
/// <param name="message">Who was asked and what happened, a sentence.</param>
public sealed class DnsExchangeException(string message) : Exception(message);
