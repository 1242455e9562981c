using static NetLab.Core.Interop.SocketConstants;

namespace NetLab.Core.Scripts;

/// <summary>A socket option under the name that a script gives it.</summary>
/// <param name="Name">The script's word.</param>
/// <param name="Constant">The name in C.</param>
/// <param name="Level">setsockopt's level.</param>
/// <param name="Option">setsockopt's option.</param>
/// <param name="Does">What it does, in a sentence.</param>
public sealed record SocketOption(string Name, string Constant, int Level, int Option, string Does)
{
    /// <summary>Every option that a script may name.</summary>
    public static IReadOnlyList<SocketOption> All { get; } =
    [
        new("reuseaddr", "SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR, "Lets bind take a port whose old connections are still in TIME_WAIT."),
        new("reuseport", "SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT, "Lets several sockets of one user bind the same address and port."),
        new("keepalive", "SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE, "Probes a silent peer."),
        new("linger", "SO_LINGER", SOL_SOCKET, SO_LINGER, "Seconds for which close waits for unsent data; 0 makes close send RST, off is the normal close."),
        new("rcvbuf", "SO_RCVBUF", SOL_SOCKET, SO_RCVBUF, "Size of the receive buffer in bytes; the kernel doubles it."),
        new("sndbuf", "SO_SNDBUF", SOL_SOCKET, SO_SNDBUF, "Size of the send buffer in bytes; the kernel doubles it."),
        new("rcvlowat", "SO_RCVLOWAT", SOL_SOCKET, SO_RCVLOWAT, "Bytes that must be there before recv returns."),
        new("broadcast", "SO_BROADCAST", SOL_SOCKET, SO_BROADCAST, "Lets datagrams go to a broadcast address."),
        new("oobinline", "SO_OOBINLINE", SOL_SOCKET, SO_OOBINLINE, "Leaves urgent data in the stream."),
        new("error", "SO_ERROR", SOL_SOCKET, SO_ERROR, "The error that waits on the socket; reading it clears it."),
        new("nodelay", "TCP_NODELAY", IPPROTO_TCP, TCP_NODELAY, "Sends small segments at once (no Nagle algorithm)."),
        new("cork", "TCP_CORK", IPPROTO_TCP, TCP_CORK, "Holds back partial segments until it is taken off."),
        new("quickack", "TCP_QUICKACK", IPPROTO_TCP, TCP_QUICKACK, "Acknowledges at once instead of delaying."),
        new("maxseg", "TCP_MAXSEG", IPPROTO_TCP, TCP_MAXSEG, "Largest segment in bytes."),
        new("keepidle", "TCP_KEEPIDLE", IPPROTO_TCP, TCP_KEEPIDLE, "Seconds of silence before the first keep-alive probe."),
        new("keepintvl", "TCP_KEEPINTVL", IPPROTO_TCP, TCP_KEEPINTVL, "Seconds between keep-alive probes."),
        new("keepcnt", "TCP_KEEPCNT", IPPROTO_TCP, TCP_KEEPCNT, "Keep-alive probes that may stay unanswered."),
        new("syncnt", "TCP_SYNCNT", IPPROTO_TCP, TCP_SYNCNT, "How often connect repeats its SYN."),
        new("defer_accept", "TCP_DEFER_ACCEPT", IPPROTO_TCP, TCP_DEFER_ACCEPT, "Wakes accept only when data has come; seconds."),
        new("user_timeout", "TCP_USER_TIMEOUT", IPPROTO_TCP, TCP_USER_TIMEOUT, "Milliseconds that sent data may stay unacknowledged."),
        new("ttl", "IP_TTL", IPPROTO_IP, IP_TTL, "Hops that a packet may travel."),
        new("tos", "IP_TOS", IPPROTO_IP, IP_TOS, "The type-of-service octet of sent packets."),
        new("hoplimit", "IPV6_UNICAST_HOPS", IPPROTO_IPV6, IPV6_UNICAST_HOPS, "Hops that an IPv6 packet may travel."),
        new("v6only", "IPV6_V6ONLY", IPPROTO_IPV6, IPV6_V6ONLY, "Keeps an IPv6 socket from taking IPv4."),
    ];
}
