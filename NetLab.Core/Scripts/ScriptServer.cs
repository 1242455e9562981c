using System.Collections.Immutable;

namespace NetLab.Core.Scripts;

/// <summary>One of NetLab's own servers that a script has beside its actors: it listens before the first of them begins, and ends after the last.</summary>
/// <param name="Kind">What it is: http.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Files">The files that it serves.</param>
/// <param name="Line">The line of its head, from 1.</param>
public sealed record ScriptServer(string Kind, Endpoint Address, ImmutableArray<ServedFile> Files, int Line)
{
    /// <summary>How a script names one.</summary>
    public const string Form = "serve http ADDRESS", FileForm = "file NAME TEXT [times COUNT]";

    /// <summary>The kinds that there are.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["http"];
}

/// <summary>A file of a server's.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Bytes">What is in it.</param>
public sealed record ServedFile(string Name, ReadOnlyMemory<byte> Bytes);
