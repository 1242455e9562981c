using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NetLab.Core;

namespace NetLab.Tui.Commands;

/// <summary>What the names mean that a user may write in the place of numbers.</summary>
internal interface INameLookup
{
    /// <summary>The port of a service; null where it has none.</summary>
    ushort? Port(string service);

    /// <summary>The addresses of a host, which may itself be one; empty where none is known.</summary>
    IpAddress[] Addresses(string host);

    /// <summary>A user's name, else the number as text.</summary>
    string User(uint id);
}

/// <summary>The machine's own: /etc/services, the resolver of the C library, /etc/passwd. Read when first asked for.</summary>
internal sealed class MachineNames : INameLookup
{
    private Dictionary<uint, string>? _users;

    public ushort? Port(string service)
    {
        foreach (string[] words in Lines("/etc/services", line => line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)))
        {
            // "http  80/tcp  www": the name, the port with its protocol, other names.
            if (words.Length >= 2 && (words[0] == service || words.AsSpan(2).Contains(service))
                && ushort.TryParse(words[1].Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
                return port;
        }

        return null;
    }

    public IpAddress[] Addresses(string host)
    {
        if (IpAddress.TryParse(host, out var address))
            return [address];
        if (host.Length == 0)
            return [];
        try
        {
            return [.. Dns.GetHostAddresses(host).Select(IpAddress.From).Distinct()];
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            return [];
        }
    }

    public string User(uint id)
    {
        _users ??= ReadUsers();
        return _users.TryGetValue(id, out string? name) ? name : id.ToString(CultureInfo.InvariantCulture);
    }

    private static Dictionary<uint, string> ReadUsers()
    {
        var users = new Dictionary<uint, string>();
        foreach (string[] fields in Lines("/etc/passwd", line => line.Split(':')))
        {
            if (fields.Length > 2 && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint id))
                users.TryAdd(id, fields[0]);
        }

        return users;
    }

    private static IEnumerable<string[]> Lines(string path, Func<string, string[]> split) => File.Exists(path) ? File.ReadLines(path).Select(split) : [];
}
