using System.IO.Enumeration;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>An entry of a directory, as a listing shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsDirectory">Whether it is a directory, or a link to one.</param>
/// <param name="IsLink">Whether it is a symbolic link.</param>
internal readonly record struct ServedEntry(string Name, bool IsDirectory, bool IsLink);

/// <summary>A folder whose files are served: nothing outside it can be opened through it.</summary>
internal sealed class ServedFolder : IDisposable
{
    private readonly FileDescriptor _root;

    private ServedFolder(FileDescriptor root) => _root = root;

    /// <summary>Opens a folder.</summary>
    /// <returns>Null on failure.</returns>
    public static ServedFolder? Open(string path, out Errno error)
    {
        var root = FolderFile.OpenRoot(path, out int number);
        error = (Errno)number;
        return root is null ? null : new ServedFolder(root);
    }

    /// <summary>Opens what a request's path names.</summary>
    /// <param name="path">The path below the folder, without a leading slash; empty for the folder itself. No segment of it is "..".</param>
    /// <param name="facts">What it is.</param>
    /// <param name="error">Why not, where the answer is null.</param>
    public FileDescriptor? Open(string path, out FolderFileFacts facts, out Errno error)
    {
        facts = default;
        var file = FolderFile.Open(_root, path.Length == 0 ? "." : path, out int number);
        error = (Errno)number;
        if (file is null)
            return null;
        facts = FolderFile.Look(file);
        return file;
    }

    /// <summary>A directory's entries without order, at most so many.</summary>
    public static List<ServedEntry> Entries(FileDescriptor directory, int most)
    {
        // Through the descriptor, so that it is the directory that was opened, whatever its name means by now.
        var entries = new FileSystemEnumerable<ServedEntry>($"/proc/self/fd/{directory.Number}",
            (ref FileSystemEntry entry) => new ServedEntry(entry.FileName.ToString(), entry.IsDirectory, (entry.Attributes & FileAttributes.ReparsePoint) != 0),
            new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true });
        return [.. entries.Take(most)];
    }

    public void Dispose() => _root.Dispose();
}
