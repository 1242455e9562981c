using System.Net.Sockets;
using System.Text;
using NetLab.Core.Dns;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>One server of the lab's tree.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Zones">What it serves; empty for one that takes queries and never answers.</param>
public sealed record DnsLabServer(IpAddress Address, IReadOnlyList<string> Zones);

/// <summary>Something to ask the lab's tree.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type's mnemonic.</param>
/// <param name="Shows">What is to be seen, a few words.</param>
public sealed record DnsLabQuestion(string Name, string Type, string Shows);

/// <summary>
/// A tree of names of one's own: a root, a top level domain and zones below it, each on a loopback address of its own, all on one port, for
/// glue carries no port. Starting and stopping is for one thread at a time.
/// </summary>
public sealed class DnsLab : IDisposable
{
    /// <summary>The port where none is named.</summary>
    public const ushort DefaultPort = 8053;

    private const int TriesForPort = 16;

    // Every command knows of the lab; a zone is read when it is asked.
    private static readonly Lazy<ZoneSet> s_garden = new(() => new ZoneSet([Zone("garden")]));

    /// <summary>The servers, the root's first.</summary>
    public static IReadOnlyList<DnsLabServer> Servers { get; } =
    [
        new(Address(1), ["root"]),
        new(Address(2), ["test"]),
        new(Address(3), ["garden"]),
        new(Address(4), ["mirror", "glueless", "limping"]),
        new(Address(13), []),
    ];

    /// <summary>What is worth asking, the simplest first.</summary>
    public static IReadOnlyList<DnsLabQuestion> Questions { get; } =
    [
        new("www.garden.test", "A", "the walk from the root"),
        new("rose.garden.test", "A", "a chain of aliases"),
        new("looking-glass.garden.test", "A", "an alias into another zone"),
        new("pond.winter.garden.test", "TXT", "DNAME moves a whole subtree"),
        new("any.paths.garden.test", "TXT", "a wildcard answers"),
        new("people.garden.test", "A", "a name without records: NODATA"),
        new("nobody.garden.test", "A", "no such name: NXDOMAIN"),
        new("hedge.garden.test", "TXT", "too long for UDP: asked again over TCP"),
        new("www.glueless.test", "A", "a server whose address must be asked for first"),
        new("www.limping.test", "A", "one lame server, one good one"),
        new("www.lame.test", "A", "a server that does not serve the zone"),
        new("www.dead.test", "A", "a server that never answers"),
        new("www.gone.test", "A", "nobody listens there"),
        new("www.chicken.test", "A", "two zones that need each other first"),
        new("www.circle.test", "A", "a referral back to where one was"),
        new("snake.garden.test", "A", "an alias of itself"),
        new("echo.garden.test", "A", "aliases of each other in two zones"),
    ];

    private readonly PeerRecorder _recorder;
    private readonly IPeerLog? _log;
    private readonly List<DnsServer> _servers = [];
    private readonly List<Socket> _silent = [];

    /// <summary>A tree that is not started yet.</summary>
    /// <param name="recorder">Where its bytes go.</param>
    /// <param name="log">Who reads its servers' log; null for nobody.</param>
    public DnsLab(PeerRecorder recorder, IPeerLog? log = null) => (_recorder, _log) = (recorder, log);

    /// <summary>The root's address.</summary>
    public static IpAddress Root => Servers[0].Address;

    /// <summary>The port of all servers, once it was started.</summary>
    public ushort Port { get; private set; }

    /// <summary>The zone that a dns server serves when it is given none.</summary>
    internal static ZoneSet Garden => s_garden.Value;

    /// <summary>The text of one of its zones, to be read.</summary>
    /// <param name="name">As in <see cref="DnsLabServer.Zones"/>.</param>
    public static string ZoneText(string name)
    {
        using var stream = typeof(DnsLab).Assembly.GetManifestResourceStream($"dnslab/{name}.zone")
            ?? throw new ArgumentException($"The lab has no zone '{name}'.", nameof(name));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    /// <summary>Starts every server.</summary>
    /// <param name="port">Their port; 0 for one that is free.</param>
    /// <returns>Null, or why not; then none of them runs.</returns>
    public PeerRefusal? Start(ushort port = DefaultPort)
    {
        Stop();
        PeerRefusal? refusal = null;
        for (int tries = 0; tries < TriesForPort; tries++)
        {
            refusal = StartAll(port);
            if (refusal is null)
                return null;
            Stop();
            // A port that is free on the root's address may be taken on another.
            if (port != 0)
                break;
        }

        return refusal;
    }

    /// <summary>Stops every server; returns when nothing of them is left.</summary>
    public void Stop()
    {
        foreach (var server in _servers)
            server.Dispose();
        foreach (var socket in _silent)
            socket.Dispose();
        _servers.Clear();
        _silent.Clear();
    }

    /// <summary>Stops every server.</summary>
    public void Dispose() => Stop();

    private PeerRefusal? StartAll(ushort port)
    {
        Port = port;
        foreach (var one in Servers)
        {
            var specification = new PeerSpecification(PeerKind.Dns, one.Address.ToString(), Port);
            if (one.Zones.Count == 0)
            {
                if (PeerSockets.Bind(specification, (byte)SocketConstants.IPPROTO_UDP, out var wrong) is not { } socket)
                    return wrong;
                _silent.Add(socket);
                continue;
            }

            var server = new DnsServer(specification, _recorder, _log, new ZoneSet([.. one.Zones.Select(Zone)]), workers: 1);
            _servers.Add(server);
            if (server.Start() is { } refusal)
                return refusal;
            Port = server.Local.Port;
        }

        return null;
    }

    private static Zone Zone(string name)
    {
        var reader = new ZoneFile();
        var records = reader.Read(ZoneText(name), DnsName.Root, name + ".zone");
        return new Zone(records, name + ".zone", reader.Places);
    }

    // A network of loopback that nothing else is likely to use: 53 is the port of DNS.
    private static IpAddress Address(int last) => IpAddress.FromIPv4(127u << 24 | 53u << 16 | (uint)last);
}
