using System.Text;
using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>
/// Where the kernel's tracefs is mounted. Where nobody has mounted it, root mounts it in a directory of NetLab's own, and the last to dispose
/// of it takes it down again.
/// </summary>
public sealed class TracefsMount : IDisposable
{
    internal const string PrivatePrefix = "netlab-tracing-";
    private const string MountCommand = "sudo mount -t tracefs nodev /sys/kernel/tracing";
    private static readonly string[] s_roots = ["/run", "/tmp"];
    private static readonly Lock s_gate = new();
    private static string? s_own;
    private static int s_users;
    private readonly bool _isOwn;
    private bool _disposed;

    private TracefsMount(string path, bool isOwn) => (Path, _isOwn) = (path, isOwn);

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>Finds a tracefs that may be written, or mounts one.</summary>
    /// <param name="obstacle">Why not, when the answer is null.</param>
    public static TracefsMount? Open(out Obstacle? obstacle)
    {
        obstacle = null;
        bool mounted = false;
        foreach (string path in MountPoints().Where(path => !IsPrivate(path)))
        {
            mounted = true;
            if (Directory.Exists(path + "/instances") && FileDescriptor.Open(path + "/trace_marker", FileDescriptor.WriteOnly, out _) is { } file)
            {
                file.Dispose();
                return new TracefsMount(path, isOwn: false);
            }
        }

        if (Mount.IsRoot)
            return MountOwn(out obstacle);
        obstacle = mounted
            ? KernelObstacle.NotRoot("Reading the kernel's trace")
            : new Obstacle("The kernel's trace (tracefs) is not mounted, and mounting it needs root.", "sudo ./netlab");
        return null;
    }

    /// <summary>Takes down mounts that killed NetLabs left behind.</summary>
    /// <returns>How many.</returns>
    public static int Sweep()
    {
        int swept = 0;
        foreach (string path in MountPoints())
        {
            if (!IsPrivate(path) || !IsLeftOver(path))
                continue;
            if (Mount.Remove(path) == 0 && Mount.RemoveDirectory(path) == 0)
                swept++;
        }

        // A directory whose mount was never made, or is gone.
        foreach (string root in PrivateRoots())
        {
            foreach (string path in Directory.EnumerateDirectories(root, PrivatePrefix + "*"))
            {
                if (IsLeftOver(path) && Mount.RemoveDirectory(path) == 0)
                    swept++;
            }
        }

        return swept;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (s_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            if (!_isOwn || --s_users > 0)
                return;
            Unmount(Path);
            s_own = null;
        }
    }

    private static TracefsMount? MountOwn(out Obstacle? obstacle)
    {
        lock (s_gate)
        {
            obstacle = null;
            if (s_own is null)
            {
                string path = $"{PrivateRoots().First()}/{PrivatePrefix}{ProcessStart.Own.Text}";
                int error = Mount.MakeDirectory(path);
                if (error is 0 or 17) // EEXIST: of a mount that this process could not take down before
                    error = Mount.Attach("tracefs", path);
                if (error != 0)
                {
                    Mount.RemoveDirectory(path);
                    obstacle = error == 19 // ENODEV
                        ? new Obstacle("This kernel was built without tracefs.")
                        : KernelObstacle.From("tracefs could not be mounted", error) with { Remedy = MountCommand };
                    return null;
                }

                s_own = path;
            }

            s_users++;
            return new TracefsMount(s_own, isOwn: true);
        }
    }

    private static void Unmount(string path)
    {
        if (!Directory.Exists(path))
            return;
        Mount.Remove(path);
        Mount.RemoveDirectory(path);
    }

    private static IEnumerable<string> PrivateRoots() => s_roots.Where(Directory.Exists);

    private static bool IsPrivate(string path) => System.IO.Path.GetFileName(path).StartsWith(PrivatePrefix, StringComparison.Ordinal);

    private static bool IsLeftOver(string path) =>
        ProcessStart.TryParse(System.IO.Path.GetFileName(path).AsSpan(PrivatePrefix.Length), out var owner) && !owner.IsAlive;

    private static List<string> MountPoints() =>
        [.. File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')).Where(parts => parts is [_, _, "tracefs", ..]).Select(parts => Unescape(parts[1]))];

    // The kernel writes space, tab, line feed and backslash in a path as \ooo.
    private static string Unescape(string text)
    {
        var plain = new StringBuilder();
        for (int index = 0; index < text.Length; index++)
        {
            bool escaped = text[index] == '\\' && index + 3 < text.Length;
            plain.Append(escaped ? (char)Convert.ToInt32(text.Substring(index + 1, 3), 8) : text[index]);
            index += escaped ? 3 : 0;
        }

        return plain.ToString();
    }
}
