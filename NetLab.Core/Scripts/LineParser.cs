using System.Globalization;
using NetLab.Core.Interop;
using NetLab.Core.Tcp;

namespace NetLab.Core.Scripts;

/// <summary>Reads the arguments of one line; every wrong one is a <see cref="LineMistake"/>.</summary>
internal sealed class LineParser(List<Token> tokens)
{
    /// <summary>Names that the whole script must have, to be looked for when it has been read: the token, the actor, the socket.</summary>
    public List<(Token Token, string? Actor, string? Socket)> References { get; } = [];

    private int _at = 1;

    public Token Head => tokens[0];

    public Token Peek => tokens[_at];

    public Token Take() => tokens[_at].IsEnd ? tokens[_at] : tokens[_at++];

    /// <summary>Matches the line against a grammar and wants its end after it.</summary>
    public Arguments Match(GrammarPart[] parts)
    {
        var arguments = new Arguments();
        var alternatives = new List<string>();
        Match(parts, arguments, alternatives);
        End(alternatives);
        return arguments;
    }

    public void End(IEnumerable<string>? alternatives = null)
    {
        if (!Peek.IsEnd)
            throw LineMistake.At(Peek, Grammar.Or([.. alternatives ?? [], "the end of the line"]));
    }

    private void Match(GrammarPart[] parts, Arguments arguments, List<string> alternatives)
    {
        foreach (var part in parts)
        {
            if (part.Optional.Length > 0)
            {
                if (Begins(part.Optional[0]))
                    Match(part.Optional, arguments, alternatives);
                else
                    alternatives.Add(part.Shown);
                continue;
            }

            var token = Peek;
            if (part.Placeholder is { } placeholder)
            {
                arguments.Set(placeholder, Read(placeholder), token.Text);
            }
            else
            {
                if (!token.IsWord || !part.Words.Contains(token.Text))
                    throw LineMistake.At(token, Grammar.Or([.. alternatives, part.Shown]));
                arguments.Set(part.Words[0], Take().Text, token.Text);
            }

            alternatives.Clear();
        }
    }

    private bool Begins(GrammarPart part) => part.Placeholder switch
    {
        null => Peek.IsWord && part.Words.Contains(Peek.Text),
        "SOCKET" => Peek.IsWord && Peek.Text != "expect",
        _ => Peek.IsWord && char.IsAsciiDigit(Peek.Text[0]),
    };

    public object Read(string placeholder)
    {
        if (placeholder == "OUTCOME")
            return ReadOutcome();
        var token = Take();
        string text = token.IsWord ? token.Text : "";
        switch (placeholder)
        {
            case "TEXT" when token.Bytes is not null:
                return new ReadOnlyMemory<byte>(token.Bytes);
            case "NAME" when IsName(text):
                return text;
            case "SOCKET" when IsSocketName(text):
                References.Add((token, null, text));
                return text;
            case "ACTOR" when IsName(text):
                References.Add((token, text, null));
                return text;
            case "VERB" when VerbTable.Find(text) is { } verb:
                return verb.Name;
            case "ACTOR.SOCKET" when ReadReference(token, text) is { } reference:
                return reference;
            case "ADDRESS" when ReadAddress(token, text) is { } address:
                return address;
            case "BYTES" when Number(text, 1, 16 << 20) is { } number:
                return number;
            case "BACKLOG" when Number(text, 0, 65535) is { } number:
                return number;
            case "COUNT" when Number(text, 1, 1_000_000) is { } number:
                return number;
            case "VALUE" when text == "off" || text == "on" || Number(text, 0, int.MaxValue) is not null:
                return new Value(text == "off" ? null : text == "on" ? 1 : Number(text, 0, int.MaxValue));
            case "DURATION" when ReadDuration(text) is { } duration:
                return duration;
            case "OPTION" when SocketOption.All.FirstOrDefault(o => o.Name == text) is { } option:
                return option;
            case "STATE" when TcpStateNames.TryParse(text, out var state):
                return state;
            default:
                throw LineMistake.At(token, Grammar.Describe(placeholder));
        }
    }

    private Outcome ReadOutcome()
    {
        var token = Take();
        if (token.Bytes is not null)
            return new Yields(token.Bytes);
        if (token.Text == "eof")
            return new EndOfFile();
        if (long.TryParse(token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
            return new Returns(number);
        if (token.Text != "error")
            throw LineMistake.At(token, Grammar.Describe("OUTCOME"));
        var what = Take();
        if (what.Bytes is not null)
            return new FailsSaying(System.Text.Encoding.UTF8.GetString(what.Bytes));
        return ErrnoNames.TryParse(what.Text, out var error) ? new Fails(error) : throw LineMistake.At(what, "an error's name such as ECONNREFUSED, or a text");
    }

    private SocketReference? ReadReference(Token token, string text)
    {
        int dot = text.IndexOf('.');
        if (dot < 1 || !IsName(text[..dot]) || !IsSocketName(text[(dot + 1)..]))
            return null;
        References.Add((token, text[..dot], text[(dot + 1)..]));
        return new SocketReference(text[..dot], text[(dot + 1)..]);
    }

    private AddressText? ReadAddress(Token token, string text)
    {
        if (text == "sender")
            return new AddressText(null, 0, IsSender: true);
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            string path = text[5..];
            return path is ['/' or '@', _, ..] && System.Text.Encoding.UTF8.GetByteCount(path) <= SocketAddress.MaxUnixPath && !path.Contains('\0')
                ? new AddressText(null, 0, path) : null;
        }

        if (Endpoint.TryParse(text, out var endpoint) && char.IsAsciiDigit(text[^1]))
            return new AddressText(endpoint.Address, endpoint.Port);
        // "127.0.0.1:server.listener.port" or "server.listener".
        int colon = text.LastIndexOf(':');
        const string Port = ".port";
        if (colon > 0 && text.EndsWith(Port, StringComparison.Ordinal))
            return Endpoint.TryParse(text[..colon] + ":0", out endpoint) && ReadReference(token, text[(colon + 1)..^Port.Length]) is { } port
                ? new AddressText(endpoint.Address, 0, Socket: port) : null;
        return ReadReference(token, text) is { } socket ? new AddressText(null, 0, Socket: socket) : null;
    }

    private static Duration? ReadDuration(string text)
    {
        int unit = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (unit < 1 || Number(text[..unit], 0, 3_600_000) is not { } number)
            return null;
        return text[unit..] switch
        {
            "us" => Duration.FromMicroseconds(number),
            "ms" => Duration.FromMilliseconds(number),
            "s" => number <= 3600 ? Duration.FromSeconds(number) : null,
            _ => null,
        };
    }

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number : null;

    internal static bool IsName(string text) =>
        text.Length is > 0 and <= 32 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    // "connection.2" is the second socket of the name.
    private static bool IsSocketName(string text)
    {
        int dot = text.IndexOf('.');
        return dot < 0 ? IsName(text) : IsName(text[..dot]) && Number(text[(dot + 1)..], 2, 1_000_000) is not null;
    }
}
