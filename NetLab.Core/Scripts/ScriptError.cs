using System.Collections.Immutable;

namespace NetLab.Core.Scripts;

/// <summary>A mistake in a script: where it is, what was found and what could stand there.</summary>
/// <param name="File">The script's name.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1, in characters.</param>
/// <param name="Found">What stands there, printable.</param>
/// <param name="Expected">What could.</param>
public sealed record ScriptError(string File, int Line, int Column, string Found, string Expected)
{
    /// <summary>"my.lab:3:8: found 'foo', expected bind or listen", one line without control characters.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: found {Found}, expected {Expected}";
}

/// <summary>A script that cannot be run, because it is not there or has mistakes.</summary>
public sealed class ScriptException : Exception
{
    /// <summary>With the mistakes found.</summary>
    public ScriptException(ImmutableArray<ScriptError> errors)
        : base(string.Join('\n', errors)) => Errors = errors;

    /// <summary>With one sentence.</summary>
    public ScriptException(string message)
        : base(message)
    {
    }

    /// <summary>The mistakes; empty if it could not even be read.</summary>
    public ImmutableArray<ScriptError> Errors { get; } = [];
}
