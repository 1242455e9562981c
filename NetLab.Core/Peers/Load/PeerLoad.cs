using System.Globalization;

namespace NetLab.Core.Peers;

/// <summary>How much a client of the kinds "http load" and "echo load" asks, and what. Two equal ones make the same command line.</summary>
public sealed record PeerLoad
{
    /// <summary>Ten connections for ten seconds, as fast as answers come.</summary>
    public static PeerLoad Usual { get; } = new();

    /// <summary>How many connections ask at the same time.</summary>
    public int Connections { get; init; } = 10;

    /// <summary>For how long, in seconds.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>Requests a second, of all connections together; null for as fast as answers come.</summary>
    public int? Rate { get; init; }

    /// <summary>After how many requests it ends, if that comes first; null for no such end.</summary>
    public int? Requests { get; init; }

    /// <summary>What an http load asks for: a path from '/', with its query.</summary>
    public string Path { get; init; } = "/";

    /// <summary>How many bytes go to an echo server and back each time.</summary>
    public int Size { get; init; } = 64;

    /// <summary>What is wrong with it, in a sentence; null when it may be started.</summary>
    public string? Mistake() =>
        Outside("The number of connections", Connections, LoadSpecification.MostConnections) ??
        Outside("The time in seconds", Seconds, LoadSpecification.LongestSeconds) ??
        Outside("The rate", Rate ?? 1, LoadSpecification.HighestRate) ??
        Outside("The number of requests", Requests ?? 1, int.MaxValue) ??
        Outside("The size", Size, EchoLoad.LargestSize) ??
        (Path.StartsWith('/') ? null : "A path begins with '/'.");

    /// <summary>The load that is put on a server.</summary>
    /// <param name="exchange">What is asked.</param>
    /// <param name="servers">The server's addresses.</param>
    internal LoadSpecification On(LoadExchange exchange, IReadOnlyList<Endpoint> servers) => new(exchange, servers)
    {
        Connections = Connections,
        Length = Duration.FromSeconds(Seconds),
        Rate = Rate,
        Requests = Requests ?? long.MaxValue,
    };

    private static string? Outside(string what, int value, int most) =>
        value >= 1 && value <= most ? null : string.Create(CultureInfo.InvariantCulture, $"{what} is from 1 to {most}.");
}
