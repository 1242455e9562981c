using System.Net.Sockets;
using System.Text;
using NetLab.Core;
using NetLab.Core.Peers;

namespace NetLab.Tests.Peers;

public sealed class HttpServerTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("netlab-http-").FullName;
    private readonly string _root;
    private readonly PeerBench _bench;

    public HttpServerTests()
    {
        _root = Directory.CreateDirectory(Path.Combine(_parent, "www")).FullName;
        File.WriteAllText(Path.Combine(_parent, "secret"), "SECRET");
        File.WriteAllText(Path.Combine(_root, "a.html"), "<b>hi</b>\n");
        File.WriteAllBytes(Path.Combine(_root, "big.bin"), Pattern(300_000));
        Directory.CreateDirectory(Path.Combine(_root, "sub"));
        File.WriteAllText(Path.Combine(_root, "sub", "a <&> b.txt"), "odd");
        _bench = new PeerBench(new PeerSpecification(PeerKind.Http, "127.0.0.1", 0) { Root = _root });
    }

    public void Dispose()
    {
        _bench.Dispose();
        Directory.Delete(_parent, recursive: true);
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(index => (byte)(index * 7 + index / 256))];

    private (string Head, byte[] Body) Ask(string request, SocketShutdown? then = null)
    {
        using var socket = _bench.Connect();
        socket.Send(Encoding.Latin1.GetBytes(request));
        if (then is { } how)
            socket.Shutdown(how);
        byte[] answer = PeerBench.ReadToEnd(socket);
        int end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        return end < 0 ? (Encoding.Latin1.GetString(answer), []) : (Encoding.Latin1.GetString(answer, 0, end), answer[(end + 4)..]);
    }

    private (string Head, byte[] Body) Get(string target, string headers = "", string method = "GET") =>
        Ask($"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}\r\n");

    private static string Status(string head) => head.Split(' ')[1];

    private static string? Header(string head, string name) =>
        head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];

    [Fact]
    public void A_file_comes_whole_with_its_type_and_date()
    {
        var (head, body) = Get("/a.html");
        Assert.Equal("200", Status(head));
        Assert.Equal("text/html", Header(head, "Content-Type"));
        Assert.Equal(File.GetLastWriteTimeUtc(Path.Combine(_root, "a.html")).ToString("R"), Header(head, "Last-Modified"));
        Assert.Equal("<b>hi</b>\n", Encoding.ASCII.GetString(body));
        Assert.Equal(Pattern(300_000), Get("/big.bin").Body);
    }

    [Fact]
    public void HEAD_gives_the_head_alone()
    {
        var (head, body) = Get("/big.bin", method: "HEAD");
        Assert.Equal("300000", Header(head, "Content-Length"));
        Assert.Empty(body);
    }

    [Theory]
    [InlineData("bytes=10-19", "206", 10, 10)]
    [InlineData("bytes=-5", "206", 299_995, 5)]
    [InlineData("bytes=299990-999999999", "206", 299_990, 10)]
    [InlineData("bytes=0-1,4-5", "200", 0, 300_000)]
    public void A_range_gives_that_part(string range, string status, int start, int length)
    {
        var (head, body) = Get("/big.bin", $"Range: {range}\r\n");
        Assert.Equal(status, Status(head));
        Assert.Equal(Pattern(300_000)[start..(start + length)], body);
        if (status == "206")
            Assert.Equal($"bytes {start}-{start + length - 1}/300000", Header(head, "Content-Range"));
    }

    [Fact]
    public void A_range_beyond_the_end_is_416_with_the_size()
    {
        var (head, _) = Get("/big.bin", "Range: bytes=300000-\r\n");
        Assert.Equal(("416", "bytes */300000"), (Status(head), Header(head, "Content-Range")));
    }

    [Fact]
    public void A_part_only_of_the_file_whose_date_is_known()
    {
        string date = Header(Get("/big.bin", method: "HEAD").Head, "Last-Modified")!;
        Assert.Equal("206", Status(Get("/big.bin", $"Range: bytes=0-1\r\nIf-Range: {date}\r\n").Head));
        Assert.Equal("200", Status(Get("/big.bin", "Range: bytes=0-1\r\nIf-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n").Head));
        Assert.Equal("200", Status(Get("/big.bin", "Range: bytes=0-1\r\nIf-Range: \"tag\"\r\n").Head));
    }

    [Fact]
    public void What_has_not_changed_is_not_sent_again()
    {
        string date = Header(Get("/a.html").Head, "Last-Modified")!;
        var (head, body) = Get("/a.html", $"If-Modified-Since: {date}\r\n");
        Assert.Equal("304", Status(head));
        Assert.Empty(body);
        Assert.Equal("200", Status(Get("/a.html", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n").Head));
        Assert.Equal("200", Status(Get("/a.html", "If-Modified-Since: nonsense\r\n").Head));
        Assert.Equal("200", Status(Get("/a.html", $"If-Modified-Since: {date}\r\nIf-None-Match: \"x\"\r\n").Head));
    }

    [Fact]
    public void A_directory_lists_its_names_with_markup_escaped_and_an_index_goes_before_the_list()
    {
        string list = Encoding.UTF8.GetString(Get("/sub/").Body);
        Assert.Contains("<title>Directory listing for /sub/</title>", list, StringComparison.Ordinal);
        Assert.Contains("<li><a href=\"a%20%3C%26%3E%20b.txt\">a &lt;&amp;&gt; b.txt</a></li>", list, StringComparison.Ordinal);
        Assert.Contains("<li><a href=\"sub/\">sub/</a></li>", Encoding.UTF8.GetString(Get("/").Body), StringComparison.Ordinal);
        Assert.Equal("odd", Encoding.UTF8.GetString(Get("/sub/a%20%3C%26%3E%20b.txt").Body));
        File.WriteAllText(Path.Combine(_root, "sub", "index.html"), "INDEX");
        Assert.Equal("INDEX", Encoding.UTF8.GetString(Get("/sub/").Body));
    }

    [Theory]
    [InlineData("/sub", "/sub/")]
    [InlineData("/sub?q=1", "/sub/?q=1")]
    [InlineData("//sub", "/sub/")]
    public void A_directory_without_its_slash_is_found_with_it_and_never_on_another_host(string target, string location)
    {
        var (head, _) = Get(target);
        Assert.Equal(("301", location), (Status(head), Header(head, "Location")));
    }

    [Theory]
    [InlineData("/../secret")]
    [InlineData("/%2e%2e/secret")]
    [InlineData("/..%2fsecret")]
    [InlineData("/sub/../../secret")]
    [InlineData("/sub/%2E%2e/%2e./secret")]
    [InlineData("/.%00./secret")]
    [InlineData("/a.html%00")]
    [InlineData("/..\\secret")]
    [InlineData("/%2e%2e%5csecret")]
    [InlineData("/%252e%252e/secret")]
    [InlineData("/link")]
    [InlineData("/folder/secret")]
    [InlineData("/folder/")]
    [InlineData("/absolute")]
    [InlineData("/up/www/../secret")]
    [InlineData("/loop")]
    [InlineData("http://127.0.0.1/../secret")]
    [InlineData("*")]
    public void Nothing_outside_the_folder_is_ever_sent(string target)
    {
        File.CreateSymbolicLink(Path.Combine(_root, "link"), "../secret");
        File.CreateSymbolicLink(Path.Combine(_root, "absolute"), Path.Combine(_parent, "secret"));
        File.CreateSymbolicLink(Path.Combine(_root, "loop"), "loop");
        Directory.CreateSymbolicLink(Path.Combine(_root, "folder"), _parent);
        Directory.CreateSymbolicLink(Path.Combine(_root, "up"), "..");
        var (head, body) = Get(target);
        Assert.True(Status(head) is "400" or "403" or "404" or "405", head);
        Assert.DoesNotContain("SECRET", Encoding.Latin1.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_that_stay_inside_lead_where_they_point_also_absolute_ones()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "sub", "relative"), "../a.html");
        File.CreateSymbolicLink(Path.Combine(_root, "sub", "absolute"), Path.Combine(_root, "a.html"));
        Assert.Equal("200", Status(Get("/sub/relative").Head));
        Assert.Equal("200", Status(Get("/sub/absolute").Head));
    }

    [Fact]
    public void The_folder_stays_the_one_that_was_named_when_another_takes_its_name()
    {
        Directory.Move(_root, _root + "-moved");
        Directory.CreateSymbolicLink(_root, "/");
        try
        {
            Assert.Equal("404", Status(Get("/etc/passwd").Head));
            Assert.Equal("200", Status(Get("/a.html").Head));
        }
        finally
        {
            Directory.Delete(_root);
            Directory.Move(_root + "-moved", _root);
        }
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n", "400")]
    [InlineData("GET / HTTP/9.9\r\n\r\n", "505")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "501")]
    public void What_is_no_request_for_a_file_gets_its_status_and_a_line_in_the_log(string request, string status)
    {
        var (head, _) = Ask(request);
        Assert.Equal(status, Status(head));
        PeerBench.Await(() => _bench.Log.Count(line => line.Status != 0) == 2, "two lines of the log");
        Assert.Equal([PeerLogKind.RequestError, PeerLogKind.Request], _bench.Log.Where(line => line.Status != 0).Select(line => line.Kind));
    }

    [Fact]
    public void A_request_line_of_a_megabyte_is_414_and_a_flood_of_headers_is_431()
    {
        Assert.Equal("414", FirstStatus("GET /" + new string('a', 1_000_000) + " HTTP/1.1\r\n\r\n"));
        var headers = new StringBuilder("GET / HTTP/1.1\r\nHost: a\r\n");
        for (int index = 0; index < 5000; index++)
            headers.Append($"X-{index}: {new string('b', 100)}\r\n");
        Assert.Equal("431", FirstStatus(headers.Append("\r\n").ToString()));
    }

    // The server closes while the rest is still on its way, so the send may fail, and what it answered may be lost to the reset; then the log has it.
    private string FirstStatus(string request)
    {
        int before = _bench.Log.Length;
        using var socket = _bench.Connect();
        try
        {
            socket.Send(Encoding.ASCII.GetBytes(request));
        }
        catch (SocketException)
        {
            // It has heard enough.
        }

        PeerBench.Await(() => _bench.Log.Skip(before).Any(line => line.Kind == PeerLogKind.Request), "the request's line");
        return _bench.Log.Skip(before).First(line => line.Kind == PeerLogKind.Request).Status.ToString();
    }

    [Fact]
    public void A_client_that_closes_its_sending_side_gets_its_answer() =>
        Assert.Equal("<b>hi</b>\n", Encoding.ASCII.GetString(Ask("GET /a.html HTTP/1.0\r\n\r\n", SocketShutdown.Send).Body));

    [Fact]
    public void The_journal_has_every_byte_of_a_connection_both_ways()
    {
        using var socket = _bench.Connect();
        var local = (System.Net.IPEndPoint)socket.LocalEndPoint!;
        string requests = "GET /big.bin HTTP/1.1\r\nHost: a\r\n\r\nGET /a.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        foreach (byte[] piece in Encoding.ASCII.GetBytes(requests).Chunk(7))
            socket.Send(piece);
        byte[] answer = PeerBench.ReadToEnd(socket);
        PeerBench.Await(() => _bench.Peer.Counters.Open == 0, "the connection's end");
        var client = new Endpoint(IpAddress.Loopback, (ushort)local.Port);
        Assert.Equal(requests, Encoding.ASCII.GetString(_bench.Recorded(Direction.Received, client)));
        Assert.Equal(answer, _bench.Recorded(Direction.Sent, client));
        Assert.Equal((requests.Length, answer.Length, 2), ((int)_bench.Peer.Counters.BytesReceived, (int)_bench.Peer.Counters.BytesSent, (int)_bench.Peer.Counters.Requests));
    }

    [Fact]
    public void Two_hundred_clients_that_send_a_byte_at_a_time_and_some_that_never_read_disturb_nobody()
    {
        List<Socket> slow = [];
        try
        {
            for (int index = 0; index < 200; index++)
                slow.Add(_bench.Connect());
            foreach (var socket in slow.Take(20))
                socket.Send(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("GET /big.bin HTTP/1.1\r\nHost: a\r\n\r\n", 50))));
            foreach (byte octet in "GET / HT"u8.ToArray())
            {
                foreach (var socket in slow.Skip(20))
                    socket.Send([octet]);
                Assert.Equal("200", Status(Get("/a.html").Head));
            }

            Assert.True(_bench.Peer.Counters.Open >= 200);
        }
        finally
        {
            slow.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public void A_client_that_never_reads_is_left_in_the_end()
    {
        using (var large = File.Create(Path.Combine(_root, "large.bin")))
            large.SetLength(64 << 20); // more than the kernel's buffers take
        var specification = new PeerSpecification(PeerKind.Http, "127.0.0.1", 0) { Root = _root };
        using var bench = new PeerBench((recorder, log) => new HttpServer(specification, recorder, log) { Patience = TimeSpan.FromMilliseconds(200) });
        using var deaf = bench.Connect();
        deaf.Send("GET /large.bin HTTP/1.1\r\nHost: a\r\n\r\n"u8);
        PeerBench.Await(() => bench.Peer.Counters is { Total: 1, Open: 0 }, "the connection's end");
        Assert.Contains(bench.Log, line => line is { Kind: PeerLogKind.Notice, Text: "the client does not read its answer; the connection was broken" });
    }

    [Fact]
    public void Stopping_ends_also_connections_that_wait_and_lets_go_of_the_port()
    {
        using var idle = _bench.Connect();
        idle.Send("GET /a.html HTTP/1.1\r\nHost: a\r\n\r\n"u8);
        Assert.True(idle.Receive(new byte[4096]) > 0);
        ushort port = _bench.Peer.Local.Port;
        _bench.Peer.Stop();
        Assert.Equal(PeerState.Stopped, _bench.Peer.State);
        using var next = new PeerBench(new PeerSpecification(PeerKind.Http, "127.0.0.1", port) { Root = _root });
        Assert.Equal(port, next.Peer.Local.Port);
    }
}
