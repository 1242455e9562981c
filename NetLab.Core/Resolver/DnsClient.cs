using System.Buffers.Binary;
using System.Diagnostics;
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
    private const int FormatError = 1;

    /// <summary>Asks one question.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type.</param>
    /// <param name="edns">What EDNS says; null for a query without.</param>
    /// <param name="transport">How the query travels.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="DnsExchangeException">Nobody answered in time; it says who was asked and why not.</exception>
    public async Task<DnsExchange> AskAsync(DnsName name, ushort type, DnsEdns? edns, DnsTransport transport, CancellationToken cancel)
    {
        string last = "there is no server to ask";
        for (int attempt = 0; attempt < settings.Attempts; attempt++)
        {
            foreach (var server in settings.Servers)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                patience.CancelAfter(settings.Timeout);
                try
                {
                    return await AskAsync(server, name, type, edns, transport, patience.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
                {
                    last = $"{server} did not answer within {settings.Timeout.TotalSeconds:0.#} s";
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

        throw new DnsExchangeException($"No server answered: {last}.");
    }

    // Asks one server once, over TCP if its answer is cut off, without EDNS if it does not know that. RD is for one that is to walk itself.
    internal static async Task<DnsExchange> AskAsync(
        IPEndPoint server, DnsName name, ushort type, DnsEdns? edns, DnsTransport transport, CancellationToken cancel, DnsFlags flags = DnsFlags.RecursionDesired)
    {
        var query = DnsMessage.Query((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1), name, type, edns) with { Flags = flags };
        var exchange = transport == DnsTransport.Udp
            ? await OverUdpAsync(server, query, cancel).ConfigureAwait(false)
            : await OverTcpAsync(server, query, cancel).ConfigureAwait(false);
        // A server from before EDNS says FORMERR to it (RFC 6891 section 7).
        if (exchange.Message is { ResponseCode: FormatError, Edns: null } && edns is not null)
            return await AskAsync(server, name, type, null, transport, cancel, flags).ConfigureAwait(false);
        return transport == DnsTransport.Udp && (exchange.Message.Flags & DnsFlags.Truncated) != 0
            ? await AskAsync(server, name, type, edns, DnsTransport.Tcp, cancel, flags).ConfigureAwait(false)
            : exchange;
    }

    private static async Task<DnsExchange> OverUdpAsync(IPEndPoint server, DnsMessage query, CancellationToken cancel)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // Connected, so that the kernel takes datagrams from this server alone.
        await socket.ConnectAsync(server, cancel).ConfigureAwait(false);
        byte[] octets = query.Encode();
        byte[] buffer = new byte[ushort.MaxValue];
        long begun = Stopwatch.GetTimestamp();
        await socket.SendAsync(octets, cancel).ConfigureAwait(false);
        while (true)
        {
            int length = await socket.ReceiveAsync(buffer, cancel).ConfigureAwait(false);
            var duration = Stopwatch.GetElapsedTime(begun);
            // What is not the answer may be somebody's guess at it: the true one may still come.
            if (IsAnswerTo(query, buffer.AsSpan(0, length)))
                return Read(server, DnsTransport.Udp, query, octets, buffer.AsMemory(0, length), duration);
        }
    }

    private static async Task<DnsExchange> OverTcpAsync(IPEndPoint server, DnsMessage query, CancellationToken cancel)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        long begun = Stopwatch.GetTimestamp();
        await socket.ConnectAsync(server, cancel).ConfigureAwait(false);
        byte[] octets = query.Encode();
        // Length and message in one segment (RFC 7766 section 8).
        await socket.SendAsync((byte[])[(byte)(octets.Length >> 8), (byte)octets.Length, .. octets], cancel).ConfigureAwait(false);
        byte[] head = new byte[2];
        await ReceiveAsync(socket, server, head, cancel).ConfigureAwait(false);
        byte[] answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
        await ReceiveAsync(socket, server, answer, cancel).ConfigureAwait(false);
        if (!IsAnswerTo(query, answer))
            throw new DnsExchangeException($"{server} answered another question than was asked");
        return Read(server, DnsTransport.Tcp, query, octets, answer, Stopwatch.GetElapsedTime(begun));
    }

    private static async Task ReceiveAsync(Socket socket, IPEndPoint server, Memory<byte> into, CancellationToken cancel)
    {
        while (!into.IsEmpty)
        {
            int count = await socket.ReceiveAsync(into, cancel).ConfigureAwait(false);
            if (count == 0)
                throw new DnsExchangeException($"{server} closed the connection before its answer was whole");
            into = into[count..];
        }
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

    private static DnsExchange Read(IPEndPoint server, DnsTransport transport, DnsMessage query, byte[] octets, ReadOnlyMemory<byte> answer, TimeSpan duration)
    {
        if (!DnsMessage.TryDecode(answer.Span, out var message, out var error))
            throw new DnsExchangeException($"the answer of {server} to {query.Questions[0].Name} can't be read: {error}");
        return new DnsExchange(server, transport, octets, answer.ToArray(), message, duration);
    }
}
