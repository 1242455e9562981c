using System.Globalization;
using NetLab.Core;
using NetLab.Core.Peers;

namespace NetLab.Tui.Commands;

/// <summary>Whom a load is put on, as the user typed it.</summary>
/// <param name="Name">What the figures are headed with.</param>
/// <param name="Host">The host's name or address.</param>
/// <param name="Exchange">What is asked.</param>
/// <param name="Servers">The host's addresses with the port; empty where the name is unknown.</param>
internal sealed record LoadTarget(string Name, string Host, LoadExchange Exchange, IReadOnlyList<Endpoint> Servers)
{
    /// <summary>Finds it.</summary>
    /// <param name="target">A URL or a host.</param>
    /// <param name="port">A host's port; null with a URL.</param>
    /// <param name="size">How many bytes go to an echo server and back.</param>
    /// <param name="allowed">The host that need not be on loopback.</param>
    /// <param name="names">What names mean.</param>
    /// <param name="mistake">What is wrong, as a sentence.</param>
    /// <returns>The target; null with a mistake.</returns>
    public static LoadTarget? Find(string target, string? port, int size, string? allowed, INameLookup names, out string mistake)
    {
        var place = port is null ? FindUrl(target, names, out mistake) : FindEcho(target, port, size, names, out mistake);
        if (place is null)
            return null;
        if (place.Servers.FirstOrDefault(server => !server.Address.IsLoopback) is { IsUnknown: false } remote)
        {
            if (allowed is null)
            {
                mistake = $"{place.Host} is not on loopback{(place.Host == $"{remote.Address}" ? "" : $" (it is {remote.Address})")}; "
                    + $"if its owner agrees, say so with --yes-remote {place.Host}.";
                return null;
            }

            if (!string.Equals(allowed, place.Host, StringComparison.OrdinalIgnoreCase))
            {
                mistake = $"--yes-remote names {allowed}, but the load would go to {place.Host}.";
                return null;
            }
        }

        mistake = "";
        return place;
    }

    private static LoadTarget? FindUrl(string target, INameLookup names, out string mistake)
    {
        mistake = "";
        if (!target.Contains("://", StringComparison.Ordinal))
            mistake = $"'{target}' is neither a URL (http://…) nor a host with a port after it; an echo server is named as HOST PORT.";
        else if (HttpLoad.ReadUrl(target, out mistake) is { } url)
        {
            string host = url.HostNameType == UriHostNameType.IPv6 ? url.Host.Trim('[', ']') : url.IdnHost;
            return new LoadTarget(url.AbsoluteUri, host, new HttpLoad(url), At(host, (ushort)url.Port, names));
        }

        return null;
    }

    private static LoadTarget? FindEcho(string host, string port, int size, INameLookup names, out string mistake)
    {
        mistake = "";
        ushort number = ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort typed) ? typed : names.Port(port) ?? 0;
        if (host.Contains("://", StringComparison.Ordinal))
            mistake = $"A URL has its port within it; '{port}' after it is too much.";
        else if (number == 0)
            mistake = $"'{port}' is no port: a number from 1 to 65535, or a service of /etc/services.";
        else
        {
            host = host is ['[', .. var inner, ']'] ? inner : host;
            return new LoadTarget(host.Contains(':') ? $"echo [{host}]:{number}" : $"echo {host}:{number}", host, new EchoLoad(size), At(host, number, names));
        }

        return null;
    }

    private static IReadOnlyList<Endpoint> At(string host, ushort port, INameLookup names) => [.. names.Addresses(host).Select(address => new Endpoint(address, port))];
}
