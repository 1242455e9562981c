namespace NetLab.Core.Kernel;

/// <summary>A thread that the trace follows, and the call in which it is.</summary>
internal sealed class TracedThread(int id, TracedProcess process)
{
    internal int Id => id;

    internal TracedProcess Process { get; set; } = process;

    /// <summary>Whether its calls are NetLab's own, on the way to starting a program.</summary>
    internal bool IsSilent { get; set; }

    /// <summary>The call it is in; null between two.</summary>
    internal Syscall? Call { get; set; }

    /// <summary>Whether the call's entry was written.</summary>
    internal bool IsWritten { get; set; }

    /// <summary>Whether a change of state has told of the call's socket.</summary>
    internal bool HasLearned { get; set; }

    /// <summary>When it began.</summary>
    internal Timestamp Began { get; set; }

    /// <summary>Its arguments.</summary>
    internal SyscallArguments Arguments;

    /// <summary>The descriptor that it is about, or -1.</summary>
    internal int Descriptor => Call is { DescriptorIndex: >= 0 and var index } ? (int)Arguments[index] : -1;
}
