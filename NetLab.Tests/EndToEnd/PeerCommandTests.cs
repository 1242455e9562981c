using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NetLab.Tests.Kernel;
using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary>serve, connect and framed as their users run them, on ports that the kernel chooses.</summary>
[Collection<EndToEndCollection>]
public sealed partial class PeerCommandTests : IDisposable
{
    private const int SIGINT = 2;
    private readonly string _folder = Directory.CreateTempSubdirectory("netlab-serve-").FullName;
    private readonly List<RunningProgram> _running = [];

    public void Dispose()
    {
        _running.ForEach(program => program.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private RunningProgram Start(params string[] arguments)
    {
        var program = RunningProgram.Start([PrivateNetwork.Program, .. arguments], new() { ["TZ"] = "UTC0" });
        _running.Add(program);
        return program;
    }

    private (RunningProgram Server, ushort Port) Serve(params string[] arguments)
    {
        var server = Start(["serve", .. arguments, "-p", "0"]);
        server.Await(() => PortNumber().IsMatch(server.Output), "the line that names the port");
        return (server, ushort.Parse(PortNumber().Match(server.Output).Groups[1].Value));
    }

    private static void Send(ushort port, string text)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = (int)PseudoTerminal.Patience.TotalMilliseconds };
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(Encoding.UTF8.GetBytes(text));
        socket.Shutdown(SocketShutdown.Send);
        while (socket.Receive(new byte[65_536]) > 0)
        {
        }
    }

    [Fact]
    public void The_DNS_lab_says_what_to_ask_logs_and_prints_its_zones()
    {
        var lab = Start("lab", "dns", "-p", "0");
        lab.Await("The zones' texts:");
        Assert.Matches(@"^127\.53\.0\.1 +port \d+  \.\n127\.53\.0\.2 +port \d+  test\.\n", lab.Output);
        ushort port = ushort.Parse(PortNumber().Match(lab.Output).Groups[1].Value);
        Assert.Contains($"netlab dns www.garden.test --trace --root 127.53.0.1 --port {port}\n", lab.Output, StringComparison.Ordinal);
        var asked = RunningProgram.Start([PrivateNetwork.Program, "dns", "www.garden.test", "@127.53.0.3", "-p", $"{port}", "--short"]).WaitForEnd();
        Assert.Equal((0, "192.0.2.80\n"), (asked.Code, asked.Output));
        lab.Await("→ 127.53.0.3 www.garden.test. A: NOERROR, 1 answer, ");
        lab.Signal(SIGINT);
        Assert.Equal(0, lab.WaitForEnd().Code);
        var printed = Start("lab", "dns", "--print", "garden").WaitForEnd();
        Assert.StartsWith("; A zone with one of everything.\n$ORIGIN garden.test.\n", printed.Output, StringComparison.Ordinal);
        var mistake = Start("lab", "dns", "--print", "none").WaitForEnd();
        Assert.Equal((2, "netlab: The lab has no zone 'none'. It has: root, test, garden, mirror, glueless, limping. See 'netlab lab dns --help'.\n"), (mistake.Code, mistake.Error));
    }

    [Fact]
    public void Serve_dns_tells_a_mistake_in_a_zone_file_with_its_place()
    {
        string zone = Path.Combine(_folder, "lab.zone");
        File.WriteAllText(zone, "$TTL 1h\n@ SOA ns keeper 1 1h 1h 1h 60\nwww A 192.0.2\n");
        var ended = Start("serve", "dns", "-p", "0", "--zone", zone).WaitForEnd();
        Assert.Equal((2, $"netlab: {zone}:3:7: 192.0.2 is no IPv4 address.\n"), (ended.Code, ended.Error));
        ended = Start("serve", "dns", "--zone", zone + "x").WaitForEnd();
        Assert.Equal((2, $"netlab: There is no zone file '{zone}x'.\n"), (ended.Code, ended.Error));
        ended = Start("serve", "echo", "--zone", zone).WaitForEnd();
        Assert.Equal((2, "netlab: --zone is of dns, not of echo. See 'netlab serve --help'.\n"), (ended.Code, ended.Error));
    }

    [Fact]
    public void Serve_http_says_where_it_is_and_logs_as_python_does_and_ends_with_0()
    {
        File.WriteAllText(Path.Combine(_folder, "a.txt"), "text");
        var (server, port) = Serve("http", "--root", _folder);
        Assert.Equal($"Serving HTTP on 127.0.0.1 port {port} (http://127.0.0.1:{port}/) ...\n", server.Output);
        Send(port, "GET /a.txt HTTP/1.0\r\n\r\n");
        Send(port, "GET /nofile HTTP/1.0\r\n\r\n");
        Send(port, "GET /\x1b[31m HTTP/1.0\r\n\r\n");
        server.Await("31m HTTP/1.0\" 404 -");
        string moment = @"\[\d\d/[A-Z][a-z][a-z]/\d{4} \d\d:\d\d:\d\d\]";
        Assert.Matches($"^127\\.0\\.0\\.1 - - {moment} \"GET /a\\.txt HTTP/1\\.0\" 200 -\n"
            + $"127\\.0\\.0\\.1 - - {moment} code 404, message File not found\n"
            + $"127\\.0\\.0\\.1 - - {moment} \"GET /nofile HTTP/1\\.0\" 404 -\n"
            + $"127\\.0\\.0\\.1 - - {moment} code 404, message File not found\n"
            + $"127\\.0\\.0\\.1 - - {moment} \"GET /\\\\x1b\\[31m HTTP/1\\.0\" 404 -\n", server.Error);
        Assert.DoesNotContain('\x1b', server.Error);
        server.Signal(SIGINT);
        var ended = server.WaitForEnd();
        Assert.Equal(0, ended.Code);
        Assert.Contains("netlab: Stopped after 3 connections;", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Serve_json_tells_connections_and_bytes()
    {
        var server = Start("serve", "echo", "-p", "0", "--json");
        server.Await("\"running\"");
        using var first = JsonDocument.Parse(server.Output.Split('\n')[0]);
        Send(ushort.Parse(first.RootElement.GetProperty("local").GetString()!.Split(':')[1]), "hello");
        server.Await("\"closed\"");
        server.Signal(SIGINT);
        var ended = server.WaitForEnd();
        Assert.Equal(0, ended.Code);
        var events = ended.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["received hello", "sent hello"],
            events.Where(entry => entry.GetProperty("kind").GetString() == "bytes")
                .Select(entry => $"{entry.GetProperty("direction")} {entry.GetProperty("text")}"));
        Assert.Equal(["opened", "closed"],
            events.Where(entry => entry.GetProperty("kind").GetString() == "connection").Select(entry => entry.GetProperty("status").GetString()));
        Assert.Equal("stopped", events[^1].GetProperty("status").GetString());
    }

    [Fact]
    public void Connect_between_pipes_carries_bytes_as_they_are_and_ends_with_the_server()
    {
        var (_, port) = Serve("echo");
        var client = Start("connect", "127.0.0.1", $"{port}");
        string text = string.Concat(Enumerable.Range(0, 20_000).Select(line => $"line {line}\n"));
        client.Write(text);
        client.CloseInput();
        var ended = client.WaitForEnd();
        Assert.Equal((0, text, ""), (ended.Code, ended.Output, ended.Error));
    }

    [Fact]
    public void Connect_json_has_the_states_and_the_bytes_of_its_own_connection()
    {
        var (_, port) = Serve("hello");
        var ended = Start("connect", "127.0.0.1", $"{port}", "--send", @"hi\r\n", "--json").WaitForEnd();
        Assert.Equal(0, ended.Code);
        var events = ended.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["sent 4", "received 10"],
            events.Where(entry => entry.GetProperty("kind").GetString() == "bytes").Select(entry => $"{entry.GetProperty("direction")} {entry.GetProperty("length")}"));
        Assert.All(events, entry => Assert.Equal($"127.0.0.1:{port}", entry.GetProperty("remote").GetString()));
    }

    [Fact]
    public void Connect_to_nobody_is_one_line_and_4()
    {
        var (server, port) = Serve("echo");
        server.Signal(SIGINT);
        server.WaitForEnd();
        var client = Start("connect", "127.0.0.1", $"{port}");
        var ended = client.WaitForEnd();
        Assert.Equal(4, ended.Code);
        Assert.Equal($"netlab: 127.0.0.1:{port} refused the connection: nobody listens there (ECONNREFUSED).", ended.OnlyError);
    }

    [Theory]
    [InlineData("connect", "twofold", "PORT", "--send", "hello\\n")]
    [InlineData("load", "twofold", "PORT", "-n", "1", "--json")]
    [InlineData("http", "http://twofold:PORT/")]
    public void Where_one_address_of_a_name_refuses_the_next_one_is_tried(params string[] command)
    {
        KernelAccess.RequireRoot();
        var (_, port) = Serve(command[0] == "http" ? "http" : "echo", "::1");
        string hosts = Path.Combine(_folder, "hosts");
        File.WriteAllText(hosts, "127.0.0.1 twofold\n::1 twofold\n");
        // A file of hosts of its own, in a mount namespace that ends with the command.
        var client = RunningProgram.Start(["unshare", "-m", "sh", "-c", "mount --bind \"$0\" /etc/hosts && exec \"$@\"", hosts, PrivateNetwork.Program, .. command.Select(word => word.Replace("PORT", $"{port}", StringComparison.Ordinal))]);
        _running.Add(client);
        client.CloseInput();
        var ended = client.WaitForEnd();
        Assert.Equal((0, ""), (ended.Code, ended.Error));
    }

    [Fact]
    public void Framed_server_and_client_exchange_their_octets()
    {
        var server = Start("framed", "server", "127.0.0.1", "-p", "0");
        server.Await("port ");
        string port = PortNumber().Match(server.Output).Groups[1].Value;
        var ended = Start("framed", "client", "127.0.0.1", "-p", port).WaitForEnd();
        Assert.Equal(0, ended.Code);
        Assert.Matches("^The client has been assigned the socket name 127\\.0\\.0\\.1:\\d+\nThe server said \"farewell,client\"\n$", ended.Output);
        server.Await("the incoming 16 octets say \"Hi there, server\"");
    }

    [Fact]
    public void A_port_in_use_names_its_holder_with_4()
    {
        var (server, port) = Serve("echo");
        var ended = Start("serve", "hello", "-p", $"{port}").WaitForEnd();
        Assert.Equal(4, ended.Code);
        Assert.Equal($"netlab: 127.0.0.1:{port} is in use by netlab (pid {server.Id}). Take another port with -p, or 0 for any that is free.", ended.OnlyError);
    }

    [Theory]
    [InlineData("netlab: There is no folder '/nowhere'.", "http", "--root", "/nowhere")]
    [InlineData("netlab: There is no server 'https'. There are: hello, framed, echo, discard, chargen, udp-echo, http, dns. See 'netlab serve --help'.", "https")]
    [InlineData("netlab: --root is of http; echo serves no files. See 'netlab serve --help'.", "echo", "--root", "/")]
    [InlineData("netlab: --port takes a number from 0 to 65535, not 65536. See 'netlab serve --help'.", "echo", "-p", "65536")]
    public void A_mistake_is_one_line_and_2(string sentence, params string[] arguments)
    {
        var ended = Start(["serve", .. arguments]).WaitForEnd();
        Assert.Equal((2, sentence), (ended.Code, ended.OnlyError));
    }

    [Fact]
    public void A_privileged_port_is_3_for_an_ordinary_user()
    {
        using var network = new PrivateNetwork();
        KernelAccessForOrdinaryUser(network, out var ended);
        Assert.Equal(3, ended.Code);
        Assert.StartsWith("netlab: Port 80 is privileged: below ", ended.OnlyError, StringComparison.Ordinal);
    }

    private static void KernelAccessForOrdinaryUser(PrivateNetwork network, out Ended ended) =>
        ended = RunningProgram.Start([.. network.Prefix, .. PrivateNetwork.OrdinaryUser, network.ProgramForEverybody, "serve", "hello", "-p", "80"]).WaitForEnd();

    [GeneratedRegex(@"port (\d+)")]
    private static partial Regex PortNumber();
}
