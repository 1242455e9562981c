using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NetLab.Core.Http;

/// <summary>A URL taken apart (RFC 3986), each piece with its place in the text that was typed.</summary>
public sealed class UrlAnatomy
{
    private const int MostCharacters = 64 * 1024;
    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");
    private static readonly IdnMapping s_names = new() { AllowUnassigned = true, UseStd3AsciiRules = false };

    private UrlAnatomy(string text, IReadOnlyList<UrlPiece> pieces) => (Text, Pieces) = (text, pieces);

    /// <summary>What was typed.</summary>
    public string Text { get; }

    /// <summary>The pieces in their order, with the defaults of those that were not typed; the parameters of a query follow it.</summary>
    public IReadOnlyList<UrlPiece> Pieces { get; }

    /// <summary>The scheme in small letters: "http".</summary>
    public string Scheme => Find(UrlPart.Scheme)!.Sent;

    /// <summary>The host as DNS has it, or an address without brackets.</summary>
    public string Host => Find(UrlPart.Host)!.Sent is ['[', .. var inner, ']'] ? inner : Find(UrlPart.Host)!.Sent;

    /// <summary>The host's address, where an address was typed.</summary>
    public IPAddress? Address => IPAddress.TryParse(Host, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || IsDotted(Host)) ? address : null;

    /// <summary>The port; 0 where the scheme has none of its own and none was typed.</summary>
    public int Port => Find(UrlPart.Port) is { } port ? int.Parse(port.Sent, CultureInfo.InvariantCulture) : 0;

    /// <summary>What the request line has: path, parameters and query.</summary>
    public string Target => $"{Find(UrlPart.Path)!.Sent}{With(';', UrlPart.Parameters)}{With('?', UrlPart.Query)}";

    /// <summary>What the field Host has: the port only where it is not the scheme's own.</summary>
    public string Authority => Port == DefaultPort(Scheme) ? Find(UrlPart.Host)!.Sent : $"{Find(UrlPart.Host)!.Sent}:{Port}";

    /// <summary>The whole as it is asked for, without user, password and fragment.</summary>
    public string Sent => $"{Scheme}://{Authority}{Target}";

    /// <summary>The piece of this kind; null where there is none.</summary>
    public UrlPiece? Find(UrlPart part) => Pieces.FirstOrDefault(piece => piece.Part == part);

    /// <summary>Takes a URL apart. Without a scheme it is http, as curl has it.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="mistake">Why not, as a sentence.</param>
    /// <returns>Null with a mistake.</returns>
    public static UrlAnatomy? TryRead(string text, out string mistake)
    {
        ArgumentNullException.ThrowIfNull(text);
        mistake = text.Length == 0 ? "There is no URL; one looks like http://127.0.0.1:8000/."
            : text.Length > MostCharacters ? $"The URL has {text.Length} characters; at most {MostCharacters} are taken." : "";
        if (mistake.Length > 0)
            return null;
        var pieces = new List<UrlPiece>();
        int start = text.IndexOf("://", StringComparison.Ordinal) is var colon and >= 0 && text.AsSpan(0, colon).IndexOfAny("/?#@") < 0 ? colon + 3 : 0;
        if (start == 3 || (start > 0 && !IsScheme(text.AsSpan(0, start - 3))))
        {
            mistake = $"'{text[..(start - 3)]}' before :// is no scheme: a letter, then letters, digits, '+', '-' or '.'.";
            return null;
        }

        string scheme = start == 0 ? "http" : text[..(start - 3)].ToLowerInvariant();
        pieces.Add(new UrlPiece(UrlPart.Scheme, start == 0 ? ..0 : ..(start - 3), start == 0 ? scheme : text[..(start - 3)], scheme, scheme));
        int end = text.AsSpan(start).IndexOfAny("/?#") is var slash and >= 0 ? start + slash : text.Length;
        mistake = ReadAuthority(text, start, end, scheme, pieces);
        if (mistake.Length > 0)
            return null;
        ReadTarget(text, end, pieces);
        return new UrlAnatomy(text, pieces);
    }

    /// <summary>The port of a scheme; 0 where NetLab knows none.</summary>
    public static int DefaultPort(string scheme) => scheme switch { "http" or "ws" => 80, "https" or "wss" => 443, "ftp" => 21, _ => 0 };

    private static string ReadAuthority(string text, int start, int end, string scheme, List<UrlPiece> pieces)
    {
        int at = text.AsSpan(start, end - start).LastIndexOf('@');
        if (at >= 0)
        {
            int colon = text.AsSpan(start, at).IndexOf(':');
            int userEnd = start + (colon < 0 ? at : colon);
            pieces.Add(Piece(UrlPart.User, text, start, userEnd, ""));
            if (colon >= 0)
                pieces.Add(Piece(UrlPart.Password, text, userEnd + 1, start + at, ":"));
            start += at + 1;
        }

        var rest = text.AsSpan(start, end - start);
        int bracket = rest is ['[', ..] ? rest.IndexOf(']') : -1;
        if (rest is ['[', ..] && bracket < 0)
            return "The bracket before an IPv6 address is not closed.";
        int port = rest[(bracket + 1)..].IndexOf(':') is var found and >= 0 ? bracket + 1 + found : -1;
        int hostEnd = port < 0 ? end : start + port;
        string host = text[start..hostEnd];
        if (!TryHost(host, out string sent, out string meaning, out string mistake))
            return mistake;
        pieces.Add(new UrlPiece(UrlPart.Host, start..hostEnd, host, sent, meaning));
        if (port >= 0 && hostEnd + 1 < end)
        {
            string number = text[(hostEnd + 1)..end];
            if (!ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ushort value) || value == 0)
            {
                return number.Contains(':') ? "An IPv6 address in a URL stands in brackets: http://[::1]:8000/." : $"'{number}' is no port: a number from 1 to 65535.";
            }

            pieces.Add(new UrlPiece(UrlPart.Port, (hostEnd + 1)..end, number, value.ToString(CultureInfo.InvariantCulture), number));
        }
        else if (DefaultPort(scheme) is > 0 and var own)
        {
            string number = own.ToString(CultureInfo.InvariantCulture);
            pieces.Add(new UrlPiece(UrlPart.Port, end..end, number, number, number));
        }

        return "";
    }

    private static void ReadTarget(string text, int start, List<UrlPiece> pieces)
    {
        int hash = text.IndexOf('#', start) is var found and >= 0 ? found : text.Length;
        int question = text.IndexOf('?', start, hash - start) is var mark and >= 0 ? mark : hash;
        int segment = text.LastIndexOf('/', Math.Max(question - 1, 0), question - start) is var slash and >= 0 ? slash : start;
        int semicolon = text.IndexOf(';', segment, question - segment) is var sign and >= 0 ? sign : question;
        pieces.Add(semicolon == start ? new UrlPiece(UrlPart.Path, start..start, "/", "/", "/") : Piece(UrlPart.Path, text, start, semicolon, "/:@"));
        if (semicolon < question)
            pieces.Add(Piece(UrlPart.Parameters, text, semicolon + 1, question, "/:@"));
        if (question < hash)
        {
            pieces.Add(Piece(UrlPart.Query, text, question + 1, hash, "/:@?"));
            ReadQuery(text, question + 1, hash, pieces);
        }

        if (hash < text.Length)
            pieces.Add(Piece(UrlPart.Fragment, text, hash + 1, text.Length, "/:@?"));
    }

    // Forms write a blank as '+' (application/x-www-form-urlencoded).
    private static void ReadQuery(string text, int start, int end, List<UrlPiece> pieces)
    {
        while (start < end)
        {
            int stop = text.IndexOf('&', start, end - start) is var sign and >= 0 ? sign : end;
            if (stop > start)
            {
                var piece = Piece(UrlPart.QueryParameter, text, start, stop, "/:@?");
                pieces.Add(piece with { Meaning = PercentEncoding.Decode(piece.Text.Replace('+', ' ')) });
            }

            start = stop + 1;
        }
    }

    private static UrlPiece Piece(UrlPart part, string text, int start, int end, string also)
    {
        string typed = text[start..end];
        return new UrlPiece(part, start..end, typed, PercentEncoding.Encode(typed, also), PercentEncoding.Decode(typed));
    }

    private static bool TryHost(string host, out string sent, out string meaning, out string mistake)
    {
        (sent, meaning, mistake) = (host, host, "");
        if (host.Length == 0)
        {
            mistake = "The URL names no host; one looks like http://127.0.0.1:8000/.";
            return false;
        }

        if (host is ['[', .. var inner, ']'])
        {
            if (IPAddress.TryParse(inner.Replace("%25", "%", StringComparison.Ordinal), out var address) && address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                meaning = inner;
                return true;
            }

            mistake = $"'{inner}' is no IPv6 address.";
            return false;
        }

        meaning = PercentEncoding.Decode(host);
        try
        {
            // InvariantGlobalization maps no capitals by itself.
            sent = s_names.GetAscii(meaning.ToLowerInvariant());
            meaning = s_names.GetUnicode(sent);
        }
        catch (ArgumentException)
        {
            mistake = $"'{host}' is no name that DNS could have: labels of 1 to 63 characters with dots between them.";
            return false;
        }

        if (sent.AsSpan().ContainsAnyExcept(s_nameCharacters))
        {
            mistake = $"'{host}' has a character that no host's name has.";
            return false;
        }

        return true;
    }

    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        foreach (char one in text)
        {
            if (!char.IsAsciiLetterOrDigit(one) && one is not ('+' or '-' or '.'))
                return false;
        }

        return char.IsAsciiLetter(text[0]);
    }

    private static bool IsDotted(string host) => host.Count(one => one == '.') == 3;

    private string With(char sign, UrlPart part) => Find(part) is { } piece ? sign + piece.Sent : "";
}
