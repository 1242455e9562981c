using NetLab.Core.Capture;
using NetLab.Core.Interop;
using NetLab.Core.Scripts;

namespace NetLab.Core.Session;

/// <summary>Whether this user may run a script.</summary>
public static class Rights
{
    /// <summary>What a script needs and this process has not got; null for nothing.</summary>
    public static Obstacle? Missing(Script script)
    {
        ArgumentNullException.ThrowIfNull(script);
        if (script.Needs.Length == 0)
            return null;
        ulong effective = (ulong)SystemProbe.EffectiveCapabilities();
        if (script.Needs.FirstOrDefault(need => need.Capability is { } capability && (effective >> capability & 1) == 0) is { } missing)
            return new Obstacle($"{script.File} needs {missing.Name}, which this user has not got.", "sudo ./netlab");
        return script.Needs.Contains(Requirement.IoUring) ? WithoutRing(script) : null;
    }

    // Only the attempt tells: a kernel without it, a setting and a container's filter all say no in the same place.
    private static Obstacle? WithoutRing(Script script)
    {
        if (IoUring.TrySetup(1, out var ring, out var error))
        {
            ring?.Dispose();
            return null;
        }

        return error switch
        {
            Errno.ENOSYS => new Obstacle($"{script.File} needs io_uring, which this kernel does not have (ENOSYS)."),
            Errno.EPERM => new Obstacle($"{script.File} needs io_uring, which is forbidden here (EPERM): by kernel.io_uring_disabled or by a container's filter.", "sysctl kernel.io_uring_disabled=0"),
            _ => new Obstacle($"{script.File} needs io_uring, which cannot be set up: {error.Name()} ({error.Words()})."),
        };
    }
}
