using System.Collections.Immutable;
using NetLab.Core.Http;

namespace NetLab.Core.Peers;

/// <summary>The steps of a request, in their order.</summary>
public enum HttpPhase
{
    /// <summary>The URL is taken apart.</summary>
    Parse,

    /// <summary>The host's addresses are looked up.</summary>
    Resolve,

    /// <summary>The three-way handshake of TCP.</summary>
    Connect,

    /// <summary>The handshake of TLS; with https only.</summary>
    Tls,

    /// <summary>The request goes.</summary>
    Request,

    /// <summary>The response comes.</summary>
    Response,

    /// <summary>The connection is closed.</summary>
    Close,
}

/// <summary>One step, done or failed.</summary>
/// <param name="Phase">Which.</param>
/// <param name="Begun">When it began.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Detail">What came of it.</param>
public sealed record HttpStep(HttpPhase Phase, Timestamp Begun, Duration Took, string Detail)
{
    /// <summary>Whether the request ended here.</summary>
    public bool IsFailed { get; init; }

    /// <summary>"DNS", "TCP connect".</summary>
    public string Name => Phase switch { HttpPhase.Resolve => "DNS", HttpPhase.Connect => "TCP connect", HttpPhase.Tls => "TLS", _ => Phase.ToString().ToLowerInvariant() };
}

/// <summary>The first bytes that went one way, and how many there were.</summary>
/// <param name="most">How many are kept.</param>
public sealed class HttpTape(int most)
{
    private readonly Lock _gate = new();
    private byte[] _bytes = [];
    private int _kept;
    private long _length;

    /// <summary>How many bytes there were.</summary>
    public long Length => Interlocked.Read(ref _length);

    /// <summary>How many of them were kept.</summary>
    public int Kept => Volatile.Read(ref _kept);

    /// <summary>The bytes that were kept up to now.</summary>
    public byte[] ToArray()
    {
        lock (_gate)
            return _bytes[.._kept];
    }

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            int count = Math.Min(bytes.Length, most - _kept);
            if (_bytes.Length < _kept + count)
                Array.Resize(ref _bytes, Math.Min(most, Math.Max(_kept + count, Math.Max(1024, 2 * _bytes.Length))));
            bytes[..count].CopyTo(_bytes.AsSpan(_kept));
            _kept += count;
            _length += bytes.Length;
        }
    }
}

/// <summary>One request and its response on a connection of their own; a redirect makes another. It may be read while it goes on.</summary>
public sealed class HttpHop
{
    private volatile ImmutableArrayBox _steps = new([]);

    internal HttpHop(UrlAnatomy url, string method, Timestamp begun, int kept)
    {
        (Url, Method, Begun) = (url, method, begun);
        (Sent, Received, Body) = (new HttpTape(kept), new HttpTape(kept), new HttpTape(kept));
    }

    /// <summary>What is asked for.</summary>
    public UrlAnatomy Url { get; }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>When it began.</summary>
    public Timestamp Begun { get; }

    /// <summary>The steps that are over.</summary>
    public ImmutableArray<HttpStep> Steps => _steps.Value;

    /// <summary>The connection's ends, once there is one.</summary>
    public FourTuple Tuple { get; internal set; }

    /// <summary>What went to the server, within TLS.</summary>
    public HttpTape Sent { get; }

    /// <summary>What came from it, within TLS.</summary>
    public HttpTape Received { get; }

    /// <summary>The response's body as it is meant: without chunks and compression.</summary>
    public HttpTape Body { get; }

    /// <summary>The status code; 0 before there is one.</summary>
    public int Status { get; internal set; }

    /// <summary>Where the response sends the client next; null for nowhere.</summary>
    public string? Location { get; internal set; }

    /// <summary>Which compression was undone: "gzip"; empty for none.</summary>
    public string Encoding { get; internal set; } = "";

    /// <summary>Why it did not go on, as a sentence; null where it did.</summary>
    public string? Failure { get; internal set; }

    /// <summary>Whether nothing more will happen.</summary>
    public bool IsEnded { get; internal set; }

    /// <summary>Which message the response is.</summary>
    public HttpMessageKind ResponseKind => Method == "HEAD" ? HttpMessageKind.ResponseToHead : HttpMessageKind.Response;

    internal void Add(HttpStep step) => _steps = new ImmutableArrayBox(_steps.Value.Add(step));

    private sealed record ImmutableArrayBox(ImmutableArray<HttpStep> Value);
}
