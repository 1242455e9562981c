namespace NetLab.Core.Http;

/// <summary>What a stretch of an HTTP/1.x message's bytes is (RFC 9112).</summary>
public enum HttpPart : byte
{
    /// <summary>The first line of a request, with its end (section 3).</summary>
    RequestLine,

    /// <summary>Within the request line: what is to be done.</summary>
    Method,

    /// <summary>Within the request line: to what.</summary>
    Target,

    /// <summary>Within the first line: the protocol's version.</summary>
    Version,

    /// <summary>The first line of a response, with its end (section 4).</summary>
    StatusLine,

    /// <summary>Within the status line: three digits that say what came of the request.</summary>
    Status,

    /// <summary>Within the status line: the same for people; may be empty.</summary>
    Reason,

    /// <summary>A header field's line, with its end (section 5); a folded line is a field without a name.</summary>
    Field,

    /// <summary>Within a field: its name.</summary>
    FieldName,

    /// <summary>Within a field: its value without the blanks around it.</summary>
    FieldValue,

    /// <summary>The line that ends the header fields (section 2.1).</summary>
    EmptyLine,

    /// <summary>The body: as many bytes as Content-Length says, or all until the connection closes (section 6).</summary>
    Body,

    /// <summary>A chunk's line: its size and extensions (section 7.1).</summary>
    ChunkLine,

    /// <summary>Within a chunk's line: how many bytes follow, in hexadecimal.</summary>
    ChunkSize,

    /// <summary>Within a chunk's line: what stands behind the semicolon.</summary>
    ChunkExtension,

    /// <summary>A chunk's bytes.</summary>
    ChunkData,

    /// <summary>The line end behind a chunk's bytes.</summary>
    ChunkEnd,

    /// <summary>A field behind the last chunk (section 7.1.2).</summary>
    Trailer,

    /// <summary>Within a trailer: its name.</summary>
    TrailerName,

    /// <summary>Within a trailer: its value.</summary>
    TrailerValue,

    /// <summary>The empty line that ends a chunked body.</summary>
    TrailerEnd,

    /// <summary>What is not as the protocol has it.</summary>
    Malformed,

    /// <summary>What comes behind the message on the same connection.</summary>
    Rest,
}

/// <summary>A stretch of a message's bytes and what it is.</summary>
/// <param name="Part">What it is.</param>
/// <param name="Start">Its first byte, from the beginning of what was read.</param>
/// <param name="Length">How many bytes.</param>
public readonly record struct HttpMark(HttpPart Part, int Start, int Length)
{
    /// <summary>The byte behind it.</summary>
    public int End => Start + Length;

    /// <summary>Whether it lies within the mark that came before it; the others lie side by side and leave no byte out.</summary>
    public bool IsWithin => Part is HttpPart.Method or HttpPart.Target or HttpPart.Version or HttpPart.Status or HttpPart.Reason or HttpPart.FieldName
        or HttpPart.FieldValue or HttpPart.ChunkSize or HttpPart.ChunkExtension or HttpPart.TrailerName or HttpPart.TrailerValue;

    /// <summary>The bytes of it.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> message) => message.Slice(Start, Length);
}

/// <summary>Which message is read.</summary>
public enum HttpMessageKind
{
    /// <summary>A request.</summary>
    Request,

    /// <summary>A response.</summary>
    Response,

    /// <summary>A response to HEAD: it has no body, whatever its fields say.</summary>
    ResponseToHead,
}

/// <summary>By what a message's body ends (RFC 9112 section 6.3).</summary>
public enum HttpFraming
{
    /// <summary>Not known yet.</summary>
    Unknown,

    /// <summary>There is no body.</summary>
    None,

    /// <summary>Content-Length says how long it is.</summary>
    Length,

    /// <summary>It comes in chunks, the last of which is empty.</summary>
    Chunked,

    /// <summary>The server closes the connection.</summary>
    Close,
}

/// <summary>The words for the parts.</summary>
public static class HttpPartNames
{
    /// <summary>"request line", "chunk size".</summary>
    public static string Name(this HttpPart part) => part switch
    {
        HttpPart.RequestLine => "request line",
        HttpPart.Method => "method",
        HttpPart.Target => "target",
        HttpPart.Version => "version",
        HttpPart.StatusLine => "status line",
        HttpPart.Status => "status",
        HttpPart.Reason => "reason",
        HttpPart.Field => "header",
        HttpPart.FieldName => "name",
        HttpPart.FieldValue => "value",
        HttpPart.EmptyLine => "empty line",
        HttpPart.Body => "body",
        HttpPart.ChunkLine => "chunk",
        HttpPart.ChunkSize => "chunk size",
        HttpPart.ChunkExtension => "extension",
        HttpPart.ChunkData => "chunk data",
        HttpPart.ChunkEnd => "end of chunk",
        HttpPart.Trailer => "trailer",
        HttpPart.TrailerName => "name",
        HttpPart.TrailerValue => "value",
        HttpPart.TrailerEnd => "empty line",
        HttpPart.Malformed => "malformed",
        HttpPart.Rest => "behind it",
        _ => "",
    };

    /// <summary>What the part is for, in one sentence; of a header field see <see cref="HttpFieldNames.Explain"/>.</summary>
    public static string Explain(this HttpPart part) => part switch
    {
        HttpPart.RequestLine => "What is asked for: method, target and version, with blanks between them.",
        HttpPart.StatusLine => "What came of the request: version, status and reason.",
        HttpPart.EmptyLine => "Ends the header; what follows is the body.",
        HttpPart.Body => "The content itself.",
        HttpPart.ChunkLine => "How many bytes the next chunk has, in hexadecimal; 0 ends the body.",
        HttpPart.ChunkData => "A piece of the body.",
        HttpPart.ChunkEnd => "Ends the chunk.",
        HttpPart.Trailer => "A field that was known only after the body.",
        HttpPart.TrailerEnd => "Ends the chunked body.",
        HttpPart.Malformed => "Not as RFC 9112 has it.",
        HttpPart.Rest => "Came on the same connection behind the message.",
        _ => "",
    };
}
