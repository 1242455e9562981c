using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using NetLab.Core.Interop;
using NetLab.Core.Peers;
using NetLab.Tests.Peers;
using NetLab.Tests.Support;
using NetLab.Tui.Commands;

namespace NetLab.Tests.Commands;

/// <summary><c>netlab http</c> against NetLab's own file server, canned answers and servers that misbehave.</summary>
public sealed class HttpCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netlab-http-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_step_and_every_part_of_a_request_to_the_own_server_is_told()
    {
        File.WriteAllText(Path.Combine(_folder, "a b.txt"), "hello\n");
        using var bench = new PeerBench(new PeerSpecification(PeerKind.Http, "127.0.0.1", 0) { Root = _folder });
        string url = $"http://127.0.0.1:{bench.Peer.Local.Port}/a b.txt?x=1#top";
        var (code, output, error) = Run("http", url);
        Assert.Equal((0, ""), (code, error));
        string[] lines = output.Split('\n');
        Assert.Equal($"GET http://127.0.0.1:{bench.Peer.Local.Port}/a%20b.txt?x=1", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("  path       /a b.txt  goes as /a%20b.txt  what", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  fragment   top  a place within", StringComparison.Ordinal));
        string[] steps = [.. lines.Where(line => line.Length > 25 && line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line[13..24].Trim())];
        Assert.Equal(["parse", "DNS", "TCP connect", "request", "response", "close"], steps.Where(name => name is "parse" or "DNS" or "TCP connect" or "TLS" or "request" or "response" or "close"));
        Assert.Contains("request line       0000  47 45 54 20 2f 61 25 32 30 62 2e 74  GET /a%20b.t\n", output, StringComparison.Ordinal);
        Assert.Contains("status line        0000  48 54 54 50 2f 31 2e 31 20 32 30 30  HTTP/1.1 200\n", output, StringComparison.Ordinal);
        Assert.Contains(": 200. Done; the body is what was asked for.\n", output, StringComparison.Ordinal);
        Assert.Contains(" 68 65 6c 6c 6f 0a                    hello.\n", output, StringComparison.Ordinal);
        Assert.EndsWith("Body, 6 bytes\n  hello\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("200 OK", 0)]
    [InlineData("301 Moved Permanently", 3)]
    [InlineData("404 Not Found", 4)]
    [InlineData("503 Service Unavailable", 5)]
    public void The_status_is_the_exit_code_only_where_that_is_asked_for(string status, int expected)
    {
        using var server = new CannedServer(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
        Assert.Equal(0, Run("http", $"{server.Url}").Code);
        Assert.Equal(expected, Run("http", $"{server.Url}", "--check-status").Code);
    }

    [Fact]
    public void Redirects_are_followed_each_on_a_connection_of_its_own_where_that_is_asked_for()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        using var bench = new PeerBench(new PeerSpecification(PeerKind.Http, "127.0.0.1", 0) { Root = _folder });
        string url = $"127.0.0.1:{bench.Peer.Local.Port}/sub";
        var (code, output, _) = Run("http", url, "--check-status");
        Assert.Equal(3, code);
        Assert.EndsWith("Redirect to /sub/\n", output, StringComparison.Ordinal);
        (code, output, _) = Run("http", url, "--check-status", "--follow");
        Assert.Equal(0, code);
        Assert.Contains($"\nGET http://{url}/\n", output, StringComparison.Ordinal);
        Assert.Equal(2, output.Split("TCP connect").Length - 1);
    }

    [Fact]
    public void A_circle_of_redirects_ends()
    {
        using var server = new CannedServer("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"u8);
        var (code, _, error) = Run("http", $"{server.Url}", "--follow");
        Assert.Equal((4, "netlab http: 20 redirects were followed; no more are.\n"), (code, error));
        Assert.Equal(21, server.Requests);
    }

    [Fact]
    public void A_body_in_chunks_and_gzip_is_shown_as_it_came_and_as_it_is_meant()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write("It is a body.\n"u8);
        byte[] bytes = packed.ToArray();
        byte[] answer = [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n{bytes.Length:x};n=1\r\n"), .. bytes, .. "\r\n0\r\nX-Last: yes\r\n\r\n"u8];
        using var server = new CannedServer(answer);
        string file = Path.Combine(_folder, "out");
        var (code, output, error) = Run("http", $"{server.Url}", "-o", file);
        Assert.Equal((0, ""), (code, error));
        Assert.Matches("\nchunk data +[0-9a-f]{4}  1f 8b ", output);
        Assert.Matches("\nX-Last +[0-9a-f]{4}  ", output);
        Assert.EndsWith("Body, without its chunks and gzip, 14 bytes\n  It is a body.\n", output, StringComparison.Ordinal);
        Assert.Equal("It is a body.\n", File.ReadAllText(file));
    }

    [Fact]
    public void Method_fields_and_body_go_as_they_were_given()
    {
        using var server = new CannedServer("HTTP/1.1 204 No Content\r\n\r\n"u8);
        var json = Json("http", $"{server.Url}", "-X", "PURGE", "-H", "X-A: b c", "-H", "User-Agent:", "-H", "Host: other");
        string request = Encoding.ASCII.GetString(json[^1].GetProperty("request").GetProperty("base64").GetBytesFromBase64());
        Assert.StartsWith("PURGE / HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nHost: other\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nX-A: b c\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("User-Agent", request, StringComparison.Ordinal);
        json = Json("http", $"http://ann:p%3a@127.0.0.1:{server.Port}/", "-d", "a=b\r\n\r\n");
        request = Encoding.ASCII.GetString(json[^1].GetProperty("request").GetProperty("base64").GetBytesFromBase64());
        Assert.StartsWith("POST / HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains($"\r\nAuthorization: Basic {Convert.ToBase64String("ann:p:"u8)}\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\na=b\r\n\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_has_the_pieces_the_steps_and_the_marks()
    {
        using var server = new CannedServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"u8);
        var json = Json("http", $"{server.Url}x?y");
        Assert.Equal(["httpUrl", .. Enumerable.Repeat("httpStep", 6), "http"], json.Select(line => line.GetProperty("kind").GetString()));
        Assert.Equal(["parse", "resolve", "connect", "request", "response", "close"], json[1..7].Select(line => line.GetProperty("phase").GetString()));
        double[] durations = json[1..7].Select(line => line.GetProperty("duration").GetDouble()).ToArray();
        Assert.All(durations, seconds => Assert.True(seconds >= 0));
        var response = json[^1].GetProperty("response");
        Assert.Equal(("length", true), (response.GetProperty("framing").GetString(), response.GetProperty("whole").GetBoolean()));
        Assert.Equal(["StatusLine", "Version", "Status", "Reason", "Field", "FieldName", "FieldValue", "EmptyLine", "Body"],
            response.GetProperty("marks").EnumerateArray().Select(mark => mark.GetProperty("part").GetString()));
        Assert.Equal("hi", Encoding.ASCII.GetString(json[^1].GetProperty("body").GetProperty("base64").GetBytesFromBase64()));
        Assert.Equal(200, json[^1].GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", "is no response of HTTP/1.1.")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "closed the connection before its response was whole: 42 bytes came.")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone", "The body is not compressed as Content-Encoding says.")]
    [InlineData("", "closed the connection without an answer.")]
    public void An_answer_that_is_none_is_told_in_a_sentence_and_what_came_is_shown(string answer, string said)
    {
        using var server = new CannedServer(Encoding.ASCII.GetBytes(answer), _ => CannedTurn.AnswerAndClose);
        var (code, output, error) = Run("http", $"{server.Url}");
        Assert.Equal(4, code);
        Assert.EndsWith(said + "\n", error, StringComparison.Ordinal);
        Assert.StartsWith("netlab http: ", error, StringComparison.Ordinal);
        Assert.Equal(answer.Length > 0, output.Contains($"Response, {answer.Length} bytes", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reset_is_told_as_one()
    {
        using var server = new CannedServer(""u8, _ => CannedTurn.Reset);
        var (code, _, error) = Run("http", $"{server.Url}");
        Assert.Equal((4, $"netlab http: 127.0.0.1:{server.Port} reset the connection (ECONNRESET).\n"), (code, error));
    }

    [Fact]
    public void Nobody_there_and_an_unknown_name_are_told_in_a_sentence()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // held and not listening: nobody else can take it
        int port = ((IPEndPoint)free.LocalEndPoint!).Port;
        var (code, _, error) = Run("http", $"127.0.0.1:{port}");
        Assert.Equal((4, $"netlab http: 127.0.0.1:{port} refused the connection: nobody listens there (ECONNREFUSED).\n"), (code, error));
        (code, _, error) = Run("http", "http://no-such-name.invalid/");
        Assert.Equal((4, "netlab http: No address is known for the host 'no-such-name.invalid'.\n"), (code, error));
    }

    [Fact]
    public void A_server_that_is_silent_is_given_up()
    {
        using var server = new CannedServer(""u8, _ => CannedTurn.Hold);
        var (code, _, error) = Run("http", $"{server.Url}", "--timeout", "1");
        Assert.Equal((4, $"netlab http: 127.0.0.1:{server.Port} was silent for 1 s.\n"), (code, error));
    }

    [Fact]
    public async Task Ctrl_C_ends_it_while_it_waits()
    {
        using var server = new CannedServer(""u8, _ => CannedTurn.Hold);
        using var interrupt = new CancellationTokenSource();
        var run = Task.Run(() => Run(interrupt.Token, "http", $"{server.Url}"), CancellationToken.None);
        PeerBench.Await(() => server.Requests == 1, "the request");
        await interrupt.CancelAsync();
        Assert.Equal(130, (await run).Code);
    }

    [Fact]
    public void Control_characters_of_a_server_never_reach_the_terminal()
    {
        using var server = new CannedServer("HTTP/1.1 302 \x1b[31mOw\r\nX\x1b]0;t\a: \x1b[2J\r\nLocation: /\x1b[1m\x9b\r\nContent-Length: 12\r\n\r\n\x1b[5m\u202eabc\r\a"u8);
        string output = Run("http", $"{server.Url}").Output;
        Assert.DoesNotContain(output, one => (char.IsControl(one) && one != '\n') || one == '\u202e');
        Assert.Contains("abc", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_body_is_bounded_in_what_is_printed_and_whole_in_the_file()
    {
        byte[] body = new byte[3_000_000];
        new Random(1).NextBytes(body);
        using var server = new CannedServer([.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n"), .. body]);
        string file = Path.Combine(_folder, "large");
        var (code, output, _) = Run("http", $"{server.Url}", "-o", file);
        Assert.Equal(0, code);
        Assert.True(output.Length < 20_000, $"{output.Length}");
        Assert.Equal(body, File.ReadAllBytes(file));
    }

    [Theory]
    [InlineData("is no header field", "http", "127.0.0.1", "-H", "nothing")]
    [InlineData("would end the field", "http", "127.0.0.1", "-H", "A: b\r\nC: d")]
    [InlineData("is no method", "http", "127.0.0.1", "-X", "GET /x")]
    [InlineData("not to ftp://", "http", "ftp://127.0.0.1/")]
    [InlineData("is no port", "http", "127.0.0.1:99999")]
    [InlineData("There is no file '/nowhere/at/all'", "http", "127.0.0.1", "-d", "@/nowhere/at/all")]
    [InlineData("from 1 to 86400", "http", "127.0.0.1", "--timeout", "0")]
    public void What_is_wrong_on_the_command_line_is_told_before_anything_is_asked(string said, params string[] arguments)
    {
        var (code, output, error) = Run(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Contains("See 'netlab http --help'.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told()
    {
        using var server = new CannedServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"u8);
        var (code, _, error) = Run("http", $"{server.Url}", "-o", Path.Combine(_folder, "no", "file"));
        Assert.Equal(2, code);
        Assert.Contains("cannot be written", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TLS_is_a_step_and_a_certificate_that_nobody_signed_is_taken_only_with_k()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=garden", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string url = $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";
        var serving = Task.Run(async () =>
        {
            for (int turn = 0; turn < 2; turn++)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using var tls = new SslStream(client.GetStream());
                try
                {
                    await tls.AuthenticateAsServerAsync(certificate);
                    Assert.True(await tls.ReadAsync(new byte[4096]) > 0);
                    await tls.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"u8.ToArray());
                    await tls.WriteAsync(new byte[await tls.ReadAsync(new byte[1])]); // until it closes
                }
                catch (Exception refused) when (turn == 0 || refused is IOException)
                {
                    // It does not trust us, or it has closed with TLS's last records unread, which resets the connection.
                }
            }
        }, TestContext.Current.CancellationToken);
        var (code, _, error) = Run("http", url);
        Assert.Equal((4, "netlab http: The certificate of 127.0.0.1 is not to be trusted: nobody whom this machine trusts has signed it. With -k it is asked all the same.\n"), (code, error));
        (code, string output, error) = Run("http", url, "-k");
        Assert.Equal((0, ""), (code, error));
        Assert.Matches("  TLS +[0-9.]+ [nµm]?s  TLS 1.[23], TLS_[A-Z0-9_]+, garden", output);
        Assert.Contains("  hi\n", output, StringComparison.Ordinal);
        await serving;
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments) => Run(CancellationToken.None, arguments);

    private static (int Code, string Output, string Error) Run(CancellationToken interrupt, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        int code = CommandLine.Run(arguments, new CommandContext(output, error, _ => null, () => KernelClock.Now, interrupt));
        return (code, output.ToString(), error.ToString());
    }

    private static JsonElement[] Json(params string[] arguments)
    {
        var (code, output, error) = Run([.. arguments, "--json"]);
        Assert.Equal((0, ""), (code, error));
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
