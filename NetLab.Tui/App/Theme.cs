using NetLab.Core;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.App;

/// <summary>
/// What each colour means. Frames and labels stay dim, one accent marks "now", and green, yellow and red are kept for done, waiting and failed,
/// each with a sign of its own, so that nothing is told by colour alone.
/// </summary>
public static class Theme
{
    /// <summary>Ordinary text.</summary>
    public static Style Text => default;

    /// <summary>What stands behind: labels, units, what is not yet.</summary>
    public static Style Faint { get; } = new(Color.Rgb(0x8A, 0x92, 0x9E));

    /// <summary>Frames.</summary>
    public static Style Border { get; } = new(Color.Rgb(0x4A, 0x52, 0x5E));

    /// <summary>The frame of what the keys act on.</summary>
    public static Style BorderLit { get; } = new(Color.Rgb(0x5F, 0xB3, 0xD9));

    /// <summary>A pane's title.</summary>
    public static Style Title { get; } = new(Color.Rgb(0xD6, 0xDC, 0xE4), default, TextAttributes.Bold);

    /// <summary>A column's heading.</summary>
    public static Style Heading { get; } = new(Color.Rgb(0x8A, 0x92, 0x9E), default, TextAttributes.Underline);

    /// <summary>What happens now.</summary>
    public static Style Now { get; } = new(Color.Rgb(0x5F, 0xD7, 0xFF), default, TextAttributes.Bold);

    /// <summary>Done, as wished.</summary>
    public static Style Done { get; } = new(Color.Rgb(0x7E, 0xC9, 0x8F));

    /// <summary>Waits.</summary>
    public static Style Waiting { get; } = new(Color.Rgb(0xE5, 0xC0, 0x7B));

    /// <summary>Failed.</summary>
    public static Style Failed { get; } = new(Color.Rgb(0xF0, 0x71, 0x78), default, TextAttributes.Bold);

    /// <summary>The selected row.</summary>
    public static Style Selection { get; } = new(default, Color.Rgb(0x2C, 0x3E, 0x50));

    /// <summary>A row that belongs to the moment that was selected in another pane; its sign is ◆.</summary>
    public static Style Linked { get; } = new(default, Color.Rgb(0x33, 0x2F, 0x22));

    /// <summary>The sign of such a row.</summary>
    public static Style LinkedSign { get; } = new(Color.Rgb(0xE5, 0xC0, 0x7B), default, TextAttributes.Bold);

    /// <summary>The chosen tab.</summary>
    public static Style TabLit { get; } = new(Color.Rgb(0xFF, 0xFF, 0xFF), Color.Rgb(0x2B, 0x5B, 0x84), TextAttributes.Bold);

    /// <summary>A key in the status line.</summary>
    public static Style Key { get; } = new(Color.Rgb(0x5F, 0xB3, 0xD9), default, TextAttributes.Bold);

    /// <summary>The actors, by their place in the script: the same on every pane.</summary>
    public static Style Actor(int index) => (index % 4) switch
    {
        0 => new Style(Color.Rgb(0xC3, 0xA6, 0xFF)),
        1 => new Style(Color.Rgb(0x8F, 0xD3, 0xC8)),
        2 => new Style(Color.Rgb(0xF2, 0xB5, 0x8A)),
        _ => new Style(Color.Rgb(0xB7, 0xC8, 0x7A)),
    };

    /// <summary>The sign and the look of a step's status.</summary>
    public static (string Sign, Style Style) Step(StepStatus? status) => status switch
    {
        StepStatus.Running => ("▶", Now),
        StepStatus.Waiting => ("…", Waiting),
        StepStatus.Done => ("✓", Done),
        StepStatus.Failed => ("✗", Failed),
        _ => ("·", Faint),
    };
}
