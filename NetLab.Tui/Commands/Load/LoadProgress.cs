using System.Globalization;
using NetLab.Core;
using NetLab.Core.Peers;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>How far a load is, in one line of standard error that is written over and taken away at the end.</summary>
/// <param name="error">Standard error; null where nobody would see it.</param>
/// <param name="specification">What was asked for.</param>
internal sealed class LoadProgress(TextWriter? error, LoadSpecification specification)
{
    private const int Columns = 24;
    private static readonly Duration s_pause = Duration.FromMilliseconds(200);
    private Duration _shown;

    /// <summary>Shows it, now and then.</summary>
    public void Show(LoadFigures figures)
    {
        if (error is null || figures.Elapsed - _shown < s_pause)
            return;
        _shown = figures.Elapsed;
        error.Write($"\r{Line(figures)}\e[K");
        error.Flush();
    }

    /// <summary>The line: "[=======>      ]  30 %    3 s of 10 s     12345/s  p99 1.23 ms".</summary>
    public string Line(LoadFigures figures)
    {
        double time = figures.Elapsed.Seconds / specification.Length.Seconds;
        double part = Math.Clamp(Math.Max(time, (double)figures.Sent / specification.Requests), 0, 1);
        int filled = (int)(part * Columns);
        string failed = figures.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {figures.Failed} failed") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"[{new string('=', filled)}{new string(' ', Columns - filled)}] {100 * part,3:F0} %  {figures.Elapsed.Seconds:F0} s of {specification.Length.Seconds:F0} s  {figures.Rate:F0}/s  p99 {FigureText.Precise(figures.Latencies.Percentile(0.99))}{failed}");
    }

    /// <summary>Takes it away.</summary>
    public void End()
    {
        if (_shown == Duration.Zero)
            return;
        error!.Write("\r\e[K");
        error.Flush();
    }
}
