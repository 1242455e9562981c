using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NetLab.Core.Dns;
using NetLab.Core.Resolver;

namespace NetLab.Tests.Resolver;

/// <summary>Queries over TLS and over HTTPS, to a server whose certificate nobody has signed.</summary>
public sealed class SecureTransportTests : IDisposable
{
    private static readonly DnsName s_name = DnsName.Parse("host.lab.");
    private readonly X509Certificate2 _certificate = Certificate();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public SecureTransportTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    [Fact]
    public async Task A_query_over_TLS_is_answered_and_padded()
    {
        var serving = ServeAsync(async stream =>
        {
            byte[] head = new byte[2];
            await stream.ReadExactlyAsync(head, Cancel);
            byte[] query = new byte[head[0] << 8 | head[1]];
            await stream.ReadExactlyAsync(query, Cancel);
            Assert.Equal(0, query.Length % 128);
            byte[] answer = Answer(query);
            await stream.WriteAsync((byte[])[(byte)(answer.Length >> 8), (byte)answer.Length, .. answer], Cancel);
        });
        var exchange = await AskAsync(DnsTransport.Tls, CertificateCheck.Opportunistic);
        Assert.Equal((DnsTransport.Tls, "192.0.2.1"), (exchange.Transport, exchange.Message.Answers.Single().Data.ToString()));
        await serving;
    }

    [Fact]
    public async Task A_query_over_HTTPS_is_a_POST_of_the_message_with_the_number_0()
    {
        var serving = ServeAsync(async stream =>
        {
            var (head, query) = await ReadRequestAsync(stream);
            Assert.StartsWith("POST /dns-query HTTP/1.1\r\n", head, StringComparison.Ordinal);
            Assert.Contains("Content-Type: application/dns-message\r\n", head, StringComparison.Ordinal);
            Assert.Equal(0, query[0] | query[1]);
            byte[] answer = Answer(query);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/dns-message\r\nContent-Length: {answer.Length}\r\n\r\n"), Cancel);
            await stream.WriteAsync(answer, Cancel);
        });
        var exchange = await AskAsync(DnsTransport.Https, CertificateCheck.Opportunistic);
        Assert.Equal((DnsTransport.Https, "192.0.2.1"), (exchange.Transport, exchange.Message.Answers.Single().Data.ToString()));
        await serving;
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "HTTP status 503")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi", "something else than application/dns-message")]
    public async Task What_is_no_answer_over_HTTPS_is_a_sentence(string response, string sentence)
    {
        var serving = ServeAsync(async stream =>
        {
            await ReadRequestAsync(stream);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(response), Cancel);
        });
        var failure = await Assert.ThrowsAsync<DnsExchangeException>(() => AskAsync(DnsTransport.Https, CertificateCheck.Opportunistic));
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
        await serving;
    }

    [Theory]
    [InlineData(DnsTransport.Tls)]
    [InlineData(DnsTransport.Https)]
    public async Task A_certificate_that_nobody_signed_is_refused_with_the_name_that_it_should_have(DnsTransport transport)
    {
        var serving = ServeAsync(_ => Task.CompletedTask);
        var failure = await Assert.ThrowsAsync<DnsExchangeException>(() => AskAsync(transport, CertificateCheck.Strict));
        Assert.Contains("is not trusted", failure.Message, StringComparison.Ordinal);
        Assert.Contains("was to be that of dns.lab", failure.Message, StringComparison.Ordinal);
        await serving;
    }

    private Task<DnsExchange> AskAsync(DnsTransport transport, CertificateCheck check)
    {
        var settings = new ResolverSettings { Servers = [Address], Attempts = 1, Timeout = TimeSpan.FromSeconds(20), Tls = new TlsSettings("dns.lab", check) };
        return new DnsClient(settings).AskAsync(s_name, DnsType.A, new DnsEdns(), transport, Cancel);
    }

    private static async Task<(string Head, byte[] Body)> ReadRequestAsync(Stream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, Cancel);
            head.Append((char)one[0]);
        }

        byte[] body = new byte[int.Parse(head.ToString().Split("Content-Length: ")[1].Split('\r')[0])];
        await stream.ReadExactlyAsync(body, Cancel);
        return (head.ToString(), body);
    }

    // One connection; what the client breaks off is not this server's fault.
    private async Task ServeAsync(Func<Stream, Task> serve)
    {
        using var socket = await _listener.AcceptAsync(Cancel);
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        try
        {
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, Cancel);
            await serve(stream);
        }
        catch (Exception broken) when (broken is IOException or System.Security.Authentication.AuthenticationException)
        {
        }
    }

    private static byte[] Answer(byte[] octets)
    {
        Assert.True(DnsMessage.TryDecode(octets, out var query, out _));
        return new DnsMessage(query.Id, DnsFlags.Response | DnsFlags.Authoritative) { Questions = query.Questions, Answers = [DnsRecord.Parse("host.lab. 60 IN A 192.0.2.1")] }.Encode();
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=dns.lab", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
