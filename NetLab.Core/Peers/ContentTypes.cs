using System.Collections.Frozen;

namespace NetLab.Core.Peers;

/// <summary>The media type of a file by the end of its name (IANA's registry).</summary>
internal static class ContentTypes
{
    private const string Unknown = "application/octet-stream";

    private static readonly FrozenDictionary<string, string> s_types = new Dictionary<string, string>
    {
        [".html"] = "text/html", [".htm"] = "text/html", [".css"] = "text/css", [".csv"] = "text/csv", [".txt"] = "text/plain", [".md"] = "text/markdown",
        [".js"] = "text/javascript", [".mjs"] = "text/javascript", [".json"] = "application/json", [".xml"] = "text/xml", [".wasm"] = "application/wasm",
        [".c"] = "text/plain", [".h"] = "text/plain", [".py"] = "text/x-python", [".sh"] = "application/x-sh", [".lab"] = "text/plain", [".log"] = "text/plain",
        [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".gif"] = "image/gif", [".svg"] = "image/svg+xml", [".webp"] = "image/webp",
        [".avif"] = "image/avif", [".ico"] = "image/vnd.microsoft.icon", [".bmp"] = "image/bmp", [".tif"] = "image/tiff", [".tiff"] = "image/tiff",
        [".mp3"] = "audio/mpeg", [".wav"] = "audio/x-wav", [".ogg"] = "audio/ogg", [".mp4"] = "video/mp4", [".webm"] = "video/webm", [".mov"] = "video/quicktime",
        [".pdf"] = "application/pdf", [".zip"] = "application/zip", [".tar"] = "application/x-tar", [".gz"] = "application/gzip", [".bz2"] = "application/x-bzip2",
        [".xz"] = "application/x-xz", [".pcap"] = "application/vnd.tcpdump.pcap", [".cap"] = "application/vnd.tcpdump.pcap",
        [".woff"] = "font/woff", [".woff2"] = "font/woff2", [".ttf"] = "font/ttf",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_types.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>"text/html" of "index.html"; application/octet-stream where the name tells nothing.</summary>
    public static string Of(ReadOnlySpan<char> name)
    {
        int dot = name.LastIndexOf('.');
        return dot >= 0 && s_lookup.TryGetValue(name[dot..], out string? type) ? type : Unknown;
    }
}
