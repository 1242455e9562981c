using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NetLab.Core.Dns;

namespace NetLab.Core.Resolver;

/// <summary>A query in a datagram. The kernel gives each a port of its own.</summary>
internal static class UdpTransport
{
    public static async Task<DnsExchange> AskAsync(IPEndPoint server, DnsMessage query, CancellationToken cancel)
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
            if (DnsExchange.IsAnswerTo(query, buffer.AsSpan(0, length)))
                return DnsExchange.Read(server, DnsTransport.Udp, query, octets, buffer.AsMemory(0, length), duration);
        }
    }
}
