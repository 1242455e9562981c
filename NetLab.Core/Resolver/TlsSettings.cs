using System.Net;
using System.Net.Security;
using System.Security.Authentication;

namespace NetLab.Core.Resolver;

/// <summary>Whose certificate is good enough.</summary>
public enum CertificateCheck
{
    /// <summary>One of the server's name that an authority of this machine has signed.</summary>
    Strict,

    /// <summary>Any: what is said is hidden from who listens, not from who sits between (RFC 7858 section 4.1).</summary>
    Opportunistic,
}

/// <summary>How a server proves who it is.</summary>
/// <param name="Name">The name that its certificate must have; null for its address.</param>
/// <param name="Check">Whether it must.</param>
public sealed record TlsSettings(string? Name = null, CertificateCheck Check = CertificateCheck.Strict)
{
    internal SslClientAuthenticationOptions Options(IPEndPoint server) => new()
    {
        TargetHost = Name ?? server.Address.ToString(),
        RemoteCertificateValidationCallback = (_, _, _, faults) => faults == SslPolicyErrors.None || Check == CertificateCheck.Opportunistic,
    };

    internal string Explain(IPEndPoint server, AuthenticationException refused) =>
        $"{refused.Message.TrimEnd('.')} (the certificate was to be that of {Name ?? server.Address.ToString()})";
}
