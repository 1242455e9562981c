using NetLab.Core.Capture;
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
        return script.Needs.FirstOrDefault(need => (effective >> need.Capability & 1) == 0) is { } missing
            ? new Obstacle($"{script.File} needs {missing.Name}, which this user has not got.", "sudo ./netlab") : null;
    }
}
