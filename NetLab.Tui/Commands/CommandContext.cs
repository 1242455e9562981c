using NetLab.Core;

namespace NetLab.Tui.Commands;

/// <summary>What every command is given: where to write, the clock, the environment. Tests give their own.</summary>
/// <param name="Output">Standard output, buffered.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Environment">Looks up an environment variable.</param>
/// <param name="Clock">The kernel's clock.</param>
/// <param name="Interrupt">Cancelled by Ctrl+C and SIGTERM.</param>
internal sealed record CommandContext(
    TextWriter Output, TextWriter Error, Func<string, string?> Environment, Func<Timestamp> Clock, CancellationToken Interrupt)
{
    /// <summary>Whether standard output is a terminal, so that colour and progress make sense.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Whether standard input is a terminal, so that keys can come one by one.</summary>
    public bool InputIsTerminal { get; init; }

    /// <summary>Whether standard error is a terminal, so that progress may be shown there.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Standard output as bytes, for what is written by the million. Flush <see cref="Output"/> first.</summary>
    public Stream OutputBytes { get; init; } = Stream.Null;

    /// <summary>Standard input as bytes; it ends when <see cref="Interrupt"/> is cancelled.</summary>
    public Stream InputBytes { get; init; } = Stream.Null;
}
