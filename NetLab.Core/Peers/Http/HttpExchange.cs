using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace NetLab.Core.Peers;

/// <summary>A request and its response, as Kestrel offers them.</summary>
internal readonly struct HttpExchange(IFeatureCollection features)
{
    /// <summary>The request.</summary>
    public IHttpRequestFeature Request { get; } = features.Get<IHttpRequestFeature>()!;

    /// <summary>The response's head.</summary>
    public IHttpResponseFeature Response { get; } = features.Get<IHttpResponseFeature>()!;

    /// <summary>The response's body.</summary>
    public IHttpResponseBodyFeature Body => features.Get<IHttpResponseBodyFeature>()!;

    /// <summary>The connection's ends, from the server's side.</summary>
    public FourTuple Tuple
    {
        get
        {
            var connection = features.Get<IHttpConnectionFeature>()!;
            return new FourTuple(End(connection.LocalIpAddress, connection.LocalPort), End(connection.RemoteIpAddress, connection.RemotePort));
        }
    }

    /// <summary>"GET / HTTP/1.1".</summary>
    public string RequestLine => $"{Request.Method} {Request.RawTarget} {Request.Protocol}";

    /// <summary>Cancelled when the connection is gone.</summary>
    public CancellationToken Aborted => features.Get<IHttpRequestLifetimeFeature>()!.RequestAborted;

    /// <summary>Breaks the connection.</summary>
    public void Abort() => features.Get<IHttpRequestLifetimeFeature>()!.Abort();

    private static Endpoint End(IPAddress? address, int port) => address is null ? default : new Endpoint(IpAddress.From(address), (ushort)port);
}
