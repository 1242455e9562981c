using System.Globalization;
using System.Net;
using NetLab.Core.Dns;

namespace NetLab.Core.Resolver;

/// <summary>Which server is asked first.</summary>
public enum ServerOrder
{
    /// <summary>The one that stands first.</summary>
    AsWritten,

    /// <summary>Another one each time.</summary>
    Rotating,
}

/// <summary>What a stub resolver is told: whom to ask, how long, how often, where short names belong (resolv.conf(5)).</summary>
public sealed record ResolverSettings
{
    private const int MostServers = 3, MostDots = 15;

    /// <summary>The servers in the order in which they are asked.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [];

    /// <summary>How long the first attempt waits for its answer; each further one twice as long as the one before.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often all servers are asked before the resolver gives up.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>The domains in which short names are looked for, in this order.</summary>
    public IReadOnlyList<DnsName> Search { get; init; } = [];

    /// <summary>A name with so many dots is asked for as it stands before the domains are tried.</summary>
    public int Dots { get; init; } = 1;

    /// <summary>Which server is asked first.</summary>
    public ServerOrder Order { get; init; }

    /// <summary>How queries travel where nobody says otherwise.</summary>
    public DnsTransport Transport { get; init; }

    /// <summary>How servers prove who they are, with TLS.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Reads the text of /etc/resolv.conf; what it does not know, it passes over, as the C library does.</summary>
    public static ResolverSettings Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var servers = new List<IPEndPoint>();
        var settings = new ResolverSettings();
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var address, ..] when servers.Count < MostServers && IPAddress.TryParse(address, out var server):
                    servers.Add(new IPEndPoint(server, 53));
                    break;
                // The last of these lines counts.
                case ["search" or "domain", .. var domains]:
                    settings = settings with { Search = [.. domains.Select(Domain).OfType<DnsName>()] };
                    break;
                case ["options", .. var options]:
                    settings = options.Aggregate(settings, (so, option) => so.With(option));
                    break;
            }
        }

        // Without a server the machine itself is asked.
        return settings with { Servers = servers.Count > 0 ? servers : [new IPEndPoint(IPAddress.Loopback, 53)] };
    }

    /// <summary>The names that are asked for one after another where somebody wrote a name: with enough dots as it stands first, else in the domains first.</summary>
    /// <param name="text">The name; with a dot at its end it is asked for as it stands alone.</param>
    /// <exception cref="DnsTextException">It is no name.</exception>
    public IReadOnlyList<DnsName> Candidates(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = DnsName.Parse(text);
        if (text.EndsWith('.'))
            return [name];
        var inDomains = Search.Select(name.Before).OfType<DnsName>();
        return text.Count(letter => letter == '.') >= Dots ? [name, .. inDomains] : [.. inDomains, name];
    }

    private ResolverSettings With(string option) => option switch
    {
        "rotate" => this with { Order = ServerOrder.Rotating },
        "use-vc" => this with { Transport = DnsTransport.Tcp },
        _ when Number(option, "timeout:") is { } seconds => this with { Timeout = TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 30)) },
        _ when Number(option, "attempts:") is { } attempts => this with { Attempts = Math.Clamp(attempts, 1, 5) },
        _ when Number(option, "ndots:") is { } dots => this with { Dots = Math.Clamp(dots, 0, MostDots) },
        _ => this,
    };

    private static DnsName? Domain(string word)
    {
        try
        {
            return DnsName.Parse(word);
        }
        catch (DnsTextException)
        {
            // resolv.conf(5): what is no name is passed over.
            return null;
        }
    }

    private static int? Number(string option, string name) => option.StartsWith(name, StringComparison.Ordinal)
        && int.TryParse(option.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
