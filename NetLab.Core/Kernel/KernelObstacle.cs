using System.Runtime.InteropServices;
using NetLab.Core.Interop;

namespace NetLab.Core.Kernel;

/// <summary>Why an instrument cannot look here, in a plain sentence, and what mends it.</summary>
/// <param name="Sentence">What is missing.</param>
/// <param name="Remedy">The command to type, or null where none helps.</param>
public sealed record KernelObstacle(string Sentence, string? Remedy = null)
{
    /// <summary>The sentence, and after it the command.</summary>
    public override string ToString() => Remedy is null ? Sentence : $"{Sentence} Try: {Remedy}";

    internal static KernelObstacle NotRoot(string what) => new($"{what} needs root.", "sudo netlab");

    internal static KernelObstacle From(string what, int error) => new($"{what}: {Marshal.GetPInvokeErrorMessage(error)}.", error switch
    {
        1 or 13 when !Mount.IsRoot => "sudo netlab",
        _ => null,
    });
}
