using System.Collections.Frozen;

namespace NetLab.Core.Peers;

/// <summary>The media type of a file by the end of its name (IANA's registry).</summary>
internal static class ContentTypes
{
    private const string Unknown = "application/octet-stream";

    private static readonly FrozenDictionary<string, string> s_types = FrozenDictionary.ToFrozenDictionary<string, string>(
    [
        new(".html", "text/html"), new(".htm", "text/html"), new(".css", "text/css"), new(".csv", "text/csv"), new(".txt", "text/plain"),
        new(".md", "text/markdown"), new(".js", "text/javascript"), new(".mjs", "text/javascript"), new(".json", "application/json"),
        new(".xml", "text/xml"), new(".wasm", "application/wasm"), new(".c", "text/plain"), new(".h", "text/plain"), new(".py", "text/x-python"),
        new(".sh", "application/x-sh"), new(".lab", "text/plain"), new(".log", "text/plain"), new(".png", "image/png"), new(".jpg", "image/jpeg"),
        new(".jpeg", "image/jpeg"), new(".gif", "image/gif"), new(".svg", "image/svg+xml"), new(".webp", "image/webp"), new(".avif", "image/avif"),
        new(".ico", "image/vnd.microsoft.icon"), new(".bmp", "image/bmp"), new(".tif", "image/tiff"), new(".tiff", "image/tiff"),
        new(".mp3", "audio/mpeg"), new(".wav", "audio/x-wav"), new(".ogg", "audio/ogg"), new(".mp4", "video/mp4"), new(".webm", "video/webm"),
        new(".mov", "video/quicktime"), new(".pdf", "application/pdf"), new(".zip", "application/zip"), new(".tar", "application/x-tar"),
        new(".gz", "application/gzip"), new(".bz2", "application/x-bzip2"), new(".xz", "application/x-xz"),
        new(".pcap", "application/vnd.tcpdump.pcap"), new(".cap", "application/vnd.tcpdump.pcap"), new(".woff", "font/woff"),
        new(".woff2", "font/woff2"), new(".ttf", "font/ttf"),
    ], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_types.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>"text/html" of "index.html"; application/octet-stream where the name tells nothing.</summary>
    public static string Of(ReadOnlySpan<char> name)
    {
        int dot = name.LastIndexOf('.');
        return dot >= 0 && s_lookup.TryGetValue(name[dot..], out string? type) ? type : Unknown;
    }
}
