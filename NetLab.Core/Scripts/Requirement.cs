namespace NetLab.Core.Scripts;

/// <summary>What a user must be allowed for a script to run.</summary>
/// <param name="Name">The script's word, which is the kernel's.</param>
/// <param name="Capability">The number of the capability, linux/capability.h; null where it is none.</param>
/// <param name="Does">What takes it, in a sentence.</param>
public sealed record Requirement(string Name, int? Capability, string Does)
{
    /// <summary>CAP_NET_ADMIN.</summary>
    public static Requirement NetAdmin { get; } = new("CAP_NET_ADMIN", 12, "vanish, which takes a connection away from TCP (TCP_REPAIR), and unplug, for which some kernels want it, too (SO_ATTACH_FILTER).");

    /// <summary>io_uring, which a kernel has or has not, and may forbid.</summary>
    public static Requirement IoUring { get; } = new("io_uring", null, "uring_setup. Old kernels have none, kernel.io_uring_disabled (sysctl) may forbid it, and the filters of containers often do.");

    /// <summary>All.</summary>
    public static IReadOnlyList<Requirement> All { get; } = [NetAdmin, IoUring];
}
