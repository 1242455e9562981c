using System.Globalization;
using NetLab.Core;
using NetLab.Core.Peers;

namespace NetLab.Tui.Commands;

/// <summary>A load's figures as words.</summary>
internal static class LoadText
{
    /// <summary>A length with three digits that count: "870 ns", "12.3 µs", "390 ms", "1.25 s".</summary>
    public static string Precise(Duration length) => length.Nanoseconds switch
    {
        < 1_000 => $"{length.Nanoseconds} ns",
        < 1_000_000 => $"{Three(length.Nanoseconds / 1e3)} µs",
        < 1_000_000_000 => $"{Three(length.Nanoseconds / 1e6)} ms",
        _ => $"{Three(length.Seconds)} s",
    };

    /// <summary>Bytes: "512 B", "36.2 KiB", "1.25 GiB".</summary>
    public static string Bytes(double count) => count switch
    {
        < 1024 => $"{Three(count)} B",
        < 1 << 20 => $"{Three(count / 1024)} KiB",
        < 1 << 30 => $"{Three(count / (1 << 20))} MiB",
        _ => $"{Three(count / (1 << 30))} GiB",
    };

    /// <summary>A number with its thousands apart: "1,234,567".</summary>
    public static string Number(double count) => count.ToString(count < 100 && count != Math.Floor(count) ? "0.0" : "#,0", CultureInfo.InvariantCulture);

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

    private static string Three(double value) => value.ToString(value < 9.995 ? "0.00" : value < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
