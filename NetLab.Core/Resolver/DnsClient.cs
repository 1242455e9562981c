using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using NetLab.Core.Dns;

namespace NetLab.Core.Resolver;

/// <summary>
/// Asks one server after another until one answers. Each query has a fresh random number and, by the kernel, a fresh port; an answer counts
/// only from the server's own address and port, with that number and question (RFC 5452 section 9). All waits are bounded.
/// </summary>
/// <param name="settings">Whom to ask, how long, how often.</param>
public sealed class DnsClient(ResolverSettings settings)
{
    private const int FormatError = 1, ServerFailure = 2, NotImplemented = 4, Refused = 5;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);
    private static int s_turn;

    /// <summary>Asks one question.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type.</param>
    /// <param name="edns">What EDNS says; null for a query without.</param>
    /// <param name="transport">How the query travels.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>The first answer; one that says that its server can't or won't help only where no other server says better.</returns>
    /// <exception cref="DnsExchangeException">Nobody answered in time; it says who was asked and why not.</exception>
    public async Task<DnsExchange> AskAsync(DnsName name, ushort type, DnsEdns? edns, DnsTransport transport, CancellationToken cancel)
    {
        string last = "there is no server to ask";
        DnsExchange? unwilling = null;
        int first = settings.Order == ServerOrder.Rotating && settings.Servers.Count > 0 ? (int)((uint)Interlocked.Increment(ref s_turn) % (uint)settings.Servers.Count) : 0;
        for (int attempt = 0; attempt < settings.Attempts && unwilling is null; attempt++)
        {
            // Twice as patient each time: who did not answer may have too much to do.
            var wait = settings.Timeout * Math.Pow(2, attempt);
            wait = wait < s_longest ? wait : s_longest;
            for (int index = 0; index < settings.Servers.Count; index++)
            {
                var server = settings.Servers[(first + index) % settings.Servers.Count];
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                patience.CancelAfter(wait);
                try
                {
                    var exchange = await AskAsync(server, name, type, edns, transport, patience.Token, tls: settings.Tls).ConfigureAwait(false);
                    if (exchange.Message.ResponseCode is not (ServerFailure or NotImplemented or Refused))
                        return exchange;
                    unwilling ??= exchange;
                }
                catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
                {
                    last = $"{server} did not answer within {wait.TotalSeconds:0.#} s";
                }
                catch (SocketException error)
                {
                    last = $"{server}: {error.Message}";
                }
                catch (DnsExchangeException refused)
                {
                    last = refused.Message;
                }
            }
        }

        return unwilling ?? throw new DnsExchangeException($"No server answered: {last}.");
    }

    // Asks one server once, over TCP if its answer is cut off, without EDNS if it does not know that. RD is for one that is to walk itself;
    // asking is told each query before it goes.
    internal static async Task<DnsExchange> AskAsync(
        IPEndPoint server, DnsName name, ushort type, DnsEdns? edns, DnsTransport transport, CancellationToken cancel, DnsFlags flags = DnsFlags.RecursionDesired,
        TlsSettings? tls = null, Action<DnsMessage>? asking = null)
    {
        var query = DnsMessage.Query((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1), name, type, edns) with { Flags = flags };
        asking?.Invoke(query);
        var exchange = await (transport switch
        {
            DnsTransport.Udp => UdpTransport.AskAsync(server, query, cancel),
            DnsTransport.Tcp => StreamTransport.AskAsync(server, query, null, cancel),
            DnsTransport.Tls => StreamTransport.AskAsync(server, query, tls ?? new TlsSettings(), cancel),
            _ => HttpsTransport.AskAsync(server, query, tls ?? new TlsSettings(), cancel),
        }).ConfigureAwait(false);
        // A server from before EDNS says FORMERR to it (RFC 6891 section 7).
        if (exchange.Message is { ResponseCode: FormatError, Edns: null } && edns is not null)
            return await AskAsync(server, name, type, null, transport, cancel, flags, tls, asking).ConfigureAwait(false);
        return transport == DnsTransport.Udp && (exchange.Message.Flags & DnsFlags.Truncated) != 0
            ? await AskAsync(server, name, type, edns, DnsTransport.Tcp, cancel, flags, asking: asking).ConfigureAwait(false)
            : exchange;
    }
}
