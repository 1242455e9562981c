namespace NetLab.Tests.EndToEnd;

/// <summary>Servers and clients started from the interface, in a network of their own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class PeersOnScreenTests : IDisposable
{
    private const string Client = "import socket,sys\ns=socket.create_connection(('127.0.0.1',8007))\ns.sendall(b'from outside')\nprint(s.recv(100).decode(),flush=True)\nsys.stdin.read()";
    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData(120, 40)]
    [InlineData(80, 24)]
    public void A_server_is_started_from_the_form_and_the_panes_follow_it(int columns, int rows)
    {
        using var terminal = _network.Open(columns, rows);
        terminal.AwaitScreen("0/9");
        terminal.Send("n");
        terminal.AwaitScreen("$ netlab serve hello");
        terminal.Send("e");
        terminal.AwaitScreen("$ netlab serve echo");
        terminal.Send("\t\tx");
        terminal.AwaitScreen("✗ A port is a number");
        terminal.Send("\x7f\r");
        terminal.AwaitScreen("● running");
        terminal.AwaitScreen("LISTEN");
        using var client = RunningProgram.Start([.. _network.Prefix, "python3", "-c", Client]);
        client.Await("from outside");
        foreach (string shown in new[] { "12 B", "ESTABLISHED", "sent 12 bytes", "len 12", "1 connection," })
            terminal.AwaitScreen(shown);
        terminal.Send("2");
        terminal.AwaitScreen("from outside");
        terminal.Send("1R");
        terminal.AwaitScreen("0/9");
        terminal.Send("\r");
        terminal.AwaitScreen("✓ as expected");
        terminal.AwaitScreen("hello word");
        Assert.DoesNotContain("from outside", terminal.Screen, StringComparison.Ordinal);
        // What ran beside the experiment is still there, with what happened before.
        terminal.Send("R");
        terminal.AwaitScreen("len 12");
        terminal.AwaitScreen("ESTABLISHED");
        terminal.Send("q");
        terminal.AwaitScreen("q again ends them");
        terminal.Send("?");
        terminal.AwaitScreen("clear away what does not run");
        terminal.Send("?");
        terminal.Await(() => !terminal.Screen.Contains("clear away", StringComparison.Ordinal), "the help gone");
        terminal.Send("q");
        terminal.AwaitScreen("q again ends them");
        client.CloseInput();
        Assert.Equal(0, client.WaitForEnd().Code);
        terminal.Await(() => terminal.Screen.Contains("TIME_WAIT", StringComparison.Ordinal) || terminal.Screen.Contains("LAST_ACK", StringComparison.Ordinal) || terminal.Screen.Contains("CLOSED", StringComparison.Ordinal), "the client's end");
        terminal.Send("s");
        terminal.AwaitScreen("■ stopped");
        terminal.Send("\r");
        terminal.AwaitScreen("● running");
        terminal.Send("s");
        terminal.AwaitScreen("■ stopped");
        terminal.Send("x");
        terminal.AwaitScreen("Nothing runs");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void A_client_is_offered_the_server_and_both_ends_are_shown()
    {
        using var terminal = _network.Open(120, 40);
        terminal.AwaitScreen("0/9");
        terminal.Send(":serve e");
        terminal.AwaitScreen("✗ echo");
        terminal.Send("cho -p 8123\r");
        terminal.AwaitScreen("● running");
        terminal.Send("n");
        terminal.AwaitScreen("$ netlab serve hello");
        // The second kind that begins so, after chargen.
        terminal.Send("cc");
        terminal.AwaitScreen("‹ connect ›");
        terminal.AwaitScreen("$ netlab connect 127.0.0.1 8123");
        terminal.Send("\e[Ahi there");
        terminal.AwaitScreen("--send 'hi there'");
        terminal.Send("\r");
        terminal.AwaitScreen("connect:8123");
        terminal.AwaitScreen("echo:8123");
        terminal.AwaitScreen("2 of 2 up");
        terminal.AwaitScreen("SYN_SENT");
        terminal.AwaitScreen("sent 8 bytes");
        // Both ways to quit ask.
        terminal.Send("\x03");
        terminal.AwaitScreen("Ctrl+C again ends them");
        terminal.Send("\x03");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Theory]
    [InlineData(120, 40)]
    [InlineData(80, 24)]
    public void A_load_is_offered_its_server_and_tells_its_figures(int columns, int rows)
    {
        using var terminal = _network.Open(columns, rows);
        terminal.AwaitScreen("0/9");
        terminal.Send(":serve http -p 8123\r");
        terminal.AwaitScreen("● running");
        terminal.Send("n");
        terminal.AwaitScreen("$ netlab serve hello");
        // The second kind that begins so, after http itself; its path is changed, and it is to make 20 requests a second.
        terminal.Send("hh\t\t\t");
        terminal.AwaitScreen("$ netlab load http://127.0.0.1:8123/");
        terminal.Send("no\t\t\t20");
        terminal.AwaitScreen("$ netlab load http://127.0.0.1:8123/no -r 20");
        terminal.Send("\e[A\u0015x");
        terminal.AwaitScreen("✗ The time in seconds is from 1 to 3600.");
        terminal.Send("\u007f1\r");
        terminal.AwaitScreen("http load");
        terminal.AwaitScreen("✓ ended");
        // A second long, and no such file.
        terminal.AwaitScreen("20 answered with 4xx");
        terminal.AwaitScreen("p99 ");
        terminal.Send("k");
        terminal.AwaitScreen("20 answered, ◀");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void On_another_tab_a_server_is_started_and_the_tab_stays()
    {
        using var terminal = _network.Open(80, 24);
        terminal.AwaitScreen("0/9");
        terminal.Send("8n");
        terminal.AwaitScreen("$ netlab serve hello");
        terminal.Send("h");
        terminal.AwaitScreen("$ netlab serve http");
        terminal.Send("\r");
        terminal.AwaitScreen("http is started; R shows how it does.");
        terminal.Send("/\r");
        terminal.AwaitScreen("HTTP/1.1 200 OK");
        terminal.Send(":serve echo\r");
        terminal.AwaitScreen("echo is started");
        terminal.Send("R");
        terminal.AwaitScreen("2 of 2 up");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void A_port_that_is_taken_is_told_with_who_has_it()
    {
        using var other = RunningProgram.Start([.. _network.Prefix, "python3", "-c",
            "import socket,sys\ns=socket.socket()\ns.bind(('127.0.0.1',8009))\ns.listen()\nprint('listens',flush=True)\nsys.stdin.read()"]);
        other.Await("listens");
        using var terminal = _network.Open(120, 40);
        terminal.AwaitScreen("0/9");
        terminal.Send(":serve discard\r");
        terminal.AwaitScreen("✗ failed");
        terminal.AwaitScreen("python3");
        other.CloseInput();
        other.WaitForEnd();
        terminal.Send("r");
        terminal.AwaitScreen("● running");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void In_a_C_locale_the_form_and_the_list_are_ASCII()
    {
        using var terminal = _network.Open(80, 24, new() { ["LC_ALL"] = null, ["LC_CTYPE"] = null, ["LANG"] = "C" });
        terminal.AwaitScreen("0/9");
        terminal.Send("n");
        terminal.AwaitScreen("netlab serve hello");
        terminal.Send("e\r");
        terminal.AwaitScreen("echo:8007");
        terminal.AwaitScreen("running");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
        Assert.DoesNotContain(terminal.Output, c => c > 0x7E);
    }
}
