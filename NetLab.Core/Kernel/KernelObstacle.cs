using System.Runtime.InteropServices;
using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>What the kernel's refusals mean, in plain sentences.</summary>
internal static class KernelObstacle
{
    /// <summary>Only root may.</summary>
    internal static Obstacle NotRoot(string what) => new($"{what} needs root.", "sudo ./netlab");

    /// <summary>The kernel refused with an errno.</summary>
    internal static Obstacle From(string what, int error) => new($"{what}: {Marshal.GetPInvokeErrorMessage(error)}.", error switch
    {
        1 or 13 when !Mount.IsRoot => "sudo ./netlab",
        _ => null,
    });
}
