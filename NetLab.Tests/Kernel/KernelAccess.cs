using NetLab.Core.Interop;
using NetLab.Core.Kernel;

namespace NetLab.Tests.Kernel;

/// <summary>What needs the kernel's trace is skipped without it, but never under CI.</summary>
internal static class KernelAccess
{
    private static readonly string? s_reason = FindReason();

    internal static void RequireTrace() => Assert.SkipUnless(s_reason is null || Environment.GetEnvironmentVariable("CI") == "true", s_reason ?? "");

    internal static void RequireRoot() =>
        Assert.SkipUnless(Mount.IsRoot || Environment.GetEnvironmentVariable("CI") == "true", "Needs root.");

    private static string? FindReason()
    {
        using var mount = TracefsMount.Open(out var obstacle);
        return obstacle?.ToString();
    }
}
