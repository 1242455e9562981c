namespace NetLab.Core;

/// <summary>Why an instrument cannot look here, in a plain sentence, and what mends it.</summary>
/// <param name="Sentence">What is missing.</param>
/// <param name="Remedy">The command to type, or null where none helps.</param>
public sealed record Obstacle(string Sentence, string? Remedy = null)
{
    /// <summary>The sentence, and after it the command.</summary>
    public override string ToString() => Remedy is null ? Sentence : $"{Sentence} Try: {Remedy}";
}
