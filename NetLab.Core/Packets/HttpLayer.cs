namespace NetLab.Core.Packets;

/// <summary>The fields of an HTTP/1.x head (RFC 9112), as far as it lies in one segment.</summary>
internal static class HttpLayer
{
    public static readonly ProtocolDefinition Protocol = new("http", "Hypertext Transfer Protocol", ProtocolTier.Application);

    private static readonly FieldDefinition Request = Protocol.Flag("http.request", "Request");
    private static readonly FieldDefinition Response = Protocol.Flag("http.response", "Response");
    private static readonly FieldDefinition Method = Protocol.Value("http.request.method", "Request Method", FieldKind.Text);
    private static readonly FieldDefinition Uri = Protocol.Value("http.request.uri", "Request URI", FieldKind.Text);
    private static readonly FieldDefinition RequestVersion = Protocol.Value("http.request.version", "Request Version", FieldKind.Text);
    private static readonly FieldDefinition ResponseVersion = Protocol.Value("http.response.version", "Response Version", FieldKind.Text);
    private static readonly FieldDefinition Code = Protocol.Number("http.response.code", "Status Code");
    private static readonly FieldDefinition Phrase = Protocol.Value("http.response.phrase", "Response Phrase", FieldKind.Text);
    private static readonly FieldDefinition Line = Protocol.Value("http.header.line", "Header", FieldKind.Text);
    private static readonly FieldDefinition Host = Protocol.Value("http.host", "Host", FieldKind.Text);
    private static readonly FieldDefinition ContentLength = Protocol.Value("http.content_length_header", "Content-Length", FieldKind.Text);
    private static readonly FieldDefinition TransferEncoding = Protocol.Value("http.transfer_encoding", "Transfer-Encoding", FieldKind.Text);
    private static readonly FieldDefinition ContentType = Protocol.Value("http.content_type", "Content-Type", FieldKind.Text);
    private static readonly FieldDefinition UserAgent = Protocol.Value("http.user_agent", "User-Agent", FieldKind.Text);
    private static readonly FieldDefinition Server = Protocol.Value("http.server", "Server", FieldKind.Text);
    private static readonly FieldDefinition Location = Protocol.Value("http.location", "Location", FieldKind.Text);
    private static readonly FieldDefinition Body = Protocol.Value("http.file_data", "File Data", FieldKind.Bytes);

    /// <summary>Whether a payload begins a request (a method, a target, HTTP/1.x) or a response (HTTP/1.x).</summary>
    public static bool Begins(ReadOnlySpan<byte> payload)
    {
        if (payload.StartsWith("HTTP/1."u8))
            return true;
        int space = payload.IndexOf((byte)' ');
        if (space is < 3 or > 32 || payload[..space].IndexOfAnyExceptInRange((byte)'A', (byte)'Z') >= 0)
            return false;
        int end = payload.IndexOf((byte)'\n');
        var line = end < 0 ? payload : payload[..end];
        return line.IndexOf(" HTTP/1."u8) > 0;
    }

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        int layer = context.Into.Begin(Protocol, at, end - at);
        int lineEnd = LineEnd(context.Bytes, at, end, out int next);
        if (context.Bytes[at..end].StartsWith("HTTP/"u8))
            StatusLine(ref context, at, lineEnd);
        else
            RequestLine(ref context, at, lineEnd);
        context.Indent++;
        for (at = next; at < end; at = next)
        {
            lineEnd = LineEnd(context.Bytes, at, end, out next);
            if (lineEnd == at)
                break;
            HeaderLine(ref context, at, lineEnd);
        }

        context.Indent--;
        if (at >= end)
            return;
        if (next < end)
            context.Span(Body, next, end - next);
        context.Into.Resize(layer, end - context.Into.Layers[layer].Offset);
    }

    private static int LineEnd(ReadOnlySpan<byte> bytes, int at, int end, out int next)
    {
        int length = bytes[at..end].IndexOf((byte)'\n');
        next = length < 0 ? end : at + length + 1;
        int lineEnd = length < 0 ? end : at + length;
        return lineEnd > at && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    }

    private static void RequestLine(ref DissectionContext context, int at, int end)
    {
        var line = context.Bytes[at..end];
        int method = line.IndexOf((byte)' ');
        if (method < 0)
            return;
        context.Flag(Request, at, line.Length, true);
        context.Span(Method, at, method);
        int version = line.LastIndexOf((byte)' ');
        context.Span(Uri, at + method + 1, Math.Max(0, version - method - 1));
        context.Span(RequestVersion, at + version + 1, line.Length - version - 1);
    }

    private static void StatusLine(ref DissectionContext context, int at, int end)
    {
        var line = context.Bytes[at..end];
        int version = line.IndexOf((byte)' ');
        context.Flag(Response, at, line.Length, true);
        if (version < 0)
        {
            context.Span(ResponseVersion, at, line.Length);
            return;
        }

        context.Span(ResponseVersion, at, version);
        int digits = 0;
        uint code = 0;
        var rest = line[(version + 1)..];
        while (digits < rest.Length && digits < 3 && rest[digits] is >= (byte)'0' and <= (byte)'9')
            code = code * 10 + rest[digits++] - '0';
        if (digits != 3)
            return;
        context.Add(Code, at + version + 1, 3, code);
        if (rest.Length > 4)
            context.Span(Phrase, at + version + 5, rest.Length - 4);
    }

    private static void HeaderLine(ref DissectionContext context, int at, int end)
    {
        var line = context.Bytes[at..end];
        context.Span(Line, at, line.Length);
        int colon = line.IndexOf((byte)':');
        if (colon < 0)
            return;
        int start = colon + 1;
        while (start < line.Length && line[start] is (byte)' ' or (byte)'\t')
            start++;
        if (FieldOf(line[..colon]) is { } field)
            context.Span(field, at + start, line.Length - start);
    }

    private static FieldDefinition? FieldOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when Is(name, "Host"u8) => Host,
        6 when Is(name, "Server"u8) => Server,
        8 when Is(name, "Location"u8) => Location,
        10 when Is(name, "User-Agent"u8) => UserAgent,
        12 when Is(name, "Content-Type"u8) => ContentType,
        14 when Is(name, "Content-Length"u8) => ContentLength,
        17 when Is(name, "Transfer-Encoding"u8) => TransferEncoding,
        _ => null,
    };

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> wanted) => System.Text.Ascii.EqualsIgnoreCase(name, wanted);
}
