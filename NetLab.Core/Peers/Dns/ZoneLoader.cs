using System.Text;
using NetLab.Core.Dns;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>Reads zone files. What they include must lie in their own folder or below it, whatever links say.</summary>
internal static class ZoneLoader
{
    private const int LargestFile = 256 << 20;
    private static readonly string[] s_extensions = [".zone", ".db", ".txt"];

    /// <summary>Reads the zones.</summary>
    /// <param name="files">The files. Names in one are relative to its own name without .zone or .db, until it says $ORIGIN.</param>
    /// <param name="refusal">Why not: file, line, column, what is wrong.</param>
    /// <returns>Null where there is a mistake.</returns>
    public static ZoneSet? Load(IReadOnlyList<string> files, out PeerRefusal? refusal)
    {
        refusal = null;
        try
        {
            return new ZoneSet([.. files.Select(Load)]);
        }
        catch (ZoneException wrong)
        {
            refusal = new PeerRefusal(PeerObstacle.Usage, wrong.Message);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            refusal = new PeerRefusal(wrong is UnauthorizedAccessException ? PeerObstacle.NotPermitted : PeerObstacle.Usage, $"A zone file can't be read: {wrong.Message.TrimEnd('.')}.");
        }

        return null;
    }

    /// <summary>The name that the names of a file are relative to at its beginning: the file's own.</summary>
    internal static DnsName OriginOf(string file)
    {
        string name = Path.GetFileName(file);
        if (Array.Find(s_extensions, extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) is { } ending)
            name = name[..^ending.Length];
        else if (name.StartsWith("db.", StringComparison.Ordinal))
            name = name["db.".Length..];
        try
        {
            return DnsName.Parse(name);
        }
        catch (DnsTextException)
        {
            return DnsName.Root;
        }
    }

    private static Zone Load(string file)
    {
        string text;
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0))
            text = ReadAll(stream, file);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
        using var root = FolderFile.OpenRoot(folder, out _);
        var reader = new ZoneFile(name => Include(root, name));
        var records = reader.Read(text, OriginOf(file), file);
        return new Zone(records, file, reader.Places);
    }

    private static string Include(FileDescriptor? root, string name)
    {
        int number = 0;
        using var opened = root is null ? null : FolderFile.Open(root, name, out number);
        if (opened is null)
        {
            throw new DnsTextException((Errno)number == Errno.EXDEV || name.StartsWith('/') || name.Split('/').Contains("..")
                ? $"{DnsText.Shown(name)} lies outside the zone file's folder"
                : $"{DnsText.Shown(name)} can't be read: {((Errno)number).Words()} ({((Errno)number).Name()})");
        }

        if (FolderFile.Look(opened).Kind != FolderFileKind.Regular)
            throw new DnsTextException($"{DnsText.Shown(name)} is no file");
        using var stream = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(opened.Number, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        return ReadAll(stream, name);
    }

    private static string ReadAll(FileStream stream, string file)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[65_536];
        while (stream.Read(buffer) is > 0 and var count)
        {
            all.Write(buffer, 0, count);
            if (all.Length > LargestFile)
                throw new ZoneException(file, 0, $"it is larger than {LargestFile >> 20} MiB");
        }

        return Encoding.Latin1.GetString(all.GetBuffer(), 0, (int)all.Length);
    }
}
