using NetLab.Core;
using NetLab.Core.Kernel;

namespace NetLab.Tui.Commands;

/// <summary>
/// What <c>-i</c> selects, in lsof's grammar <c>[46][protocol][@host][:ports]</c>; host and ports may also change places. A socket is selected when one of its
/// two endpoints has the host and the port.
/// </summary>
internal sealed record EndpointSelector(SocketFamilies Families, SocketKinds Kinds, IpAddress[]? Hosts, PortSet? Ports)
{
    /// <summary>Whether a socket is selected.</summary>
    public bool Matches(in SocketRow row) =>
        (Families & (row.IsIPv6 ? SocketFamilies.IPv6 : SocketFamilies.IPv4)) != 0
        && (Kinds & (row.Detail.Protocol == 6 ? SocketKinds.Tcp : SocketKinds.Udp)) != 0
        && (Matches(row.Tuple.Local) || Matches(row.Tuple.Remote));

    private bool Matches(Endpoint endpoint)
    {
        if (Ports is not null && !Ports.Contains(endpoint.Port))
            return false;
        return Hosts is null || Array.IndexOf(Hosts, endpoint.Address) >= 0;
    }

    /// <summary>Reads one.</summary>
    /// <param name="text">"", ":8000", "tcp", "4tcp@127.0.0.1:8000-8010", "tcp:http@localhost", "@[::1]:53"; "8000" is what is left of "-i:8000".</param>
    /// <param name="names">Finds ports and addresses by their names.</param>
    /// <param name="selector">What it selects.</param>
    /// <param name="mistake">What is wrong, when the answer is false: a sentence.</param>
    public static bool TryParse(string text, INameLookup names, out EndpointSelector selector, out string mistake)
    {
        selector = new EndpointSelector(SocketFamilies.All, SocketKinds.All, null, null);
        string rest = text;
        if (rest.Length > 0 && rest[0] is '4' or '6' && (rest.Length == 1 || rest[1] is '@' or ':' || char.IsAsciiLetter(rest[1])))
        {
            selector = selector with { Families = rest[0] == '4' ? SocketFamilies.IPv4 : SocketFamilies.IPv6 };
            rest = rest[1..];
        }
        else if (rest.Length > 0 && char.IsAsciiDigit(rest[0]))
        {
            rest = ":" + rest;
        }

        int end = rest.AsSpan().IndexOfAny('@', ':');
        string protocol = end < 0 ? rest : rest[..end];
        rest = rest[protocol.Length..];
        if (protocol.Length > 0)
        {
            var kind = protocol.ToUpperInvariant() switch { "TCP" => SocketKinds.Tcp, "UDP" => SocketKinds.Udp, _ => SocketKinds.None };
            if (kind == SocketKinds.None)
                return Refuse($"'{protocol}' is no protocol here: tcp or udp.", out mistake);
            selector = selector with { Kinds = kind };
        }

        while (rest.Length > 0)
        {
            bool isHost = rest[0] == '@';
            int length = isHost && rest.StartsWith("@[", StringComparison.Ordinal) ? rest.IndexOf(']') + 1 : rest.AsSpan(1).IndexOfAny('@', ':') + 1;
            string part = length <= 0 ? rest[1..] : rest[1..length];
            rest = rest[(part.Length + 1)..];
            if (isHost ? selector.Hosts is not null : selector.Ports is not null)
                return Refuse($"'{text}' names the {(isHost ? "host" : "port")} twice; write an IPv6 address in brackets: @[::1].", out mistake);
            if (!isHost)
            {
                if (!PortSet.TryParse(part, names.Port, out var ports, out string wrong))
                    return Refuse($"In '{text}', {wrong}.", out mistake);
                selector = selector with { Ports = ports };
                continue;
            }

            if (names.Addresses(part is ['[', .., ']'] ? part[1..^1] : part) is not { Length: > 0 } hosts)
                return Refuse(part.Length == 0 ? $"In '{text}', a host is missing after @." : $"No address is known for the host '{part}'.", out mistake);
            selector = selector with { Hosts = hosts };
        }

        mistake = "";
        return true;
    }

    private static bool Refuse(string sentence, out string mistake)
    {
        mistake = sentence;
        return false;
    }
}
