using System.Text;

namespace NetLab.Tui.Commands;

/// <summary>What the options of <c>netlab http</c> take.</summary>
internal static class HttpFieldOption
{
    /// <summary>Reads 'Name: value'.</summary>
    /// <returns>What is wrong with it; empty for nothing.</returns>
    public static string Read(string field, List<KeyValuePair<string, string>> into)
    {
        int colon = field.IndexOf(':');
        string name = colon < 0 ? field : field[..colon];
        if (colon < 0 || !IsToken(name))
            return $"'{field}' is no header field; one looks like 'Accept: text/html'.";
        string value = field[(colon + 1)..].Trim();
        if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            return $"The value of {name} has a line end or a NUL in it, which would end the field.";
        into.Add(new(name, value));
        return "";
    }

    /// <summary>Whether a text is a token (RFC 9110 section 5.6.2).</summary>
    public static bool IsToken(string text) => text.Length > 0 && text.All(one => char.IsAsciiLetterOrDigit(one) || "!#$%&'*+-.^_`|~".Contains(one));

    /// <summary>What opens the body that -d names.</summary>
    public static Func<Stream>? OpenBody(string data, out string mistake)
    {
        mistake = "";
        if (data is not ['@', .. var file])
        {
            byte[] bytes = Encoding.UTF8.GetBytes(data);
            return () => new MemoryStream(bytes, writable: false);
        }

        try
        {
            // Looked at now, so that no connection is made for nothing.
            File.OpenRead(file).Dispose();
            return () => File.OpenRead(file);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            mistake = refused is FileNotFoundException or DirectoryNotFoundException ? $"There is no file '{file}'." : $"'{file}' cannot be read: {refused.Message}";
            return null;
        }
        catch (ArgumentException)
        {
            mistake = "After -d @ the name of a file is missing.";
            return null;
        }
    }

    /// <summary>The exit code for a status, as HTTPie's --check-status has it.</summary>
    public static int CodeOf(int status) => status is >= 300 and < 600 ? status / 100 : ExitCode.Done;
}
