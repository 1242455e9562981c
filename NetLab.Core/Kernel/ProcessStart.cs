using System.Globalization;

namespace NetLab.Core.Kernel;

/// <summary>Names a process beyond its number: a number is used again, but not with the same moment of its start (field 22 of /proc/PID/stat).</summary>
/// <param name="Id">The process id.</param>
/// <param name="Ticks">Clock ticks after boot at which it started.</param>
internal readonly record struct ProcessStart(int Id, ulong Ticks)
{
    internal static ProcessStart Own { get; } = new(Environment.ProcessId, TicksOf(Environment.ProcessId) ?? 0);

    /// <summary>Whether that very process still runs.</summary>
    internal bool IsAlive => TicksOf(Id) == Ticks;

    /// <summary>"PID-TICKS".</summary>
    internal string Text => string.Create(CultureInfo.InvariantCulture, $"{Id}-{Ticks}");

    /// <summary>Reads what <see cref="Text"/> wrote, with anything after a further "-".</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out ProcessStart start)
    {
        start = default;
        int first = text.IndexOf('-');
        if (first < 1)
            return false;
        var rest = text[(first + 1)..];
        int second = rest.IndexOf('-');
        if (!int.TryParse(text[..first], NumberStyles.None, null, out int id)
            || !ulong.TryParse(second < 0 ? rest : rest[..second], NumberStyles.None, null, out ulong ticks))
            return false;
        start = new ProcessStart(id, ticks);
        return true;
    }

    // Null for a process that has ended, also when its parent has not yet asked for it (state Z).
    private static ulong? TicksOf(int id)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{id}/stat");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // The name in parentheses may hold anything, so the fields are counted from its end.
        string[] fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && fields[0] is not ("Z" or "X") && ulong.TryParse(fields[19], out ulong ticks) ? ticks : null;
    }
}
