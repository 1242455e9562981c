using System.Collections.Immutable;

namespace NetLab.Core.Scripts;

/// <summary>A server whose lines are being read: its head, then its files.</summary>
internal sealed class ServerDraft
{
    private const int MostBytes = 16 << 20;
    private readonly List<ServedFile> _files = [];
    private readonly string _kind;
    private readonly Endpoint _address;
    private readonly int _line;

    private ServerDraft(string kind, Endpoint address, int line) => (_kind, _address, _line) = (kind, address, line);

    /// <summary>Reads <c>serve http ADDRESS</c>.</summary>
    public static ServerDraft Read(LineParser line, int number, IEnumerable<ServerDraft> others)
    {
        var kind = line.Take();
        if (!kind.IsWord || !ScriptServer.Kinds.Contains(kind.Text))
            throw LineMistake.At(kind, Grammar.Or(ScriptServer.Kinds));
        var token = line.Peek;
        // A name that only the run knows, a path, or a port that the kernel chooses: nothing in the script could name such a server.
        if (line.Read("ADDRESS") is not AddressText { Address: { } address, Port: not 0 and var port, Socket: null })
            throw LineMistake.At(token, "an address with a port from 1 to 65535, such as 127.0.0.1:8000");
        var endpoint = new Endpoint(address, port);
        if (others.Any(other => other._address.Port == port))
            throw LineMistake.At(token, "a port that no other server has");
        line.End();
        return new ServerDraft(kind.Text, endpoint, number);
    }

    /// <summary>Reads <c>file NAME TEXT [times COUNT]</c>.</summary>
    public void ReadFile(LineParser line)
    {
        var token = line.Take();
        if (!token.IsWord || !IsFileName(token.Text))
            throw LineMistake.At(token, "a file's name (letters, digits, '.', '_' and '-')");
        if (_files.Any(file => file.Name == token.Text))
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
        if ((long)text.Length * count > MostBytes)
            throw LineMistake.At(times, $"a file of at most {MostBytes} bytes");
        var bytes = new byte[text.Length * count];
        for (int repeat = 0; repeat < count; repeat++)
            text.CopyTo(bytes.AsMemory(repeat * text.Length));
        _files.Add(new ServedFile(token.Text, bytes));
    }

    public ScriptServer Finish() => new(_kind, _address, [.. _files], _line);

    private static bool IsFileName(string name) => name[0] != '.' && name.Length <= 64 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
}
