using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using NetLab.Core.Http;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>Who is told of a request as it goes on. It is called on the threads that do the work, of one hop never by two at a time.</summary>
public interface IHttpRunReader
{
    /// <summary>A hop begins.</summary>
    void Began(HttpHop hop);

    /// <summary>A step is over.</summary>
    void Stepped(HttpHop hop, HttpStep step);

    /// <summary>A hop is over.</summary>
    void Ended(HttpHop hop);

    /// <summary>A hop has its connection; its addresses are the hop's.</summary>
    /// <param name="hop">Whose.</param>
    /// <param name="descriptor">The socket's descriptor.</param>
    void Connected(HttpHop hop, int descriptor)
    {
    }

    /// <summary>Bytes go to the server, or came from it; with TLS, those within it. One way may be told while the other is.</summary>
    /// <param name="hop">Whose.</param>
    /// <param name="time">When the write began, or the read returned.</param>
    /// <param name="direction">Which way.</param>
    /// <param name="bytes">The bytes, valid during the call.</param>
    void Passed(HttpHop hop, Timestamp time, Direction direction, ReadOnlySpan<byte> bytes)
    {
    }
}

/// <summary>
/// A request over HTTP/1.1 and what came of it, hop by hop. HttpClient does the work; a tap on its connection hears the bytes. Each hop has a connection of its
/// own, so that each shows all its steps. What is kept of bytes is bounded; the body goes on to its sink piece by piece.
/// </summary>
/// <param name="specification">What is asked.</param>
/// <param name="clock">The kernel's clock.</param>
/// <param name="reader">Who is told; null for nobody.</param>
public sealed class HttpRun(HttpRequestSpecification specification, Func<Timestamp> clock, IHttpRunReader? reader = null)
{
    private const int Size = 64 * 1024;
    private static readonly string s_agent = $"netlab/{typeof(HttpRun).Assembly.GetName().Version?.ToString(3)}";
    private readonly Lock _gate = new();
    private volatile Box _hops = new([]);

    /// <summary>The hops up to now.</summary>
    public ImmutableArray<HttpHop> Hops => _hops.Value;

    /// <summary>Whether nothing more will happen.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Why redirects were not followed further, as a sentence; null where they were, or there were none.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>Asks, and follows redirects as far as is specified. A failure is the last hop's; where the sink fails, the exception goes to the caller.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            if (specification.Rehearsal is null)
                await HttpRehearsal.Held.ConfigureAwait(false);
            var (text, method, body) = (specification.Url, specification.Method, specification.Body);
            string? authorization = null;
            HttpHop? before = null;
            for (int left = specification.Redirects; ; left--)
            {
                var begun = clock();
                if (UrlAnatomy.TryRead(text, out string mistake) is not { } url || url.Scheme is not ("http" or "https"))
                {
                    Obstacle = before is null ? mistake : $"The redirect leads to '{text}', which is no http or https URL.";
                    return;
                }

                if (before is not null && before.Url.Scheme == "https" && url.Scheme == "http")
                {
                    Obstacle = "The redirect leads from https to http, where everybody on the way could read it; it is not followed.";
                    return;
                }

                var parsed = clock();
                bool isSameSite = before is null || (before.Url.Authority == url.Authority && before.Url.Scheme == url.Scheme);
                authorization = Credentials(url) ?? (isSameSite ? authorization : null);
                var hop = new HttpHop(url, method, begun, specification.Kept);
                _hops = new Box(_hops.Value.Add(hop));
                reader?.Began(hop);
                int typed = url.Pieces.Count(piece => piece.IsTyped);
                Add(hop, new HttpStep(HttpPhase.Parse, begun, parsed - begun, typed == 1 ? "1 piece" : $"{typed} pieces"));
                await AskAsync(hop, body, authorization, isSameSite, left, stop).ConfigureAwait(false);
                if (hop.Failure is not null || !HttpStatus.IsRedirect(hop.Status) || hop.Location is null || specification.Redirects == 0)
                    return;
                if (left == 0)
                {
                    Obstacle = $"{specification.Redirects} redirects were followed; no more are.";
                    return;
                }

                if (hop.Status == 303 || (hop.Status is 301 or 302 && method == "POST"))
                    (method, body) = (method == "HEAD" ? "HEAD" : "GET", null);
                text = Uri.TryCreate(new Uri(url.Sent), hop.Location, out var next) ? next.AbsoluteUri : hop.Location;
                before = hop;
            }
        }
        finally
        {
            IsEnded = true;
        }
    }

    private async Task AskAsync(HttpHop hop, Func<Stream>? body, string? authorization, bool isSameSite, int redirects, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(specification.Patience);
        var tap = new HttpConnectionTap(hop, specification, clock, step => Add(hop, step), () => patience.CancelAfter(specification.Patience), reader);
        try
        {
            using (var client = new HttpClient(Handler(tap), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan })
            using (var request = Request(hop, body, authorization, isSameSite))
            {
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
                hop.Status = (int)response.StatusCode;
                hop.Location = response.Headers.NonValidated.TryGetValues("Location", out var values) ? values.ToString() : null;
                bool goesOn = redirects > 0 && HttpStatus.IsRedirect(hop.Status) && hop.Location is not null;
                await TakeBodyAsync(hop, response, goesOn ? null : specification.Sink, patience.Token).ConfigureAwait(false);
                // The first field of a message tells of the compression that HttpClient has undone.
                byte[] kept = hop.Received.ToArray();
                hop.Encoding = HttpAnatomy.Of(kept, hop.ResponseKind).Field(kept, "Content-Encoding") is { } encoding && response.Content.Headers.ContentEncoding.Count == 0 ? encoding : "";
                tap.EndResponse($"{hop.Status}{(response.ReasonPhrase is { Length: > 0 } reason ? $" {reason}" : "")}, {hop.Received.Length} bytes");
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            Fail(hop, tap, $"{hop.Url.Authority} was silent for {specification.Patience.TotalSeconds:0.#} s.");
        }
        catch (Exception failed) when (failed is HttpRequestException or HttpIOException or SocketException or AuthenticationException or InvalidDataException
            || (failed is IOException && failed.InnerException is SocketException))
        {
            Fail(hop, tap, Explain(hop, tap, failed));
        }
        finally
        {
            tap.EndConnection();
            hop.IsEnded = true;
        }

        reader?.Ended(hop);
    }

    private static async Task TakeBodyAsync(HttpHop hop, HttpResponseMessage response, Func<Stream>? sink, CancellationToken stop)
    {
        await using var content = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        await using var into = sink?.Invoke();
        byte[] buffer = new byte[Size];
        while (await content.ReadAsync(buffer, stop).ConfigureAwait(false) is > 0 and var count)
        {
            hop.Body.Append(buffer.AsSpan(0, count));
            if (into is not null)
                await into.WriteAsync(buffer.AsMemory(0, count), stop).ConfigureAwait(false);
        }
    }

    private SocketsHttpHandler Handler(HttpConnectionTap tap)
    {
        // Who asks for a coding gets the bytes as they are.
        bool asksItself = specification.Headers.Any(field => field.Key.Equals("Accept-Encoding", StringComparison.OrdinalIgnoreCase));
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = asksItself ? DecompressionMethods.None : DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            ConnectCallback = (_, stop) => tap.ConnectAsync(stop),
            PlaintextStreamFilter = (context, _) => tap.Listen(context.PlaintextStream),
            SslOptions = { RemoteCertificateValidationCallback = (_, _, chain, faults) => tap.Accept(chain, faults) },
        };
    }

    private HttpRequestMessage Request(HttpHop hop, Func<Stream>? body, string? authorization, bool isSameSite)
    {
        var target = new Uri(hop.Url.Sent, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(hop.Method), target) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (body is not null)
        {
            request.Content = new StreamContent(body());
            if (!Has("Content-Type"))
                request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded");
        }

        if (!Has("User-Agent"))
            request.Headers.TryAddWithoutValidation("User-Agent", s_agent);
        if (!Has("Accept"))
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
        if (authorization is not null && !Has("Authorization"))
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var (name, value) in specification.Headers)
        {
            // What was meant for one site is not told to another.
            bool isOfSite = name.ToUpperInvariant() is "AUTHORIZATION" or "COOKIE" or "HOST";
            bool isOfBody = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);
            if (value.Length == 0 || (isOfSite && !isSameSite) || (isOfBody && body is null && specification.Body is not null))
                continue;
            if (!request.Headers.TryAddWithoutValidation(name, value))
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private bool Has(string name) => specification.Headers.Any(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string? Credentials(UrlAnatomy url) => url.Find(UrlPart.User) is not { } user ? null
        : $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user.Meaning}:{url.Find(UrlPart.Password)?.Meaning}"))}";

    private void Add(HttpHop hop, HttpStep step)
    {
        lock (_gate)
        {
            hop.Add(step);
            reader?.Stepped(hop, step);
        }
    }

    private static void Fail(HttpHop hop, HttpConnectionTap tap, string why)
    {
        hop.Failure = why;
        tap.Fail(why);
    }

    private static string Explain(HttpHop hop, HttpConnectionTap tap, Exception failed)
    {
        var socket = Inner<SocketException>(failed);
        var kind = (failed as HttpRequestException)?.HttpRequestError ?? (failed as HttpIOException)?.HttpRequestError;
        string server = hop.Tuple.Remote.IsUnknown ? hop.Url.Authority : $"{hop.Tuple.Remote}";
        return (tap.Phase, kind) switch
        {
            (HttpPhase.Resolve, _) => $"No address is known for the host '{hop.Url.Host}'.",
            (HttpPhase.Connect, _) when socket is not null => PeerSockets.ExplainConnect(socket, hop.Tuple.Remote).Sentence,
            (HttpPhase.Tls, _) when tap.CertificateFault.Length > 0 => $"The certificate of {hop.Url.Host} is not to be trusted: {tap.CertificateFault}. With -k it is asked all the same.",
            (HttpPhase.Tls, _) => $"{server} does not answer with TLS as this side speaks it; is it http:// that is meant?",
            _ when socket is not null => socket.SocketErrorCode == SocketError.ConnectionReset ? $"{server} reset the connection (ECONNRESET)."
                : $"The connection to {server} broke: {((Errno)socket.NativeErrorCode).Words()} ({((Errno)socket.NativeErrorCode).Name()}).",
            (_, HttpRequestError.ResponseEnded) => hop.Received.Length == 0 ? $"{server} closed the connection without an answer."
                : $"{server} closed the connection before its response was whole: {hop.Received.Length} bytes came.",
            (_, HttpRequestError.InvalidResponse) => $"What {server} answered is no response of HTTP/1.1.",
            (_, HttpRequestError.ConfigurationLimitExceeded) => $"The header of {server}'s response is larger than 64 KiB.",
            _ when failed is InvalidDataException => "The body is not compressed as Content-Encoding says.",
            _ => $"The request failed: {failed.Message}",
        };
    }

    private static T? Inner<T>(Exception? error) where T : Exception
    {
        while (error is not null and not T)
            error = error.InnerException;
        return (T?)error;
    }

    private sealed record Box(ImmutableArray<HttpHop> Value);
}
