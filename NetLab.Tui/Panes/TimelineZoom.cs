using NetLab.Core;
using NetLab.Core.Views;

namespace NetLab.Tui.Panes;

/// <summary>How closely the timeline is looked at.</summary>
/// <param name="Name">As the frame says it.</param>
/// <param name="Grain">What shares a line.</param>
/// <param name="Scale">The time that an empty line stands for; zero draws none.</param>
public sealed record TimelineZoom(string Name, TimelineGrain Grain, Duration Scale)
{
    /// <summary>From the coarsest to the finest.</summary>
    public static IReadOnlyList<TimelineZoom> All { get; } =
    [
        new("moments", TimelineGrain.Moments, Duration.Zero),
        new("every event", TimelineGrain.Events, Duration.Zero),
        new("1 ms a line", TimelineGrain.Events, Duration.FromMilliseconds(1)),
        new("100 µs a line", TimelineGrain.Events, Duration.FromMicroseconds(100)),
        new("10 µs a line", TimelineGrain.Events, Duration.FromMicroseconds(10)),
    ];
}
