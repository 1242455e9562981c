using System.Globalization;
using System.Text;
using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>The numbers in system calls by the names that Linux's headers give them; a number without a name is written as a number.</summary>
internal static class SyscallNames
{
    private static readonly (long Bit, string Name)[] s_messageFlags =
    [
        (0x1, "MSG_OOB"), (0x2, "MSG_PEEK"), (0x4, "MSG_DONTROUTE"), (0x8, "MSG_CTRUNC"), (0x20, "MSG_TRUNC"), (0x40, "MSG_DONTWAIT"), (0x80, "MSG_EOR"),
        (0x100, "MSG_WAITALL"), (0x800, "MSG_CONFIRM"), (0x2000, "MSG_ERRQUEUE"), (0x4000, "MSG_NOSIGNAL"), (0x8000, "MSG_MORE"), (0x10000, "MSG_WAITFORONE"),
        (0x4000000, "MSG_ZEROCOPY"), (0x20000000, "MSG_FASTOPEN"), (0x40000000, "MSG_CMSG_CLOEXEC"),
    ];

    private static readonly string[] s_socketOptions = ("- SO_DEBUG SO_REUSEADDR SO_TYPE SO_ERROR SO_DONTROUTE SO_BROADCAST SO_SNDBUF SO_RCVBUF SO_KEEPALIVE "
        + "SO_OOBINLINE SO_NO_CHECK SO_PRIORITY SO_LINGER SO_BSDCOMPAT SO_REUSEPORT SO_PASSCRED SO_PEERCRED SO_RCVLOWAT SO_SNDLOWAT SO_RCVTIMEO_OLD "
        + "SO_SNDTIMEO_OLD - - - SO_BINDTODEVICE SO_ATTACH_FILTER SO_DETACH_FILTER SO_PEERNAME SO_TIMESTAMP_OLD SO_ACCEPTCONN SO_PEERSEC SO_SNDBUFFORCE "
        + "SO_RCVBUFFORCE SO_PASSSEC SO_TIMESTAMPNS_OLD SO_MARK SO_TIMESTAMPING_OLD SO_PROTOCOL SO_DOMAIN SO_RXQ_OVFL SO_WIFI_STATUS SO_PEEK_OFF SO_NOFCS "
        + "SO_LOCK_FILTER SO_SELECT_ERR_QUEUE SO_BUSY_POLL SO_MAX_PACING_RATE SO_BPF_EXTENSIONS SO_INCOMING_CPU SO_ATTACH_BPF - SO_ATTACH_REUSEPORT_EBPF "
        + "SO_CNX_ADVICE - SO_MEMINFO SO_INCOMING_NAPI_ID SO_COOKIE - SO_PEERGROUPS SO_ZEROCOPY").Split(' ');

    private static readonly string[] s_tcpOptions = ("- TCP_NODELAY TCP_MAXSEG TCP_CORK TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_SYNCNT TCP_LINGER2 "
        + "TCP_DEFER_ACCEPT TCP_WINDOW_CLAMP TCP_INFO TCP_QUICKACK TCP_CONGESTION TCP_MD5SIG - TCP_THIN_LINEAR_TIMEOUTS TCP_THIN_DUPACK TCP_USER_TIMEOUT "
        + "TCP_REPAIR TCP_REPAIR_QUEUE TCP_QUEUE_SEQ TCP_REPAIR_OPTIONS TCP_FASTOPEN TCP_TIMESTAMP TCP_NOTSENT_LOWAT TCP_CC_INFO TCP_SAVE_SYN TCP_SAVED_SYN "
        + "TCP_REPAIR_WINDOW TCP_FASTOPEN_CONNECT TCP_ULP TCP_MD5SIG_EXT TCP_FASTOPEN_KEY TCP_FASTOPEN_NO_COOKIE TCP_ZEROCOPY_RECEIVE TCP_INQ").Split(' ');

    private static readonly string[] s_fcntl = ("F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW F_SETOWN F_GETOWN F_SETSIG F_GETSIG").Split(' ');

    internal static string Error(long number) => number switch
    {
        512 => "ERESTARTSYS",
        513 => "ERESTARTNOINTR",
        514 => "ERESTARTNOHAND",
        516 => "ERESTART_RESTARTBLOCK",
        _ => ((Errno)number).Name(),
    };

    internal static string Sentence(long number) => number switch
    {
        512 or 514 => "To be restarted after the signal",
        513 or 516 => "To be restarted",
        _ => ((Errno)number).Words(),
    };

    internal static string Family(long value) => value switch
    {
        0 => "AF_UNSPEC",
        1 => "AF_UNIX",
        2 => "AF_INET",
        10 => "AF_INET6",
        16 => "AF_NETLINK",
        17 => "AF_PACKET",
        40 => "AF_VSOCK",
        44 => "AF_XDP",
        _ => Number(value),
    };

    internal static string SocketType(long value) => With((value & 0xF) switch
    {
        1 => "SOCK_STREAM",
        2 => "SOCK_DGRAM",
        3 => "SOCK_RAW",
        4 => "SOCK_RDM",
        5 => "SOCK_SEQPACKET",
        _ => Number(value & 0xF),
    }, AcceptFlags(value & ~0xFL));

    internal static string AcceptFlags(long value) => Flags(value, [(0x80000, "SOCK_CLOEXEC"), (0x800, "SOCK_NONBLOCK")]);

    internal static string OpenFlags(long value) =>
        Flags(value, [(0x1, "O_WRONLY"), (0x2, "O_RDWR"), (0x400, "O_APPEND"), (0x800, "O_NONBLOCK"), (0x2000, "O_ASYNC"), (0x80000, "O_CLOEXEC")]);

    internal static string Protocol(long value, long family) => (value, family) switch
    {
        (0, 2 or 10) => "IPPROTO_IP",
        (1, 2 or 10) => "IPPROTO_ICMP",
        (6, 2 or 10) => "IPPROTO_TCP",
        (17, 2 or 10) => "IPPROTO_UDP",
        (58, 2 or 10) => "IPPROTO_ICMPV6",
        (262, 2 or 10) => "IPPROTO_MPTCP",
        _ => Number(value),
    };

    internal static string MessageFlags(long value) => Flags(value, s_messageFlags);

    internal static string How(long value) => value switch { 0 => "SHUT_RD", 1 => "SHUT_WR", 2 => "SHUT_RDWR", _ => Number(value) };

    internal static string Level(long value) => value switch
    {
        0 => "SOL_IP",
        1 => "SOL_SOCKET",
        6 => "SOL_TCP",
        17 => "SOL_UDP",
        41 => "SOL_IPV6",
        _ => Number(value),
    };

    internal static string Option(long level, long value) => (level, value) switch
    {
        (1, _) => At(s_socketOptions, value),
        (6, _) => At(s_tcpOptions, value),
        (0, 1) => "IP_TOS",
        (0, 2) => "IP_TTL",
        (0, 8) => "IP_PKTINFO",
        (0, 10) => "IP_MTU_DISCOVER",
        (0, 11) => "IP_RECVERR",
        (0, 24) => "IP_BIND_ADDRESS_NO_PORT",
        (41, 16) => "IPV6_UNICAST_HOPS",
        (41, 25) => "IPV6_RECVERR",
        (41, 26) => "IPV6_V6ONLY",
        (41, 67) => "IPV6_TCLASS",
        _ => Number(value),
    };

    internal static string Fcntl(long value) => value == 1030 ? "F_DUPFD_CLOEXEC" : At(s_fcntl, value);

    internal static string FcntlArgument(long command, long value) => command switch
    {
        4 => OpenFlags(value),
        2 => value == 1 ? "FD_CLOEXEC" : Number(value),
        _ => Number(value),
    };

    internal static string Ioctl(long value) => value switch
    {
        0x5421 => "FIONBIO",
        0x541B => "FIONREAD",
        0x5452 => "FIOASYNC",
        0x5411 => "TIOCOUTQ",
        0x8905 => "SIOCATMARK",
        _ => "0x" + value.ToString("x"),
    };

    internal static string Epoll(long value) => value switch { 1 => "EPOLL_CTL_ADD", 2 => "EPOLL_CTL_DEL", 3 => "EPOLL_CTL_MOD", _ => Number(value) };

    internal static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string At(string[] names, long value) => value >= 0 && value < names.Length && names[value] != "-" ? names[value] : Number(value);

    private static string With(string first, string second) => second == "0" ? first : $"{first}|{second}";

    private static string Flags(long value, ReadOnlySpan<(long Bit, string Name)> names)
    {
        if (value == 0)
            return "0";
        var text = new StringBuilder();
        foreach (var (bit, name) in names)
        {
            if ((value & bit) == 0)
                continue;
            text.Append(text.Length == 0 ? "" : "|").Append(name);
            value &= ~bit;
        }

        return value == 0 ? text.ToString() : text.Append(text.Length == 0 ? "" : "|").Append("0x").Append(value.ToString("x")).ToString();
    }
}
