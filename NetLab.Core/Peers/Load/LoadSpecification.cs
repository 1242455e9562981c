using System.Net;
using System.Text;

namespace NetLab.Core.Peers;

/// <summary>What load is put on a server. It is bounded, whatever is asked for.</summary>
/// <param name="Exchange">What is asked, and how an answer is read.</param>
/// <param name="Servers">The server's addresses; the first that accepts is taken.</param>
public sealed record LoadSpecification(LoadExchange Exchange, IReadOnlyList<Endpoint> Servers)
{
    /// <summary>The most connections that may be had.</summary>
    public const int MostConnections = 10_000;

    /// <summary>The highest rate in requests a second that may be asked for.</summary>
    public const int HighestRate = 1_000_000;

    /// <summary>The longest a load may last, in seconds.</summary>
    public const int LongestSeconds = 3_600;

    /// <summary>How many connections ask at the same time.</summary>
    public int Connections { get; init; } = 10;

    /// <summary>Requests a second, of all connections together; null for as fast as answers come.</summary>
    public int? Rate { get; init; }

    /// <summary>After how long no further request is sent.</summary>
    public Duration Length { get; init; } = Duration.FromSeconds(10);

    /// <summary>After how many requests no further one is sent.</summary>
    public long Requests { get; init; } = long.MaxValue;

    /// <summary>How long an answer or a connection may take.</summary>
    public Duration Patience { get; init; } = Duration.FromSeconds(5);
}

/// <summary>One round trip: what is sent each time, and how the end of its answer is known.</summary>
public abstract class LoadExchange
{
    private protected LoadExchange(byte[] request) => Request = request;

    /// <summary>The bytes of a request.</summary>
    public ReadOnlyMemory<byte> Request { get; }

    /// <summary>Whether a request may be sent again on a new connection when the server closed the old one before it answered (RFC 9110 section 9.2.2).</summary>
    internal abstract bool MaySendAgain { get; }

    /// <summary>A reader of answers for one connection.</summary>
    internal abstract LoadAnswer NewAnswer();
}

/// <summary>GET requests over connections that are kept (HTTP/1.1).</summary>
/// <param name="url">The URL; its scheme is http.</param>
public sealed class HttpLoad(Uri url) : LoadExchange(Encoding.ASCII.GetBytes(
    $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {HostOf(url)}\r\nUser-Agent: netlab\r\nAccept: */*\r\n\r\n"))
{
    internal override bool MaySendAgain => true;

    internal override LoadAnswer NewAnswer() => new HttpAnswer();

    /// <summary>Reads the URL of a load.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="mistake">What is wrong with it, a sentence.</param>
    /// <returns>The URL; null with a mistake.</returns>
    public static Uri? ReadUrl(string text, out string mistake)
    {
        mistake = "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
            mistake = $"'{text}' is no URL; one looks like http://127.0.0.1:8000/.";
        else if (url.Scheme != Uri.UriSchemeHttp)
            mistake = $"Load goes to http:// only, not to {url.Scheme}://.";
        else if (url.UserInfo.Length > 0)
            mistake = "A URL with a user's name in it is not taken: no password is sent again and again.";
        return mistake.Length == 0 ? url : null;
    }

    private static string HostOf(Uri url)
    {
        string host = url.HostNameType == UriHostNameType.IPv6 ? $"[{IPAddress.Parse(url.Host)}]" : url.IdnHost;
        return url.IsDefaultPort ? host : $"{host}:{url.Port}";
    }
}

/// <summary>Round trips to an echo server: so many bytes there, the same back.</summary>
/// <param name="size">How many bytes.</param>
public sealed class EchoLoad(int size) : LoadExchange(Bytes(size))
{
    /// <summary>The most bytes that one round trip may take.</summary>
    public const int LargestSize = 1 << 20;

    internal override bool MaySendAgain => false;

    internal override LoadAnswer NewAnswer() => new EchoAnswer(Request);

    // Letters, so that a pane that shows the bytes can be read; lines of 64, so that a server of lines answers too.
    private static byte[] Bytes(int size)
    {
        byte[] bytes = new byte[size];
        for (int at = 0; at < size; at++)
            bytes[at] = at % 64 == 63 || at == size - 1 ? (byte)'\n' : (byte)('a' + (at % 26));
        return bytes;
    }
}
