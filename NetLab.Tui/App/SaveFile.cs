namespace NetLab.Tui.App;

/// <summary>Saving into a new file: what would stand in the way, told before and after.</summary>
internal static class SaveFile
{
    /// <summary>Why a path cannot be saved to; null when it can, as far as a look tells.</summary>
    public static PromptFault? Check(string path, IReadOnlyList<string> endings)
    {
        if (string.IsNullOrWhiteSpace(path))
            return new PromptFault("a name is missing");
        if (path.Contains('\0', StringComparison.Ordinal))
            return new PromptFault("a name cannot hold NUL", path.IndexOf('\0', StringComparison.Ordinal) + 1);
        if (endings.Count > 0 && !endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            return new PromptFault($"end it in {string.Join(" or ", endings)}");
        if (Directory.Exists(path) || path.EndsWith('/'))
            return new PromptFault("that is a folder");
        if (File.Exists(path))
            return new PromptFault("it exists; choose another name");
        return Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder) ? new PromptFault("there is no such folder") : null;
    }

    /// <summary>Writes a file that does not exist yet.</summary>
    /// <returns>Why it failed, as a sentence; null when it did not.</returns>
    public static string? Write(string path, Action<Stream, string> write)
    {
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            write(file, path);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return $"{path}: you may not write there.";
        }
        catch (IOException fault)
        {
            return File.Exists(path) && fault.HResult == FileExists ? $"{path} exists; choose another name." : $"{path} could not be written: {Reason(fault)}.";
        }
    }

    // EEXIST as .NET reports it on Linux.
    private const int FileExists = 17;

    private static string Reason(IOException fault) => fault switch
    {
        PathTooLongException => "the name is too long",
        DirectoryNotFoundException => "there is no such folder",
        _ => EventText.Printable(fault.Message.TrimEnd('.').Split(" : '")[0]),
    };
}
