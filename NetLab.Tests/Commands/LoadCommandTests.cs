using NetLab.Core;
using NetLab.Core.Peers;
using NetLab.Tui.Commands;

namespace NetLab.Tests.Commands;

public class LoadCommandTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8000/a?b=c", null, "127.0.0.1:8000")]
    [InlineData("http://[::1]/", null, "[::1]:80")]
    [InlineData("http://localhost:8000", null, "127.0.0.1:8000 [::1]:8000")]
    [InlineData("localhost", "7", "127.0.0.1:7 [::1]:7")]
    [InlineData("::1", "http-alt", "[::1]:8080")]
    [InlineData("[::1]", "7", "[::1]:7")]
    public void A_loopback_server_is_found_by_url_or_by_host_and_port(string target, string? port, string servers)
    {
        var found = LoadTarget.Find(target, port, 64, null, new KnownNames(), out string mistake);
        Assert.Equal("", mistake);
        Assert.Equal(servers, string.Join(' ', found!.Servers));
    }

    [Theory]
    [InlineData("10.0.0.1", "7", null, "10.0.0.1 is not on loopback")]
    [InlineData("http://10.0.0.1/", null, null, "--yes-remote 10.0.0.1")]
    [InlineData("http://10.0.0.1/", null, "10.0.0.2", "names 10.0.0.2, but the load would go to 10.0.0.1")]
    [InlineData("0.0.0.0", "7", null, "not on loopback")]
    [InlineData("127.0.0.1:80", null, null, "neither a URL")]
    [InlineData("https://127.0.0.1/", null, null, "http:// only")]
    [InlineData("http://", null, null, "no URL")]
    [InlineData("http://me:secret@127.0.0.1/", null, null, "no password")]
    [InlineData("127.0.0.1", "0", null, "'0' is no port")]
    [InlineData("127.0.0.1", "65536", null, "'65536' is no port")]
    [InlineData("http://127.0.0.1/", "80", null, "too much")]
    public void What_may_not_or_cannot_be_loaded_is_told_in_a_sentence(string target, string? port, string? allowed, string said)
    {
        Assert.Null(LoadTarget.Find(target, port, 64, allowed, new KnownNames(), out string mistake));
        Assert.Contains(said, mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_remote_server_is_allowed_when_its_name_is_typed_again() =>
        Assert.NotNull(LoadTarget.Find("http://10.0.0.1:8000/", null, 64, "10.0.0.1", new KnownNames(), out _));

    [Fact]
    public void The_request_names_host_and_path_and_holds_nothing_that_was_not_encoded()
    {
        var url = new HttpLoad(new Uri("http://[::1]:8000/a b?q=ü\r\nX: y"));
        string text = System.Text.Encoding.ASCII.GetString(url.Request.Span);
        Assert.StartsWith("GET /a%20b?q=%C3%BC%0D%0AX:%20y HTTP/1.1\r\nHost: [::1]:8000\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_figures_are_lined_up()
    {
        var (target, specification, figures) = Example();
        var output = new StringWriter();
        var context = new CommandContext(output, output, _ => null, () => default, default);
        LoadPrinter.Print(output, Paint.For(context), target, specification, figures);
        Assert.Equal("""
            http://127.0.0.1:8000/  2 connections, 100 requests a second wanted

              answered             100  in 1.25 s
              rate                  80  a second
              received        48.8 KiB  39.1 KiB a second
              sent            9.77 KiB  7.81 KiB a second
              opened                 3  connections, because old ones were closed
              status                98  2xx
              status                 2  5xx
              failed                 4  timed out
              unanswered             1  still under way at the end
              not sent              20  due, but every connection was waiting for an answer

              latency, from when a request was due to the last byte of its answer (no coordinated omission)
              p50               201 µs
              p90               201 µs
              p99              12.1 ms
              p99.9            12.1 ms
              max              12.1 ms
              mean              795 µs

              < 500 µs              95   95.0 %  ######################################
              < 1.00 ms              0    0.0 %
              < 2.00 ms              0    0.0 %
              < 5.00 ms              0    0.0 %
              < 10.0 ms              0    0.0 %
              < 20.0 ms              5    5.0 %  ##

            """.ReplaceLineEndings("\n"), output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_figures_are_one_object_as_json()
    {
        var (target, specification, figures) = Example();
        var json = System.Text.Json.JsonDocument.Parse(LoadJson.Write(target, target.Servers[0], specification, figures)).RootElement;
        Assert.Equal("load", json.GetProperty("kind").GetString());
        Assert.Equal((125, 100, 4, 20), (json.GetProperty("sent").GetInt32() + 20, json.GetProperty("answered").GetInt32(), json.GetProperty("failed").GetInt32(), json.GetProperty("unsent").GetInt32()));
        Assert.Equal("due", json.GetProperty("latencyFrom").GetString());
        Assert.Equal(0.0121, json.GetProperty("latency").GetProperty("max").GetDouble(), 6);
        Assert.Equal(98, json.GetProperty("statuses").GetProperty("2xx").GetInt32());
        Assert.Equal(4, json.GetProperty("errors").GetProperty("timedOut").GetInt32());
    }

    [Fact]
    public void The_progress_tells_how_far_it_is()
    {
        var (_, specification, figures) = Example();
        Assert.Equal("[===                     ]  12 %  1 s of 10 s  80/s  p99 12.1 ms  4 failed", new LoadProgress(null, specification).Line(figures));
    }

    private static (LoadTarget Target, LoadSpecification Specification, LoadFigures Figures) Example()
    {
        var latencies = new LatencyHistogram();
        for (int request = 0; request < 100; request++)
            latencies.Record(request < 95 ? Duration.FromMicroseconds(200) : Duration.FromMicroseconds(12_100));
        var target = LoadTarget.Find("http://127.0.0.1:8000/", null, 0, null, new KnownNames(), out _)!;
        var specification = new LoadSpecification(target.Exchange, target.Servers) { Connections = 2, Rate = 100 };
        return (target, specification, new LoadFigures(Duration.FromMilliseconds(1250), latencies)
        {
            Sent = 105,
            Answered = 100,
            Due = 125,
            Opened = 3,
            BytesSent = 10_000,
            BytesReceived = 50_000,
            Errors = [(LoadError.TimedOut, 4)],
            Statuses = [(2, 98), (5, 2)],
        });
    }
}
