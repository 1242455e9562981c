using System.Globalization;
using System.Text;

namespace NetLab.Core.Peers;

/// <summary>The command line of a peer, both ways.</summary>
public static class PeerCommandLine
{
    /// <summary>The shortest command line that starts the peer, quoted for a shell: <c>netlab serve http -p 8080 --root 'my files'</c>.</summary>
    public static string Print(PeerSpecification peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        var facts = peer.Kind.Facts();
        var line = new StringBuilder("netlab ");
        line.Append(facts.Role == PeerRole.Server ? $"serve {facts.Name}" : IsLoad(peer) ? "load" : facts.Name);
        if (peer is { Kind: PeerKind.HttpLoad, LoadUrl: { } url })
        {
            line.Append(' ').Append(Quoted(url.AbsoluteUri));
        }
        else if (peer.Kind is PeerKind.Connect or PeerKind.EchoLoad)
        {
            line.Append(CultureInfo.InvariantCulture, $" {Quoted(peer.Host)} {peer.Port}");
        }
        else
        {
            if (peer.Host != PeerSpecification.DefaultHost || facts.Role == PeerRole.Client)
                line.Append(' ').Append(Quoted(peer.Host));
            if (peer.Port != facts.DefaultPort)
                line.Append(CultureInfo.InvariantCulture, $" -p {peer.Port}");
        }

        if (peer.Root is { } root)
            line.Append(" --root ").Append(Quoted(root));
        foreach (string zone in peer.Zones.Paths)
            line.Append(" --zone ").Append(Quoted(zone));
        if (peer.Rate is { } rate)
            line.Append(CultureInfo.InvariantCulture, $" --rate {rate}");
        if (peer.Text is { } text)
            line.Append(" --send ").Append(Quoted(text));
        if (IsLoad(peer))
            PrintLoad(line, peer.Load);
        return line.ToString();
    }

    private static bool IsLoad(PeerSpecification peer) => peer.Kind is PeerKind.HttpLoad or PeerKind.EchoLoad;

    private static void PrintLoad(StringBuilder line, PeerLoad load)
    {
        if (load.Connections != PeerLoad.Usual.Connections)
            line.Append(CultureInfo.InvariantCulture, $" -c {load.Connections}");
        if (load.Seconds != PeerLoad.Usual.Seconds)
            line.Append(CultureInfo.InvariantCulture, $" -d {load.Seconds}");
        if (load.Requests is { } requests)
            line.Append(CultureInfo.InvariantCulture, $" -n {requests}");
        if (load.Rate is { } rate)
            line.Append(CultureInfo.InvariantCulture, $" -r {rate}");
        if (load.Size != PeerLoad.Usual.Size)
            line.Append(CultureInfo.InvariantCulture, $" -s {load.Size}");
    }

    /// <summary>Reads what <see cref="Print"/> writes, and what a user types of the same form.</summary>
    /// <param name="line">The command line; a leading "netlab" may be missing.</param>
    /// <param name="peer">The peer, which may still have a <see cref="PeerSpecification.Mistake"/>.</param>
    /// <param name="mistake">What is wrong, when the answer is false: a sentence.</param>
    public static bool TryParse(string line, out PeerSpecification peer, out string mistake)
    {
        ArgumentNullException.ThrowIfNull(line);
        peer = new PeerSpecification(PeerKind.Hello);
        if (Words(line) is not { } words)
            return Refuse("A quotation mark is not closed.", out mistake);
        if (words is ["netlab", ..])
            words.RemoveAt(0);
        int taken = 2;
        if (words is ["serve", var name, ..] && PeerKinds.TryParseServer(name, out var kind))
            peer = new PeerSpecification(kind);
        else if (words is ["framed", "server", ..])
            peer = new PeerSpecification(PeerKind.Framed);
        else if (words is ["framed", "client", ..])
            peer = new PeerSpecification(PeerKind.FramedClient);
        else if (words is ["connect", ..])
            (peer, taken) = (new PeerSpecification(PeerKind.Connect), 1);
        else if (words is ["load", ..])
            (peer, taken) = (new PeerSpecification(words.Exists(word => word.Contains("://", StringComparison.Ordinal)) ? PeerKind.HttpLoad : PeerKind.EchoLoad), 1);
        else
            return Refuse("It begins with: serve KIND, connect, load, framed server or framed client.", out mistake);
        return TryParse(words[taken..], ref peer, out mistake);
    }

    private static bool TryParse(List<string> words, ref PeerSpecification peer, out string mistake)
    {
        int places = 0;
        for (int index = 0; index < words.Count; index++)
        {
            string word = words[index];
            if (word.StartsWith('-'))
            {
                if (index + 1 == words.Count)
                    return Refuse($"After {word} something is missing.", out mistake);
                if (!TryOption(word, words[++index], ref peer, out mistake))
                    return false;
            }
            else if (places++ == 0 && peer.Kind == PeerKind.HttpLoad)
            {
                if (HttpLoad.ReadUrl(word, out mistake) is not { } url)
                    return false;
                peer = peer with { Host = url.Host, Port = (ushort)url.Port, Load = peer.Load with { Path = url.PathAndQuery } };
            }
            else if (places == 1)
            {
                peer = peer with { Host = word };
            }
            else if (places == 2 && peer.Kind is PeerKind.Connect or PeerKind.EchoLoad)
            {
                if (!TryOption("-p", word, ref peer, out mistake))
                    return false;
            }
            else
            {
                return Refuse($"'{word}' is one word too many.", out mistake);
            }
        }

        mistake = "";
        return true;
    }

    private static bool TryOption(string option, string value, ref PeerSpecification peer, out string mistake)
    {
        mistake = "";
        switch (option)
        {
            case "-p" or "--port":
                if (PeerSpecification.PortMistake(value, out ushort port) is { } wrong)
                    return Refuse(wrong, out mistake);
                peer = peer with { Port = port };
                return true;
            case "--root" when peer.Kind == PeerKind.Http:
                peer = peer with { Root = value };
                return true;
            case "--zone" when peer.Kind == PeerKind.Dns:
                peer = peer with { Zones = new PeerFiles([.. peer.Zones.Paths, value]) };
                return true;
            case "--rate" when peer.Kind == PeerKind.Dns:
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int rate))
                    return Refuse("A rate is a number of answers a second, 0 for any number.", out mistake);
                peer = peer with { Rate = rate };
                return true;
            case "--send" when peer.Kind == PeerKind.Connect:
                peer = peer with { Text = value };
                return true;
            default:
                if (IsLoad(peer) && LoadOption(peer.Load, option, value) is { } load)
                {
                    peer = peer with { Load = load };
                    return true;
                }

                return Refuse($"{peer.Kind.Facts().Name} has no option {option}.", out mistake);
        }
    }

    // What is no number is 0, of which the load's own check says what it should be.
    private static PeerLoad? LoadOption(PeerLoad load, string option, string value)
    {
        _ = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return option switch
        {
            "-c" or "--connections" => load with { Connections = number },
            "-d" or "--duration" => load with { Seconds = number },
            "-n" or "--requests" => load with { Requests = number },
            "-r" or "--rate" => load with { Rate = number },
            "-s" or "--size" => load with { Size = number },
            _ => null,
        };
    }

    // As a POSIX shell reads words: '…' as it stands, "…" and what stands bare with \ before a character that is meant.
    private static List<string>? Words(string line)
    {
        List<string> words = [];
        var word = new StringBuilder();
        char quote = '\0';
        bool begun = false;
        for (int index = 0; index < line.Length; index++)
        {
            char c = line[index];
            if (quote != '\0' && c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '\'' or '"')
            {
                (quote, begun) = (c, true);
            }
            else if (quote == '\0' && c == ' ')
            {
                if (begun)
                    words.Add(word.ToString());
                word.Clear();
                begun = false;
            }
            else
            {
                if (c == '\\' && quote != '\'' && index + 1 < line.Length)
                    c = line[++index];
                word.Append(c);
                begun = true;
            }
        }

        if (begun)
            words.Add(word.ToString());
        return quote == '\0' ? words : null;
    }

    private static string Quoted(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or ':' or '~' or '[' or ']') && text[0] != '-' && text[0] != '~'
            ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool Refuse(string sentence, out string mistake)
    {
        mistake = sentence;
        return false;
    }
}
