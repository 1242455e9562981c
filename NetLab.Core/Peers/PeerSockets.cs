using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>Binds and connects sockets, and says in a sentence why not.</summary>
internal static class PeerSockets
{
    /// <summary>How many connections the kernel keeps for a server until it accepts them; net.core.somaxconn bounds it.</summary>
    public const int Backlog = 4096;


    /// <summary>A socket that is bound, and that listens if it is a stream's.</summary>
    public static Socket? Bind(PeerSpecification peer, out PeerRefusal? refusal) => Bind(peer, peer.Kind.Facts().Protocol, out refusal);

    /// <summary>The same for a peer that has sockets of both protocols.</summary>
    public static Socket? Bind(PeerSpecification peer, byte protocol, out PeerRefusal? refusal)
    {
        if (Resolve(peer, out refusal) is not { } address)
            return null;
        bool isStream = protocol == SocketConstants.IPPROTO_TCP;
        Socket? socket = null;
        try
        {
            socket = isStream
                ? new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
                : new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            // [::] is every address of the machine, as other servers have it.
            if (address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, peer.Port));
            if (isStream)
                socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            refusal = Explain(error, peer, protocol, IpAddress.From(address));
            return null;
        }
    }

    /// <summary>The address that a server's host stands for: IPv4 where a name has both.</summary>
    public static IPAddress? Resolve(PeerSpecification peer, out PeerRefusal? refusal) => ResolveAll(peer, out refusal) is [var first, ..] ? first : null;

    /// <summary>The addresses that a peer's host stands for, IPv4 first; with a refusal where there are none.</summary>
    public static IReadOnlyList<IPAddress> ResolveAll(PeerSpecification peer, out PeerRefusal? refusal)
    {
        refusal = null;
        if (IpAddress.TryParse(peer.BareHost, out var address))
            return [address.ToIPAddress()];
        try
        {
            if (System.Net.Dns.GetHostAddresses(peer.Host).OrderBy(found => found.AddressFamily == AddressFamily.InterNetworkV6).ToArray() is { Length: > 0 } all)
                return all;
        }
        catch (SocketException)
        {
            // No address is the same answer.
        }

        refusal = new PeerRefusal(peer.Kind.Facts().Role == PeerRole.Client ? PeerObstacle.Network : PeerObstacle.Usage, $"No address is known for the host '{peer.Host}'.");
        return [];
    }

    private static PeerRefusal Explain(SocketException error, PeerSpecification peer, byte protocol, IpAddress address)
    {
        var endpoint = new Endpoint(address, peer.Port);
        return error.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => new(PeerObstacle.Network,
                $"{endpoint} is in use{PortHolder.Describe(protocol, endpoint)}.", "Take another port with -p, or 0 for any that is free."),
            SocketError.AccessDenied when peer.Port is > 0 and < 1024 => new(PeerObstacle.NotPermitted,
                $"Port {peer.Port} is privileged: below {UnprivilegedStart()} only root may bind.", $"Use sudo, or a port from {UnprivilegedStart()} up with -p."),
            SocketError.AddressNotAvailable => new(PeerObstacle.Network,
                $"{address} is no address of this machine; its own are {OwnAddresses()}."),
            SocketError.AddressFamilyNotSupported => new(PeerObstacle.Network, $"This machine has no {(address.IsIPv4 ? "IPv4" : "IPv6")}."),
            _ => new(error.SocketErrorCode == SocketError.AccessDenied ? PeerObstacle.NotPermitted : PeerObstacle.Network,
                $"{endpoint} cannot be bound: {((Errno)error.NativeErrorCode).Words()} ({((Errno)error.NativeErrorCode).Name()})."),
        };
    }

    /// <summary>Why a client could not connect.</summary>
    public static PeerRefusal ExplainConnect(SocketException error, Endpoint endpoint)
    {
        var number = (Errno)error.NativeErrorCode;
        return new PeerRefusal(PeerObstacle.Network, number switch
        {
            Errno.ECONNREFUSED => $"{endpoint} refused the connection: nobody listens there (ECONNREFUSED).",
            Errno.ETIMEDOUT => $"{endpoint} did not answer in time (ETIMEDOUT).",
            Errno.ENETUNREACH or Errno.EHOSTUNREACH => $"There is no way to {endpoint} ({number.Name()}).",
            _ => $"The connection to {endpoint} failed: {number.Words()} ({number.Name()}).",
        });
    }

    /// <summary>An endpoint in the journal's form.</summary>
    public static Endpoint EndpointOf(EndPoint? endpoint) =>
        endpoint is IPEndPoint ip ? new Endpoint(IpAddress.From(ip.Address), (ushort)ip.Port) : default;

    private static string UnprivilegedStart()
    {
        try
        {
            return File.ReadAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start").Trim();
        }
        catch (IOException)
        {
            return "1024";
        }
    }

    private static string OwnAddresses()
    {
        try
        {
            return string.Join(", ", System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(device => device.GetIPProperties().UnicastAddresses)
                .Where(unicast => !unicast.Address.IsIPv6LinkLocal)
                .Select(unicast => IpAddress.From(unicast.Address).ToString()).Distinct().Take(8));
        }
        catch (NetworkInformationException)
        {
            return "shown by 'ip addr'";
        }
    }
}
