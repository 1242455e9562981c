using System.Globalization;
using NetLab.Core;

namespace NetLab.Tui.App;

/// <summary>Figures as a person reads them, with three digits that count.</summary>
internal static class FigureText
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
        < 1024 => count == Math.Floor(count) ? $"{(int)count} B" : $"{Three(count)} B",
        < 1 << 20 => $"{Three(count / 1024)} KiB",
        < 1 << 30 => $"{Three(count / (1 << 20))} MiB",
        _ => $"{Three(count / (1 << 30))} GiB",
    };

    /// <summary>A number with its thousands apart: "1,234,567".</summary>
    public static string Number(double count) => count.ToString(count < 100 && count != Math.Floor(count) ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    /// <summary>So many of something, with its thousands apart: "1 byte", "2,048 bytes".</summary>
    public static string Count(long count, string one) => $"{Number(count)} {one}{(count == 1 ? "" : "s")}";

    private static string Three(double value) => value.ToString(value < 9.995 ? "0.00" : value < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
