using NetLab.Core.Peers;

namespace NetLab.Tui.Commands;

/// <summary>A load's failures as words.</summary>
internal static class LoadText
{
    /// <summary>A failure's kind in words.</summary>
    public static string Words(this LoadError error) => error switch
    {
        LoadError.Refused => "refused",
        LoadError.Reset => "reset",
        LoadError.TimedOut => "timed out",
        LoadError.ClosedEarly => "closed early",
        LoadError.WrongAnswer => "wrong answer",
        LoadError.Unreachable => "unreachable",
        LoadError.NoPortLeft => "no local port left",
        LoadError.NoDescriptorLeft => "no descriptor left",
        _ => "other",
    };

    /// <summary>The same as a member of a JSON object.</summary>
    public static string JsonName(this LoadError error) => $"{char.ToLowerInvariant($"{error}"[0])}{$"{error}"[1..]}";
}
