namespace NetLab.Tests.EndToEnd;

/// <summary>Scripts with one of NetLab's own servers beside the actors.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ScriptServerTests : IDisposable
{
    private const string Get =
        """
        serve http 127.0.0.1:8123
          file hello.txt "hello word\n"
        actor client
          socket inet stream
          connect 127.0.0.1:8123
          send "GET /hello.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
          recv exactly 216
          recv 4096 expect eof
          close
        expect client received 216 bytes
        """;

    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    private static string[] Folders => Directory.GetDirectories(Path.GetTempPath(), "netlab-serve-*");

    [Fact]
    public void The_server_listens_before_the_first_actor_and_is_gone_after_the_last()
    {
        string[] before = Folders;
        string script = _network.Write("get.lab", Get);
        // Twice: nothing of the first run is in the second one's way.
        for (int round = 0; round < 2; round++)
        {
            var ended = _network.Run("run", script);
            Assert.True(ended.Code == 0, $"{ended}");
            Assert.Contains("http    ● listener  CLOSED → LISTEN  listen", ended.Output, StringComparison.Ordinal);
            Assert.Contains("http    ● connection  FIN_WAIT_2 → TIME_WAIT", ended.Output, StringComparison.Ordinal);
            Assert.Contains("http    ● listener  LISTEN → CLOSED", ended.Output, StringComparison.Ordinal);
            Assert.Contains("✓ expect client received 216 bytes", ended.Output, StringComparison.Ordinal);
        }

        Assert.Empty(Folders.Except(before));
    }

    [Fact]
    public void Servers_on_free_ports_are_found_by_their_names_and_expectations_speak_of_their_connections()
    {
        var ended = _network.Run("run", _network.Write("names.lab",
            """
            serve http 127.0.0.1:0 as web
              file a.txt "x"
            serve echo [::1]:0
            actor client
              socket inet stream as a
              connect web.listener
              send "GET /a.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
              recv exactly 205
              recv 4096 expect eof
              close
              repeat 2
              socket inet6 stream as b
              connect [::1]:echo.listener.port
              send "hello"
              recv exactly 5 expect "hello"
              close
              end
            expect web received 51 bytes
            expect web.connection SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT
            expect web.listener LISTEN
            expect packet web FIN 1
            expect echo sent "hellohello"
            expect echo.connection SYN_RCVD ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED
            expect echo.connection.2 SYN_RCVD ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED
            """));
        Assert.True(ended.Code == 0, $"{ended}");
    }

    [Fact]
    public void A_port_that_somebody_has_fails_the_run_in_one_sentence()
    {
        using var other = _network.Start("serve", "echo", "-p", "8123");
        other.Await("8123");
        var ended = _network.Run("check", _network.Write("get.lab", Get));
        Assert.Equal(1, ended.Code);
        Assert.Matches(@"(?m)^✗ .*get\.lab:1: http: 127\.0\.0\.1:8123 is in use by netlab \(pid [0-9]+\)\.$", ended.Output);
    }

    [Theory]
    [InlineData("http-get")]
    [InlineData("http-keep-alive")]
    [InlineData("http-pipelining")]
    [InlineData("connect-timeout")]
    public void The_experiments_come_out_as_they_teach(string name)
    {
        var ended = _network.Run("check", name);
        Assert.True(ended.Code == 0, $"{ended}");
    }

    [Fact]
    public void On_the_screen_a_port_that_somebody_has_is_told_where_the_steps_would_be()
    {
        using var other = _network.Start("serve", "echo", "-p", "1105");
        other.Await("1105");
        using var terminal = _network.Open(80, 24);
        terminal.AwaitScreen("hello");
        terminal.Send(":run http-get\r");
        terminal.AwaitScreen("http: 127.0.0.1:1105 is in use by netlab (pid ");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void On_the_screen_the_answer_is_seen_beside_the_request()
    {
        using var terminal = _network.Open(120, 40);
        terminal.AwaitScreen("hello");
        terminal.Send(":run http-get\r");
        terminal.AwaitScreen("TIME_WAIT");
        terminal.Send("2");
        terminal.AwaitScreen("HTTP/1.1 200 OK");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }
}
