using System.Net;
using System.Text;

namespace NetLab.Core.Peers;

/// <summary>The pages that the server makes itself.</summary>
internal static class HttpPages
{
    /// <summary>How many entries a listing shows.</summary>
    public const int MostEntries = 20_000;

    /// <summary>A directory's entries as links, in order of their names: a slash after a directory, @ after a link.</summary>
    /// <param name="path">The directory's path as the request has it, decoded.</param>
    /// <param name="entries">Its entries.</param>
    public static byte[] Listing(string path, List<ServedEntry> entries)
    {
        entries.Sort((left, right) => string.Compare(left.Name, right.Name, StringComparison.OrdinalIgnoreCase));
        string title = $"Directory listing for {WebUtility.HtmlEncode(path)}";
        var page = new StringBuilder(Head(title)).Append($"<h1>{title}</h1>\n<hr>\n<ul>\n");
        foreach (var entry in entries)
        {
            string slash = entry.IsDirectory ? "/" : "";
            string mark = entry.IsLink ? "@" : slash;
            // "./" keeps a name with a colon from being read as a scheme (RFC 3986 section 4.2).
            string reference = (entry.Name.Contains(':') ? "./" : "") + Uri.EscapeDataString(entry.Name) + slash;
            page.Append($"<li><a href=\"{reference}\">{WebUtility.HtmlEncode(entry.Name)}{mark}</a></li>\n");
        }

        page.Append("</ul>\n");
        if (entries.Count == MostEntries)
            page.Append($"<p>Only {MostEntries} entries are shown.</p>\n");
        return Encoding.UTF8.GetBytes(page.Append("<hr>\n</body>\n</html>\n").ToString());
    }

    /// <summary>What went wrong.</summary>
    public static byte[] Error(int status, string message) =>
        Encoding.UTF8.GetBytes($"{Head("Error response")}<h1>Error response</h1>\n<p>Error code: {status}</p>\n<p>Message: {WebUtility.HtmlEncode(message)}.</p>\n</body>\n</html>\n");

    private static string Head(string title) =>
        $"<!DOCTYPE HTML>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n<body>\n";
}
