using System.Globalization;

namespace NetLab.Core.Peers;

/// <summary>What a peer is to be: its kind, where it listens or connects, its options. Two equal ones make the same command line.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Host">The address or name it binds or connects to; 127.0.0.1 where none was named.</param>
/// <param name="Port">The port; 0 lets the kernel choose one for a server.</param>
public sealed record PeerSpecification(PeerKind Kind, string Host, ushort Port)
{
    /// <summary>The host where none is named: servers are for this machine alone unless told otherwise.</summary>
    public const string DefaultHost = "127.0.0.1";

    /// <summary>How many answers a second a dns server gives to one network of others where nothing else was said.</summary>
    public const int DefaultRate = 500;

    /// <summary>Why no load goes to another machine from here.</summary>
    internal const string RemoteLoad = "From here a load goes to this machine only; 'netlab load … --yes-remote HOST' in a shell puts one on another.";

    /// <summary>The longest host name (RFC 1035 section 2.3.4).</summary>
    private const int LongestHost = 253;

    /// <summary>A kind's peer on its default port of 127.0.0.1.</summary>
    public PeerSpecification(PeerKind kind) : this(kind, DefaultHost, kind.Facts().DefaultPort)
    {
    }

    /// <summary>The folder that an http server serves; null for the current one.</summary>
    public string? Root { get; init; }

    /// <summary>What a client sends once it is connected, with \r, \n, \t, \0, \\ and \xHH for what cannot be typed; null for nothing.</summary>
    public string? Text { get; init; }

    /// <summary>The zone files of a dns server; none for the built-in zone.</summary>
    public PeerFiles Zones { get; init; }

    /// <summary>
    /// How many answers a second a dns server gives to one client's network (/24, /56) over UDP; 0 for any number. Null for
    /// <see cref="DefaultRate"/>, which does not bind this machine itself.
    /// </summary>
    public int? Rate { get; init; }

    /// <summary>How much a load's client asks.</summary>
    public PeerLoad Load { get; init; } = PeerLoad.Usual;

    /// <summary>Whether a server can be reached from other machines: its host is no loopback address. False for a name, which <see cref="Peer.Local"/> resolves.</summary>
    public bool IsPublic => Kind.Facts().Role == PeerRole.Server && IpAddress.TryParse(BareHost, out var address) && !address.IsLoopback;

    /// <summary>The host without the brackets of an IPv6 address.</summary>
    public string BareHost => Host is ['[', .., ']'] ? Host[1..^1] : Host;

    /// <summary>What is wrong with it, in a sentence; null when it may be started. The folder is looked for, names are not resolved.</summary>
    public string? Mistake()
    {
        if (Host.Length == 0)
            return "A host is missing: an address such as 127.0.0.1, or a name.";
        if (Host.Length > LongestHost || !IsHost(BareHost))
            return "The host is neither an address nor a name: letters, digits, '-' and '.'.";
        if (Port == 0 && Kind.Facts().Role == PeerRole.Client)
            return "A client needs the port of its server, from 1 to 65535.";
        if (Text is { } text && !PeerText.TryRead(text, out _, out string mistake))
            return mistake;
        if (Kind is PeerKind.HttpLoad or PeerKind.EchoLoad)
            return LoadMistake();
        if (Kind == PeerKind.Dns)
            return Zones.Paths.Select(FileMistake).FirstOrDefault(wrong => wrong is not null);
        return Kind == PeerKind.Http ? FolderMistake(Root ?? ".") : null;
    }

    /// <summary>The sentence for a port that is none.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="port">The port, where the answer is null.</param>
    public static string? PortMistake(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) ? null : "A port is a number from 0 to 65535.";

    /// <summary>The command line that starts the same.</summary>
    public override string ToString() => PeerCommandLine.Print(this);

    /// <summary>The URL that an http load asks for; null where there can be none.</summary>
    internal Uri? LoadUrl =>
        Uri.TryCreate(string.Create(CultureInfo.InvariantCulture, $"http://{(BareHost.Contains(':', StringComparison.Ordinal) ? $"[{BareHost}]" : BareHost)}:{Port}{Load.Path}"), UriKind.Absolute, out var url) ? url : null;

    /// <summary>What a load's client asks each time.</summary>
    internal LoadExchange LoadExchange() => Kind == PeerKind.HttpLoad ? new HttpLoad(LoadUrl!) : new EchoLoad(Load.Size);

    private string? LoadMistake()
    {
        if (IpAddress.TryParse(BareHost, out var address) && !address.IsLoopback)
            return RemoteLoad;
        return Load.Mistake() ?? (Kind == PeerKind.HttpLoad && LoadUrl is null ? "Host, port and path make no URL." : null);
    }

    private static bool IsHost(string host)
    {
        if (IpAddress.TryParse(host, out _))
            return true;
        // A name of only digits and dots is an address that went wrong.
        return host.Length > 0 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') && host.Any(c => !char.IsAsciiDigit(c) && c != '.')
            && host[0] is not ('-' or '.');
    }

    private static string? FolderMistake(string folder)
    {
        if (folder.Length == 0 || folder.Contains('\0'))
            return "The folder's name is empty or holds a NUL.";
        if (Directory.Exists(folder))
            return null;
        return File.Exists(folder) ? $"'{folder}' is a file; name the folder whose files are to be served." : $"There is no folder '{folder}'.";
    }

    private static string? FileMistake(string file)
    {
        if (file.Length == 0 || file.Contains('\0'))
            return "The zone file's name is empty or holds a NUL.";
        if (File.Exists(file))
            return null;
        return Directory.Exists(file) ? $"'{file}' is a folder; name the zone file in it." : $"There is no zone file '{file}'.";
    }
}
