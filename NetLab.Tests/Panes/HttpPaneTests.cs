using NetLab.Core;
using NetLab.Core.Http;
using NetLab.Core.Peers;
using NetLab.Tests.Peers;
using NetLab.Tests.Support;
using NetLab.Tui.Panes;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.Panes;

public sealed class HttpPaneTests : IDisposable
{
    private readonly Scene _scene = new();
    private readonly HttpPane _pane = new();

    public void Dispose() => _scene.Dispose();

    private static HttpHop Hop(string answer, string body, string? failure = null)
    {
        var hop = new HttpHop(UrlAnatomy.TryRead("http://localhost:8000/a b;v=1?q=x+y#top", out _)!, "GET", Scene.At(0), 4096)
        {
            Tuple = Scene.Client(),
            Failure = failure,
        };
        void Step(HttpPhase phase, double begun, int took, string detail, bool isFailed = false) =>
            hop.Add(new HttpStep(phase, Scene.At(begun), Duration.FromMicroseconds(took), detail) { IsFailed = isFailed });
        Step(HttpPhase.Parse, 0, 21, "6 pieces");
        Step(HttpPhase.Resolve, 24, 130, "localhost is 127.0.0.1");
        Step(HttpPhase.Connect, 160, failure is null ? 90 : 35, failure ?? "127.0.0.1:45026 → 127.0.0.1:8000", failure is not null);
        if (failure is null)
        {
            hop.Sent.Append("GET /a%20b;v=1?q=x+y HTTP/1.1\r\nHost: localhost:8000\r\nAccept: */*\r\n\r\n"u8);
            hop.Received.Append(System.Text.Encoding.Latin1.GetBytes(answer));
            hop.Body.Append(System.Text.Encoding.Latin1.GetBytes(body));
            hop.Status = 200;
            Step(HttpPhase.Request, 255, 30, "GET /a%20b;v=1?q=x+y, 69 bytes");
            Step(HttpPhase.Response, 285, 900, "200 OK, 98 bytes, first byte after 850 µs");
            Step(HttpPhase.Close, 1200, 40, "this side closed first: TIME_WAIT is here");
        }

        hop.IsEnded = true;
        return hop;
    }

    private static HttpHop Hop() => Hop("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n", "Wikipedia");

    private void Press(params string[] keys)
    {
        foreach (string key in keys)
        {
            _scene.Draw(_pane, 120, 40);
            var pressed = key switch
            {
                "Tab" => new KeyEvent(Key.Tab, default, Modifiers.None),
                "Enter" => new KeyEvent(Key.Enter, default, Modifiers.None),
                "Up" => new KeyEvent(Key.Up, default, Modifiers.None),
                "Down" => new KeyEvent(Key.Down, default, Modifiers.None),
                "Right" => new KeyEvent(Key.Right, default, Modifiers.None),
                _ => KeyEvent.Of(key[0]),
            };
            Assert.True(_pane.Take(pressed, _scene.Context), key);
        }
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 40)]
    public void A_request_is_its_steps_its_parts_and_their_bytes(int columns, int rows)
    {
        _pane.Show(Hop());
        Golden.Check($"http-{columns}", _scene.Draw(_pane, columns, rows));
    }

    [Fact]
    public void A_part_and_its_bytes_have_one_cursor()
    {
        _pane.Show(Hop());
        // From the response to its status line and the first field.
        Press("Down", "Down");
        Assert.Contains("Header field: what the body is.", _scene.Draw(_pane, 120, 40), StringComparison.Ordinal);
        // Into the bytes: the first byte is the status line's version.
        Press("Tab", "g");
        string screen = _scene.Draw(_pane, 120, 40);
        Assert.Contains("▾ HTTP/1.1 200 OK", screen, StringComparison.Ordinal);
        Assert.Contains("version HTTP/1.1", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_piece_of_the_URL_is_lit_where_it_was_typed_and_says_what_it_is_for()
    {
        _pane.Show(Hop());
        Press("g", "Down", "Down");
        string screen = _scene.Draw(_pane, 120, 40);
        Assert.Contains("the server: DNS finds its address, the field Host repeats it.", screen, StringComparison.Ordinal);
        Assert.Contains("URL 39", screen, StringComparison.Ordinal);
        Press("Down", "Down");
        Assert.Contains("It goes as /a%20b.", _scene.Draw(_pane, 120, 40), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_stands_at_its_step()
    {
        _pane.Show(Hop("", "", "127.0.0.1:8000 refused the connection: nobody listens there (ECONNREFUSED)."));
        string screen = _scene.Draw(_pane, 120, 40);
        Assert.Contains("✗ TCP connect", screen, StringComparison.Ordinal);
        Assert.Contains("· request", screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://a/", "GET", "http://a/", null)]
    [InlineData("  HEAD a:8000/x ", "HEAD", "a:8000/x", null)]
    [InlineData("a/ x=y z", "POST", "a/", "x=y z")]
    [InlineData("PUT a/ x", "PUT", "a/", "x")]
    public void What_is_typed_is_a_method_a_URL_and_a_body(string text, string method, string url, string? body)
    {
        var read = HttpPane.Read(text, out string mistake);
        Assert.Equal("", mistake);
        Assert.Equal((method, url), (read!.Method, read.Url));
        Assert.Equal(body, read.Body is { } open ? new StreamReader(open()).ReadToEnd() : null);
    }

    [Fact]
    public void What_is_typed_is_checked_while_it_is_typed()
    {
        Press("/");
        var prompt = _scene.Foot.Prompt!;
        Assert.Null(prompt.Fault);
        foreach (var (text, fault) in new[] { ("http://a:0/", "'0' is no port: a number from 1 to 65535."), ("ftp://a/", "HTTP goes to http:// and https://, not to ftp://."), ("a", null) })
        {
            prompt.Take(KeyEvent.Of('u', Modifiers.Control));
            prompt.Paste(text);
            Assert.Equal(fault, prompt.Fault?.Message);
        }
    }

    [Fact]
    public void A_URL_is_asked_and_the_redirect_followed_where_that_is_wanted()
    {
        using var server = new CannedServer("HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"u8);
        Press("f", "/");
        _scene.Foot.Prompt!.Take(KeyEvent.Of('u', Modifiers.Control));
        _scene.Foot.Prompt.Paste($"127.0.0.1:{server.Port}/");
        _scene.Foot.Prompt.Take(new KeyEvent(Key.Enter, default, Modifiers.None));
        PeerBench.Await(() => _scene.Lab.Http.Runs is [{ IsEnded: true }], "the request's end");
        string screen = _scene.Draw(_pane, 120, 40);
        Assert.Contains("request 21 of 21, redirects are followed", screen, StringComparison.Ordinal);
        Assert.Contains("20 redirects were followed; no more are.", screen, StringComparison.Ordinal);
        Press("[");
        Assert.Contains("request 20 of 21", _scene.Draw(_pane, 120, 40), StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_first_request_it_says_what_to_do() =>
        Assert.Contains("type its URL with /", _scene.Draw(_pane, 80, 24), StringComparison.Ordinal);
}
