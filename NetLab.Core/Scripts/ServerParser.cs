using System.Collections.Immutable;

namespace NetLab.Core.Scripts;

/// <summary>Reads the servers of a script: <c>serve</c> and the <c>file</c> lines below it.</summary>
internal sealed class ServerParser
{
    private const int LongestFileName = 64;
    private const int MostBytes = 16 << 20;
    private readonly List<ScriptServer> _servers = [];
    private bool _takesFiles;

    /// <summary>The servers read so far.</summary>
    public IReadOnlyList<ScriptServer> Servers => _servers;

    /// <summary>Says that what follows does not belong to the last server any more.</summary>
    public void Close() => _takesFiles = false;

    /// <summary>Whether a line that begins so belongs to the last server.</summary>
    public bool Takes(string head) => _takesFiles && head == "file";

    /// <summary>Takes a line that begins with serve.</summary>
    public void ReadServer(LineParser line, int number, IEnumerable<string> names)
    {
        _takesFiles = false;
        var token = line.Take();
        if (!token.IsWord || !ScriptServer.Kinds.Contains(token.Text))
            throw LineMistake.At(token, "a kind of server: " + Grammar.Or(ScriptServer.Kinds));
        var (kind, naming) = (token.Text, token);
        token = line.Take();
        if (!token.IsWord || !Endpoint.TryParse(token.Text, out var address) || !char.IsAsciiDigit(token.Text[^1]))
            throw LineMistake.At(token, "an address and a port such as 127.0.0.1:8000 or [::1]:8000");
        if (address.Port != 0 && _servers.Any(server => server.Address.Port == address.Port))
            throw LineMistake.At(token, "a port that no other server has");
        int place = 1;
        string name = kind;
        while (_servers.Any(server => server.Name == name))
            name = $"{kind}{++place}";
        if (!line.Peek.IsEnd)
        {
            if (line.Take() is var word && word is not { IsWord: true, Text: "as" })
                throw LineMistake.At(word, "as, or the end of the line");
            naming = line.Peek;
            name = (string)line.Read("NAME");
        }

        line.End();
        if (names.Concat(_servers.Select(server => server.Name)).Contains(name))
            throw LineMistake.At(naming, $"a name that no actor and no other server has (serve {kind} {token.Text} as NAME)");
        _servers.Add(new ScriptServer(name, kind, address, number, []));
        _takesFiles = kind == ScriptServer.Http;
    }

    /// <summary>Takes a line that begins with file.</summary>
    public void ReadFile(LineParser line)
    {
        var server = _servers[^1];
        var token = line.Take();
        if (!token.IsWord || !IsFileName(token.Text))
            throw LineMistake.At(token, "a file's name (letters, digits, '.', '_' and '-')");
        if (server.Files.Any(file => file.Name == token.Text))
            throw LineMistake.At(token, "a name that no other file has");
        var text = (ReadOnlyMemory<byte>)line.Read("TEXT");
        int count = 1;
        var times = line.Peek;
        if (times is { IsWord: true, Text: "times" })
        {
            line.Take();
            times = line.Peek;
            count = (int)line.Read("COUNT");
        }

        line.End();
        if ((long)text.Length * count + _servers.Sum(one => one.Files.Sum(file => (long)file.Bytes.Length)) > MostBytes)
            throw LineMistake.At(times, $"files of at most {MostBytes} bytes together");
        var bytes = new byte[text.Length * count];
        for (int repeat = 0; repeat < count; repeat++)
            text.CopyTo(bytes.AsMemory(repeat * text.Length));
        _servers[^1] = server with { Files = server.Files.Add(new ServedFile(token.Text, bytes)) };
    }

    /// <summary>What is wrong with a step that speaks of a server; null if nothing is.</summary>
    /// <returns>What was found and what could stand there.</returns>
    public (string Found, string Expected)? Mistake(Operation operation) => operation switch
    {
        After after when Find(after.Actor) is not null => ($"'{after.Actor}'", "the name of an actor, since a server takes no steps"),
        WaitFor wait when Find(wait.Socket.Actor) is not null => ($"'{wait.Socket}'", "a socket of an actor, not a server's"),
        _ => null,
    };

    /// <summary>The same for an expectation.</summary>
    public (string Found, string Expected)? Mistake(Expectation expectation)
    {
        string[] actors = expectation switch
        {
            ExpectOrder order => [order.First.Actor, order.Second.Actor],
            ExpectSpan span => [span.Step.Actor],
            _ => [],
        };
        return actors.FirstOrDefault(actor => Find(actor) is not null) is { } server
            ? ($"'{server}'", "the name of an actor, since a server takes no steps") : null;
    }

    /// <summary>What is wrong with a socket of one of the servers.</summary>
    /// <param name="name">The server's name.</param>
    /// <param name="socket">The socket; null where only the server is meant.</param>
    /// <param name="isAddress">Whether it stands for an address: then only the listener will do.</param>
    /// <param name="expected">What could stand there; null if nothing is wrong.</param>
    /// <returns>False if there is no such server.</returns>
    public bool TryResolve(string name, string? socket, bool isAddress, out string? expected)
    {
        expected = null;
        if (Find(name) is null)
            return false;
        if (socket is null || socket == ScriptServer.Listener || (!isAddress && socket.Split('.')[0] == ScriptServer.Connection))
            return true;
        expected = isAddress ? $"{name}.{ScriptServer.Listener}, where {name} listens"
            : $"a socket of the server {name}: {ScriptServer.Listener}, {ScriptServer.Connection} or {ScriptServer.Connection}.2";
        return true;
    }

    private ScriptServer? Find(string name) => _servers.Find(server => server.Name == name);

    private static bool IsFileName(string text) =>
        text.Length is > 0 and <= LongestFileName && text[0] != '.' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
