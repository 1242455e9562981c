using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>Takes a line of the log.</summary>
internal delegate void TellPeer(PeerLogKind kind, in FourTuple tuple, string text = "", int status = 0, long received = 0, long sent = 0);

/// <summary>Answers requests with the files of a folder: GET and HEAD, directory listings, one range, If-Modified-Since (RFC 9110).</summary>
internal sealed class HttpFiles(ServedFolder folder, PeerCounting counting, TimeSpan patience, TellPeer tell) : IHttpApplication<IFeatureCollection>
{
    private const int Chunk = 64 * 1024;
    private static readonly string[] s_indexes = ["index.html", "index.htm"];

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var exchange = new HttpExchange(context);
        exchange.Response.Headers.Server = "NetLab";
        var (status, error) = (0, (string?)null);
        try
        {
            (status, error) = await AnswerAsync(exchange).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client has gone meanwhile; what it was promised is what the log says.
            status = exchange.Response.StatusCode;
        }

        counting.Answered();
        if (error is not null)
            tell(PeerLogKind.RequestError, exchange.Tuple, error, status);
        tell(PeerLogKind.Request, exchange.Tuple, exchange.RequestLine, status);
    }

    private async ValueTask<(int Status, string? Error)> AnswerAsync(HttpExchange exchange)
    {
        var request = exchange.Request;
        if (request.Method is not ("GET" or "HEAD"))
        {
            exchange.Response.Headers.Connection = "close";
            return await FailAsync(exchange, StatusCodes.Status501NotImplemented, $"Unsupported method ('{request.Method}')").ConfigureAwait(false);
        }

        if (Segments(request.Path) is not { } path)
            return await FailAsync(exchange, StatusCodes.Status404NotFound, "File not found").ConfigureAwait(false);
        var file = folder.Open(path, out var facts, out var error);
        try
        {
            if (file is null)
            {
                return error is Errno.EACCES or Errno.EXDEV or Errno.ELOOP
                    ? await FailAsync(exchange, StatusCodes.Status403Forbidden, error == Errno.EACCES ? "Permission denied" : "A link leads out of the folder").ConfigureAwait(false)
                    : await FailAsync(exchange, StatusCodes.Status404NotFound, "File not found").ConfigureAwait(false);
            }

            bool isNamedAsDirectory = request.Path.EndsWith('/');
            if (facts.Kind == FolderFileKind.Directory)
            {
                return isNamedAsDirectory
                    ? await AnswerDirectoryAsync(exchange, file, path).ConfigureAwait(false)
                    : Redirect(exchange, path);
            }

            return facts.Kind == FolderFileKind.Regular && !isNamedAsDirectory
                ? await AnswerFileAsync(exchange, file, facts, path).ConfigureAwait(false)
                : await FailAsync(exchange, StatusCodes.Status404NotFound, "File not found").ConfigureAwait(false);
        }
        finally
        {
            file?.Dispose();
        }
    }

    private async ValueTask<(int Status, string? Error)> AnswerDirectoryAsync(HttpExchange exchange, FileDescriptor directory, string path)
    {
        foreach (string name in s_indexes)
        {
            string index = path.Length == 0 ? name : $"{path}/{name}";
            using var file = folder.Open(index, out var facts, out _);
            if (file is not null && facts.Kind == FolderFileKind.Regular)
                return await AnswerFileAsync(exchange, file, facts, index).ConfigureAwait(false);
        }

        List<ServedEntry> entries;
        try
        {
            entries = ServedFolder.Entries(directory, HttpPages.MostEntries);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return await FailAsync(exchange, StatusCodes.Status404NotFound, "No permission to list directory").ConfigureAwait(false);
        }

        await SendPageAsync(exchange, StatusCodes.Status200OK, HttpPages.Listing(path.Length == 0 ? "/" : $"/{path}/", entries)).ConfigureAwait(false);
        return (StatusCodes.Status200OK, null);
    }

    // Relative links of a listing need the slash. The path is written anew from its segments, so that "//host" cannot become another host.
    private static (int, string?) Redirect(HttpExchange exchange, string path)
    {
        string target = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        exchange.Response.StatusCode = StatusCodes.Status301MovedPermanently;
        exchange.Response.Headers.Location = $"/{target}/{exchange.Request.QueryString}";
        exchange.Response.Headers.ContentLength = 0;
        return (StatusCodes.Status301MovedPermanently, null);
    }

    private async ValueTask<(int Status, string? Error)> AnswerFileAsync(HttpExchange exchange, FileDescriptor file, FolderFileFacts facts, string path)
    {
        var (request, response) = (exchange.Request, exchange.Response);
        var modified = DateTimeOffset.FromUnixTimeSeconds(facts.ModifiedSeconds);
        response.Headers.LastModified = modified.ToString("R", CultureInfo.InvariantCulture);
        response.Headers.AcceptRanges = "bytes";
        if (IsNotModified(request.Headers, modified))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return (response.StatusCode, null);
        }

        response.Headers.ContentType = ContentTypes.Of(path);
        var range = Range(request.Headers, modified, facts.Length);
        switch (range.Kind)
        {
            case ByteRangeKind.Unsatisfiable:
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{facts.Length}");
                return await FailAsync(exchange, StatusCodes.Status416RangeNotSatisfiable, "Requested Range Not Satisfiable").ConfigureAwait(false);
            case ByteRangeKind.Part:
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {range.Start}-{range.Start + range.Length - 1}/{facts.Length}");
                break;
        }

        response.Headers.ContentLength = range.Length;
        if (request.Method != "HEAD")
            await SendAsync(exchange, file, range.Start, range.Length).ConfigureAwait(false);
        return (response.StatusCode, null);
    }

    // RFC 9110 section 13.1.3: If-None-Match goes before it, and there are no entity tags here.
    private static bool IsNotModified(IHeaderDictionary headers, DateTimeOffset modified) =>
        headers.IfNoneMatch.Count == 0 && headers.IfModifiedSince is [{ } text] && HeaderUtilities.TryParseDate(text, out var since) && modified <= since;

    // Section 13.1.5: with If-Range, a part only of the very file whose date the client knows.
    private static ByteRange Range(IHeaderDictionary headers, DateTimeOffset modified, long size)
    {
        if (headers.Range is not [{ } text] || (headers.IfRange is [{ } known] && !(HeaderUtilities.TryParseDate(known, out var date) && date == modified)))
            return new ByteRange(ByteRangeKind.Whole, 0, size);
        return ByteRange.Parse(text, size);
    }

    private async ValueTask SendAsync(HttpExchange exchange, FileDescriptor file, long position, long length)
    {
        var writer = exchange.Body.Writer;
        while (length > 0)
        {
            int wanted = (int)Math.Min(length, Chunk);
            int count = file.ReadAt(writer.GetSpan(wanted)[..wanted], position);
            if (count <= 0)
            {
                // The file has become shorter than was promised: only a broken connection says so.
                exchange.Abort();
                return;
            }

            writer.Advance(count);
            (position, length) = (position + count, length - count);
            var flush = writer.FlushAsync(exchange.Aborted);
            bool isTaken = flush.IsCompletedSuccessfully ? !flush.Result.IsCompleted : await IsTakenAsync(exchange, flush.AsTask()).ConfigureAwait(false);
            if (!isTaken)
                return;
        }
    }

    // A client that never reads would hold its connection for ever.
    private async ValueTask<bool> IsTakenAsync(HttpExchange exchange, Task<FlushResult> flush)
    {
        try
        {
            var result = await flush.WaitAsync(patience).ConfigureAwait(false);
            return !result.IsCompleted && !result.IsCanceled && !exchange.Aborted.IsCancellationRequested;
        }
        catch (TimeoutException)
        {
            tell(PeerLogKind.Notice, exchange.Tuple, "the client does not read its answer; the connection was broken");
            exchange.Abort();
            return false;
        }
    }

    private static async ValueTask<(int Status, string? Error)> FailAsync(HttpExchange exchange, int status, string message)
    {
        await SendPageAsync(exchange, status, HttpPages.Error(status, message)).ConfigureAwait(false);
        return (status, message);
    }

    private static async ValueTask SendPageAsync(HttpExchange exchange, int status, byte[] page)
    {
        exchange.Response.StatusCode = status;
        exchange.Response.Headers.ContentType = "text/html; charset=utf-8";
        exchange.Response.Headers.ContentLength = page.Length;
        if (exchange.Request.Method != "HEAD")
            await exchange.Body.Writer.WriteAsync(page, exchange.Aborted).ConfigureAwait(false);
    }

    // Kestrel has decoded the path and taken ".." out of it; what is still there is refused, as is a NUL.
    private static string? Segments(string path)
    {
        if (path.Contains('\0'))
            return null;
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != ".").ToArray();
        return segments.Contains("..") ? null : string.Join('/', segments);
    }
}
