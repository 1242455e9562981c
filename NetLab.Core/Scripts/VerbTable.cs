using NetLab.Core.Interop;

namespace NetLab.Core.Scripts;

/// <summary>The verbs of the script language, one entry each.</summary>
public static partial class VerbTable
{
    /// <summary>Every verb, in the order in which a learner meets them.</summary>
    public static IReadOnlyList<Verb> All { get; } =
    [
        new("socket", "socket inet|inet6|unix stream|dgram [as NAME] [expect OUTCOME]",
            "Makes a socket; without a name it is called socket.", "socket", "socket inet stream as listener")
        {
            Build = a => new OpenSocket(
                a.Get<string>("inet") switch { "inet" => SocketFamily.Inet, "inet6" => SocketFamily.Inet6, _ => SocketFamily.Unix },
                a.Get<string>("stream") == "stream" ? SocketKind.Stream : SocketKind.Dgram, a.Get("NAME", "socket")),
            Explains = "Asks the kernel for a new socket[, called NAME here]. It has no address yet, and nothing goes out on the wire.",
            Words = new()
            {
                ["inet"] = "IPv4 (AF_INET)",
                ["inet6"] = "IPv6 (AF_INET6)",
                ["unix"] = "within this machine (AF_UNIX)",
                ["stream"] = "bytes in order, without boundaries; over IP that is TCP (SOCK_STREAM)",
                ["dgram"] = "single messages; over IP that is UDP (SOCK_DGRAM)",
            },
            Errors = [Errno.EMFILE],
        },
        new("setsockopt", "setsockopt OPTION VALUE [on SOCKET] [expect OUTCOME]", "Sets an option of the socket.", "setsockopt", "setsockopt reuseaddr 1")
        {
            Build = a => new SetOption(a.Get<SocketOption>("OPTION"), a.Get<Value>("VALUE").Number),
            Explains = "Sets OPTION to VALUE.",
            Errors = [Errno.EPERM, Errno.EINVAL],
        },
        new("getsockopt", "getsockopt OPTION [on SOCKET] [expect OUTCOME]",
            "Asks for an option of the socket; the result is its value.", "getsockopt", "getsockopt rcvbuf")
        {
            Build = a => new GetOption(a.Get<SocketOption>("OPTION")),
            Explains = "Asks for OPTION; its value is the result.",
            Errors = [Errno.ENOPROTOOPT],
        },
        new("bind", "bind ADDRESS [on SOCKET] [expect OUTCOME]", "Gives the socket its local address; port 0 takes a free one.", "bind", "bind 127.0.0.1:8000")
        {
            Build = a => new Bind(a.Get<AddressText>("ADDRESS")),
            Explains = "Gives the socket the local address ADDRESS: what is sent there is for this socket. Nothing goes out on the wire.",
            Errors = [Errno.EADDRINUSE, Errno.EADDRNOTAVAIL, Errno.EACCES],
        },
        new("listen", "listen BACKLOG [on SOCKET] [expect OUTCOME]",
            "Lets clients connect; so many may wait to be accepted, and one more.", "listen", "listen 5")
        {
            Build = a => new Listen(a.Get<int>("BACKLOG")),
            Explains = "From now on the kernel answers each SYN by itself. BACKLOG complete connections, and one more, may wait to be accepted.",
            Event = _ => "passive open",
            Errors = [Errno.EADDRINUSE],
        },
        new("accept", "accept [as NAME] [on SOCKET] [expect OUTCOME]",
            "Takes the next connection from the newest socket that listens; without a name it is called connection.", "accept4", "accept")
        {
            Build = a => new Accept(a.Get("NAME", "connection")),
            Explains = "Takes the oldest complete connection out of the queue of the socket that listens[ and calls it NAME]; it sleeps while the queue is empty. The kernel has done the handshake before.",
            Arrives = ["rcv SYN", "rcv ACK of SYN"],
            Errors = [Errno.EAGAIN],
            Waits = Waits.ForPeer,
        },
        new("connect", "connect ADDRESS [on SOCKET] [expect OUTCOME]",
            "Connects to an address; for datagrams it only sets where they go.", "connect", "connect 127.0.0.1:8000")
        {
            Build = a => new Connect(a.Get<AddressText>("ADDRESS")),
            Explains = "Sends SYN to ADDRESS and sleeps until the handshake is done or refused; the kernel chooses the local port. A datagram socket only notes ADDRESS.",
            Event = _ => "active open",
            Errors = [Errno.ECONNREFUSED, Errno.ETIMEDOUT, Errno.EADDRNOTAVAIL],
            Waits = Waits.ForPeer,
        },
        new("send", "send TEXT [times COUNT] [on SOCKET] [expect OUTCOME]", "Sends the text, repeated in one call.", "sendto", "send \"hello word\"")
        {
            Build = a => new Send(a.Get<ReadOnlyMemory<byte>>("TEXT"), a.Get("COUNT", 1)),
            Explains = "Copies TEXT[ COUNT times] into the send buffer and returns; TCP sends it when the window and Nagle's rule allow. It sleeps only while the buffer is full.",
            Errors = [Errno.EPIPE, Errno.ECONNRESET, Errno.EAGAIN],
            Waits = Waits.ForPeer,
        },
        new("recv", "recv [exactly|peek] BYTES [on SOCKET] [expect OUTCOME]",
            "Receives at most so many bytes; with exactly it calls until it has them all, with peek they stay in the queue.", "recvfrom", "recv exactly 16")
        {
            Build = a => new Receive(a.Get<int>("BYTES"), a.Mode),
            Explains = "Takes at most BYTES bytes out of the receive buffer. It sleeps while that is empty; 0 says that the peer has sent FIN and everything was read.",
            Words = new()
            {
                ["exactly"] = "it calls again until it has them all",
                ["peek"] = "the bytes stay in the buffer (MSG_PEEK)",
            },
            Errors = [Errno.ECONNRESET, Errno.EAGAIN],
            Waits = Waits.ForData,
        },
        new("sendto", "sendto ADDRESS TEXT [on SOCKET] [expect OUTCOME]",
            "Sends one datagram; sender stands for where the last one came from.", "sendto", "sendto 127.0.0.1:1060 \"ping\"")
        {
            Build = a => new SendTo(a.Get<AddressText>("ADDRESS"), a.Get<ReadOnlyMemory<byte>>("TEXT")),
            Explains = "Sends TEXT as one datagram to ADDRESS; nobody tells whether it arrives.",
            Errors = [Errno.ECONNREFUSED, Errno.EMSGSIZE],
        },
        new("recvfrom", "recvfrom [peek|trunc] BYTES [on SOCKET] [expect OUTCOME]",
            "Receives one datagram and learns its sender; with trunc the result is its real length.", "recvfrom", "recvfrom 1500")
        {
            Build = a => new ReceiveFrom(a.Get<int>("BYTES"), a.Mode),
            Explains = "Takes the next datagram, at most BYTES bytes of it (the rest is lost), and learns who sent it. It sleeps until one is there.",
            Words = new()
            {
                ["peek"] = "the datagram stays in the queue (MSG_PEEK)",
                ["trunc"] = "the result is its real length, however much was cut off (MSG_TRUNC)",
            },
            Errors = [Errno.ECONNREFUSED, Errno.EAGAIN],
            Waits = Waits.ForData,
        },
        new("shutdown", "shutdown read|write|both [on SOCKET] [expect OUTCOME]",
            "Closes one direction or both; write sends FIN.", "shutdown", "shutdown write")
        {
            Build = a => new Shutdown(a.Get<string>("read") switch { "read" => 0, "write" => 1, _ => 2 }),
            Explains = "Closes one direction or both; the descriptor stays.",
            Words = new()
            {
                ["read"] = "SHUT_RD: recv gives 0 from now on, and nothing goes out on the wire",
                ["write"] = "SHUT_WR: FIN goes out after all data, and receiving goes on",
                ["both"] = "SHUT_RDWR: both at once",
            },
            Event = operation => operation is Shutdown { How: 0 } ? null : "close",
            Errors = [Errno.ENOTCONN],
        },
        new("set", "set blocking|nonblocking [on SOCKET] [expect OUTCOME]",
            "Decides whether a call that has to wait blocks or fails with EAGAIN.", "fcntl", "set nonblocking")
        {
            Build = a => new SetBlocking(a.Get<string>("blocking") == "blocking" ? BlockingMode.Blocking : BlockingMode.Nonblocking),
            Explains = "Sets what calls on it do when they would have to wait.",
            Words = new()
            {
                ["blocking"] = "they sleep",
                ["nonblocking"] = "they fail with EAGAIN, connect with EINPROGRESS (O_NONBLOCK)",
            },
        },
        new("poll", "poll readable|writable [all] [DURATION] [on SOCKET] [expect OUTCOME]",
            "Waits until the socket is ready (result 1) or the time is over (0); with all until any socket of the actor is, and the result is how many.", "poll", "poll readable 200ms")
        {
            Build = a => new Poll(a.Readiness, a.Watched, a.Timeout),
            Explains = "Sleeps until the socket is ready[, DURATION at most]: 1 if it is, 0 if the time is over.",
            Words = new()
            {
                ["readable"] = "recv or accept would not sleep",
                ["writable"] = "send would not sleep",
                ["all"] = "every open socket of the actor in one call; the result is how many are ready",
            },
            Waits = Waits.ForTime,
        },
        new("select", "select readable|writable [all] [DURATION] [on SOCKET] [expect OUTCOME]",
            "As poll, by the older call.", "select", "select readable 200ms expect 0")
        {
            Build = a => new Select(a.Readiness, a.Watched, a.Timeout),
            Explains = "Sleeps until the socket is ready[, DURATION at most]: 1 if it is, 0 if the time is over.",
            Words = new()
            {
                ["readable"] = "recv or accept would not sleep",
                ["writable"] = "send would not sleep",
                ["all"] = "every open socket of the actor in one call; the result is how many are ready",
            },
            Waits = Waits.ForTime,
        },
        .. IoModels,
        new("abort", "abort [SOCKET]", "Closes with RST: sets SO_LINGER to no time, then closes (two calls).", "close", "abort")
        {
            Build = _ => new Abort(),
            Explains = "Drops the connection: what is not yet sent is lost, and the peer gets RST. Two calls: SO_LINGER with no time, then close.",
            Event = _ => "abort",
        },
        new("close", "close [SOCKET] [expect OUTCOME]", "Closes the socket; a connection sends FIN.", "close", "close listener")
        {
            Build = _ => new Close(),
            Explains = "Gives the descriptor back. A connection sends FIN after its last byte, or RST if received bytes were left unread.",
            Event = _ => "close",
        },
        new("vanish", "vanish [SOCKET]", "Closes without a word, as a machine does that loses its power; needs CAP_NET_ADMIN (two calls).", "close", "vanish")
        {
            Build = _ => new Vanish(),
            Explains = "Throws the connection away without FIN or RST (TCP_REPAIR, then close): the peer does not learn of it and stays in its state, half-open.",
            Errors = [Errno.EPERM],
            Needs = Requirement.NetAdmin,
        },
        new("unplug", "unplug [on SOCKET] [expect OUTCOME]", "From now on nothing that is sent to the socket reaches it, as if its cable were cut; needs CAP_NET_ADMIN.", "setsockopt", "unplug")
        {
            Build = _ => new Unplug(),
            Explains = "Puts a filter on the socket that lets no packet pass (SO_ATTACH_FILTER): TCP itself never sees them, so nothing is acknowledged and nothing refused.",
            Errors = [Errno.EPERM],
            Needs = Requirement.NetAdmin,
        },
        new("sleep", "sleep DURATION", "Lets time pass.", "", "sleep 200ms")
        {
            Build = a => new Sleep(a.Get<Duration>("DURATION")),
            Explains = "Does nothing for DURATION.",
            Waits = Waits.ForTime,
        },
        new("wait", "wait ACTOR.SOCKET STATE", "Waits until a socket of the script is in a state.", "", "wait server.listener LISTEN")
        {
            Build = a => new WaitFor(a.Get<SocketReference>("ACTOR.SOCKET"), a.Get<Tcp.TcpState>("STATE")),
            Explains = "Waits until ACTOR.SOCKET has come to STATE; no system call.",
            Waits = Waits.ForTime,
        },
        new("after", "after ACTOR VERB [COUNT]", "Waits until another actor has done a verb, so many times.", "", "after server close")
        {
            Build = a => new After(a.Get<string>("ACTOR"), a.Get<string>("VERB"), a.Get("COUNT", 1)),
            Explains = "Waits until ACTOR has done VERB[ COUNT times]; no system call.",
            Waits = Waits.ForTime,
        },
        new("repeat", "repeat COUNT", "Does the steps up to its end so many times.", "", "repeat 3")
        {
            Build = a => new Repeat(a.Get<int>("COUNT"), 0),
            Explains = "Does the steps up to its end COUNT times.",
        },
        new("end", "end", "Ends what repeat began.", "", "end")
        {
            Build = _ => new EndRepeat(0),
            Explains = "Goes back to repeat until it was done often enough.",
        },
    ];

    private static readonly Dictionary<string, Verb> s_byName = All.ToDictionary(v => v.Name);

    /// <summary>The entry of a verb, or null.</summary>
    public static Verb? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>The reference page of the language: verbs, expectations and options, in Markdown.</summary>
    public static string RenderMarkdown() => ReferencePage.Render();
}

/// <summary>An option's value; no number for <c>off</c>.</summary>
internal readonly record struct Value(int? Number);
