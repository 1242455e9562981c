using System.Globalization;
using System.Net;

namespace NetLab.Core.Resolver;

/// <summary>What a stub resolver is told: whom to ask, how long, how often (resolv.conf(5)).</summary>
public sealed record ResolverSettings
{
    private const int MostServers = 3;

    /// <summary>The servers in the order in which they are asked.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [];

    /// <summary>How long one attempt waits for its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often all servers are asked before the resolver gives up.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Reads the text of /etc/resolv.conf; what it does not know, it passes over, as the C library does.</summary>
    public static ResolverSettings Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var servers = new List<IPEndPoint>();
        var settings = new ResolverSettings();
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var address, ..] && servers.Count < MostServers && IPAddress.TryParse(address, out var server))
                servers.Add(new IPEndPoint(server, 53));
            if (words is not ["options", .. var options])
                continue;
            foreach (string option in options)
            {
                if (Number(option, "timeout:") is { } timeout)
                    settings = settings with { Timeout = TimeSpan.FromSeconds(Math.Clamp(timeout, 1, 30)) };
                if (Number(option, "attempts:") is { } attempts)
                    settings = settings with { Attempts = Math.Clamp(attempts, 1, 5) };
            }
        }

        // Without a server the machine itself is asked.
        return settings with { Servers = servers.Count > 0 ? servers : [new IPEndPoint(IPAddress.Loopback, 53)] };
    }

    private static int? Number(string option, string name) => option.StartsWith(name, StringComparison.Ordinal)
        && int.TryParse(option.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
