namespace NetLab.Tests.EndToEnd;

/// <summary>The HTTP tab against a real server: its request on every instrument.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class HttpTabTests : IDisposable
{
    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 40)]
    public void The_packets_of_a_request_stand_with_its_steps_and_the_other_tabs_show_it_too(int columns, int rows)
    {
        _network.Write("hello.txt", "hello word\n");
        using var server = _network.Start("serve", "http", "-p", "8077", "--root", _network.Folder);
        server.Await("8077");
        using var terminal = _network.Open(columns, rows);
        terminal.AwaitScreen("hello");
        terminal.Send("8/");
        terminal.AwaitScreen("URL ›");
        terminal.Send("\u0015http://127.0.0.1:8077/hello.txt\r");
        terminal.AwaitScreen("✓ close");
        terminal.Send("\t\t");
        terminal.AwaitScreen("TCP connect");
        terminal.AwaitScreen("[S]  seq 0");
        terminal.AwaitScreen("[F.]");
        terminal.Send("o");
        terminal.AwaitScreen("show this port");
        terminal.Send("4");
        terminal.AwaitScreen("seq 1:125, ack");
        terminal.Send("2");
        terminal.AwaitScreen("HTTP/1.1 200 OK");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void A_refused_request_shows_the_reset_that_refused_it()
    {
        using var terminal = _network.Open(80, 24);
        terminal.AwaitScreen("hello");
        terminal.Send("8/");
        terminal.AwaitScreen("URL ›");
        terminal.Send("\u0015http://127.0.0.1:9/\r");
        terminal.AwaitScreen("✗ TCP connect");
        terminal.Send("\t\t");
        terminal.AwaitScreen("packets 2");
        terminal.AwaitScreen(":9 → ");
        terminal.AwaitScreen("[R.]");
        // Back to the parts, then out.
        terminal.Send("qq");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }
}
