using System.Collections.Frozen;

namespace NetLab.Core.Http;

/// <summary>What the common header fields are for.</summary>
public static class HttpFieldNames
{
    private static readonly FrozenDictionary<string, string> s_words = new Dictionary<string, string>
    {
        ["Accept"] = "media types that the client takes",
        ["Accept-Encoding"] = "ways of compression that the client undoes",
        ["Accept-Language"] = "languages that the client prefers",
        ["Accept-Ranges"] = "whether a part may be asked for",
        ["Age"] = "seconds that it lay in a cache",
        ["Allow"] = "methods that the target takes",
        ["Authorization"] = "who asks, and the proof of it",
        ["Cache-Control"] = "who may keep it, and how long",
        ["Connection"] = "whether the connection stays open",
        ["Content-Encoding"] = "how the body is compressed",
        ["Content-Language"] = "the body's language",
        ["Content-Length"] = "bytes of the body",
        ["Content-Location"] = "where the body itself is found",
        ["Content-Range"] = "which part the body is",
        ["Content-Type"] = "what the body is",
        ["Cookie"] = "what the server asked the client to keep",
        ["Date"] = "when the message was made",
        ["ETag"] = "a mark of this version of it",
        ["Expect"] = "what the server must agree to first",
        ["Expires"] = "until when it is fresh",
        ["Host"] = "which of the server's sites is meant",
        ["If-Modified-Since"] = "send it only if it is newer",
        ["If-None-Match"] = "send it only if its mark is another",
        ["Keep-Alive"] = "how long the connection may wait",
        ["Last-Modified"] = "when it was changed last",
        ["Location"] = "where to ask next",
        ["Range"] = "which part is asked for",
        ["Referer"] = "the page that led here",
        ["Retry-After"] = "when to come again",
        ["Server"] = "the server's program",
        ["Set-Cookie"] = "to be sent back with later requests",
        ["Strict-Transport-Security"] = "ask with https only",
        ["TE"] = "codings and trailers that the client takes",
        ["Trailer"] = "fields that follow the body",
        ["Transfer-Encoding"] = "how the body is cut for the way",
        ["Upgrade"] = "another protocol to change to",
        ["User-Agent"] = "the client's program",
        ["Vary"] = "request fields that the answer depends on",
        ["Via"] = "proxies on the way",
        ["WWW-Authenticate"] = "how to tell who asks",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>What a field is for, in a few words; empty of one that is not common.</summary>
    public static string Explain(string name) => s_words.GetValueOrDefault(name, "");
}
