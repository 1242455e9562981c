using System.Text;
using NetLab.Core.Interop;

namespace NetLab.Core.Scripts;

/// <summary>What a step's call came to.</summary>
internal struct StepResult
{
    /// <summary>What it returned; -1 on failure.</summary>
    public long Number;

    /// <summary>Why it failed.</summary>
    public Errno Error;

    /// <summary>More than errno's words, or the words of a failure that has no errno.</summary>
    public string? Words;

    /// <summary>The bytes received; null if it receives none.</summary>
    public byte[]? Received;

    /// <summary>Why it could not even be tried: fails whatever was expected.</summary>
    public string? Refusal;

    public readonly bool Failed => Number < 0;
}

/// <summary>Compares what a step came to with what it was expected to come to.</summary>
internal static class Judgement
{
    /// <summary>Null if it came out as expected, else the sentence that says how not.</summary>
    public static string? Judge(Step step, in StepResult result) => step.Expected switch
    {
        null => result.Failed ? Say(result) : null,
        EndOfFile => result.Failed ? $"expected eof, but {Say(result)}"
            : result.Received is null ? "expected eof, but this call receives nothing"
            : result.Received.Length == 0 ? null : $"expected eof, but received {Show(result.Received)}",
        Fails wanted => !result.Failed ? $"expected {wanted.Error.Name()}, but it returned {result.Number}"
            : result.Error == wanted.Error ? null : $"expected {wanted.Error.Name()}, but {Say(result)}",
        FailsSaying wanted => !result.Failed ? $"expected the error \"{Token.Printable(wanted.Words)}\", but it returned {result.Number}"
            : Say(result).Contains(wanted.Words, StringComparison.Ordinal) ? null : $"expected the error \"{Token.Printable(wanted.Words)}\", but {Say(result)}",
        Yields wanted => result.Failed ? $"expected {Show(wanted.Text.Span)}, but {Say(result)}"
            : result.Received.AsSpan().SequenceEqual(wanted.Text.Span) && result.Received is not null ? null
            : $"expected {Show(wanted.Text.Span)}, but received {Show(result.Received)}",
        Returns wanted => result.Number == wanted.Number && !result.Failed ? null
            : result.Failed ? $"expected {wanted.Number}, but {Say(result)}" : $"expected {wanted.Number}, but it returned {result.Number}",
        _ => throw new InvalidOperationException("An outcome of no known kind."),
    };

    private static string Say(in StepResult result) =>
        result.Error == Errno.None ? result.Words ?? "it failed"
        : $"{result.Error.Name()} ({result.Error.Words()}){(result.Words is null ? "" : ": " + result.Words)}";

    /// <summary>Bytes as a script writes them, cut to what a line bears.</summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        foreach (byte value in bytes[..Math.Min(bytes.Length, 60)])
        {
            text.Append(value switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                (byte)'\t' => "\\t",
                (byte)'"' => "\\\"",
                (byte)'\\' => "\\\\",
                >= 0x20 and < 0x7f => ((char)value).ToString(),
                _ => $"\\x{value:x2}",
            });
        }

        return text.Append('"').Append(bytes.Length > 60 ? $"… ({bytes.Length} bytes)" : "").ToString();
    }
}
