namespace NetLab.Core.Peers;

/// <summary>What a peer does.</summary>
public enum PeerKind
{
    /// <summary>A server that answers "hello word" once and closes first.</summary>
    Hello,

    /// <summary>The server of the sixteen-octet exchange.</summary>
    Framed,

    /// <summary>A server that sends back what it gets (RFC 862, over TCP).</summary>
    Echo,

    /// <summary>A server that throws away what it gets (RFC 863, over TCP).</summary>
    Discard,

    /// <summary>A server that sends characters without end (RFC 864, over TCP).</summary>
    Chargen,

    /// <summary>A server that sends each datagram back (RFC 862, over UDP).</summary>
    UdpEcho,

    /// <summary>A server of a folder's files over HTTP/1.1.</summary>
    Http,

    /// <summary>A server of DNS zones, over UDP and TCP.</summary>
    Dns,

    /// <summary>A client that connects, sends what it is given and keeps what it gets.</summary>
    Connect,

    /// <summary>The client of the sixteen-octet exchange.</summary>
    FramedClient,

    /// <summary>A client that asks an HTTP server again and again, over many connections.</summary>
    HttpLoad,

    /// <summary>A client that sends to an echo server again and again, over many connections.</summary>
    EchoLoad,
}

/// <summary>Which side of the connection a peer is.</summary>
public enum PeerRole
{
    /// <summary>It listens.</summary>
    Server,

    /// <summary>It connects.</summary>
    Client,
}

/// <summary>What is to be known of a kind before one is started.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Name">Its name on the command line: "echo", "udp-echo", "framed client".</param>
/// <param name="Role">Server or client.</param>
/// <param name="Protocol">IPPROTO_TCP (6) or IPPROTO_UDP (17).</param>
/// <param name="DefaultPort">The port where none is named; 0 where one must be.</param>
/// <param name="Summary">What it does, in a line.</param>
public sealed record PeerKindFacts(PeerKind Kind, string Name, PeerRole Role, byte Protocol, ushort DefaultPort, string Summary);

/// <summary>The kinds and what is to be known of them.</summary>
public static class PeerKinds
{
    private const byte Tcp = 6, Udp = 17;

    /// <summary>Every kind, the servers first, in the order of <see cref="PeerKind"/>. Echo, discard and chargen stand at 8000 and their assigned port, which is privileged.</summary>
    public static IReadOnlyList<PeerKindFacts> All { get; } =
    [
        new(PeerKind.Hello, "hello", PeerRole.Server, Tcp, 8000, "waits for a request, answers \"hello word\", closes"),
        new(PeerKind.Framed, "framed", PeerRole.Server, Tcp, 1060, "receives exactly 16 octets, answers \"farewell,client\", closes"),
        new(PeerKind.Echo, "echo", PeerRole.Server, Tcp, 8007, "sends back what it gets (RFC 862)"),
        new(PeerKind.Discard, "discard", PeerRole.Server, Tcp, 8009, "throws away what it gets (RFC 863)"),
        new(PeerKind.Chargen, "chargen", PeerRole.Server, Tcp, 8019, "sends characters without end (RFC 864)"),
        new(PeerKind.UdpEcho, "udp-echo", PeerRole.Server, Udp, 8007, "sends each datagram back (RFC 862 over UDP)"),
        new(PeerKind.Http, "http", PeerRole.Server, Tcp, 8000, "serves the files of a folder over HTTP"),
        new(PeerKind.Dns, "dns", PeerRole.Server, Udp, 8053, "answers DNS queries out of zone files"),
        new(PeerKind.Connect, "connect", PeerRole.Client, Tcp, 0, "connects and sends what it is given"),
        new(PeerKind.FramedClient, "framed client", PeerRole.Client, Tcp, 1060, "sends \"Hi there, server\", receives the answer to its end"),
        new(PeerKind.HttpLoad, "http load", PeerRole.Client, Tcp, 8000, "asks an HTTP server of this machine again and again"),
        new(PeerKind.EchoLoad, "echo load", PeerRole.Client, Tcp, 8007, "sends to an echo server of this machine again and again"),
    ];

    /// <summary>What is to be known of a kind.</summary>
    public static PeerKindFacts Facts(this PeerKind kind) => All[(int)kind];

    /// <summary>The kind of a server's name on the command line.</summary>
    public static bool TryParseServer(ReadOnlySpan<char> name, out PeerKind kind)
    {
        foreach (var facts in All)
        {
            kind = facts.Kind;
            if (facts.Role == PeerRole.Server && name.SequenceEqual(facts.Name))
                return true;
        }

        kind = default;
        return false;
    }
}
