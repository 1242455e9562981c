using System.Text;

namespace NetLab.Core.Scripts;

/// <summary>The verbs of the script language, one entry each.</summary>
public static class VerbTable
{
    /// <summary>Every verb, in the order in which a learner meets them.</summary>
    public static IReadOnlyList<Verb> All { get; } =
    [
        new("socket", "socket inet|inet6|unix stream|dgram [as NAME] [expect OUTCOME]",
            "Makes a socket; without a name it is called socket.", "socket", "socket inet stream as listener")
        {
            Build = a => new OpenSocket(
                a.Get<string>("inet") switch { "inet" => SocketFamily.Inet, "inet6" => SocketFamily.Inet6, _ => SocketFamily.Unix },
                a.Get<string>("stream") == "stream" ? SocketKind.Stream : SocketKind.Dgram, a.Get("NAME", "socket")),
        },
        new("setsockopt", "setsockopt OPTION VALUE [on SOCKET] [expect OUTCOME]", "Sets an option of the socket.", "setsockopt", "setsockopt reuseaddr 1")
        {
            Build = a => new SetOption(a.Get<SocketOption>("OPTION"), a.Get<Value>("VALUE").Number),
        },
        new("getsockopt", "getsockopt OPTION [on SOCKET] [expect OUTCOME]",
            "Asks for an option of the socket; the result is its value.", "getsockopt", "getsockopt rcvbuf")
        {
            Build = a => new GetOption(a.Get<SocketOption>("OPTION")),
        },
        new("bind", "bind ADDRESS [on SOCKET] [expect OUTCOME]", "Gives the socket its local address; port 0 takes a free one.", "bind", "bind 127.0.0.1:8000")
        {
            Build = a => new Bind(a.Get<AddressText>("ADDRESS")),
        },
        new("listen", "listen BACKLOG [on SOCKET] [expect OUTCOME]",
            "Lets clients connect; so many may wait to be accepted, and one more.", "listen", "listen 5")
        {
            Build = a => new Listen(a.Get<int>("BACKLOG")),
        },
        new("accept", "accept [as NAME] [on SOCKET] [expect OUTCOME]",
            "Takes the next connection from the newest socket that listens; without a name it is called connection.", "accept4", "accept")
        {
            Build = a => new Accept(a.Get("NAME", "connection")),
        },
        new("connect", "connect ADDRESS [on SOCKET] [expect OUTCOME]",
            "Connects to an address; for datagrams it only sets where they go.", "connect", "connect 127.0.0.1:8000")
        {
            Build = a => new Connect(a.Get<AddressText>("ADDRESS")),
        },
        new("send", "send TEXT [times COUNT] [on SOCKET] [expect OUTCOME]", "Sends the text, repeated in one call.", "sendto", "send \"hello word\"")
        {
            Build = a => new Send(a.Get<ReadOnlyMemory<byte>>("TEXT"), a.Get("COUNT", 1)),
        },
        new("recv", "recv [exactly|peek] BYTES [on SOCKET] [expect OUTCOME]",
            "Receives at most so many bytes; with exactly it calls until it has them all, with peek they stay in the queue.", "recvfrom", "recv exactly 16")
        {
            Build = a => new Receive(a.Get<int>("BYTES"), a.Mode),
        },
        new("sendto", "sendto ADDRESS TEXT [on SOCKET] [expect OUTCOME]",
            "Sends one datagram; sender stands for where the last one came from.", "sendto", "sendto 127.0.0.1:1060 \"ping\"")
        {
            Build = a => new SendTo(a.Get<AddressText>("ADDRESS"), a.Get<ReadOnlyMemory<byte>>("TEXT")),
        },
        new("recvfrom", "recvfrom [peek|trunc] BYTES [on SOCKET] [expect OUTCOME]",
            "Receives one datagram and learns its sender; with trunc the result is its real length.", "recvfrom", "recvfrom 1500")
        {
            Build = a => new ReceiveFrom(a.Get<int>("BYTES"), a.Mode),
        },
        new("shutdown", "shutdown read|write|both [on SOCKET] [expect OUTCOME]",
            "Closes one direction or both; write sends FIN.", "shutdown", "shutdown write")
        {
            Build = a => new Shutdown(a.Get<string>("read") switch { "read" => 0, "write" => 1, _ => 2 }),
        },
        new("set", "set blocking|nonblocking [on SOCKET] [expect OUTCOME]",
            "Decides whether a call that has to wait blocks or fails with EAGAIN.", "fcntl", "set nonblocking")
        {
            Build = a => new SetBlocking(a.Get<string>("blocking") == "blocking" ? BlockingMode.Blocking : BlockingMode.Nonblocking),
        },
        new("poll", "poll readable|writable [DURATION] [on SOCKET] [expect OUTCOME]",
            "Waits until the socket is ready (result 1) or the time is over (0).", "poll", "poll readable 200ms")
        {
            Build = a => new Poll(a.Readiness, a.Timeout),
        },
        new("select", "select readable|writable [DURATION] [on SOCKET] [expect OUTCOME]",
            "As poll, by the older call.", "select", "select readable 200ms expect 0")
        {
            Build = a => new Select(a.Readiness, a.Timeout),
        },
        new("abort", "abort [SOCKET]", "Closes with RST: sets SO_LINGER to no time, then closes (two calls).", "close", "abort")
        {
            Build = _ => new Abort(),
        },
        new("close", "close [SOCKET] [expect OUTCOME]", "Closes the socket; a connection sends FIN.", "close", "close listener")
        {
            Build = _ => new Close(),
        },
        new("sleep", "sleep DURATION", "Lets time pass.", "", "sleep 200ms") { Build = a => new Sleep(a.Get<Duration>("DURATION")) },
        new("wait", "wait ACTOR.SOCKET STATE", "Waits until a socket of the script is in a state.", "", "wait server.listener LISTEN")
        {
            Build = a => new WaitFor(a.Get<SocketReference>("ACTOR.SOCKET"), a.Get<Tcp.TcpState>("STATE")),
        },
        new("after", "after ACTOR VERB [COUNT]", "Waits until another actor has done a verb, so many times.", "", "after server close")
        {
            Build = a => new After(a.Get<string>("ACTOR"), a.Get<string>("VERB"), a.Get("COUNT", 1)),
        },
        new("repeat", "repeat COUNT", "Does the steps up to its end so many times.", "", "repeat 3") { Build = a => new Repeat(a.Get<int>("COUNT"), 0) },
        new("end", "end", "Ends what repeat began.", "", "end") { Build = _ => new EndRepeat(0) },
    ];

    private static readonly Dictionary<string, Verb> s_byName = All.ToDictionary(v => v.Name);

    /// <summary>The entry of a verb, or null.</summary>
    public static Verb? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>The reference page of the language: verbs, expectations and options, in Markdown.</summary>
    public static string RenderMarkdown()
    {
        var page = new StringBuilder("# The verbs of the script language\n");
        foreach (var verb in All)
        {
            page.Append($"\n## {verb.Name}\n\n    {verb.Grammar}\n\n{verb.Does}");
            page.Append(verb.SystemCall.Length > 0 ? $" System call: {verb.SystemCall}(2).\n" : " No system call.\n");
            page.Append($"\nExample: `{verb.Example}`\n");
        }

        page.Append("\n# What a run is expected to come to\n");
        foreach (var (grammar, does, example) in ExpectationParser.Forms)
            page.Append($"\n    {grammar}\n\n{does} Example: `{example}`\n");
        page.Append("\n# What the capitals stand for\n\n");
        foreach (string word in (string[])["NAME", "SOCKET", "ADDRESS", "BYTES", "BACKLOG", "COUNT", "VALUE", "DURATION", "TEXT", "OUTCOME", "STATE"])
            page.Append($"- {word}: {Grammar.Describe(word)}\n");
        page.Append("\n# Options\n\n");
        foreach (var option in SocketOption.All)
            page.Append($"- `{option.Name}` ({option.Constant}): {option.Does}\n");
        return page.ToString();
    }
}

/// <summary>An option's value; no number for <c>off</c>.</summary>
internal readonly record struct Value(int? Number);
