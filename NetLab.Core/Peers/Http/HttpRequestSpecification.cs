using System.Net;

namespace NetLab.Core.Peers;

/// <summary>Whose certificates are good enough.</summary>
public enum HttpCertificates
{
    /// <summary>Those that the machine trusts.</summary>
    Trusted,

    /// <summary>Any: whoever answers is believed.</summary>
    Any,
}

/// <summary>What is asked over HTTP.</summary>
/// <param name="Url">The URL as it was typed.</param>
public sealed record HttpRequestSpecification(string Url)
{
    /// <summary>How many redirects are followed where they are followed at all; curl follows 50, HTTPie 30.</summary>
    public const int UsualRedirects = 20;

    /// <summary>The method; any token.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Header fields besides NetLab's own; one with an empty value takes NetLab's own away.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Opens the body, from its beginning each time it is called; null for none.</summary>
    public Func<Stream>? Body { get; init; }

    /// <summary>How many redirects are followed.</summary>
    public int Redirects { get; init; }

    /// <summary>How long it may be silent.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whose certificates are good enough.</summary>
    public HttpCertificates Certificates { get; init; }

    /// <summary>How many bytes are kept of what goes each way, and of the body as it is meant.</summary>
    public int Kept { get; init; } = 256 * 1024;

    /// <summary>Opens where the body of the last response goes, decoded; null for nowhere.</summary>
    public Func<Stream>? Sink { get; init; }

    /// <summary>Where a rehearsal connects to in the place of the host; null for a real request.</summary>
    internal EndPoint? Rehearsal { get; init; }
}
