using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using NetLab.Core.Dns;

namespace NetLab.Core.Resolver;

/// <summary>A query behind its length in a stream: over TCP (RFC 7766), or in TLS over it (RFC 7858).</summary>
internal static class StreamTransport
{
    // Of one size, so that the length does not tell the name (RFC 8467 section 4.1).
    private const int BlockLength = 128;

    public static async Task<DnsExchange> AskAsync(IPEndPoint server, DnsMessage query, TlsSettings? tls, CancellationToken cancel)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        long begun = Stopwatch.GetTimestamp();
        await socket.ConnectAsync(server, cancel).ConfigureAwait(false);
        await using var plain = new NetworkStream(socket, ownsSocket: false);
        if (tls is null)
            return await AskAsync(plain, server, DnsTransport.Tcp, query, begun, cancel).ConfigureAwait(false);
        await using var secured = new SslStream(plain, leaveInnerStreamOpen: true);
        try
        {
            await secured.AuthenticateAsClientAsync(tls.Options(server), cancel).ConfigureAwait(false);
        }
        catch (AuthenticationException refused)
        {
            throw new DnsExchangeException($"{server} is not trusted: {tls.Explain(server, refused)}");
        }

        return await AskAsync(secured, server, DnsTransport.Tls, Padded(query), begun, cancel).ConfigureAwait(false);
    }

    private static async Task<DnsExchange> AskAsync(Stream stream, IPEndPoint server, DnsTransport transport, DnsMessage query, long begun, CancellationToken cancel)
    {
        byte[] octets = query.Encode();
        try
        {
            // Length and message in one segment (RFC 7766 section 8).
            await stream.WriteAsync((byte[])[(byte)(octets.Length >> 8), (byte)octets.Length, .. octets], cancel).ConfigureAwait(false);
            byte[] head = new byte[2];
            await stream.ReadExactlyAsync(head, cancel).ConfigureAwait(false);
            byte[] answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
            await stream.ReadExactlyAsync(answer, cancel).ConfigureAwait(false);
            if (!DnsExchange.IsAnswerTo(query, answer))
                throw new DnsExchangeException($"{server} answered another question than was asked");
            return DnsExchange.Read(server, transport, query, octets, answer, Stopwatch.GetElapsedTime(begun));
        }
        catch (EndOfStreamException)
        {
            throw new DnsExchangeException($"{server} closed the connection before its answer was whole");
        }
        catch (IOException broken)
        {
            throw new DnsExchangeException($"{server}: {broken.InnerException?.Message ?? broken.Message}");
        }
    }

    private static DnsMessage Padded(DnsMessage query)
    {
        if (query.Edns is not { } edns || edns.Options.Any(option => option.Code == DnsOption.Padding))
            return query;
        int length = query.Encode().Length + 4;
        return query with { Edns = edns with { Options = [.. edns.Options, new DnsOption(DnsOption.Padding, new byte[(BlockLength - length % BlockLength) % BlockLength])] } };
    }
}
