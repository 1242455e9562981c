namespace NetLab.Core.Http;

/// <summary>What a piece of a URL is.</summary>
public enum UrlPart
{
    /// <summary>How to speak with the server.</summary>
    Scheme,

    /// <summary>Who asks.</summary>
    User,

    /// <summary>The proof of it.</summary>
    Password,

    /// <summary>The server.</summary>
    Host,

    /// <summary>The server's TCP port.</summary>
    Port,

    /// <summary>What is asked for.</summary>
    Path,

    /// <summary>What stands behind a semicolon in the last segment of the path (RFC 3986 section 3.3).</summary>
    Parameters,

    /// <summary>What stands behind the question mark.</summary>
    Query,

    /// <summary>One name=value of the query.</summary>
    QueryParameter,

    /// <summary>What stands behind the number sign.</summary>
    Fragment,
}

/// <summary>A piece of a URL.</summary>
/// <param name="Part">What it is.</param>
/// <param name="Range">Where it stands in the text; empty where it was not typed and its default counts.</param>
/// <param name="Text">It as it was typed, or the default.</param>
/// <param name="Sent">It as it goes over the network: percent-encoded, the host in punycode.</param>
/// <param name="Meaning">It as it is meant: decoded.</param>
public sealed record UrlPiece(UrlPart Part, Range Range, string Text, string Sent, string Meaning)
{
    /// <summary>Whether it stands in the text.</summary>
    public bool IsTyped => !Range.Start.Equals(Range.End);

    /// <summary>The word for it.</summary>
    public string Name => Part == UrlPart.QueryParameter ? "parameter" : Part.ToString().ToLowerInvariant();

    /// <summary>What it is for, in one sentence.</summary>
    public string Purpose => Part switch
    {
        UrlPart.Scheme => Meaning switch
        {
            "http" => "how to speak with the server: HTTP on TCP, which everybody on the way can read",
            "https" => "how to speak with the server: HTTP within TLS, which nobody on the way can read",
            _ => "how to speak with the server",
        },
        UrlPart.User => "who asks; goes into the field Authorization, not into the target",
        UrlPart.Password => "the proof of it; goes with the user, readable to everybody if there is no TLS",
        UrlPart.Host => Text == Sent ? "the server: DNS finds its address, the field Host repeats it" : "the server: DNS and the field Host have it in ASCII (punycode)",
        UrlPart.Port => IsTyped ? "the server's TCP port" : "the server's TCP port: not given, so the scheme's own",
        UrlPart.Path => IsTyped ? "what is asked for on this server" : "what is asked for: not given, so the root",
        UrlPart.Parameters => "a note to the last segment of the path; few servers use it",
        UrlPart.Query => "what the server is told besides the path",
        UrlPart.QueryParameter => "a field of a form, as forms write them",
        UrlPart.Fragment => "a place within the answer; stays here, the server never sees it",
        _ => "",
    };
}
