using NetLab.Core.Kernel;

namespace NetLab.Tests.EndToEnd;

/// <summary>What a process has in the kernel and beside: trace instances, mounts, processes that name a path.</summary>
internal static class Traces
{
    /// <summary>The trace instances of a process.</summary>
    public static string[] Instances(int process)
    {
        using var mount = TracefsMount.Open(out var obstacle);
        Assert.True(mount is not null, obstacle?.ToString());
        return [.. Directory.EnumerateDirectories(mount.Path + "/instances", $"netlab-{process}-*")];
    }

    /// <summary>Waits until a trace of one process follows another.</summary>
    public static void AwaitFollowed(int tracer, int traced)
    {
        using var mount = TracefsMount.Open(out var obstacle);
        Assert.True(mount is not null, obstacle?.ToString());
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!Directory.EnumerateDirectories(mount.Path + "/instances", $"netlab-{tracer}-*").Any(Follows))
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < Support.PseudoTerminal.Patience, $"{traced} is not followed.");

        bool Follows(string instance) => File.ReadAllLines(instance + "/set_event_pid").Contains($"{traced}");
    }

    /// <summary>The mounts that a process made.</summary>
    public static string[] Mounts(int process) =>
        [.. File.ReadLines("/proc/self/mounts").Where(line => line.Contains($"/netlab-tracing-{process}-", StringComparison.Ordinal))];

    /// <summary>The processes whose command line holds a text.</summary>
    public static string[] Processes(string text) => [.. Directory.EnumerateDirectories("/proc").Where(folder =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(folder), out _) && File.ReadAllText(folder + "/cmdline").Contains(text, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    })];

    /// <summary>Nothing of a process is left.</summary>
    public static void AssertNone(int process)
    {
        Assert.Empty(Instances(process));
        Assert.Empty(Mounts(process));
        Assert.False(Directory.Exists($"/proc/{process}"));
    }
}
