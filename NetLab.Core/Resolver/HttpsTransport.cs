using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using NetLab.Core.Dns;

namespace NetLab.Core.Resolver;

/// <summary>A query as the body of an HTTPS request (RFC 8484).</summary>
internal static class HttpsTransport
{
    private const string MediaType = "application/dns-message";

    public static async Task<DnsExchange> AskAsync(IPEndPoint server, DnsMessage query, TlsSettings tls, CancellationToken cancel)
    {
        using var handler = new SocketsHttpHandler
        {
            SslOptions = tls.Options(server),
            UseProxy = false,
            AllowAutoRedirect = false,
            // To the address that was named, whatever the certificate's name is.
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(server, token).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        using var client = new HttpClient(handler) { MaxResponseContentBufferSize = ushort.MaxValue };
        // The number is 0, so that equal questions are equal requests to a cache (section 4.1).
        query = query with { Id = 0 };
        byte[] octets = query.Encode();
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(server, tls)) { Content = new ByteArrayContent(octets), Version = HttpVersion.Version20 };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaType));
        long begun = Stopwatch.GetTimestamp();
        try
        {
            using var response = await client.SendAsync(request, cancel).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new DnsExchangeException($"{server} answered with HTTP status {(int)response.StatusCode}");
            if (response.Content.Headers.ContentType?.MediaType != MediaType)
                throw new DnsExchangeException($"{server} answered with something else than {MediaType}");
            byte[] answer = await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
            if (!DnsExchange.IsAnswerTo(query, answer))
                throw new DnsExchangeException($"{server} answered another question than was asked");
            return DnsExchange.Read(server, DnsTransport.Https, query, octets, answer, Stopwatch.GetElapsedTime(begun));
        }
        catch (HttpRequestException refused) when (refused.InnerException is AuthenticationException untrusted)
        {
            throw new DnsExchangeException($"{server} is not trusted: {tls.Explain(server, untrusted)}");
        }
        catch (HttpRequestException refused)
        {
            throw new DnsExchangeException($"{server}: {(refused.InnerException is SocketException socket ? socket.Message : refused.Message)}");
        }
    }

    private static Uri Address(IPEndPoint server, TlsSettings tls) =>
        new UriBuilder(Uri.UriSchemeHttps, tls.Name ?? server.Address.ToString(), server.Port, "/dns-query").Uri;
}
